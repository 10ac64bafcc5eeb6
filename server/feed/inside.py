"""What came while somebody was in a visit, said once, after it: none of it moved on their screen before."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from server.access import Who
from server.feed.models import post, reaction
from server.visits.models import visit


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """Counts of what others did since the check-in: for oneself, and in the squad."""

    cheers: int
    replies: int
    wins: int
    checkins: int

    @property
    def anything(self) -> bool:
        """Whether there is something to say."""
        return any((self.cheers, self.replies, self.wins, self.checkins))


def meanwhile(c: Connection, who: Who, id: str) -> Meanwhile | None:
    """The summary of one's own visit that is over; None for any other, and where nothing came."""
    mine = (visit.c.id == id) & (visit.c.member == who.id) & (visit.c.squad == who.squad)
    began = c.scalar(select(visit.c.recorded_at).where(mine, visit.c.result.is_not(None)))
    if began is None:
        return None
    own = select(post.c.id).where(post.c.author == who.id, post.c.squad == who.squad)
    felt = (reaction.c.at >= began) & (reaction.c.member != who.id) & reaction.c.post.in_(own)
    said = (post.c.recorded_at >= began) & (post.c.author != who.id) & post.c.deleted_at.is_(None)
    here = (visit.c.squad == who.squad) & (visit.c.member != who.id) & visit.c.retracted_at.is_(None)
    won = (visit.c.result == "won") & (visit.c.closed_at >= began)

    def count(column: object, *which: object) -> int:
        return c.scalar(select(func.count(column)).where(*which)) or 0  # type: ignore[arg-type]

    found = Meanwhile(
        count(reaction.c.post, felt),
        count(post.c.id, said, post.c.root.in_(own)),
        count(visit.c.id, here, won),
        count(visit.c.id, here, visit.c.recorded_at >= began),
    )
    return found if found.anything else None
