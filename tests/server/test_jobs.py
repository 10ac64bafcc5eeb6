"""Jobs: each is done when it is due, once; what fails is tried again and never lost."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from anyio import to_thread
from sqlalchemy import Connection
from structlog.testing import capture_logs

from server import jobs
from server.doctor import examine
from server.schema import now
from server.worker import Action
from tests.server.conftest import Town
from tests.server.work import SECOND, add, entry, named, rows, worker, writes

pytestmark = pytest.mark.anyio


async def test_what_is_due_is_done_in_its_order_and_the_rest_waits(town: Town) -> None:
    """By when it falls due, not by when it was noted; nothing is left of what is done."""
    db, at = town.app.state.db, now()
    for name, when in (("third", -1), ("first", -9), ("tomorrow", 86_400), ("second", -5)):
        await db.write(add("name", name, at + when * SECOND, name=name))
    one = worker(db, {"name": writes(town)})
    assert await one.run_due(at) == 3
    assert await named(town) == ["first", "second", "third"]
    assert [row.key for row in await db.read(rows)] == ["t:tomorrow"]
    assert await one.run_due(at + timedelta(days=2)) == 1
    assert (await named(town))[-1] == "tomorrow"


async def test_the_same_key_moves_a_job_and_a_dropped_one_is_gone(town: Town) -> None:
    """A sweep that ends later ends once; one that is called off does not end at all."""
    db, at = town.app.state.db, now()
    await db.write(add("name", "end", at, name="too early"))
    await db.write(add("name", "end", at + 60 * SECOND, name="later"))
    await db.write(add("name", "off", at, name="called off"))
    await db.write(jobs.drop, "t:off")
    one = worker(db, {"name": writes(town)})
    assert await one.run_due(at) == 0
    assert await one.run_due(at + 60 * SECOND) == 1
    assert await named(town) == ["later"]


async def test_a_job_is_there_only_if_what_wanted_it_is(town: Town) -> None:
    """An action that fails leaves none."""

    def half(c: Connection) -> None:
        add("name", "half", now(), name="half")(c)
        raise RuntimeError("after all not")

    with pytest.raises(RuntimeError):
        await town.app.state.db.write(half)
    assert await town.app.state.db.read(rows) == []


async def test_several_at_once_do_each_job_once(town: Town) -> None:
    """Four workers on both servers' connections; the fastest takes it, the others go on to the next."""
    db, at = town.app.state.db, now()
    for n in range(30):
        await db.write(add("name", f"{n:02}", at, name=f"{n:02}"))
    doors = [db, getattr(town.app.state, "twin", town.app).state.db] * 2
    done = await asyncio.gather(*(worker(one, {"name": writes(town)}).run_due(at) for one in doors))
    assert sum(done) == 30
    assert sorted(await named(town)) == [f"{n:02}" for n in range(30)]


async def test_one_that_was_moved_while_it_was_claimed_is_not_done_yet(town: Town) -> None:
    """Who moved it has the last word, also when a worker has it in hand."""
    db, at = town.app.state.db, now()
    await db.write(add("name", "end", at, name="early"))
    held = await db.write(jobs.claim, ["name"], at, at + 60 * SECOND)
    await db.write(add("name", "end", at + 60 * SECOND, name="late"))
    assert held
    one = worker(db, {"name": writes(town)})
    await one._do(held)
    assert one.seen == [("name", "moved")]  # type: ignore[attr-defined]
    assert await named(town) == []
    assert await one.run_due(at + 60 * SECOND) == 1
    assert await named(town) == ["late"]


async def test_one_that_fails_is_put_off_ever_longer_and_never_lost(town: Town) -> None:
    """Nothing of what it wrote stays; it is logged, and the doctor names it; in the end it succeeds."""
    db, at = town.app.state.db, now()

    def broken(c: Connection, data: dict[str, Any]) -> None:
        entry(c, town.squad, "half")
        raise ValueError("no paper")

    await db.write(add("name", "end", at, name="at last"))
    failing, pauses = worker(db, {"name": Action(broken)}), []
    with capture_logs() as log:
        for _ in range(13):
            assert await failing.run_due(at) == 1
            (row,) = await db.read(rows)
            pauses.append((row.due_at - at) / SECOND)
            at = row.due_at
    assert pauses[:4] == [5, 10, 20, 40]
    assert pauses[-1] == 3600
    assert failing.seen == [("name", "failed")] * 13  # type: ignore[attr-defined]
    assert [(one["event"], one["kind"]) for one in log] == [("job failed", "name")] * 13
    assert row.last_error == "ValueError: no paper"
    assert await named(town) == []
    found = await to_thread.run_sync(lambda: list(examine(town.app.state.settings)))
    (said,) = [one for one in found if one.about == "jobs"]
    assert (said.state, "name: ValueError: no paper" in said.words) == ("warning", True)
    assert (await db.read(jobs.state, at)).failing == 1
    assert await worker(db, {"name": writes(town)}).run_due(at) == 1
    assert await named(town) == ["at last"]


async def test_nobody_there_to_do_it_is_said_by_the_doctor(town: Town) -> None:
    """A kind that only newer code knows waits for it."""
    db = town.app.state.db
    await db.write(add("from-tomorrow", "x", now() - timedelta(hours=1)))
    assert await worker(db, {"name": writes(town)}).run_due(now()) == 0
    how = await db.read(jobs.state, now())
    assert (how.due, round(how.late / 60)) == (1, 60)
    found = await to_thread.run_sync(lambda: list(examine(town.app.state.settings)))
    (said,) = [one for one in found if one.about == "jobs"]
    assert (said.state, "60 min" in said.words) == ("warning", True)


async def test_a_regular_job_comes_again(town: Town) -> None:
    """By whoever is there, once a time; a failure puts it off and does not end it."""
    db, at = town.app.state.db, now()
    hour = timedelta(hours=1)
    kinds = {"tick": Action(lambda c, data: entry(c, town.squad, "tick"), every=hour)}
    twin = getattr(town.app.state, "twin", town.app).state.db
    for n in range(4):
        done = [await worker(one, kinds).run_due(at + n * hour) for one in (db, twin)]
        assert done == ([0, 0] if n == 0 else [1, 0])
    assert await named(town) == ["tick"] * 3
