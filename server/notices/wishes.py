"""How each member wants to be told: by kind and way. What nobody chose is as the kind has it."""

from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert, select

from server.notices.kinds import KINDS
from server.notices.models import notice_choice

WAYS = ("app", "push", "mail")
"""In Muster itself, on one's devices, by e-mail."""


def usual(kind: str, way: str) -> bool:
    """What holds where nothing was chosen."""
    return KINDS[kind].mail if way == "mail" else True


def wishes(c: Connection, member: str) -> dict[str, dict[str, bool]]:
    """By kind and way, for every kind there is."""
    found = {kind: {way: usual(kind, way) for way in WAYS} for kind in KINDS}
    for row in c.execute(select(notice_choice).where(notice_choice.c.member == member)):
        if row.kind in found and row.way in WAYS:
            found[row.kind][row.way] = row.on
    return found


def wanted(c: Connection, member: str, kind: str, way: str) -> bool:
    """Whether a member wants to be told of a kind in a way."""
    mine = (notice_choice.c.member == member) & (notice_choice.c.kind == kind) & (notice_choice.c.way == way)
    chosen = c.scalar(select(notice_choice.c.on).where(mine))
    return usual(kind, way) if chosen is None else chosen


def choose(c: Connection, member: str, chosen: Mapping[str, Mapping[str, bool]]) -> None:
    """Sets what is named, and leaves the rest; what is as usual needs no row."""
    for kind, ways in chosen.items():
        for way, on in ways.items():
            row = {"member": member, "kind": kind, "way": way}
            same = [notice_choice.c[name] == value for name, value in row.items()]
            c.execute(delete(notice_choice).where(*same))
            if on != usual(kind, way):
                c.execute(insert(notice_choice), {**row, "on": on})
