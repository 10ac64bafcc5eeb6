"""What can be asked about training, each time for one reader: what they may not see is not there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, or_, select

from server.access import Who
from server.drive import finding
from server.drive import queries as drive
from server.drive.queries import Document
from server.members.models import member
from server.schema import now
from server.squads import queries as squads
from server.training.models import training_done, training_step, training_track
from web.render import N_

AUDIENCES = {
    "all": N_("All who see it"),
    "new": N_("Who is new here"),
    "rep": N_("Reps"),
    "desk": N_("The desk"),
    "admin": N_("Admins"),
}
"""For whom a track is meant; others may go through it too."""
CHOICES = 20
"""Documents that are offered at once for a step."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step as its reader has it: pages `first` to `last` of a document, or words alone."""

    id: str
    document: Document | None
    first: int | None
    last: int | None
    text: str
    done: bool

    @property
    def href(self) -> str:
        """Where it is read."""
        return drive.href(self.document.id, self.first or 0) if self.document else ""


@dataclass(frozen=True, slots=True)
class Track:
    """A track and the steps its reader sees. `squad` None: the company's; `mine`: it is meant for them;
    `by_name`: those who lead there are told who is through.
    """

    id: str
    squad: str | None
    squad_name: str
    name: str
    audience: str
    made_by: str
    mine: bool
    by_name: bool
    steps: tuple[Step, ...]

    @property
    def done(self) -> int:
        """Steps the reader has done."""
        return sum(one.done for one in self.steps)

    @property
    def complete(self) -> bool:
        """Whether all is done that there is for the reader."""
        return bool(self.steps) and self.done == len(self.steps)


def tracks(c: Connection, who: Who, new_days: int) -> list[Track]:
    """Those of the company and of the reader's squads, by name: first those meant for them, of these first
    what is for who is new.
    """
    known = [one.id for one in squads.mine(c, who.id)]
    here = or_(training_track.c.squad.is_(None), training_track.c.squad.in_(known))
    query = select(training_track).where(here, training_track.c.ended_at.is_(None))
    rows = c.execute(query.order_by(training_track.c.name, training_track.c.id)).all()
    return sorted(_filled(c, who, rows, new_days), key=lambda one: (not one.mine, one.audience != "new"))


def to_begin_with(c: Connection, who: Who, new_days: int) -> Track | None:
    """What somebody new goes through first: of what is meant for them what they have not done."""
    here = or_(training_track.c.squad.is_(None), training_track.c.squad == who.squad)
    query = select(training_track).join(member, member.c.id == who.id).where(here)
    query = query.where(training_track.c.audience == "new", training_track.c.ended_at.is_(None))
    fresh = query.where(member.c.created_at > now() - timedelta(days=new_days))
    rows = c.execute(fresh.order_by(training_track.c.made_at, training_track.c.id)).all()
    open_to = _filled(c, who, rows, new_days) if rows else []
    return next((one for one in open_to if one.steps and not one.complete), None)


def track(c: Connection, who: Who, id: str, new_days: int) -> Track:
    """One of them, which a rule has let the reader see."""
    rows = c.execute(select(training_track).where(training_track.c.id == id)).all()
    return _filled(c, who, rows, new_days)[0]


def _filled(c: Connection, who: Who, rows: Sequence[Any], new_days: int) -> list[Track]:
    names = {one.id: one.name for one in squads.mine(c, who.id)}
    created = c.scalar(select(member.c.created_at).where(member.c.id == who.id))
    new = bool(created and created > now() - timedelta(days=new_days))
    steps = _steps(c, who, [row.id for row in rows])
    return [
        Track(
            row.id,
            row.squad,
            names.get(row.squad, ""),
            row.name,
            row.audience,
            row.made_by,
            row.audience in ("all", who.role) or (row.audience == "new" and new),
            row.named_at is not None,
            tuple(steps.get(row.id, ())),
        )
        for row in rows
    ]


def _steps(c: Connection, who: Who, ids: Sequence[str]) -> dict[str, list[Step]]:
    mine = (training_done.c.step == training_step.c.id) & (training_done.c.member == who.id)
    query = select(training_step, training_done.c.at.label("done_at")).outerjoin(training_done, mine)
    query = query.where(training_step.c.track.in_(ids)).order_by(training_step.c.n, training_step.c.id)
    rows = c.execute(query).all()
    asked = list({row.document for row in rows if row.document})
    seen = {one.id: one for one in drive.visible(c, who, asked, ())} if asked else {}
    found: dict[str, list[Step]] = {}
    for row in rows:
        if row.document is None or row.document in seen:
            document = seen.get(row.document)
            step = Step(row.id, document, row.first, row.last, row.text, row.done_at is not None)
            found.setdefault(row.track, []).append(step)
    return found


def sees(c: Connection, who: Who, track: str, step: str) -> bool:
    """Whether the step is one of that track's, and there for the reader."""
    return any(one.id == step for one in _steps(c, who, [track]).get(track, ()))


def choices(c: Connection, who: Who, q: str, chosen: str | None) -> list[Document]:
    """Documents that can be a step of a track in the caller's squad, or the company: of it, and of the
    company, as far as they see them; those with the words, without words the newest. The chosen one first.
    """
    parts = {None, who.squad}
    first = [one for one in drive.visible(c, who, [chosen], ()) if one.squad in parts] if chosen else []
    if q:
        places, _ = finding.find(c, who, q, finding.Sought(), most=2 * CHOICES)
        found = [place.document for place in places if place.document.squad in parts][:CHOICES]
    else:
        found = drive.newest(c, who, parts, CHOICES)
    return [*first, *(one for one in found if one.id != chosen)]
