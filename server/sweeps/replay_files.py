"""A sweep's replay to take along: tables for spreadsheets, a drawing for maps. Positions are WGS-84."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from server.journal import stamp
from server.spreadsheets import Row
from server.sweeps import standing
from server.sweeps.convergence import Spot
from server.sweeps.recorded import Recording
from server.sweeps.replay import begun, played
from web.render import N_, named, translate

KINDS = {
    "started": N_("Start"),
    "paused": N_("Pause"),
    "resumed": N_("Going on"),
    "ended": N_("End"),
    "checkin": N_("Check-in"),
    "won": N_("Won"),
    "advanced": N_("A step further"),
    "no_decision": N_("No decision yet"),
    "lost": N_("Not this time"),
    "nobody": N_("Nobody there"),
    "said": N_("Message"),
    "skipped": N_("Left out"),
    "handed": N_("Handed on"),
    "arrived": N_("At the rally point"),
    "met": N_("All have met"),
}
HEAD = (
    *(N_("Time (UTC)"), N_("Time"), N_("Kind"), N_("Who"), N_("To whom"), N_("Customer"), N_("Words")),
    *(N_("Amount"), N_("Currency"), N_("Latitude"), N_("Longitude"), N_("Metres to the rally point")),
    N_("Sent later"),
)


def events(record: Recording, zone: ZoneInfo, lang: str) -> Iterator[Row]:
    """Every event in order, under a head in the reader's language."""
    yield [translate(lang, title) for title in HEAD]
    for event, after in played(record.day) if record.day else ():
        if event.kind == "done":
            continue
        metres = next((one.metres for one in after if one.member == event.member), None)
        lat, lon = event.spot or (None, None)
        yield [
            stamp(event.at),
            _local(event.at, zone),
            translate(lang, KINDS[event.kind]),
            named(record.name(event.member), lang),
            named(record.name(event.to), lang),
            record.place(event.customer),
            event.text,
            Decimal(event.amount) if event.amount else None,
            event.currency,
            lat,
            lon,
            metres,
            translate(lang, N_("yes")) if event.late or event.since else None,
        ]


def distances(record: Recording, zone: ZoneInfo, lang: str) -> Iterator[Row]:
    """The chart's lines: everybody's metres to the rally point, at the start and whenever one changed."""
    if (day := record.day) is None:
        yield [translate(lang, title) for title in HEAD[:2]]
        return
    who = list(day.people)
    names = [named(record.name(one), lang) for one in who]
    yield [*(translate(lang, title) for title in HEAD[:2]), *names]
    known = {one: stand.metres for one, stand in begun(day).items()}
    yield [stamp(day.begin), _local(day.begin, zone), *(known[one] for one in who)]
    for event, after in played(day):
        changed = {one.member: one.metres for one in after if one.metres != known[one.member]}
        if changed:
            known |= changed
            yield [stamp(event.at), _local(event.at, zone), *(known[one] for one in who)]


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def as_geojson(record: Recording, lang: str) -> bytes:
    """The rally point, lanes, stops, check-ins and each member's trail, as one feature collection."""
    row = record.row
    rally = {"kind": "rally", "name": row.rally_name, "at": stamp(row.rally_at)}
    features = [_feature("Point", _point(Spot(row.rally_lat, row.rally_lon)), rally)]
    for lane in record.lanes:
        if lane.area:
            about = {
                "kind": "lane",
                "member": lane.member,
                "who": record.name(lane.member),
                "name": lane.name,
            }
            features.append({"type": "Feature", "geometry": lane.area, "properties": about})
    for stop in record.stops:
        home = record.customers[stop.customer]
        about = {"kind": "stop", "id": stop.id, "customer": stop.customer, "name": home.name}
        spot = standing.spot(home.lat, home.lon)
        if spot:
            features.append(_feature("Point", _point(spot), about | {"state": stop.state}))
    return orjson.dumps({"type": "FeatureCollection", "features": [*features, *_trails(record, lang)]})


def _trails(record: Recording, lang: str) -> Iterator[dict[str, Any]]:
    """Check-ins as points, and who made them as a line through them; it knows nothing in between."""
    ways: dict[str, list[list[float]]] = {}
    for event in record.events:
        if event.kind == "checkin" and event.spot and event.member:
            ways.setdefault(event.member, []).append(_point(event.spot))
            about = {"kind": "checkin", "id": event.id, "member": event.member}
            about |= {"who": named(record.name(event.member), lang), "customer": event.customer or ""}
            about |= {"name": record.place(event.customer), "captured_at": stamp(event.at)}
            yield _feature("Point", _point(event.spot), about)
    for member, way in ways.items():
        if len(way) > 1:
            about = {"kind": "trail", "member": member, "who": named(record.name(member), lang)}
            yield _feature("LineString", way, about)


def _point(spot: Spot) -> list[float]:
    return [spot.lon, spot.lat]


def _feature(kind: str, coordinates: Any, about: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": about}
