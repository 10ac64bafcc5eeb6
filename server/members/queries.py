"""What can be asked about the company and its members."""

from typing import Any

from sqlalchemy import Connection, select

from server.members.models import company as company_table


def company(c: Connection) -> Any:
    """The one company: name, zone, currency, demo; None before the first run."""
    return c.execute(select(company_table)).one_or_none()


def currency(c: Connection) -> str:
    """What the company counts in."""
    return c.execute(select(company_table.c.currency)).scalar_one()
