"""How long a sign-in lasts: from its last use, whatever page that was."""

from datetime import timedelta

import pytest
from httpx2 import AsyncClient
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from server.access import COOKIE
from server.members import actions as members
from server.members import sessions
from server.members.models import session
from server.schema import now
from tests.server.conftest import Town, client

pytestmark = pytest.mark.anyio


async def signed_in(town: Town, used: timedelta) -> AsyncClient:
    """Li Na's browser, last used so long ago; a session lasts 60 days."""
    db = town.app.state.db
    opened = await db.write(members.open_session, town.ids["li"], "test", 60)
    until = update(session).values(expires_at=now() + timedelta(days=60) - used)
    await db.write(lambda c: c.execute(until) and None)
    return client(town.app, {"Cookie": f"{COOKIE}={opened.token}"})


async def left(town: Town) -> timedelta:
    """How long the one session lasts still."""
    ends = await town.app.state.db.read(lambda c: c.execute(select(session.c.expires_at)).scalar_one())
    return timedelta(seconds=round((ends - now()).total_seconds() / 60) * 60)


@pytest.mark.parametrize(
    "page", ["/squads/{squad}", "/squads/{squad}/checkin", "/squads/{squad}/people", "/me", "/"]
)
async def test_any_page_lets_a_sign_in_last(town: Town, page: str) -> None:
    """On the server and in the browser, with the same key."""
    async with await signed_in(town, timedelta(days=30)) as one:
        answer = await one.get(page.format(squad=town.squad))
        cookie = answer.headers["set-cookie"]
        assert one.headers["cookie"] in cookie
        assert "Max-Age=5184000" in cookie
        assert "HttpOnly" in cookie
    assert await left(town) == timedelta(days=60)


async def test_it_is_written_once_an_hour_at_most(town: Town) -> None:
    """A squad that looks all day does not write all day."""
    async with await signed_in(town, timedelta(minutes=59)) as one:
        assert "set-cookie" not in (await one.get("/me")).headers
    assert await left(town) == timedelta(days=60) - timedelta(minutes=59)


async def test_signing_out_is_the_last_word(town: Town) -> None:
    """The key that is taken away is not given back in the same answer, nor is one that is void."""
    async with await signed_in(town, timedelta(days=30)) as one:
        out = await one.post("/signout")
        assert ["Max-Age=0" in cookie for cookie in out.headers.get_list("set-cookie")] == [True]
        after = await one.get("/me")
        assert (after.status_code, "set-cookie" in after.headers) == (303, False)


async def test_signing_in_as_somebody_else_is_the_last_word(town: Town) -> None:
    """The key before is not given back beside the new one."""
    hashed = members.hashed("correct horse battery")
    await town.app.state.db.write(members.change_password, town.ids["zhang"], hashed, None)
    async with await signed_in(town, timedelta(days=30)) as one:
        form = {"login": "zhang-wei", "password": "correct horse battery"}
        answer = await one.post("/signin", data=form)
        (cookie,) = answer.headers.get_list("set-cookie")
        assert one.headers["cookie"] not in cookie


async def test_a_page_is_there_though_nothing_can_be_written(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk, say: reading goes on."""

    def full(*_: object) -> bool:
        raise OperationalError("UPDATE", {}, Exception("disk full"))

    monkeypatch.setattr(sessions, "freshen", full)
    async with await signed_in(town, timedelta(days=30)) as one:
        assert (await one.get("/me")).status_code == 200


async def test_a_token_is_no_session(town: Town) -> None:
    """A program's answers carry no cookie."""
    assert "set-cookie" not in (await town["li"].get("/api/v1/me")).headers
