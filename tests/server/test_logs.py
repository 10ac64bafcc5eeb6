"""What a log may hold: never a key, and nothing that people wrote or where they were."""

import io
import logging
import secrets
import traceback
from typing import Any

import pytest
import structlog
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Client
from sqlalchemy import insert, select
from structlog.testing import capture_logs
from websockets.asyncio.client import connect as async_connect
from websockets.sync.client import connect

from config import logs
from server import jobs, worker
from server.access import COOKIE
from server.feed.models import post
from server.members.models import member
from server.schema import now
from server.squads import invites
from tests.bed.ground import Ground
from tests.bed.served import Served
from tests.server.conftest import Town
from tests.server.doors import COMPANY


def test_no_key_is_logged_at_any_level(ground: Ground) -> None:
    """A server at its most talkative, an invitation, a sign-in, a token, a socket: none of their secrets."""
    with ground.embedded(log_level="DEBUG") as settings:
        server = Served(ground.room("talk"), settings)
        server.start()
        with Client(base_url=server.url, follow_redirects=True) as one:
            one.post("/setup", data=COMPANY)
            place = one.post("/setup/squad", data={"squad": "North", "zone": "UTC", "currency": "EUR"})
            invitation = place.text.split("/join/")[1][:43]
            assert "North" in one.get(f"/join/{invitation}").text
            key = one.cookies[COOKIE]
            assert one.get("/api/v1/me", headers={"Authorization": "Bearer a-token-of-somebody"}).is_error
        address = server.url.replace("http", "ws") + "/live?streams=me"
        with connect(address, additional_headers={"Cookie": f"{COOKIE}={key}"}) as ws:
            assert '"ready"' in str(ws.recv())
        server.end()
        log = (server.folder / "log").read_text()
    assert "Application startup complete" in log
    for secret in (invitation, key, "a-token-of-somebody", COMPANY["password"]):
        assert secret not in log


@pytest.mark.anyio
async def test_a_failed_request_is_named_by_its_route(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough to find the mistake; the address itself would be somebody's way in."""

    def broken(*_: Any) -> None:
        raise RuntimeError("out of paper")

    monkeypatch.setattr(invites, "look_up_invite", broken)
    transport = ASGITransport(town.app, raise_app_exceptions=False)
    with capture_logs() as kept:
        async with AsyncClient(transport=transport, base_url="http://testserver") as one:
            answer = await one.get("/join/" + "k" * 43)
    assert (answer.status_code, "out of paper" in answer.text) == (500, False)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    failed = [event for event in kept if event["event"] == "request failed"]
    assert [(event["method"], event["route"]) for event in failed] == [("GET", "/join/{given}")]
    assert "kkkk" not in str(kept)


@pytest.mark.anyio
async def test_a_failed_statement_is_logged_without_what_was_to_be_stored(app: FastAPI) -> None:
    """Words, positions and hashes are among its parameters."""
    row = {"id": "0197b2b4-0000-7000-8000-000000000001", "text": "The owner is ill", "handle": "zhang-wei"}
    for table in (post, member):
        known = {name: value for name, value in row.items() if name in table.c}
        with pytest.raises(Exception, match="INSERT INTO") as failed:
            await app.state.db.write(lambda c, table=table, known=known: c.execute(insert(table), known))
        written = "".join(traceback.format_exception(failed.value))
        assert "The owner is ill" not in written
        assert "zhang-wei" not in written


@pytest.mark.anyio
async def test_a_job_that_failed_keeps_no_key(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in the log, in either form, nor on the list, from where the doctor reads it."""
    link = secrets.token_urlsafe(32)

    async def send(data: dict[str, Any]) -> None:
        raise ConnectionError(f"https://chat.example/hook/{link} does not answer")

    db = town.app.state.db
    for form in ("text", "json"):
        before, root, paper = structlog.get_config(), logging.getLogger().handlers[:], io.StringIO()
        monkeypatch.setattr("sys.stderr", paper)
        logs.set_up("INFO", form)
        monkeypatch.setattr(worker, "log", structlog.get_logger("worker"))
        await db.write(lambda c: jobs.later(c, "send", "x", {"lat": 31.2101}, now()))
        doing = worker.Worker(db, {"send": worker.Effect(send)}, poll=1, lease=60, ran=lambda *how: None)
        assert await doing.run_due(now()) == 1
        structlog.configure(**before)
        logging.getLogger().handlers[:] = root
        written = paper.getvalue()
        assert "job failed" in written
        assert "ConnectionError: https://chat.example/hook/" in written
        assert link not in written
        assert "31.2101" not in written
    listed = await db.read(lambda c: c.scalar(select(jobs.task.c.last_error).where(jobs.task.c.key == "x")))
    assert listed == "ConnectionError: https://chat.example/hook/… does not answer"


@pytest.mark.anyio
async def test_a_socket_that_fails_is_logged_without_a_key(
    town: Town, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor with what people wrote: the frame that could not be made is named by its stream."""

    async def broken(*_: Any) -> None:
        raise RuntimeError("out of paper")

    await town.say("li", "The owner is ill")
    for app in (town.app, getattr(town.app.state, "twin", town.app)):
        monkeypatch.setattr(app.state.hub.source, "history", broken)
    epoch = (await town.journal())[0]["epoch"]
    key = town["li"].headers["authorization"]
    with capture_logs() as kept:
        async with async_connect(
            f"{address}?streams={town.squad}@{epoch}.0", additional_headers={"Authorization": key}
        ) as ws:
            await ws.wait_closed()
    assert ws.close_code == 1011
    assert [event["event"] for event in kept] == ["join failed"]
    assert key.removeprefix("Bearer ") not in str(kept)
    assert "The owner is ill" not in str(kept)


def test_what_a_log_must_never_keep_is_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever logged it, in both forms."""
    before, root = structlog.get_config(), logging.getLogger().handlers[:]
    for form in ("text", "json"):
        paper = io.StringIO()
        monkeypatch.setattr("sys.stderr", paper)
        logs.set_up("INFO", form)
        held = {"lat": 31.2101, "token": "secret-word", "kept": "this", "at": [{"lon": 121.4101}]}
        structlog.get_logger("door").info("seen", **held)
        assert "this" in paper.getvalue()
        assert "31.2101" not in paper.getvalue()
        assert "secret-word" not in paper.getvalue()
        assert "121.4101" not in paper.getvalue()
    structlog.configure(**before)
    logging.getLogger().handlers[:] = root
