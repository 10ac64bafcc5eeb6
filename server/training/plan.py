"""A member's own learning plan. Whoever asks gets their own: nobody else's can be asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from server.access import Who
from server.drive import queries as drive
from server.drive.queries import Document
from server.training import queries
from server.training.models import training_plan
from server.training.queries import Track


@dataclass(frozen=True, slots=True)
class Item:
    """A track or a document of the plan. `given`: the track is meant for its reader, so it stays; `due`: a
    day they set themselves, None: none.
    """

    track: Track | None
    document: Document | None
    due: date | None
    done: bool
    given: bool

    @property
    def id(self) -> str:
        """That of the track or the document."""
        return self.track.id if self.track else self.document.id if self.document else ""

    @property
    def what(self) -> str:
        """`tracks` or `documents`, as addresses have it."""
        return "tracks" if self.track else "documents"

    @property
    def name(self) -> str:
        """What it is called."""
        return self.track.name if self.track else self.document.name if self.document else ""

    @property
    def href(self) -> str:
        """Where it is learnt."""
        return f"/training/{self.id}" if self.track else drive.href(self.id, 0)


def items(c: Connection, who: Who, tracks: Sequence[Track]) -> list[Item]:
    """The plan, in its member's order: what they put there, then what they are given and have not moved.

    `tracks` are all they see. What they may not see any more is not there, and back once they may.
    """
    known = {one.id: one for one in tracks}
    p = training_plan.c
    query = select(p.track, p.document, p.due, p.done_at, p.away_at).where(p.member == who.id)
    rows = c.execute(query.order_by(p.n, p.id)).all()
    asked = [row.document for row in rows if row.document and row.away_at is None]
    seen = {one.id: one for one in drive.visible(c, who, asked, ())} if asked else {}
    found: list[Item] = []
    for row in rows:
        track, document = known.get(row.track), seen.get(row.document)
        if track and (row.away_at is None or track.mine):
            found.append(Item(track, None, row.due, track.complete, track.mine))
        elif document and row.away_at is None:
            found.append(Item(None, document, row.due, row.done_at is not None, False))
    there = {one.id for one in found}
    given = [one for one in tracks if one.mine and one.steps and one.id not in there]
    return [*found, *(Item(one, None, None, one.complete, True) for one in given)]


def plan(c: Connection, who: Who, new_days: int) -> list[Item]:
    """The caller's plan, with what is done in it."""
    return items(c, who, queries.tracks(c, who, new_days))


def touched(c: Connection, who: Who) -> set[str]:
    """Tracks and documents that are in the caller's plan, or were taken off it: none is suggested again."""
    p = training_plan.c
    rows = c.execute(select(p.track, p.document).where(p.member == who.id)).all()
    return {row.track or row.document for row in rows}
