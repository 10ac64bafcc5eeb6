"""What can be asked about visits."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, func, select

from server import journal
from server.customers.models import customer, customer_squad
from server.members.models import member
from server.names import initials
from server.photos import queries as photos
from server.schema import now
from server.squads.models import squad
from server.visits.models import visit


def state(c: Connection, id: str) -> dict[str, Any]:
    """One visit as frames and the API show it."""
    row = c.execute(select(visit).where(visit.c.id == id)).one()._mapping
    return as_data(row, photos.state(c, id))


def today(zone: str, at: datetime | None = None) -> date:
    """The day it is in a squad's zone."""
    return (at or now()).astimezone(ZoneInfo(zone)).date()


def shown_day(c: Connection, squad_id: str, zone: str) -> date:
    """The day the map shows: today, or the last one on which somebody checked in."""
    last = c.scalar(
        select(func.max(visit.c.local_date)).where(visit.c.squad == squad_id, visit.c.retracted_at.is_(None))
    )
    return min(last, today(zone)) if last else today(zone)


def before(c: Connection, customer_id: str, id: str) -> Any:
    """The visit to this customer, or to one it is one with, before that one: (captured_at, result,
    outcome_note, next_step, note, member, name).
    """
    own = customer.alias("own")
    whole = select(func.coalesce(own.c.merged_into, own.c.id)).where(own.c.id == customer_id)
    head = whole.scalar_subquery()
    those = select(customer.c.id).where((customer.c.id == head) | (customer.c.merged_into == head))
    return c.execute(
        select(
            visit.c.captured_at,
            visit.c.result,
            visit.c.outcome_note,
            visit.c.next_step,
            visit.c.note,
            visit.c.member,
            member.c.name,
        )
        .join(member, member.c.id == visit.c.member)
        .where(visit.c.customer.in_(those), visit.c.id != id, visit.c.retracted_at.is_(None))
        .order_by(visit.c.captured_at.desc())
        .limit(1)
    ).one_or_none()


def still_open(c: Connection, member_id: str, timeout: int) -> Any:
    """The visit a member is in: (id, captured_at, customer), or None.

    It is their last by captured time, without an outcome, and began no longer than `timeout` seconds ago.
    """
    found = last(c, member_id)
    if found is None or found.result is not None or found.captured_at < now() - timedelta(seconds=timeout):
        return None
    return found


def last(c: Connection, member_id: str) -> Any:
    """A member's last visit by captured time, in any squad: (id, captured_at, result, customer), or None."""
    mine = select(visit.c.id, visit.c.captured_at, visit.c.result, customer.c.name.label("customer"))
    return c.execute(
        mine.join(customer, customer.c.id == visit.c.customer)
        .where(visit.c.member == member_id, visit.c.retracted_at.is_(None))
        .order_by(visit.c.captured_at.desc())
        .limit(1)
    ).one_or_none()


def spot(c: Connection, id: str) -> Any:
    """Where a visit was and where its customer is: (lat, lon, home_lat, home_lon), degrees or None."""
    home = (customer.c.lat.label("home_lat"), customer.c.lon.label("home_lon"))
    query = select(visit.c.lat, visit.c.lon, *home).join(customer, customer.c.id == visit.c.customer)
    return c.execute(query.where(visit.c.id == id)).one()


_in_field = select(func.count(func.distinct(visit.c.member))).where(
    visit.c.squad == bindparam("squad"),
    visit.c.local_date == bindparam("day"),
    visit.c.retracted_at.is_(None),
)


def in_field(c: Connection, squad_id: str, zone: str) -> int:
    """How many of the squad have checked in today."""
    return c.scalar(_in_field, {"squad": squad_id, "day": today(zone)}) or 0


def day_map(c: Connection, squad_id: str, also: set[str]) -> dict[str, Any]:
    """The squad's map of the day as GeoJSON; its head is read first, so frames above it complete it.

    Its people are whoever checked in, `also` others.
    """
    at = journal.head(c, squad_id)
    zone = c.execute(select(squad.c.zone).where(squad.c.id == squad_id)).scalar_one()
    day = shown_day(c, squad_id, zone)
    rows = c.execute(
        select(
            visit,
            customer.c.name.label("at"),
            customer.c.lat.label("home_lat"),
            customer.c.lon.label("home_lon"),
        )
        .join(customer, customer.c.id == visit.c.customer)
        .where(visit.c.squad == squad_id, visit.c.local_date == day, visit.c.retracted_at.is_(None))
        .order_by(visit.c.captured_at, visit.c.id)
    ).all()
    known = c.execute(
        select(customer.c.id, customer.c.name, customer.c.lat, customer.c.lon)
        .join(customer_squad, customer_squad.c.customer == customer.c.id)
        .where(customer_squad.c.squad == squad_id, customer.c.merged_into.is_(None))
        .order_by(customer.c.id)
        .limit(2000)
    ).all()
    features = [_checkin(row) for row in rows] + [
        _point(row.lat, row.lon, {"kind": "customer", "id": row.id, "name": row.name}) for row in known
    ]
    return {
        "type": "FeatureCollection",
        "head": {"epoch": at.epoch, "offset": at.offset},
        "day": day.isoformat(),
        "members": people(c, also | {row.member for row in rows}),
        "features": features,
    }


def people(c: Connection, ids: set[str]) -> dict[str, dict[str, Any]]:
    """Names, initials and colours of members, by id."""
    query = select(member.c.id, member.c.name, member.c.initials, member.c.colour).where(member.c.id.in_(ids))
    return {
        row.id: {"name": row.name, "initials": row.initials or initials(row.name), "colour": row.colour}
        for row in c.execute(query)
    }


def _checkin(row: Any) -> dict[str, Any]:
    lat, lon = (row.lat, row.lon) if row.lat is not None else (row.home_lat, row.home_lon)
    return _point(
        lat,
        lon,
        {
            "kind": "checkin",
            "id": row.id,
            "member": row.member,
            "customer": row.customer,
            "name": row.at,
            "number": row.number,
            "captured_at": journal.stamp(row.captured_at),
            "result": row.result,
        },
    )


def _point(lat: float | None, lon: float | None, properties: dict[str, Any]) -> dict[str, Any]:
    spot = {"type": "Point", "coordinates": [lon, lat]} if lat is not None else None
    return {"type": "Feature", "geometry": spot, "properties": properties}


def as_data(row: Any, shown: list[dict[str, Any]]) -> dict[str, Any]:
    """A visit and its photos as frames and the API show them: ids, no names."""
    stamp = journal.stamp
    place = None
    if row["lat"] is not None:
        place = {
            "lat": row["lat"],
            "lon": row["lon"],
            "accuracy": row["accuracy"],
            "fix_at": stamp(row["fix_at"]) if row["fix_at"] else None,
            "source": row["source"],
        }
    outcome = None
    if row.get("result"):
        outcome = {
            "result": row["result"],
            "amount": row["amount"],
            "currency": row["currency"],
            "note": row["outcome_note"],
            "next_step": row["next_step"],
            "closed_at": stamp(row["closed_at"]),
        }
    return {
        "id": row["id"],
        "member": row["member"],
        "customer": row["customer"],
        "position": place,
        "distance": row["distance"],
        "captured_at": stamp(row["captured_at"]),
        "local_date": row["local_date"].isoformat(),
        "number": row["number"],
        "note": row["note"],
        "reason": row["reason"],
        "photos": shown,
        "outcome": outcome,
        "ended_at": stamp(row["ended_at"]) if row.get("ended_at") else None,
    }
