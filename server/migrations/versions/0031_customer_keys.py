"""By what customers are found again, and who said that two are one."""

import sqlalchemy as sa
from alembic import op

from server.customers.keys import keys
from server.schema import Id, Moment

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    made = op.create_table(
        "customer_key",
        sa.Column("kind", sa.String(length=1), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("customer", Id, nullable=False),
        sa.ForeignKeyConstraint(["customer"], ["customer.id"], name=op.f("fk_customer_key_customer_customer")),
        sa.PrimaryKeyConstraint("kind", "key", "customer", name=op.f("pk_customer_key")),
    )
    op.create_index(op.f("ix_customer_key_customer"), "customer_key", ["customer"])
    # Others point at this table: SQLite cannot make it anew, and need not.
    op.add_column(
        "customer",
        sa.Column("merged_by", Id, sa.ForeignKey("member.id", name=op.f("fk_customer_merged_by_member"))),
        inline_references=True,
    )
    op.add_column("customer", sa.Column("merged_at", Moment()))
    op.create_index(op.f("ix_customer_merged_into"), "customer", ["merged_into"])
    _fill(op.get_bind(), made)


def _fill(c: sa.Connection, made: sa.Table) -> None:
    """The keys of all customers there are."""
    known = sa.table("customer", sa.column("id", Id), *map(sa.column, ("name", "phone", "lat", "lon")))
    other = sa.table("customer_name", sa.column("customer", Id), sa.column("name"), sa.column("ended_at"))
    also: dict[str, list[str]] = {}
    for row in c.execute(sa.select(other).where(other.c.ended_at.is_(None))):
        also.setdefault(row.customer, []).append(row.name)
    for row in c.execute(sa.select(known)).all():
        found = keys([row.name, *also.get(row.id, [])], row.phone, row.lat, row.lon)
        c.execute(sa.insert(made), [{"customer": row.id, "kind": k, "key": key} for k, key in sorted(found)])
