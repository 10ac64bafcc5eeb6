"""What can be asked about who administered what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select

from server.audit import KINDS, audit
from server.members.models import member
from server.squads.models import squad
from web.render import N_, translate

CONSOLE = N_("The server’s console")


@dataclass(frozen=True, slots=True)
class Act:
    """One act of administration. `by` is None for the server's own machine, `about` where it is nobody."""

    id: str
    at: datetime
    kind: str
    by: str | None
    about: str | None
    squad: str | None
    data: dict[str, Any]

    def words(self, lang: str) -> str:
        """What was done, in a language."""
        names = {"by": self.by or translate(lang, CONSOLE), "about": self.about or "–"}
        return (
            translate(lang, KINDS[self.kind].text, **self.data | names) if self.kind in KINDS else self.kind
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """Which acts: those of a kind, those somebody did or was the subject of, those before an act."""

    kind: str = ""
    person: str | None = None
    before: str | None = None


def acts(c: Connection, asked: Asked, limit: int, squad_id: str | None = None) -> list[Act]:
    """Acts, newest first; of one squad alone where it is given."""
    subject = member.alias("subject")
    query = (
        select(audit, member.c.name.label("by"), subject.c.name.label("about"), squad.c.name.label("place"))
        .outerjoin(member, member.c.id == audit.c.actor)
        .outerjoin(subject, subject.c.id == audit.c.subject)
        .outerjoin(squad, squad.c.id == audit.c.squad)
        .order_by(audit.c.id.desc())
        .limit(limit)
    )
    if squad_id:
        query = query.where(audit.c.squad == squad_id)
    if asked.kind:
        query = query.where(audit.c.kind == asked.kind)
    if asked.person:
        query = query.where(or_(audit.c.actor == asked.person, audit.c.subject == asked.person))
    if asked.before:
        query = query.where(audit.c.id < asked.before)
    return [Act(row.id, row.at, row.kind, row.by, row.about, row.place, row.data) for row in c.execute(query)]


def people(c: Connection) -> list[tuple[str, str]]:
    """Everybody who administered something or was the subject of it, by name: (id, name)."""
    known = select(audit.c.actor).union(select(audit.c.subject)).subquery()
    query = select(member.c.id, member.c.name).where(member.c.id.in_(select(known.c[0])))
    return [(row.id, row.name) for row in c.execute(query.order_by(func.lower(member.c.name), member.c.id))]
