"""What can be done with a call: ask, take it, hand it back or on, answer, end it. One at a time has it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from server import journal
from server.access import Who
from server.calls import answers, deadlines, escalation, telling
from server.calls.escalation import Waits
from server.calls.forms import Answer, Call, Deadline
from server.calls.models import call
from server.customers import holding
from server.customers.models import customer
from server.customers.queries import on_list
from server.drive import attached
from server.errors import Conflict, Invalid
from server.feed.actions import answer as say_answer
from server.feed.models import post
from server.members.models import member
from server.photos import actions as photos
from server.schema import new_id, now
from server.squads.models import membership
from server.text import checked
from server.visits.models import visit
from web.render import N_

UNENDED = ("open", "claimed", "answered")
"""States in which a call is about a visit that goes on."""


class Asked(NamedTuple):
    """The id of a call, and whether this request made it."""

    id: str
    created: bool


def ask(
    c: Connection, who: Who, form: Call, within: str | None, waits: Waits, text_max: int, photo_count: int = 0
) -> Asked:
    """Calls for help from within a visit of the caller's, or (a `Deadline`) for a customer of the squad.

    Its clock runs from when the server has it. The same id again answers with the first result.
    """
    assert who.squad
    wanted = str(form.id)
    mine = select(post.c.id).where(post.c.author == who.id, post.c.client_id == wanted)
    if (same := c.scalar(mine)) is not None:
        return Asked(same, False)
    text, named = checked("text", form.text, text_max), photos.checked(form.photos, photo_count)
    if form.kind not in waits:
        raise Invalid({"kind": N_("Choose what you need.")})
    moment = now()
    captured = form.captured_at or moment
    about = _within(c, within) if within else _customer(c, who, form, min(captured, moment))
    if named:
        photos.await_turn(c, who)
    journal.hold(c, telling.streams(who.squad, who.id))
    at = journal.take(c, who.squad)
    id = new_id() if c.scalar(select(post.c.id).where(post.c.id == wanted)) else wanted
    line = {"id": id, "squad": who.squad, "kind": "call", "author": who.id, "client_id": wanted, "text": text}
    times = {"feed_offset": at.offset, "captured_at": captured, "recorded_at": moment}
    c.execute(insert(post), line | times)
    row = dict.fromkeys(column.name for column in call.c)
    row |= {"id": id, "squad": who.squad, "asker": who.id, "kind": form.kind, "state": "open", **about}
    row |= {"level": 0, "opened_at": moment}
    c.execute(insert(call), row)
    photos.name(c, who, id, named)
    telling.tell(c, row, "called", who.id, words=text, at=at, captured_at=captured)
    escalation.await_owner(c, telling.read(c, id), waits)
    deadlines.plan(c, row)
    holding.met(c, who.id, who.squad, about["customer"])
    return Asked(id, True)


def _within(c: Connection, id: str) -> dict[str, Any]:
    row = c.execute(select(visit.c.customer, visit.c.result).where(visit.c.id == id)).one()
    if row.result is not None:
        raise Conflict(N_("This visit is over. Call from the customer you are at now."))
    return {"visit": id, "customer": row.customer, "due_at": None}


def _customer(c: Connection, who: Who, form: Call, captured: datetime) -> dict[str, Any]:
    assert isinstance(form, Deadline)
    there = (customer.c.id == str(form.customer_id)) & on_list(who.squad)
    if c.scalar(select(customer.c.id).where(there)) is None:
        raise Invalid({"customer_id": N_("This customer is not on the squad's list.")})
    if form.due_at <= captured:  # one that waited on a phone past its deadline is late, not lost
        raise Invalid({"due_at": N_("Choose a time that is still to come.")})
    return {"visit": None, "customer": str(form.customer_id), "due_at": form.due_at}


def looked(c: Connection, who: Who, id: str) -> None:
    """The caller has it before their eyes, as the first of those who could help: its asker sees that."""
    if telling.read(c, id)["looked_at"]:
        return
    row = telling.held(c, id)
    if row["state"] == "open" and row["looked_at"] is None:
        telling.change(c, row, "looked", who.id, looked_at=now())


def claim(c: Connection, who: Who, id: str, silence: int) -> None:
    """The caller has it from now on. Of several at once the first has it; the others are told who does."""
    row = telling.held(c, id)
    if row["owner"] == who.id and row["state"] in ("claimed", "answered"):
        return
    _in_state(c, row, "open")
    _take(c, row, who, silence)


def _take(c: Connection, row: RowMapping, who: Who, silence: int) -> None:
    moment = now()
    values: dict[str, Any] = {"state": "claimed", "owner": who.id, "claimed_at": moment, "heard_at": moment}
    values["looked_at"] = row["looked_at"] or moment
    telling.change(c, row, "claimed", who.id, **values)
    escalation.await_word(c, row["id"], silence)


def release(c: Connection, who: Who, id: str, waits: Waits) -> None:
    """Hands it back: it is everybody's again."""
    row = telling.held(c, id)
    if row["state"] == "open":
        return
    _in_state(c, row, "claimed")
    escalation.put_back(c, row, "released", who.id, waits)


def pass_on(c: Connection, who: Who, id: str, to: str, silence: int) -> None:
    """Somebody else has it now, who may see it and did not ask."""
    row = telling.held(c, id, to)
    if row["owner"] == to and row["state"] == "claimed":
        return
    _in_state(c, row, "claimed")
    _hand(c, who, row, to, silence)


def give(c: Connection, who: Who, id: str, to: str, silence: int) -> None:
    """One that nobody has is somebody's from the start."""
    row = telling.held(c, id, to)
    _in_state(c, row, "open")
    _hand(c, who, row, to, silence)


def _hand(c: Connection, who: Who, row: RowMapping, to: str, silence: int) -> None:
    here = (membership.c.squad == row["squad"]) & (membership.c.member == to) & membership.c.left_at.is_(None)
    desk = (member.c.id == to) & (member.c.role == "desk") & member.c.deactivated_at.is_(None)
    able = c.scalar(select(membership.c.id).where(here)) or c.scalar(select(member.c.id).where(desk))
    if not able or to == row["asker"]:
        raise Invalid({"member": N_("Choose somebody of the squad or the desk who did not ask.")})
    moment = now()
    times: dict[str, Any] = {"claimed_at": moment, "heard_at": moment}
    telling.change(c, row, "passed", who.id, to, state="claimed", owner=to, **times)
    escalation.await_word(c, row["id"], silence)


def answer(
    c: Connection,
    who: Who,
    id: str,
    form: Answer,
    text_max: int,
    silence: int,
    currency: str = "",
) -> Asked:
    """Answers it; whoever answers an open one has it. The same id again answers with the first result."""
    mine = select(post.c.id).where(post.c.author == who.id, post.c.client_id == str(form.id))
    if (same := c.scalar(mine)) is not None:
        return Asked(same, False)
    given = answers.checked(c, form, text_max, currency)
    along = attached.checked(c, who, form.documents, id)
    row = telling.held(c, id)
    if row["owner"] != who.id or row["state"] not in ("claimed", "answered"):
        _in_state(c, row, "open")
        _take(c, row, who, silence)
        row = telling.read(c, id)
    moment = now()
    said = say_answer(c, who, id, str(form.id), form.text, form.captured_at, along)
    answers.give(c, who, id, said, given, form)
    values: dict[str, Any] = {"state": "answered", "heard_at": moment}
    values["answered_at"] = row["answered_at"] or moment
    telling.change(c, row, "answered", who.id, reply=said, **values)
    escalation.over(c, id)
    return Asked(said, True)


def close(c: Connection, who: Who, id: str, prompting: Collection[str] = ()) -> None:
    """It is done with: its asker has what they need, or whoever answered says so.

    Of the kinds in `prompting` that is a reason to see the customer again: the squad hears so.
    """
    row = telling.held(c, id)
    if row["state"] in ("closed", "withdrawn"):
        return None
    if who.id != row["asker"] and row["answered_at"] is None:
        raise Conflict(N_("Answer it first, or hand it back."))
    moment = now()
    escalation.over(c, id)
    if row["kind"] not in prompting or row["prompt_at"] is not None:
        return telling.change(c, row, "closed", who.id, state="closed", ended_at=moment)
    at = journal.take(c, row["squad"])
    c.execute(update(post).where(post.c.id == id).values(feed_offset=at.offset))
    values: dict[str, Any] = {"state": "closed", "ended_at": moment, "prompt_at": moment}
    return telling.change(c, row, "prompted", who.id, at=at, **values)


def again(c: Connection, who: Who, id: str, waits: Waits, silence: int) -> None:
    """The answer was not enough: whoever gave it has it once more."""
    row = telling.held(c, id)
    if row["state"] in ("open", "claimed"):
        return
    _in_state(c, row, "answered", "closed")
    state = "claimed" if row["owner"] else "open"
    telling.change(c, row, "again", who.id, state=state, ended_at=None, heard_at=now())
    deadlines.plan(c, row)
    if row["owner"]:
        escalation.await_word(c, id, silence)
    else:
        escalation.await_owner(c, row, waits)


def withdraw(c: Connection, who: Who, id: str, prompting: Collection[str] = ()) -> None:
    """No longer needed."""
    row = telling.held(c, id)
    if row["state"] == "answered":
        return close(c, who, id, prompting)
    return escalation.withdraw(c, row, who.id)


def visit_over(c: Connection, by: str, within: str, undone: bool = False) -> None:
    """A visit has ended: what was answered is closed, what was not is closed without; undone, withdrawn."""
    standing = (call.c.visit == within) & call.c.state.in_(UNENDED)
    for id in c.scalars(select(call.c.id).where(standing).order_by(call.c.id)).all():
        row = telling.held(c, id)
        if undone:
            escalation.withdraw(c, row, by)
        else:
            telling.change(c, row, "closed", by, state="closed", ended_at=now())
            escalation.over(c, id)


waiting = (
    select(call.c.id)
    .where(call.c.asker == bindparam("member"), call.c.visit.is_not(None), call.c.state.in_(UNENDED))
    .exists()
)
"""Whether somebody has asked from a visit and still waits: all that a check-in asks on most days."""


def moved(c: Connection, by: str, squad: str, here: str) -> None:
    """Somebody is in another visit now, or back in one: who helps with their other calls hears of it.

    Holds the streams of those and of `squad`, whose own entry follows.
    """
    others = (call.c.asker == by) & (call.c.visit != here) & call.c.state.in_(UNENDED)
    rows = c.execute(select(call.c.id, call.c.squad).where(others).order_by(call.c.id)).all()
    journal.hold(c, {squad}.union(*(telling.streams(row.squad, by) for row in rows)))
    for row in rows:
        telling.tell(c, telling.read(c, row.id), "moved", by)


def _in_state(c: Connection, row: RowMapping, *states: str) -> None:
    """Raises `Conflict` where it is in none of these, in words that say how it stands."""
    if row["state"] in states:
        return
    as_it_is = telling.as_data(row)
    if row["state"] in ("claimed", "answered") and row["owner"]:
        name = c.scalar(select(member.c.name).where(member.c.id == row["owner"]))
        if row["state"] == "claimed":
            raise Conflict(N_("%(name)s has it already."), now=as_it_is, name=name)
        raise Conflict(N_("%(name)s has answered it already."), now=as_it_is, name=name)
    if row["state"] == "open":
        raise Conflict(N_("Nobody has it now."), now=as_it_is)
    raise Conflict(N_("This call is over."), now=as_it_is)
