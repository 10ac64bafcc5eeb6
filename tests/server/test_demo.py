"""The demo company: a believable past, and a day that plays by itself through the API."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import pytest
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import Connection, func, select

from config.settings import Settings
from server.app import create_app
from server.demo.day import Day
from server.demo.play import days
from server.demo.seed import NotEmpty, Seeded, plant, seed_demo
from server.feed.models import post
from server.journal import journal, stream
from server.schema import new_id
from server.visits.models import visit
from tests.bed.ground import Ground, apart

pytestmark = pytest.mark.anyio

TURNS = 25
DAY = timedelta(days=1)


class Demo(NamedTuple):
    """Where it is, and who is in it."""

    settings: Settings
    seeded: Seeded


def caller(app: Any, token: str) -> AsyncClient:
    """Somebody with a token, over ASGI."""
    headers = {"Authorization": f"Bearer {token}"}
    return AsyncClient(transport=ASGITransport(app), base_url="http://testserver", headers=headers)


def counted(c: Connection) -> dict[str, Any]:
    """What has to agree: check-ins in three tables, and offsets without holes."""
    heads = {row.id: row.head for row in c.execute(select(stream.c.id, stream.c.head))}
    offsets = select(journal.c.stream, func.count(), func.max(journal.c.offset)).group_by(journal.c.stream)
    return {
        "visits": set(c.scalars(select(visit.c.id))),
        "posts": set(c.scalars(select(post.c.id).where(post.c.kind == "checkin"))),
        "entries": set(c.scalars(select(journal.c.subject).where(journal.c.kind == "checkin"))),
        "heads": {key: head for key, head in heads.items() if head},
        "dense": {row[0]: row[2] for row in c.execute(offsets) if row[1] == row[2]},
    }


@pytest.fixture(scope="session")
def planted(ground: Ground) -> Iterator[Callable[[str], tuple[Settings, Seeded]]]:
    """The demo company, planted once in each kind of installation: that takes seconds."""
    with ExitStack() as stack:

        @cache
        def on(kind: str) -> tuple[Settings, Seeded]:
            settings = stack.enter_context(getattr(ground, kind)())
            return settings, apart(lambda: asyncio.run(plant(settings)))

        yield on


@pytest.fixture(params=["embedded", "scaled"])
def demo(request: pytest.FixtureRequest, ground: Ground, planted: Any) -> Iterator[Demo]:
    """An installation with the demo company in it, as it was planted, for this test alone."""
    there, seeded = planted(request.param)
    with ground.like(there) as settings:
        yield Demo(settings, deepcopy(seeded))


embedded_only = pytest.mark.parametrize("demo", ["embedded"], indirect=True)


async def test_it_wants_an_empty_database(demo: Demo) -> None:
    """A company that exists is never mixed with made-up people."""
    wang = demo.seeded.members["wang-fang"]
    assert {"id", "role", "token", "squads"} == set(wang)
    assert len(wang["squads"]) == 2
    with pytest.raises(NotEmpty, match="empty"):
        await seed_demo(demo.settings)


async def test_both_squads_have_a_past_and_a_day(demo: Demo) -> None:
    """Feed and map are there for a member; the other squad is not."""
    made = demo.seeded
    app = create_app(demo.settings)
    async with app.router.lifespan_context(app):
        for handle, other in (("zhang-wei", "zhou-qiang"), ("zhou-qiang", "zhang-wei")):
            here, there = (made.members[one]["squads"][0] for one in (handle, other))
            async with caller(app, made.members[handle]["token"]) as api:
                feed = (await api.get(f"/api/v1/squads/{here}/posts?limit=200")).json()
                assert [one["offset"] for one in feed] == sorted(
                    (one["offset"] for one in feed), reverse=True
                )
                results = {
                    one["visit"]["outcome"]["result"] for one in feed if (one["visit"] or {}).get("outcome")
                }
                assert results == {"won", "advanced", "no_decision", "lost", "nobody"}
                chart = (await api.get(f"/api/v1/squads/{here}/map")).json()
                kinds = Counter(one["properties"]["kind"] for one in chart["features"])
                assert kinds["customer"] == 26
                assert kinds["checkin"] >= 13
                assert all(one["geometry"] for one in chart["features"])
                for path in ("posts", "map", "journal", "customers", "members"):
                    assert (await api.get(f"/api/v1/squads/{there}/{path}")).status_code == 404


async def test_the_town_has_a_manager(demo: Demo) -> None:
    """In both squads for the town's sake, and doing what the others do there."""
    made = demo.seeded.members
    app = create_app(demo.settings)
    async with app.router.lifespan_context(app), caller(app, made["gu-ming"]["token"]) as gu:
        mine = (await gu.get("/api/v1/squads")).json()
        assert {one["id"] for one in mine} == set(made["gu-ming"]["squads"])
        assert all(one["manages"] for one in mine)
        tree = (await gu.get("/api/v1/territories")).json()
        assert [len(one["squads"]) for one in tree] == [0, 1, 1]
        assert [one["drawn"] for one in tree] == [False, True, True]
        said = [(await gu.get(f"/api/v1/squads/{one['id']}/journal?limit=1000")).json() for one in mine]
    assert all(any(entry["actor"] == made["gu-ming"]["id"] for entry in one["entries"]) for one in said)


async def test_logs_are_there_to_read_and_to_write(demo: Demo) -> None:
    """Yesterday's of one, answered at its lines and kept; today's of another, begun and for them alone."""
    made = demo.seeded.members
    app = create_app(demo.settings)
    async with app.router.lifespan_context(app):
        for reader, writer in (("li-na", "zhao-lei"), ("lin-xiao", "zheng-hao")):
            here = made[reader]["squads"][0]
            async with caller(app, made[reader]["token"]) as api:
                assert len((await api.get("/api/v1/problems")).json()) == 5
                (head,) = (await api.get(f"/api/v1/squads/{here}/logs")).json()
                assert (head["author"], head["waits"]) == (made[writer]["id"], False)
                log = (await api.get(f"/api/v1/logs/{head['id']}")).json()
                assert {made[reader]["id"]} < set(log["read"])
                lines = log["lines"]
                assert sum(len(line["replies"]) for line in lines) == 2
                assert sum(len(line["plays"]) for line in lines) == 1
                assert sum(len(line["problems"]) for line in lines) == 1
                day = (await api.get(f"/squads/{here}/logs/today")).text
                assert day.count(" checked") == 2
                feed = (await api.get(f"/api/v1/squads/{here}/posts?limit=200")).json()
                assert [one["kind"] for one in feed].count("log") == 1


@embedded_only
async def test_nothing_in_the_past_looks_as_if_it_was_sent_today(demo: Demo) -> None:
    """Each entry was recorded when it happened, but for the few phones without signal."""
    app = create_app(demo.settings)
    async with app.router.lifespan_context(app):
        times = select(visit.c.captured_at, visit.c.recorded_at)
        rows = await app.state.db.read(lambda c: c.execute(times).all())
    waited = [recorded - captured for captured, recorded in rows]
    assert sum(one > timedelta(minutes=5) for one in waited) < len(waited) / 8


def played(demo: Demo) -> tuple[Any, list[Day]]:
    """The application, and its days over ASGI without pauses."""
    app = create_app(demo.settings)
    wire = AsyncClient(transport=ASGITransport(app), base_url="http://testserver")
    return app, days(wire, demo.seeded, 0)


async def test_the_day_goes_on_and_everything_agrees(demo: Demo) -> None:
    """Visits, posts and journal entries stay one; offsets stay dense."""
    app, both = played(demo)
    async with app.router.lifespan_context(app):
        before = await app.state.db.read(counted)
        for day in both:
            await day.run(TURNS)
        after = await app.state.db.read(counted)
    assert len(after["visits"]) > len(before["visits"]) + 4
    assert after["visits"] == after["posts"] == after["entries"]
    assert after["heads"] == after["dense"]


@embedded_only
async def test_a_visitor_is_answered(demo: Demo) -> None:
    """Whoever signs in as one of the people and says something is heard by the others."""
    app, both = played(demo)
    north = next(day for day in both if day.scene.team.key == "north")
    async with app.router.lifespan_context(app):
        await north.run(1)
        async with caller(app, demo.seeded.members["li-na"]["token"]) as api:
            said = {"id": new_id(), "text": "Anyone near the pond?"}
            await api.post(f"/api/v1/squads/{demo.seeded.squads['north']}/messages", json=said)
            await north.run(5)
            assert (await api.get(f"/api/v1/posts/{said['id']}/replies")).json()


@embedded_only
async def test_all_meet_at_the_rallys_time(demo: Demo) -> None:
    """Before it nobody arrives; then one after the other, and with the last of them the squad has met."""
    app, both = played(demo)
    north = next(day for day in both if day.scene.team.key == "north")
    home = f"/api/v1/squads/{demo.seeded.squads['north']}"
    async with (
        app.router.lifespan_context(app),
        caller(app, demo.seeded.members["wang-fang"]["token"]) as api,
    ):
        heads = (await api.get(f"{home}/sweeps")).json()
        path = next(f"/api/v1/sweeps/{one['id']}" for one in heads if one["state"] == "running")
        await north.run(3)
        sweep = (await api.get(path)).json()
        assert sweep["arrived"] == []
        soon = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
        moved = await api.patch(path, json={"changed": sweep["changed"], "rally_at": soon})
        assert moved.status_code == 200, moved.text
        await north.run(4)
        first = (await api.get(path)).json()["arrived"]
        assert 3 <= len(first) < 5
        while datetime.now(UTC).isoformat() < soon:
            await north.run(1)
        await north.run(2)
        met = (await api.get(path)).json()
        assert (len(met["arrived"]), bool(met["met_at"])) == (5, True)
        await north.run(5)
        feed = (await api.get(f"{home}/posts?limit=100")).json()
    assert [one["kind"] for one in feed].count("met") == 2, "yesterday's and today's"


async def test_the_door_shows_everybody_once(demo: Demo) -> None:
    """By squad, whoever is in several in the first; one click and one is in. From elsewhere nobody."""
    made = demo.seeded
    app = create_app(demo.settings)
    async with app.router.lifespan_context(app):
        async with AsyncClient(transport=ASGITransport(app), base_url="http://127.0.0.1:8000") as one:
            door = (await one.get("/signin")).text
            assert sorted(re.findall(r'name="handle" value="([\w-]+)"', door)) == sorted(made.members)
            entered = await one.post("/demo/signin", data={"handle": "li-na", "next": "/me"})
            assert entered.headers["location"] == "/me"
        async with AsyncClient(transport=ASGITransport(app), base_url="http://muster.example") as other:
            assert "li-na" not in (await other.get("/signin")).text


async def test_the_day_before_can_be_played_back(setup: Settings) -> None:
    """A sweep that is over, on which all have met: won, lost, handed on, sent late; two stops were left.

    Today's runs, and tomorrow's stands planned with its lanes.
    """
    made = (await seed_demo(setup))["members"]
    app = create_app(setup)
    async with app.router.lifespan_context(app):
        for handle in ("li-na", "lin-xiao"):
            async with caller(app, made[handle]["token"]) as api:
                known = (await api.get(f"/api/v1/squads/{made[handle]['squads'][0]}/sweeps")).json()
                assert [one["state"] for one in known] == ["planned", "running", "ended"]
                told = (await api.get(f"/api/v1/sweeps/{known[2]['id']}/replay")).json()
                ahead = (await api.get(f"/api/v1/sweeps/{known[0]['id']}")).json()
            assert date.fromisoformat(ahead["local_date"]) - date.fromisoformat(known[1]["local_date"]) == DAY
            assert len(ahead["lanes"]) == 5
            assert all(lane["stops"] for lane in ahead["lanes"])
            kinds = Counter(one["kind"] for one in told["events"])
            assert kinds["won"] >= 2
            assert kinds["arrived"] == 5
            assert {"started", "lost", "handed", "met", "ended"} <= set(kinds)
            assert any(one["late"] for one in told["events"])
            assert told["from"] < min(one["at"] for one in told["events"] if one["kind"] == "checkin")
            stood = {one["member"]: one for event in told["events"] for one in event["after"]}
            left = sum(one["planned"] - one["done"] for one in stood.values())
            assert 0 < left <= 2
            assert all(one["arrived"] for one in stood.values())
