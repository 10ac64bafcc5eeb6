"""What is owed: answers to calls whose deadline has passed, and to logs that wait."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from server.access import Who
from server.calls import queries as calls
from server.calls.models import call
from server.feed import queries as feed
from server.feed.views import Post
from server.logs import answering
from server.schema import now
from server.squads.models import membership

MOST = 20


@dataclass(frozen=True, slots=True)
class Owed:
    """What somebody owes (`calls` whoever waits longest first, `logs`), and `back` what they are owed."""

    calls: list[Post]
    logs: list[Post]
    back: list[Post]

    @property
    def answers(self) -> int:
        """How many answers somebody owes."""
        return len(self.calls) + len(self.logs)


def owed(c: Connection, who: Who) -> Owed:
    """By the caller and to them, now. What nobody has taken by its deadline the desk owes."""
    late = call.c.due_at < now()
    mine = call.c.owner == who.id
    if who.role == "desk":
        mine = mine | call.c.owner.is_(None)
    owing = (call.c.asker != who.id) & mine & late
    return Owed(
        calls.listed(c, owing, limit=MOST),
        _logs(c, who.id),
        calls.listed(c, (call.c.asker == who.id) & late, limit=MOST),
    )


def _logs(c: Connection, who: str) -> list[Post]:
    """Logs that wait for one of those who owe an answer, of whom the caller is one; the oldest first."""
    here = (membership.c.member == who) & membership.c.left_at.is_(None)
    lead = here & (membership.c.lead | membership.c.manages)
    found: list[str] = []
    for squad in c.scalars(select(membership.c.squad).where(lead).order_by(membership.c.squad)).all():
        others = [id for id, author in answering.recent(c, squad).items() if author != who]
        found += answering.open_of(c, squad, others)
    posts = feed.some(c, found)
    return sorted(posts.values(), key=lambda one: (one.at, one.id))[:MOST]
