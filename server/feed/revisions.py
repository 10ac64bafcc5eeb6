"""What a post said before it was changed: to be seen by all who may see the post."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from server.feed.models import post_revision
from server.visits.models import visit_revision


@dataclass(frozen=True, slots=True)
class Revision:
    """Words as they were until `replaced_at`: of a message or reply its text, of a visit all the rest."""

    replaced_at: datetime
    text: str = ""
    note: str = ""
    result: str | None = None
    amount: str | None = None
    currency: str | None = None
    outcome_note: str = ""
    next_step: str = ""


def of_post(c: Connection, id: str) -> list[Revision]:
    """The earlier words of a message, a reply or a visit, the last first."""
    said = select(post_revision.c.replaced_at, post_revision.c.text).where(post_revision.c.post == id)
    found = [Revision(row.replaced_at, row.text) for row in c.execute(said)]
    for row in c.execute(select(visit_revision).where(visit_revision.c.visit == id)):
        words = (row.note, row.result, row.amount, row.currency, row.outcome_note, row.next_step)
        found.append(Revision(row.replaced_at, "", *words))
    return sorted(found, key=lambda one: one.replaced_at, reverse=True)
