"""What time does to a call: unclaimed it goes up the territories and to the desk; an owner who is not heard
of loses it. One job a call, which is whatever its state waits for next.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from server import jobs, journal
from server.calls import deadlines, duty, telling
from server.calls.models import call
from server.members.models import member
from server.schema import now
from server.squads.models import membership, squad
from server.territories.models import territory, territory_manager

JOB = "call"
Waits = Mapping[str, int]
"""Seconds until an unclaimed call goes up, by kind."""
AGAIN = 300
"""Seconds of a kind that the settings do not name any more."""


def await_owner(c: Connection, row: RowMapping, waits: Waits) -> None:
    """It goes up unless somebody takes it meanwhile."""
    _later(c, row["id"], waits.get(row["kind"], AGAIN))


def await_word(c: Connection, id: str, silence: int) -> None:
    """Its owner has so many seconds to be heard of, from when they last were; with a deadline, until then."""
    row = telling.read(c, id)
    if row["due_at"] is not None:
        return jobs.drop(c, f"{JOB}:{id}")
    heard = row["heard_at"]
    data = {"call": id, "heard": journal.stamp(heard)}
    return jobs.later(c, JOB, f"{JOB}:{id}", data, heard + timedelta(seconds=silence))


def _later(c: Connection, id: str, seconds: int) -> None:
    jobs.later(c, JOB, f"{JOB}:{id}", {"call": id}, now() + timedelta(seconds=seconds))


def over(c: Connection, id: str) -> None:
    """Nothing is awaited any more."""
    jobs.drop(c, f"{JOB}:{id}")
    deadlines.drop(c, id)


def due(c: Connection, data: dict[str, Any], waits: Waits, silence: int) -> None:
    """The time has come: up, or back to all."""
    if c.scalar(select(call.c.id).where(call.c.id == data["call"])) is None:
        return
    before = telling.read(c, data["call"])
    level, place, people = next_up(c, before)
    row = telling.held(c, data["call"], *people)
    if row["state"] == "claimed":
        if journal.stamp(row["heard_at"]) != data.get("heard"):
            await_word(c, row["id"], silence)
        else:
            put_back(c, row, "silent", None, waits)
    elif row["state"] == "open" and row["level"] == before["level"] and level is not None:
        telling.change(c, row, "raised", None, *people, level=level, asked=place)
        if place is not None:
            await_owner(c, row, waits)


def put_back(c: Connection, row: RowMapping, did: str, by: str | None, waits: Waits) -> None:
    """Nobody has it any more; the clock goes on, and after the usual wait it goes up from where it was."""
    telling.change(c, row, did, by, state="open", owner=None, claimed_at=None, heard_at=None)
    await_owner(c, row, waits)


def next_up(c: Connection, row: RowMapping) -> tuple[int | None, str | None, list[str]]:
    """Where a call goes next: its level, the territory (None: the desk), and who is told there.

    A territory without a manager but the asker is passed over. Level None: it is at the desk.
    """
    here = c.scalar(select(squad.c.territory).where(squad.c.id == row["squad"]))
    if row["level"] and row["asked"] is None:
        return None, None, []
    if row["asked"] is not None:
        here = c.scalar(select(territory.c.parent).where(territory.c.id == row["asked"]))
    level = row["level"] + 1
    while here is not None:
        if people := _managers(c, here, row["asker"]):
            return level, here, people
        here = c.scalar(select(territory.c.parent).where(territory.c.id == here))
    return level, None, duty.on_the_desk(c, row["asker"])


def _managers(c: Connection, place: str, but: str) -> list[str]:
    query = select(territory_manager.c.member).join(member, member.c.id == territory_manager.c.member)
    now_there = territory_manager.c.to_at.is_(None) & (territory_manager.c.territory == place)
    active = member.c.deactivated_at.is_(None) & (member.c.id != but)
    return list(c.scalars(query.where(now_there, active).order_by(member.c.id)))


def left(c: Connection, data: dict[str, Any], waits: Waits) -> None:
    """Somebody has left a squad: what they had there is put back, and what they asked is withdrawn."""
    inside = (
        select(membership.c.member)
        .where(membership.c.squad == call.c.squad, membership.c.left_at.is_(None))
        .correlate(call)
    )
    here = (call.c.squad == data["squad"]) & call.c.state.in_(("open", "claimed"))
    desk = select(member.c.id).where(member.c.role == "desk", member.c.deactivated_at.is_(None))
    asked = select(call.c.id).where(here, call.c.asker.not_in(inside))
    owned = select(call.c.id).where(here, call.c.owner.not_in(inside), call.c.owner.not_in(desk))
    gone = list(c.scalars(asked.order_by(call.c.id)))
    for id in gone:
        withdraw(c, telling.held(c, id), data["by"])
    for id in c.scalars(owned.where(call.c.id.not_in(gone)).order_by(call.c.id)).all():
        put_back(c, telling.held(c, id), "left", data["by"], waits)


def withdraw(c: Connection, row: RowMapping, by: str | None) -> None:
    """Nobody needs it any more."""
    if row["state"] in ("open", "claimed"):
        telling.change(c, row, "withdrawn", by, state="withdrawn", ended_at=now())
        over(c, row["id"])
