"""What whoever runs the server asks it, and what goes on while a part of it is away."""

import math
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from prometheus_client.parser import text_string_to_metric_families

from config.settings import Settings
from server import jobs
from server.app import create_app
from server.schema import now
from tests.bed.ground import Ground
from tests.bed.postgres import Postgres
from tests.bed.valkey import Valkey
from tests.server.conftest import Town, client
from tests.server.doors import COMPANY, NEW, at_machine, invited

pytestmark = pytest.mark.anyio


async def test_it_is_up_and_ready(stranger: AsyncClient) -> None:
    """Said to everybody, in the fewest words."""
    assert (await stranger.get("/healthz")).text == "ok"
    ready = await stranger.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"missing": []})


async def test_without_a_place_for_files_it_is_not_ready(app: FastAPI, stranger: AsyncClient) -> None:
    """Somebody unmounted the disk: photos could not be kept."""
    shutil.rmtree(app.state.store.folder)
    assert await missing(stranger) == (503, ["files"])


@pytest.fixture
async def mortal(ground: Ground) -> AsyncIterator[tuple[FastAPI, Postgres, Valkey]]:
    """The application on servers of its own, which may be killed."""
    database, relay = Postgres(ground.room("pg"), like=ground.migrated), Valkey(ground.room("vk"))
    database.start()
    relay.start()
    with ground.on(database, relay) as settings:
        app = create_app(settings)
        async with app.router.lifespan_context(app):
            yield app, database, relay
    database.end()
    relay.end()


async def missing(one: AsyncClient) -> tuple[int, list[str]]:
    """What `/readyz` misses; to be up is another matter."""
    assert (await one.get("/healthz")).status_code == 200
    ready = await one.get("/readyz")
    return ready.status_code, ready.json()["missing"]


async def test_without_valkey_people_work_on(mortal: tuple[FastAPI, Postgres, Valkey]) -> None:
    """It is not ready, and says what is missing; what is written is written, what is limited is limited."""
    app, _, relay = mortal
    async with at_machine(app) as wang:
        await wang.post("/setup", data=COMPANY)
        assert await missing(wang) == (200, [])
        relay.kill()
        assert await missing(wang) == (503, ["relay"])
        parts = await figures(wang)
        assert [parts["muster_up", part] for part in ("database", "relay", "files")] == [1, 0, 1]
        form = {"squad": "North Bank", "zone": "Asia/Shanghai", "currency": "CNY"}
        made = (await wang.post("/setup/squad", data=form)).headers["location"].split("/")[2]
        said = {"id": "0197b2b4-0000-7000-8000-000000000001", "text": "Still here"}
        assert (await wang.post(f"/api/v1/squads/{made}/messages", json=said)).status_code == 201
        assert "Still here" in (await wang.get(f"/squads/{made}")).text
        async with client(app) as guest:
            tries = [(await guest.post("/signin", data={"login": "x", "password": "y"})).status_code]
            while len(tries) < 11:
                tries.append((await guest.post("/signin", data={"login": "x", "password": "y"})).status_code)
        assert tries == [422] * 10 + [429]
        relay.start()
        assert await missing(wang) == (200, [])


async def test_without_its_database_it_says_so(mortal: tuple[FastAPI, Postgres, Valkey]) -> None:
    """Also to a monitor with a key of its own; once the database is back, so is everything."""
    app, database, _ = mortal
    async with at_machine(app) as wang:
        await wang.post("/setup", data=COMPANY)
        database.kill()
        assert await missing(wang) == (503, ["database"])
        asked, page = await wang.get("/api/v1/me"), await wang.get("/me")
        assert (asked.status_code, asked.json()["type"]) == (503, "urn:muster:problem:away")
        assert int(asked.headers["retry-after"]) > 0
        assert (page.status_code, "Muster is away for a moment" in page.text) == (503, True)
        away = await figures(wang)
        assert away["muster_up", "database"] == 0
        assert math.isnan(away["muster_database_seconds",])
        assert math.isnan(away["muster_jobs_waiting", "due"])
        database.start()
        assert await missing(wang) == (200, [])
        assert (await wang.get("/me")).status_code == 200


async def figures(one: AsyncClient) -> dict[tuple[str, ...], float]:
    """The exposition as Prometheus reads it: name and labels, value."""
    text = (await one.get("/metrics")).text
    families = text_string_to_metric_families(text)
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


async def test_requests_and_entries_are_counted_by_kind(town: Town, stranger: AsyncClient) -> None:
    """Under the route's template: no id, no token, nobody's name is in a label."""
    path, _ = await invited(town)
    await stranger.post(path, data=NEW)
    await town.check_in("zhang")
    await town.say("li", "Good luck")
    found: Counter[tuple[str, ...]] = Counter()
    for server in {id(one): one for one in (town.app, getattr(town.app.state, "twin", town.app))}.values():
        async with at_machine(server) as one:
            found.update(await figures(one))
    posted = ("muster_requests_total", "POST", "/api/v1/squads/{squad}/checkins", "201")
    assert found[posted] == 1
    assert found["muster_requests_total", "POST", "/join/{given}", "303"] == 1
    assert found["muster_entries_total", "checkin"] == 1
    assert found["muster_request_seconds_count", "/api/v1/squads/{squad}/messages"] == 1
    assert found["muster_live", "connections"] == 0
    labels = " ".join(label for key in found for label in key)
    for secret in (town.squad, path.removeprefix("/join/"), "zhang", "North Bank"):
        assert secret not in labels


async def test_jobs_are_counted_as_they_stand(town: Town, stranger: AsyncClient) -> None:
    """Of all processes: what waits for its time, what nobody has taken up, and for how long."""
    db, kinds = town.app.state.db, len([one for one in town.app.state.jobs.kinds.values() if one.every])
    await town.app.state.jobs.run_due(now())  # the regular ones are on the list
    await db.write(lambda c: jobs.later(c, "from-tomorrow", "x", {}, now() - timedelta(minutes=5)))
    found = await figures(stranger)
    assert found["muster_jobs_waiting", "planned"] == kinds
    assert [found["muster_jobs_waiting", state] for state in ("due", "running", "failing")] == [1, 0, 0]
    assert 300 <= found["muster_jobs_late_seconds",] < 360
    assert 0 < found["muster_database_seconds",] < 3
    assert found["muster_up", "relay"] == 1


async def test_what_leads_nowhere_is_one_line(stranger: AsyncClient) -> None:
    """Otherwise whoever tries addresses fills the memory."""
    for name in ("a", "b", "c"):
        answer: Response = await stranger.get(f"/{name}")
        assert answer.status_code == 404
    nowhere = [
        key for key in await figures(stranger) if key[0] == "muster_requests_total" and key[-1] == "404"
    ]
    assert nowhere == [("muster_requests_total", "GET", "none", "404")]


async def test_a_server_answers_for_the_settings_it_has(setup: Settings) -> None:
    """Two in one process count apart."""
    one, two = create_app(setup), create_app(setup)
    async with (
        one.router.lifespan_context(one),
        two.router.lifespan_context(two),
        client(one) as first,
        client(two) as second,
    ):
        await first.get("/healthz")
        counted = ("muster_requests_total", "GET", "/healthz", "200")
        assert (await figures(first)).get(counted) == 1
        assert (await figures(second)).get(counted) is None
