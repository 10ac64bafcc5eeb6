"""What a sweep adds to its squad's map: lanes, stops still to visit, the rally point."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from server.customers.models import customer
from server.journal import stamp
from server.sweeps.models import lane, stop
from server.sweeps.strip import shown


class Drawn(NamedTuple):
    """GeoJSON features, and the members who have a lane."""

    features: list[dict[str, Any]]
    members: set[str]


def drawn(c: Connection, squad: str) -> Drawn:
    """The sweep that runs or is planned for today; nothing without one."""
    row = shown(c, squad)
    if row is None:
        return Drawn([], set())
    rally = {"kind": "rally", "sweep": row.id, "name": row.rally_name, "at": stamp(row.rally_at)}
    lanes = _lanes(c, row.id)
    features = [_feature(_point(row.rally_lat, row.rally_lon), rally), *lanes, *_stops(c, row.id)]
    return Drawn(features, {one["properties"]["member"] for one in lanes})


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
