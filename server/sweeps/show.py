"""A sweep as its own page shows it: who goes where, who agreed, what is handed on."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from server.customers.models import customer
from server.feed.queries import persons
from server.feed.views import Person
from server.squads import queries as squads
from server.sweeps import queries
from server.sweeps.models import sweep


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop with names in place of ids; `offered` is the open handover's id, `to` whom it is meant for."""

    id: str
    customer_id: str
    customer: str
    state: str
    reason: str
    visit: str | None
    by: Person | None
    at: datetime | None
    offered: str | None
    to: Person | None


@dataclass(frozen=True, slots=True)
class Lane:
    """One member's lane, its stops in order."""

    id: str
    who: Person
    name: str
    agreed: bool
    arrived: bool
    stops: list[Stop] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many have been visited."""
        return sum(stop.state == "done" for stop in self.stops)


@dataclass(frozen=True, slots=True)
class Shown:
    """A sweep and all that its page says of it. `row` is its row; `others` of the squad have no lane."""

    row: Any
    by: Person
    lanes: list[Lane]
    loose: list[Stop]
    agreed: list[Person]
    awaited: list[Person]
    others: list[Person]

    @property
    def open(self) -> bool:
        """Not over yet."""
        return bool(self.row.state != "ended")

    def lane_of(self, member: str) -> Lane | None:
        """A member's lane."""
        return next((lane for lane in self.lanes if lane.who.id == member), None)


def one(c: Connection, id: str) -> Shown:
    """A sweep as it is now."""
    row = c.execute(select(sweep).where(sweep.c.id == id)).one()
    plan = queries.plan(c, id)
    offers = {offer.stop: offer for offer in queries.open_handovers(c, id)}
    agreed, there = queries.yes(c, id, row.pact_v), {one["member"] for one in queries.arrivals(c, id)}
    here = [placed.id for placed in squads.people(c, row.squad)]
    in_lanes = [lane["member"] for lane in plan["lanes"]]
    stops = [stop for lane in plan["lanes"] for stop in lane["stops"]] + plan["loose"]
    people = persons(
        c, {*here, *in_lanes, *agreed, row.made_by, *(stop["by"] for stop in stops if stop["by"])}
    )
    names = _names(c, {stop["customer"] for stop in stops})

    def shown(stop: dict[str, Any]) -> Stop:
        offer = offers.get(stop["id"])
        return Stop(
            stop["id"],
            stop["customer"],
            names[stop["customer"]],
            stop["state"],
            stop["reason"],
            stop["visit"],
            people.get(stop["by"]),
            datetime.fromisoformat(stop["at"]) if stop["at"] else None,
            offer.id if offer else None,
            people.get(offer.taker) if offer else None,
        )

    lanes = [
        Lane(
            lane["id"],
            people[lane["member"]],
            lane["name"],
            lane["member"] in agreed,
            lane["member"] in there,
            [shown(stop) for stop in lane["stops"]],
        )
        for lane in plan["lanes"]
    ]
    takes_part = queries.participants(c, id)
    return Shown(
        row,
        people[row.made_by],
        lanes,
        [shown(stop) for stop in plan["loose"]],
        [people[id] for id in agreed],
        [people[id] for id in takes_part if id not in agreed],
        [people[id] for id in here if id not in in_lanes],
    )


def _names(c: Connection, ids: set[str]) -> dict[str, str]:
    query = select(customer.c.id, customer.c.name).where(customer.c.id.in_(ids))
    return {row.id: row.name for row in c.execute(query)}


@dataclass(frozen=True, slots=True)
class Line:
    """A sweep in the squad's list."""

    id: str
    name: str
    state: str
    rally: str
    starts_at: datetime
    rally_at: datetime
    lanes: int
    done: int
    planned: int
    started_at: str | None


def listed(c: Connection, squad: str) -> list[Line]:
    """The squad's sweeps: what is under way, then the latest day first."""
    found = []
    for head in sorted(queries.of_squad(c, squad), key=lambda one: one["state"] not in queries.LIVE):
        plan = queries.plan(c, head["id"])
        stops = [stop for lane in plan["lanes"] for stop in lane["stops"]]
        found.append(
            Line(
                head["id"],
                head["name"],
                head["state"],
                head["rally"]["name"],
                datetime.fromisoformat(head["starts_at"]),
                datetime.fromisoformat(head["rally_at"]),
                len(plan["lanes"]),
                sum(stop["state"] == "done" for stop in stops),
                sum(stop["state"] != "skipped" for stop in stops),
                head["started_at"],
            )
        )
    return found
