"""What a sweep adds to its squad's map: lanes, stops still to visit, the rally point."""

from typing import Any

from sqlalchemy import Connection, select

from server.customers.models import customer
from server.journal import stamp
from server.sweeps.models import lane, stop
from server.sweeps.strip import shown


def features(c: Connection, squad: str) -> list[dict[str, Any]]:
    """GeoJSON features of the sweep that runs or is planned for today; none without one."""
    row = shown(c, squad)
    if row is None:
        return []
    rally = {"kind": "rally", "sweep": row.id, "name": row.rally_name, "at": stamp(row.rally_at)}
    return [
        _feature(_point(row.rally_lat, row.rally_lon), rally),
        *_lanes(c, row.id),
        *_stops(c, row.id),
    ]


def members(c: Connection, squad: str) -> set[str]:
    """Whoever has a lane in it."""
    row = shown(c, squad)
    return set(c.scalars(select(lane.c.member).where(lane.c.sweep == row.id))) if row else set()


def _lanes(c: Connection, id: str) -> list[dict[str, Any]]:
    query = select(lane).where(lane.c.sweep == id).order_by(lane.c.place, lane.c.id)
    return [
        _feature(row.area, {"kind": "lane", "id": row.id, "member": row.member, "name": row.name})
        for row in c.execute(query)
    ]


def _stops(c: Connection, id: str) -> list[dict[str, Any]]:
    query = (
        select(stop.c.id, stop.c.customer, stop.c.state, lane.c.member, customer.c.lat, customer.c.lon)
        .join(customer, customer.c.id == stop.c.customer)
        .outerjoin(lane, lane.c.id == stop.c.lane)
        .where(stop.c.sweep == id)
        .order_by(stop.c.place, stop.c.id)
    )
    return [
        _feature(
            _point(row.lat, row.lon),
            {
                "kind": "stop",
                "id": row.id,
                "customer": row.customer,
                "member": row.member,
                "state": row.state,
            },
        )
        for row in c.execute(query)
    ]


def _point(lat: float | None, lon: float | None) -> dict[str, Any] | None:
    return {"type": "Point", "coordinates": [lon, lat]} if lat is not None else None


def _feature(geometry: Any, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}
