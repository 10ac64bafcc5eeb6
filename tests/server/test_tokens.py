"""A program's way in: shown once, named, and shut at once when it is revoked."""

import re

import orjson
import pytest
from httpx2 import AsyncClient
from websockets.asyncio.client import connect

from server.access import COOKIE
from server.members import actions as members
from tests.server.conftest import Town, client
from tests.server.test_live import closed

pytestmark = pytest.mark.anyio


async def signed_in(town: Town, name: str) -> AsyncClient:
    """Somebody at a browser."""
    opened = await town.app.state.db.write(members.open_session, town.ids[name], "test", 60)
    return client(town.app, {"Cookie": f"{COOKIE}={opened.token}"})


async def made(one: AsyncClient, name: str) -> tuple[str, str]:
    """A new token, and the address at which it is revoked."""
    answer = await one.post("/me/tokens", data={"name": name})
    assert answer.status_code == 200
    token = re.search(r'data-copy="([\w-]{43})"', answer.text)
    revoking = re.search(r'action="(/me/tokens/[\w-]+/revoke)"', answer.text)
    assert token
    assert revoking
    return token[1], revoking[1]


async def test_a_token_is_shown_once_and_works_until_revoked(town: Town, address: str) -> None:
    """Revoked, the next request is refused and the open socket closed."""
    async with await signed_in(town, "li") as li:
        token, revoking = await made(li, "Weekly <report>")
        listed = (await li.get("/me/tokens")).text
        assert "Weekly &lt;report&gt;" in listed
        assert token not in listed
        key = {"Authorization": f"Bearer {token}"}
        async with client(town.app, key) as program:
            assert (await program.get("/api/v1/me")).json()["id"] == town.ids["li"]
            async with connect(f"{address}?streams={town.squad}&as=data", additional_headers=key) as socket:
                assert orjson.loads(await socket.recv())["kind"] == "ready"
                await li.post(revoking)
                assert await closed(socket) == 1008
            assert (await program.get("/api/v1/me")).status_code == 401
        assert "Weekly" not in (await li.get("/me/tokens")).text


async def test_nobody_ends_or_sees_somebody_elses(town: Town) -> None:
    """Told nothing, and nothing done."""
    async with await signed_in(town, "li") as li, await signed_in(town, "wang") as wang:
        token, revoking = await made(li, "Mine")
        assert "Mine" not in (await wang.get("/me/tokens")).text
        assert (await wang.post(revoking)).status_code == 303
        async with client(town.app, {"Authorization": f"Bearer {token}"}) as program:
            assert (await program.get("/api/v1/me")).status_code == 200


async def test_a_token_makes_no_tokens(town: Town) -> None:
    """Whoever finds one cannot outlive it."""
    for path in ("/me/tokens", "/me/tokens/0197b2b4-0000-7000-8000-000000000001/revoke"):
        assert (await town["li"].post(path, data={"name": "Another"})).status_code == 403


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
async def test_a_token_has_a_name(town: Town, name: str) -> None:
    """Otherwise nobody would know which to revoke; what was typed stays."""
    async with await signed_in(town, "li") as li:
        answer = await li.post("/me/tokens", data={"name": name})
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text
        assert f'value="{name}"' in answer.text


async def test_there_is_an_end_to_them(town: Town) -> None:
    """Twenty stand; then one is to be revoked first."""
    async with await signed_in(town, "li") as li:
        for n in range(19):  # besides the one the town gave her
            await made(li, f"Number {n}")
        assert (await li.post("/me/tokens", data={"name": "One more"})).status_code == 422
