"""Whatever happens on a sweep: its replay ends as its tables say it stands, and holds at every moment."""

import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.schema import new_id
from server.sweeps.convergence import Course, Spot
from server.sweeps.replay import Day, Event, Planned, at, begun, in_order, played
from tests.server.conftest import Town
from tests.server.sweeping import PLACES, Sweep, hours, planned, visits
from tests.server.test_replay import close, same_end

AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
RALLY = Spot(31.2, 121.4)
PEOPLE = ("wang", "zhang", "li")
STOPS = ("s1", "s2", "s3")
CHANCE = random.Random(7)
KINDS = ("checkin", "won", "lost", "said", "skipped", "handed", "done", "arrived", "paused", "met")


@st.composite
def days(draw: st.DrawFn) -> Day:
    """Any course of a day, also one that no sweep could take."""
    owners: dict[str, str | None] = {}
    spots = st.builds(Spot, st.floats(31.1, 31.3), st.floats(121.3, 121.5))
    events = []
    for n in range(draw(st.integers(0, 25))):
        kind, who = draw(st.sampled_from(KINDS)), draw(st.sampled_from(PEOPLE))
        stop = draw(st.sampled_from(STOPS)) if kind in ("checkin", "skipped", "handed", "done") else None
        after = timedelta(minutes=draw(st.integers(0, 12)))
        place = draw(st.none() | spots) if kind == "checkin" else None
        events.append(Event(f"e{n:02}", kind, AT + after, who, "c", place, stop, amount="2", currency="CNY"))
        if kind == "handed":
            owners[f"e{n:02}"] = draw(st.sampled_from((*PEOPLE, None)))
    plan = [Planned(one, draw(st.sampled_from((*PEOPLE, None))), draw(st.booleans())) for one in STOPS]
    starts = {who: draw(st.none() | spots) for who in PEOPLE}
    course = Course(RALLY, AT, 6.0, 1.2, 20)
    return Day(course, AT, AT + timedelta(minutes=12), starts, plan, in_order(events), owners)


@given(days())
def test_every_moment_is_what_was_played_until_then(day: Day) -> None:
    """Jumping to a moment shows what playing shows there; nobody has done more than is planned."""
    stands = dict(begun(day))
    for n, (event, changed) in enumerate(played(day), 1):
        stands |= {one.member: one for one in changed}
        for one in changed:
            assert 0 <= one.done <= one.planned <= len(STOPS)
        if n == len(day.events) or day.events[n].at > event.at:
            moment = at(day, event.at)
            assert (moment.people, moment.count) == (stands, n)
    assert at(day, AT - timedelta(seconds=1)).people == begun(day)
    assert sum(one.visits for one in stands.values()) == sum(one.kind == "checkin" for one in day.events)


async def something(town: Town, sweep: Sweep, chance: random.Random) -> None:
    """One of all that can happen; what may not be is refused, and changes nothing."""
    who, where = chance.choice(PEOPLE), chance.choice((*PLACES, "hengtai", "lotus"))
    found = await sweep.get()
    stops = [one for lane in found["lanes"] for one in lane["stops"]] + found["loose"]
    one = chance.choice(stops)
    asks = town[who]

    async def check_in() -> None:
        when = hours(chance.choice((0, 0, -0.005, -0.02, 1, 30)))  # late ones, and clocks that run ahead
        made = await visits(town, who, where, captured_at=when, position=chance.choice((None, place())))
        if chance.random() < 0.6:
            result = chance.choice(("won", "lost", "advanced", "nobody"))
            sum_ = {"amount": str(chance.randint(1, 999)), "currency": chance.choice(("CNY", "USD"))}
            await close(town, who, made, result, **(sum_ if result == "won" else {}))
        elif chance.random() < 0.4:
            await asks.delete(f"/api/v1/visits/{made['id']}")

    async def hand_on() -> None:
        offer = {"id": new_id(), "to": town.ids[chance.choice(PEOPLE)] if chance.random() < 0.5 else None}
        await town["wang"].post(f"/api/v1/stops/{one['id']}/handovers", json=offer)
        await asks.put(f"/api/v1/handovers/{offer['id']}/accept")

    async def plan() -> None:
        names = [*PLACES]
        chance.shuffle(names)
        await sweep.save({"zhang": names[:2], "li": names[2:3]}, tuple(names[3:]))

    async def skip() -> None:
        body = {"state": chance.choice(("skipped", "planned")), "reason": "closed"}
        await town["wang"].put(f"/api/v1/stops/{one['id']}", json=body)

    async def arrive() -> None:
        path = f"/api/v1/sweeps/{sweep.id}/arrival"
        await (asks.put(path, json={"at": hours(0)}) if chance.random() < 0.7 else asks.delete(path))

    async def pause() -> None:
        await sweep.put("wang", "state", state=chance.choice(("paused", "running")))

    async def say() -> None:
        await town.say(who, "On we go")

    does: list[Callable[[], Awaitable[None]]] = [check_in] * 5
    await chance.choice([*does, hand_on, hand_on, plan, skip, arrive, pause, say])()


def place() -> dict[str, Any]:
    """Somewhere about the rally point."""
    lat, lon = RALLY.lat + CHANCE.uniform(-0.02, 0.02), RALLY.lon + CHANCE.uniform(-0.02, 0.02)
    return {"lat": lat, "lon": lon, "accuracy": 8, "fix_at": hours(0), "source": "gps"}


@pytest.mark.anyio
@pytest.mark.parametrize("seed", range(3))
async def test_it_ends_as_the_sweep_stands(town: Town, seed: int) -> None:
    """Any course of a real day: late and undone check-ins, handovers, new plans, arrivals taken back."""
    chance = random.Random(seed)
    sweep = await planned(town)
    if seed % 2:
        await something(town, sweep, chance)
    await sweep.start()
    for _ in range(30):
        await something(town, sweep, chance)
    await same_end(town, sweep)
    await sweep.put("wang", "state", state="ended")
    record = await same_end(town, sweep)
    assert {"started", "ended", "checkin"} <= {one.kind for one in record.events}
