"""What can be asked about sweeps: one as it stands, and a squad's."""

from typing import Any, Literal

from sqlalchemy import Connection, Row, select

from server.journal import stamp
from server.squads.models import membership
from server.sweeps.models import arrival, handover, lane, pact_yes, stop, sweep

LIVE = ("running", "paused")


def state(c: Connection, id: str) -> dict[str, Any]:
    """A whole sweep as the API shows it: what its entries, taken together, say."""
    row = c.execute(select(sweep).where(sweep.c.id == id)).one()
    return {
        **head_data(row),
        **plan(c, id),
        "yes": yes(c, id, row.pact_v),
        "handovers": [handover_data(one) for one in open_handovers(c, id)],
        "arrived": arrivals(c, id),
    }


def plan(c: Connection, id: str) -> dict[str, list[Any]]:
    """Its lanes with their stops in order, and the stops in nobody's lane."""
    stops: dict[str | None, list[dict[str, Any]]] = {}
    found = select(stop).where(stop.c.sweep == id).order_by(stop.c.place, stop.c.id)
    for row in c.execute(found):
        stops.setdefault(row.lane, []).append(stop_data(row))
    lanes = select(lane).where(lane.c.sweep == id).order_by(lane.c.place, lane.c.id)
    return {
        "lanes": [lane_data(row, stops.get(row.id, [])) for row in c.execute(lanes)],
        "loose": stops.get(None, []),
    }


def of_squad(c: Connection, squad: str, limit: int = 50) -> list[dict[str, Any]]:
    """A squad's sweeps without their plans, the latest day first."""
    query = select(sweep).where(sweep.c.squad == squad)
    rows = c.execute(query.order_by(sweep.c.starts_at.desc(), sweep.c.id.desc()).limit(limit))
    return [head_data(row) for row in rows]


def live(c: Connection, squad: str) -> str | None:
    """The squad's sweep that runs or is paused, if there is one: its id."""
    return c.scalar(select(sweep.c.id).where(sweep.c.squad == squad, sweep.c.state.in_(LIVE)))


def sweep_of(c: Connection, what: Literal["stop", "handover"], id: str) -> str:
    """The sweep a stop or an offer belongs to."""
    table = {"stop": stop, "handover": handover}[what]
    return c.execute(select(table.c.sweep).where(table.c.id == id)).scalar_one()  # type: ignore[no-any-return]


def participants(c: Connection, id: str) -> list[str]:
    """Who takes part: whoever of the squad has a lane, in their order; without lanes the whole squad, but
    for those who are in it only because they manage its territory.
    """
    here = (
        select(membership.c.member, membership.c.own)
        .join(sweep, sweep.c.squad == membership.c.squad)
        .where(sweep.c.id == id, membership.c.left_at.is_(None))
        .order_by(membership.c.joined_at, membership.c.member)
    )
    squad = {row.member: row.own for row in c.execute(here)}
    theirs = select(lane.c.member).where(lane.c.sweep == id).order_by(lane.c.place, lane.c.id)
    lanes = list(c.scalars(theirs))
    return [one for one in lanes if one in squad] if lanes else [one for one, own in squad.items() if own]


def yes(c: Connection, id: str, v: int) -> list[str]:
    """Who agreed to a version of the pact, first first."""
    query = select(pact_yes.c.member).where(pact_yes.c.sweep == id, pact_yes.c.v == v)
    return list(c.scalars(query.order_by(pact_yes.c.at, pact_yes.c.member)))


def arrivals(c: Connection, id: str) -> list[dict[str, Any]]:
    """Who has reached the rally point and when, first first."""
    query = select(arrival).where(arrival.c.sweep == id).order_by(arrival.c.at, arrival.c.member)
    return [{"member": row.member, "at": stamp(row.at)} for row in c.execute(query)]


def open_handovers(c: Connection, id: str) -> list[Row[Any]]:
    """The offers of a sweep nobody has answered, oldest first."""
    query = select(handover).where(handover.c.sweep == id, handover.c.state == "offered")
    return list(c.execute(query.order_by(handover.c.at, handover.c.id)))


def one_handover(c: Connection, id: str) -> dict[str, Any]:
    """An offer as it stands."""
    return handover_data(c.execute(select(handover).where(handover.c.id == id)).one())


def one_stop(c: Connection, id: str) -> dict[str, Any]:
    """A stop as it stands."""
    return stop_data(c.execute(select(stop).where(stop.c.id == id)).one())


def lane_state(c: Connection, id: str) -> dict[str, Any]:
    """A lane as it stands."""
    row = c.execute(select(lane).where(lane.c.id == id)).one()
    stops = c.execute(select(stop).where(stop.c.lane == id).order_by(stop.c.place, stop.c.id))
    return lane_data(row, [stop_data(one) for one in stops])


def head_data(row: Any) -> dict[str, Any]:
    """A sweep without its plan, as entries and the API show it."""
    return {
        "id": row.id,
        "squad": row.squad,
        "made_by": row.made_by,
        "name": row.name,
        "local_date": row.local_date.isoformat(),
        "starts_at": stamp(row.starts_at),
        "rally_at": stamp(row.rally_at),
        "ends_at": stamp(row.ends_at),
        "rally": {
            "name": row.rally_name,
            "position": {"lat": row.rally_lat, "lon": row.rally_lon},
            "customer": row.rally_customer,
        },
        "mode": row.mode,
        "speed_kmh": row.speed_kmh,
        "detour": row.detour,
        "visit_minutes": row.visit_minutes,
        "pact": row.pact,
        "pact_v": row.pact_v,
        "state": row.state,
        "started_at": stamp(row.started_at) if row.started_at else None,
        "ended_at": stamp(row.ended_at) if row.ended_at else None,
        "ended_by": row.ended_by,
        "met_at": stamp(row.met_at) if row.met_at else None,
        "copied_from": row.copied_from,
        "changed": row.changed,
    }


def lane_data(row: Any, stops: list[dict[str, Any]]) -> dict[str, Any]:
    """A lane and its stops in order."""
    start = {"lat": row.start_lat, "lon": row.start_lon} if row.start_lat is not None else None
    return {
        "id": row.id,
        "member": row.member,
        "name": row.name,
        "area": row.area,
        "start": start,
        "stops": stops,
    }


def stop_data(row: Any) -> dict[str, Any]:
    """A stop; `by` and `at` say who did or skipped it, and when."""
    return {
        "id": row.id,
        "lane": row.lane,
        "customer": row.customer,
        "state": row.state,
        "reason": row.reason,
        "visit": row.visit,
        "by": row.by,
        "at": stamp(row.at) if row.at else None,
    }


def handover_data(row: Any) -> dict[str, Any]:
    """An offer of a stop: from whom, to whom (null: anyone), and what became of it."""
    return {
        "id": row.id,
        "sweep": row.sweep,
        "stop": row.stop,
        "from": row.giver,
        "to": row.taker,
        "state": row.state,
        "at": stamp(row.at),
        "answered_by": row.answered_by,
    }
