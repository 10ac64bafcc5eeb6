"""Somebody leaves: who takes what they had in hand. What they did stays theirs; their name stays at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, case, insert, or_, select, update

from config.settings import Settings
from server import audit, journal
from server.access import Who
from server.calls import actions as calls
from server.calls import telling
from server.calls.models import call
from server.customers.listing import of_squad
from server.customers.models import customer, customer_hold, taken_over
from server.customers.telling import family, squads_of, tell
from server.errors import Invalid, NotFound
from server.feed.models import post
from server.feed.queries import persons
from server.feed.views import Person
from server.logs.models import log, log_line
from server.schema import new_id, now
from server.sight import actions as sight
from server.sight.queries import placed
from server.squads.models import membership
from server.sweeps import handing
from server.sweeps import telling as sweeps
from server.sweeps.models import lane, stop, sweep
from server.visits.models import visit
from web.render import N_

MOST = 300
"""Of a kind so many are handed over at once; the rest stand there afterwards."""


Wishes = Mapping[tuple[str, str], str]
"""By kind and id of a thing: who is to take it."""
KINDS = ("customer", "stop", "visit", "call", "draft")


@dataclass(frozen=True, slots=True)
class Thing:
    """Something a leaver has in hand. `kind`: one of KINDS; `at` a moment or a day: of a stop when its sweep
    begins, of a customer the next touch they meant to make. `held`: a customer they say they work on.
    `sweep`: a stop's, by its id and name.
    """

    kind: str
    id: str
    words: str
    at: Any = None
    held: bool = False
    sweep: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody with what they have in hand in a squad, and who could take it."""

    person: Person
    things: list[Thing]
    takers: list[Person]


def of(c: Connection, who: Who, member_id: str) -> Leaver:
    """What somebody who is in the caller's squad, or was, has in hand there."""
    assert who.squad
    if (person := placed(c, who.squad, member_id)) is None:
        raise NotFound
    here = (membership.c.squad == who.squad) & membership.c.left_at.is_(None)
    others = list(c.scalars(select(membership.c.member).where(here, membership.c.member != member_id)))
    people = sorted(persons(c, set(others)).values(), key=lambda one: one.name)
    return Leaver(person, _things(c, who.squad, member_id), people)


def looked_at(c: Connection, who: Who, member_id: str) -> Leaver:
    """The same, shown to the caller: they see that somebody looked."""
    it = of(c, who, member_id)
    sight.note(c, who, member_id, "customers", who.squad)
    return it


def _things(c: Connection, squad: str, m: str) -> list[Thing]:
    def open_(kind: str, column: Any) -> Any:
        told = (taken_over.c.kind == kind) & (taken_over.c.subject == column) & (taken_over.c.member == m)
        return ~select(taken_over.c.id).where(told, taken_over.c.squad == squad).exists()

    part = customer.alias()
    whole = (part.c.id == customer.c.id) | (part.c.merged_into == customer.c.id)
    went = select(visit.c.id).join(part, part.c.id == visit.c.customer)
    went = went.where(whole, visit.c.member == m, visit.c.squad == squad, visit.c.retracted_at.is_(None))
    held = select(customer_hold.c.id).join(part, part.c.id == customer_hold.c.customer)
    held = held.where(whole, customer_hold.c.member == m)
    held = held.where(customer_hold.c.ended_at.is_(None), customer_hold.c.until > now())
    theirs = or_(customer.c.created_by == m, customer.c.touch_by == m, held.exists(), went.exists())
    touch = case((customer.c.touch_by == m, customer.c.touch_on))
    query = select(customer.c.id, customer.c.name, touch, held.exists())
    query = query.where(of_squad(squad), theirs, open_("customer", customer.c.id))
    found = [Thing("customer", *row) for row in c.execute(query.order_by(customer.c.name).limit(MOST))]
    found += _stops(c, (lane.c.member == m) & (sweep.c.squad == squad) & open_("stop", stop.c.id))
    going = (visit.c.member == m) & (visit.c.squad == squad) & visit.c.result.is_(None)
    query = select(visit.c.id, customer.c.name, visit.c.captured_at)
    query = query.join(customer, customer.c.id == visit.c.customer)
    query = query.where(going, visit.c.retracted_at.is_(None), open_("visit", visit.c.id))
    found += [Thing("visit", *row) for row in c.execute(query.order_by(visit.c.captured_at).limit(MOST))]
    mine = ((call.c.owner == m) & (call.c.state == "claimed")) | (
        (call.c.asker == m) & (call.c.state == "open")
    )
    query = select(call.c.id, customer.c.name, call.c.opened_at)
    query = query.join(customer, customer.c.id == call.c.customer).join(post, post.c.id == call.c.id)
    query = query.where(call.c.squad == squad, mine, post.c.deleted_at.is_(None), open_("call", call.c.id))
    found += [Thing("call", *row) for row in c.execute(query.order_by(call.c.opened_at).limit(MOST))]
    said = select(log_line.c.id).where(log_line.c.log == log.c.id, log_line.c.text != "").exists()
    drafts = select(log.c.id, log.c.day).where(
        log.c.member == m, log.c.squad == squad, log.c.published_at.is_(None), said, open_("draft", log.c.id)
    )
    return found + [Thing("draft", row.id, "", row.day) for row in c.execute(drafts.order_by(log.c.day))]


def _stops(c: Connection, which: Any) -> list[Thing]:
    """Stops that are to be visited yet, of sweeps that are not over."""
    query = select(stop.c.id, customer.c.name, sweep.c.starts_at, sweep.c.id, sweep.c.name)
    query = query.join(customer, customer.c.id == stop.c.customer).join(sweep, sweep.c.id == stop.c.sweep)
    query = query.outerjoin(lane, lane.c.id == stop.c.lane)
    query = query.where(which, stop.c.state == "planned", sweep.c.state != "ended")
    rows = c.execute(query.order_by(sweep.c.starts_at, stop.c.place, stop.c.id).limit(MOST))
    return [Thing("stop", id, name, at, sweep=(of, called)) for id, name, at, of, called in rows]


def hand(c: Connection, who: Who, member_id: str, wishes: Wishes, most: Settings) -> None:
    """Hands over what is named, each to a member of the squad; what is not named stays."""
    _locked(c, wishes)
    it = of(c, who, member_id)
    takers = {one.id for one in it.takers}
    given = [(one, wishes[one.kind, one.id]) for one in it.things if wishes.get((one.kind, one.id))]
    if not {taker for _, taker in given} <= takers:
        raise Invalid({"taker": N_("Choose somebody of the squad.")})
    shops = sorted(_shops(c, given))
    theirs = select(customer.c.id).where(customer.c.id.in_(shops)).order_by(customer.c.id)
    c.execute(theirs.with_for_update(key_share=True))
    if given:
        audit.note(c, who.id, "handed_over", squad=who.squad, subject=member_id, count=len(given))
    streams = {squad for id in shops for squad in squads_of(c, id)}
    asked = call.c.id.in_([one.id for one, _ in given if one.kind == "call"])
    askers = set(c.scalars(select(call.c.asker).where(asked)))
    streams |= telling.streams(who.squad or "", member_id, *askers, *{taker for _, taker in given})
    journal.hold(c, streams)
    if stops := {one.id: taker for one, taker in given if one.kind == "stop"}:
        handing.give(c, stops, who.id)
    for one, taker in given:
        if one.kind == "customer":
            _customer(c, who, one.id, member_id, taker, most.hold_days)
        elif one.kind == "visit":
            _visit(c, who, one.id, taker)
        elif one.kind == "call":
            _call(c, who, one.id, member_id, taker, most.call_silence)
        row = {"id": new_id(), "squad": who.squad, "member": member_id, "taker": taker, "by": who.id}
        c.execute(insert(taken_over), row | {"kind": one.kind, "subject": one.id, "at": now()})
    for taker in sorted({taker for _, taker in given}):
        data = {"id": member_id, "did": "handed", "squad": who.squad, "by": who.id}
        journal.append(c, f"me:{taker}", "file", data, actor=who.id, subject=member_id)


def _locked(c: Connection, wishes: Wishes) -> None:
    """The sweeps whose stops are named, before anything else: whoever checks in takes them in this order."""
    ids = [id for kind, id in wishes if kind == "stop"]
    for id in sorted(c.scalars(select(stop.c.sweep).where(stop.c.id.in_(ids)).distinct())):
        sweeps.locked(c, id)


def _shops(c: Connection, given: list[tuple[Thing, str]]) -> set[str]:
    """The customers that are changed."""
    ids = [one.id for one, _ in given if one.kind == "visit"]
    there = set(c.scalars(select(visit.c.customer).where(visit.c.id.in_(ids))))
    return there | {one.id for one, _ in given if one.kind == "customer"}


def _customer(c: Connection, who: Who, id: str, leaver: str, taker: str, days: int) -> None:
    """The hold and the next touch are the taker's from now on."""
    moment, here = now(), customer_hold.c.customer.in_(family(id)) & customer_hold.c.ended_at.is_(None)
    theirs = update(customer_hold).where(here, customer_hold.c.member == leaver)
    c.execute(theirs.values(ended_at=moment))
    if c.scalar(select(customer_hold.c.id).where(here, customer_hold.c.until > moment)) is None:
        row = {"id": new_id(), "customer": id, "member": taker, "since": moment}
        c.execute(insert(customer_hold), row | {"until": moment + timedelta(days=days)})
    touched = update(customer).where(customer.c.id == id, customer.c.touch_by == leaver)
    c.execute(touched.values(touch_by=taker))
    tell(c, who.id, id, "handed", member=taker, of=leaver)


def _visit(c: Connection, who: Who, id: str, taker: str) -> None:
    """Nobody said how it went: the taker means to be there next, where nobody else does."""
    query = select(visit.c.customer, visit.c.next_step, customer.c.touch_on)
    row = c.execute(query.join(customer, customer.c.id == visit.c.customer).where(visit.c.id == id)).one()
    if row.touch_on is None:
        day = (now() + timedelta(days=1)).astimezone(ZoneInfo(who.squad_zone or "UTC")).date()
        values = {"touch_on": day, "touch_note": row.next_step[:200], "touch_by": taker}
        c.execute(update(customer).where(customer.c.id == row.customer).values(**values))
        tell(c, who.id, row.customer, "touch", day=day.isoformat())


def _call(c: Connection, who: Who, id: str, leaver: str, taker: str, silence: int) -> None:
    owner = c.scalar(select(call.c.owner).where(call.c.id == id))
    (calls.pass_on if owner == leaver else calls.give)(c, who, id, taker, silence)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the reader took over from one who left: `drafts` are days with their lines."""

    person: Person
    things: list[Thing]
    drafts: list[tuple[Any, list[str]]]


def taken(c: Connection, who: Who) -> list[Taken]:
    """What the caller took over in the squad, by whom it was, the last first."""
    mine = (taken_over.c.taker == who.id) & (taken_over.c.squad == who.squad)
    rows = c.execute(select(taken_over).where(mine).order_by(taken_over.c.at.desc()).limit(MOST)).all()
    people = persons(c, {row.member for row in rows})
    return [_taken(c, person, [row for row in rows if row.member == id]) for id, person in people.items()]


def _taken(c: Connection, person: Person, rows: list[Any]) -> Taken:
    ids = {kind: [row.subject for row in rows if row.kind == kind] for kind in KINDS}
    name, things = customer.c.name, list[Thing]()
    shops = select(customer.c.id, name).where(customer.c.id.in_(ids["customer"]))
    things += [Thing("customer", *row) for row in c.execute(shops.order_by(name))]
    went = select(visit.c.id, name, visit.c.captured_at).join(customer, customer.c.id == visit.c.customer)
    things += [Thing("visit", *row) for row in c.execute(went.where(visit.c.id.in_(ids["visit"])))]
    things += _stops(c, stop.c.id.in_(ids["stop"]))
    asked = select(call.c.id, name, call.c.opened_at).join(customer, customer.c.id == call.c.customer)
    things += [Thing("call", *row) for row in c.execute(asked.where(call.c.id.in_(ids["call"])))]
    words = select(log.c.day, log_line.c.text).join(log_line, log_line.c.log == log.c.id)
    words = words.where(log.c.id.in_(ids["draft"]), log_line.c.text != "").order_by(log.c.day, log_line.c.id)
    drafts: dict[Any, list[str]] = {}
    for day, text in c.execute(words):
        drafts.setdefault(day, []).append(text)
    return Taken(person, things, list(drafts.items()))
