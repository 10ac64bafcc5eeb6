"""A sweep put together from nothing but its squad's journal, as a watcher's screen or a replay does."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from server.sweeps.convergence import Convergence, Course, Done, Mover, Planned, Spot, converge

Data = dict[str, Any]


class Folded:
    """What the entries say, one after the other."""

    def __init__(self, entries: list[Data], id: str) -> None:
        self.head: Data = {}
        self.lanes: dict[str, Data] = {}
        self.order: list[str] = []
        self.loose: list[Data] = []
        self.yes: list[str] = []
        self.offers: dict[str, Data] = {}
        self.arrived: list[Data] = []
        self.places: dict[str, Spot | None] = {}
        self.visits: dict[str, Data] = {}
        self.said: dict[str, list[datetime]] = {}
        for entry in entries:
            if entry["subject"] == id:
                getattr(self, f"on_{entry['kind']}")(entry["data"])
            else:
                self.beside(entry)

    def on_sweep(self, data: Data) -> None:
        """The sweep as it is now; a new pact nobody has agreed to."""
        if self.head and data["pact_v"] != self.head["pact_v"]:
            self.yes = []
        self.head = data

    def on_lanes(self, data: Data) -> None:
        """Each lane that is named has exactly the stops it is named with."""
        self.lanes |= {one["id"]: one for one in data["lanes"]}
        for id in data["gone"]:
            del self.lanes[id]
        self.order = data["order"]
        self.loose = self.loose if data["loose"] is None else data["loose"]
        self.head = self.head | {"changed": data["changed"]}

    def on_stop(self, data: Data) -> None:
        """One stop, where it stood."""
        fresh = {key: value for key, value in data.items() if key != "sweep"}
        for stops in (*(one["stops"] for one in self.lanes.values()), self.loose):
            stops[:] = [fresh if one["id"] == fresh["id"] else one for one in stops]

    def on_pact(self, data: Data) -> None:
        """Who has agreed."""
        self.yes = data["yes"]

    def on_handover(self, data: Data) -> None:
        """Open offers stay, answered ones go."""
        self.offers[data["id"]] = data

    def on_arrived(self, data: Data) -> None:
        """Who is there."""
        self.arrived = data["arrived"]

    def on_met(self, data: Data) -> None:
        """The moment."""
        self.head = self.head | {"met_at": data["at"]}

    def beside(self, entry: Data) -> None:
        """What is not about the sweep: customers' places, visits, words."""
        data = entry["data"]
        if entry["kind"] == "customer":
            spot = data["position"]
            self.places[data["id"]] = Spot(spot["lat"], spot["lon"]) if spot else None
        elif entry["kind"] in ("checkin", "outcome", "visit") and not data.get("redacted"):
            self.visits[data["id"]] = data
            self.said[data["id"]] = [moment(data["captured_at"])]
            if data["outcome"]:
                self.said[data["id"]].append(moment(data["outcome"]["closed_at"]))
        elif entry["kind"] == "deleted":
            self.visits.pop(data["id"], None)

    def state(self) -> Data:
        """As `GET /sweeps/{id}` shows it."""
        return {
            **self.head,
            "lanes": [self.lanes[id] for id in self.order],
            "loose": self.loose,
            "yes": self.yes,
            "handovers": [one for one in self.offers.values() if one["state"] == "offered"],
            "arrived": self.arrived,
        }

    def convergence(self) -> Convergence:
        """Where everybody in a lane stands, as long as nobody says anything beside their visits."""
        spot = self.head["rally"]["position"]
        course = Course(
            Spot(spot["lat"], spot["lon"]),
            moment(self.head["rally_at"]),
            self.head["speed_kmh"],
            self.head["detour"],
            self.head["visit_minutes"],
        )
        visits = sorted(self.visits.values(), key=lambda one: one["captured_at"])
        done = [
            Done(
                bool(one["outcome"]) and one["outcome"]["result"] == "won",
                Decimal(one["outcome"]["amount"]) if one["outcome"] and one["outcome"]["amount"] else None,
                one["outcome"]["currency"] if one["outcome"] else None,
            )
            for one in visits
        ]
        return converge(course, [self.mover(self.lanes[id], visits) for id in self.order], done)

    def mover(self, lane: Data, visits: list[Data]) -> Mover:
        """One member on their lane."""
        own = [one for one in visits if one["member"] == lane["member"]]
        there = {one["member"]: moment(one["at"]) for one in self.arrived}.get(lane["member"])
        signs = [at for one in own for at in self.said[one["id"]]] + [at for at in [there] if at]
        spots = [self.spot(one) for one in own]
        return Mover(
            lane["member"],
            lane["id"],
            [
                Planned(one["id"], one["customer"], one["state"], self.places[one["customer"]])
                for one in lane["stops"]
            ],
            Spot(**lane["start"]) if lane["start"] else None,
            next((one for one in reversed(spots) if one), None),
            own[-1]["customer"] if own else None,
            max(signs, default=None),
            there,
        )

    def spot(self, visit: Data) -> Spot | None:
        """Where a visit was: the phone's place, else the customer's."""
        place = visit["position"]
        return Spot(place["lat"], place["lon"]) if place else self.places[visit["customer"]]


def moment(text: str) -> datetime:
    """From an entry's time."""
    return datetime.fromisoformat(text)
