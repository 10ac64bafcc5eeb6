"""What can be done with a visit: check in, tune it, undo it, close it with an outcome."""

from datetime import timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping, and_, bindparam, delete, func, insert, select, update

from server import journal
from server.access import Who
from server.calls import actions as calls
from server.customers import doubles, holding
from server.customers.actions import add as add_customer
from server.customers.models import customer, customer_hold
from server.customers.queries import on_list
from server.errors import Conflict, Invalid
from server.feed.models import post
from server.hall import actions as hall
from server.photos import actions as photos
from server.photos.queries import as_data as photo_data
from server.schema import new_id, now
from server.sweeps import reached as sweeps
from server.text import checked
from server.visits import inside
from server.visits.forms import CheckIn, Outcome, Tuning
from server.visits.models import visit, visit_revision
from server.visits.place import metres
from server.visits.queries import as_data, state
from web.render import N_

# One query decides: the customer, the nth visit of the day, an id in strange hands, sweeps, calls for help,
# whether somebody works on the customer, other squads.
part = customer.alias("part")
_facts = select(
    customer.c.lat,
    customer.c.lon,
    select(func.coalesce(func.max(visit.c.number), 0))
    .where(visit.c.member == bindparam("member"), visit.c.local_date == bindparam("day"))
    .scalar_subquery()
    .label("before"),
    select(post.c.id).where(post.c.id == bindparam("id")).exists().label("taken"),
    sweeps.lately.label("sweeps"),
    calls.waiting.label("calls"),
    select(customer_hold.c.id)
    .where(
        customer_hold.c.customer.in_(select(part.c.id).where(part.c.merged_into == customer.c.id))
        | (customer_hold.c.customer == customer.c.id),
        customer_hold.c.ended_at.is_(None),
    )
    .exists()
    .label("held"),
    inside.elsewhere.label("elsewhere"),
).where(
    customer.c.id == bindparam("customer"),
    on_list(bindparam("squad")),
)
_same = select(visit.c.id).where(
    and_(visit.c.member == bindparam("member"), visit.c.client_id == bindparam("id"))
)
_new_visit = insert(visit)
_new_post = insert(post)


class Result(NamedTuple):
    """A visit as outsiders see it, and whether this request made it."""

    visit: dict[str, Any]
    created: bool


def check_in(
    c: Connection, who: Who, form: CheckIn, text_max: int, photo_count: int = 0, near: int = 150
) -> Result:
    """Opens a visit in the caller's squad. The same id again answers with the first result.

    Nearer than `near` metres to the rally point of a sweep is there.
    """
    assert who.squad is not None
    assert who.squad_zone is not None
    wanted = str(form.id)
    if (same := c.scalar(_same, {"member": who.id, "id": wanted})) is not None:
        return Result(state(c, same), False)
    note, named = checked("note", form.note, text_max), photos.checked(form.photos, photo_count)
    recorded, place, sweep = now(), form.position, None
    captured = min(form.captured_at, recorded)
    if form.customer.strip():  # written on purpose, where the nearest was picked by itself
        sweep = sweeps.ruling(c, who.squad, captured)
        chosen = add_customer(c, who, form.customer, place)
        if not form.anew:
            doubles.tell(c, who, chosen, form.customer, place)
    elif form.customer_id is not None:
        chosen = str(form.customer_id)
    else:
        raise Invalid({"customer_id": N_("Choose the customer you are at.")})
    day = captured.astimezone(ZoneInfo(who.squad_zone)).date()
    if named:
        photos.await_turn(c, who)
    asked = {"customer": chosen, "squad": who.squad, "member": who.id, "day": day, "id": wanted}
    facts = c.execute(_facts, asked | {"eve": day - timedelta(days=1)}).one_or_none()
    if facts is None:
        raise Invalid({"customer_id": N_("This customer is not on the squad's list.")})
    away = None
    if place and facts.lat is not None:
        away = round(metres(place.lat, place.lon, facts.lat, facts.lon), 1)
    row = {
        "id": new_id() if facts.taken else wanted,
        "squad": who.squad,
        "member": who.id,
        "customer": chosen,
        "client_id": wanted,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "accuracy": place.accuracy if place else None,
        "fix_at": place.fix_at if place else None,
        "source": place.source if place else None,
        "distance": away,
        "captured_at": form.captured_at,
        "recorded_at": recorded,
        "local_date": day,
        "number": facts.before + 1,
        "note": note,
        "reason": form.reason,
        "outcome_note": "",
        "next_step": "",
    }
    if facts.sweeps and sweep is None:
        sweep = sweeps.ruling(c, who.squad, captured)
    if facts.calls:
        calls.moved(c, who.id, who.squad, row["id"])
    at = journal.take(c, who.squad)
    c.execute(_new_visit, row)
    c.execute(
        _new_post,
        {
            "id": row["id"],
            "squad": who.squad,
            "kind": "checkin",
            "author": who.id,
            "client_id": wanted,
            "feed_offset": at.offset,
            "text": "",
            "captured_at": form.captured_at,
            "recorded_at": recorded,
        },
    )
    seen = as_data(row, photo_data(photos.name(c, who, row["id"], named)))
    journal.append(
        c,
        who.squad,
        "checkin",
        seen,
        actor=who.id,
        subject=row["id"],
        captured_at=form.captured_at,
        at=at,
    )
    if sweep is not None:
        sweeps.checked_in(c, sweep, who.id, row, near)
    if facts.held:
        holding.met(c, who.id, who.squad, chosen)
    if facts.elsewhere:
        inside.tell(c, who.id)
    return Result(seen, True)


def tune(c: Connection, who: Who, id: str, form: Tuning, text_max: int) -> dict[str, Any]:
    """Changes the note, or moves the pin by hand, which the label then says."""
    assert who.squad
    changed: dict[str, Any] = {}
    if form.note is not None:
        changed["note"] = checked("note", form.note, text_max)
    if form.position is not None:
        spot = form.position
        changed |= {"lat": spot.lat, "lon": spot.lon, "accuracy": spot.accuracy, "fix_at": spot.fix_at}
        changed |= {"source": "hand"}
        home = c.execute(
            select(customer.c.lat, customer.c.lon)
            .join(visit, visit.c.customer == customer.c.id)
            .where(visit.c.id == id)
        ).one()
        if home.lat is not None:
            changed["distance"] = round(metres(spot.lat, spot.lon, home.lat, home.lon), 1)
    if not changed:
        return state(c, id)
    before = c.execute(select(visit).where(visit.c.id == id)).one()._mapping
    if before["note"].strip() and changed.get("note", before["note"]) != before["note"]:
        _keep(c, id, before)
    c.execute(update(visit).where(visit.c.id == id).values(**changed))
    seen = state(c, id)
    journal.append(c, who.squad, "visit", seen, actor=who.id, subject=id)
    return seen


def close(c: Connection, who: Who, id: str, form: Outcome, text_max: int, currency: str) -> dict[str, Any]:
    """Says how the visit ended, on the same post, which rises in the feed. The same again changes nothing."""
    assert who.squad
    if form.result == "won" and form.amount is None and form.currency is not None:
        form = form.model_copy(update={"currency": None})
    values: dict[str, Any] = {
        "result": form.result,
        "amount": form.amount,
        "currency": (form.currency or currency) if form.amount is not None else None,
        "outcome_note": checked("note", form.note, text_max),
        "next_step": checked("next_step", form.next_step, text_max),
    }
    before = c.execute(select(visit).where(visit.c.id == id)).one()._mapping
    if all(before[name] == value for name, value in values.items()):
        return state(c, id)
    if before["result"] is not None:
        _keep(c, id, before)
    values["closed_at"] = form.closed_at
    values["ended_at"] = before["ended_at"] or form.closed_at
    c.execute(update(visit).where(visit.c.id == id).values(**values))
    calls.visit_over(c, who.id, id)
    seen = state(c, id)
    won = form.result == "won"
    places = journal.take_all(c, hall.streams(c, who.squad, id, won))
    at = places[who.squad]
    c.execute(update(post).where(post.c.id == id).values(feed_offset=at.offset))
    journal.append(c, who.squad, "outcome", seen, actor=who.id, subject=id, captured_at=form.closed_at, at=at)
    hall.tell(c, who.id, who.squad, id, won, places.get(hall.COMPANY))
    if before["result"] is None:
        inside.tell_elsewhere(c, who.id, who.squad)
    return seen


KEPT = ("note", "result", "amount", "currency", "outcome_note", "next_step")


def _keep(c: Connection, id: str, before: RowMapping) -> None:
    """What was written stays to be seen; the post says that it was changed."""
    moment = now()
    row = {"id": new_id(), "visit": id, "replaced_at": moment} | {name: before[name] for name in KEPT}
    c.execute(insert(visit_revision), row)
    c.execute(update(post).where(post.c.id == id).values(edited_at=moment))


def undo(c: Connection, who: Who, id: str, seconds: int) -> None:
    """Takes a check-in back, while it is fresh; what the journal kept of it is emptied."""
    assert who.squad
    row = c.execute(select(visit.c.recorded_at, visit.c.result).where(visit.c.id == id)).one()
    # Two seconds of grace: the countdown runs on the phone, the answer takes its way.
    if row.result is not None or now() - row.recorded_at > timedelta(seconds=seconds + 2):
        raise Conflict(N_("It is too late to undo this. You can still say how it went."))
    sweep = sweeps.held_for(c, id)
    c.execute(update(visit).where(visit.c.id == id).values(retracted_at=now(), note=""))
    c.execute(update(post).where(post.c.id == id).values(deleted_at=now()))
    c.execute(delete(visit_revision).where(visit_revision.c.visit == id))
    photos.forget(c, id)
    calls.moved(c, who.id, who.squad, id)
    calls.visit_over(c, who.id, id, undone=True)
    journal.redact(c, who.squad, id)
    sweeps.undone(c, id, who.id, sweep)
    journal.append(c, who.squad, "deleted", {"id": id, "post": id, "visit": True}, actor=who.id, subject=id)
    inside.tell_elsewhere(c, who.id, who.squad)
