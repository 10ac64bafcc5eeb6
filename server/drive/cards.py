"""What the feed says of a question a customer asks about a document."""

from collections.abc import Collection

from sqlalchemy import BindParameter, Connection, bindparam, select

from server.customers.models import customer
from server.drive.models import drive_question
from server.feed.views import Question

_wanted: BindParameter[str] = bindparam("wanted", expanding=True)
_cards = (
    select(drive_question, customer.c.name.label("customer_name"))
    .outerjoin(customer, customer.c.id == drive_question.c.customer)
    .where(drive_question.c.id.in_(_wanted))
)


def cards(c: Connection, ids: Collection[str]) -> dict[str, Question]:
    """By id; nothing is asked where there are none."""
    if not ids:
        return {}
    rows = c.execute(_cards, {"wanted": list(ids)})
    return {row.id: Question(row.name, row.about, row.customer, row.customer_name) for row in rows}
