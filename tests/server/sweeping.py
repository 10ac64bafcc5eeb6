"""A sweep in the made-up town: Wang Fang leads it, Zhang Wei comes from the east, Li Na from the west."""

from datetime import UTC, datetime, timedelta
from typing import Any

from httpx2 import Response

from server.customers.actions import add as add_customer
from server.schema import new_id
from server.visits.place import Position
from tests.server.conftest import Town, place_of

RALLY = {"name": "Riverside Teahouse", "position": {"lat": 31.2, "lon": 121.4}}
PLACES = {
    "canteen": ("East Gate Canteen", 31.21, 121.43),
    "school": ("Willow School", 31.205, 121.42),
    "hotel": ("Golden Harbour Hotel", 31.21, 121.37),
    "bakery": ("North Star Bakery", 31.205, 121.38),
}


def hours(number: float) -> str:
    """So many hours from now, as a phone writes it."""
    return (datetime.now(UTC) + timedelta(hours=number)).isoformat()


class Sweep:
    """One sweep and what its people do with it, over the API."""

    def __init__(self, town: Town, id: str) -> None:
        self.town, self.id = town, id

    async def get(self, who: str = "li", part: str = "") -> dict[str, Any]:
        """As it stands for somebody in the squad."""
        answer = await self.town[who].get(f"/api/v1/sweeps/{self.id}{part}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def put(self, who: str, part: str, **body: Any) -> Response:
        """Changes a part of it."""
        return await self.town[who].put(f"/api/v1/sweeps/{self.id}/{part}", json=body)

    async def save(self, lanes: dict[str, list[str]], loose: tuple[str, ...] = (), **body: Any) -> Response:
        """Saves a plan: names of customers by name of member."""
        at = self.town.customers
        planned = [
            {"member": self.town.ids[one], "stops": [at[name] for name in names]}
            for one, names in lanes.items()
        ]
        body = {"changed": (await self.get())["changed"], **body}
        return await self.put("wang", "plan", lanes=planned, loose=[at[name] for name in loose], **body)

    async def start(self) -> None:
        """The lead starts it."""
        answer = await self.put("wang", "state", state="running")
        assert answer.status_code == 200, answer.text

    async def plan(self) -> dict[str, list[tuple[str, str]]]:
        """Who goes where: (customer, state) by member; under "" those in nobody's lane."""
        made = await self.get()
        people = {id: name for name, id in self.town.ids.items()}
        places = {id: name for name, id in self.town.customers.items()}
        found = {people[one["member"]]: one["stops"] for one in made["lanes"]} | {"": made["loose"]}
        return {
            who: [(places.get(one["customer"], "new"), one["state"]) for one in stops]
            for who, stops in found.items()
        }

    async def stop(self, name: str) -> dict[str, Any]:
        """The stop at a customer."""
        made = await self.get()
        stops = [one for some in (*(each["stops"] for each in made["lanes"]), made["loose"]) for one in some]
        return dict(next(one for one in stops if one["customer"] == self.town.customers[name]))

    async def standing(self, who: str) -> dict[str, Any]:
        """How far somebody has come."""
        members = (await self.get(part="/convergence"))["members"]
        return dict(next(one for one in members if one["member"] == self.town.ids[who]))


async def open_doors(town: Town) -> None:
    """More customers on North Bank's list."""
    lead = await place_of(town.app, town, "wang")
    for key, (name, lat, lon) in PLACES.items():
        spot = Position(lat=lat, lon=lon)
        town.customers[key] = await town.app.state.db.write(add_customer, lead, name, spot)


async def planned(town: Town, lanes: dict[str, list[str]] | None = None, **changes: Any) -> Sweep:
    """A sweep that starts now and meets in two hours."""
    if "school" not in town.customers:
        await open_doors(town)
    body = {
        "id": new_id(),
        "name": "Linjiang sweep",
        "starts_at": hours(-0.1),
        "rally_at": hours(2),
        "rally": RALLY,
        "pact": "One check-in per visit, for all to see.",
        **changes,
    }
    answer = await town["wang"].post(f"/api/v1/squads/{town.squad}/sweeps", json=body)
    assert answer.status_code == 201, answer.text
    made = Sweep(town, answer.json()["id"])
    lanes = {"zhang": ["canteen", "school"], "li": ["hotel", "bakery"]} if lanes is None else lanes
    if lanes:
        saved = await made.save(lanes)
        assert saved.status_code == 200, saved.text
    return made


async def running(town: Town, lanes: dict[str, list[str]] | None = None, **changes: Any) -> Sweep:
    """One that has started."""
    made = await planned(town, lanes, **changes)
    await made.start()
    return made


async def visits(town: Town, who: str, where: str, **changes: Any) -> dict[str, Any]:
    """Somebody checks in at a customer's door, now unless said otherwise."""
    at = PLACES.get(where)
    place = {"lat": at[1], "lon": at[2], "accuracy": 8, "fix_at": hours(0), "source": "gps"} if at else None
    body = {"customer_id": town.customers[where], "captured_at": hours(0), "position": place, **changes}
    answer = await town.check_in(who, **body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())
