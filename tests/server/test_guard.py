"""Before every request: what another site's page may not send, and how much anybody may."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from server.access import COOKIE
from server.members import actions as members
from tests.server.conftest import Town, client
from tests.server.doors import COMPANY, at_machine, far_away

pytestmark = pytest.mark.anyio

ELSEWHERE = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
)


async def key_of(town: Town, name: str) -> dict[str, str]:
    """The cookie of somebody signed in with a browser."""
    opened = await town.app.state.db.write(members.open_session, town.ids[name], "test", 60)
    return {"Cookie": f"{COOKIE}={opened.token}"}


async def test_a_form_works_over_plain_http_under_any_name(town: Town) -> None:
    """There a browser says where a form comes from by `Origin` alone, which our policy lets it say."""
    async with far_away(town.app) as one:
        page = await one.get("/signin")
        assert page.headers["referrer-policy"] == "same-origin"
        assert '<meta name="referrer" content="same-origin">' in page.text
        form = {"login": "zhang-wei", "password": "wrong"}
        answer = await one.post("/signin", data=form, headers={"Origin": "http://muster.example"})
        assert answer.status_code == 422


@pytest.mark.parametrize("said", ELSEWHERE, ids=str)
async def test_another_sites_page_does_nothing_here(town: Town, said: dict[str, str]) -> None:
    """Neither with somebody's cookie nor without; not even where it adds a password of its own."""
    key = await key_of(town, "li")
    for more in ({}, key, key | {"Authorization": "Basic bGk6bGk="}, key | {"Authorization": "Bearer "}):
        async with client(town.app, said | more) as one:
            for path in ("/signin", "/signout", "/join", "/me", f"/squads/{town.squad}/leave", "/nowhere"):
                assert (await one.post(path)).status_code == 403, path
    assert (await town["li"].get(f"/squads/{town.squad}")).status_code == 200


async def test_a_program_with_a_token_says_any_origin_it_likes(town: Town) -> None:
    """No browser adds a bearer token by itself."""
    answer = await town["li"].get("/api/v1/me", headers={"Origin": "null"})
    assert answer.status_code == 200
    body = {"id": "0197b2b4-0000-7000-8000-000000000001", "text": "From a program"}
    path = f"/api/v1/squads/{town.squad}/messages"
    assert (await town["li"].post(path, json=body, headers={"Origin": "null"})).status_code == 201


async def test_another_sites_page_takes_no_fresh_server(app: FastAPI) -> None:
    """Open in a browser on the server's own machine, it could do what its user may."""
    async with at_machine(app) as one:
        for said in ELSEWHERE:
            assert (await one.post("/setup", data=COMPANY, headers=said)).status_code == 403
        assert (await one.get("/")).headers["location"] == "/setup"


async def test_another_sites_page_hears_nothing(town: Town, address: str) -> None:
    """The socket is refused before it opens; to our own page it opens."""
    key, stream = await key_of(town, "li"), f"{address}?streams={town.squad}"
    for origin in ("http://evil.example", "null"):
        with pytest.raises(InvalidStatus) as refused:
            async with connect(stream, additional_headers=key, origin=origin):  # type: ignore[arg-type]
                pass
        assert refused.value.response.status_code == 403
    home = address.replace("ws:", "http:").removesuffix("/live")
    async with connect(stream, additional_headers=key, origin=home) as ws:  # type: ignore[arg-type]
        assert '"ready"' in str(await ws.recv())


async def test_a_refusal_is_said_in_the_readers_way(town: Town) -> None:
    """Problem details for programs, a page in their language for people; both with the usual headers."""
    said = {"Origin": "http://evil.example", "Accept-Language": "zh-CN"}
    async with client(town.app, said) as one:
        page = await one.post("/signin")
        assert "这是从别的网站发来的" in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
        told = await one.post(f"/api/v1/squads/{town.squad}/messages")
    assert told.headers["content-type"] == "application/problem+json"
    assert told.json()["type"] == "urn:muster:problem:cross-site"


async def megabyte() -> AsyncIterator[bytes]:
    """A body whose length nobody is told beforehand."""
    for _ in range(16):
        yield b"x" * 65536


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "unannounced"])
async def test_too_much_is_refused(town: Town, stranger: AsyncClient, announced: bool) -> None:
    """By its announced length, or as soon as more than the limit has come."""
    body = b"x" * 1_048_576 if announced else megabyte()
    form = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "zh"}
    page = await stranger.post("/signin", content=body, headers=form)
    assert (page.status_code, "内容太大" in page.text) == (413, True)
    body = b"x" * 1_048_576 if announced else megabyte()
    path = f"/api/v1/squads/{town.squad}/messages"
    told = await town["li"].post(path, content=body, headers={"Content-Type": "application/json"})
    assert (told.status_code, told.json()["type"]) == (413, "urn:muster:problem:too-large")


async def test_whatever_is_got_has_a_head(town: Town, stranger: AsyncClient) -> None:
    """Pages, the API, what is not there and what only takes forms: as GET answers, without what is in it."""
    squad = f"/squads/{town.squad}"
    for path in (squad, f"{squad}/sweeps", f"/api/v1{squad}/posts", "/me", "/nowhere", "/signout"):
        for one in (town["li"], town["sun"], stranger):
            whole, head = await one.get(path), await one.head(path)
            assert (head.status_code, head.content) == (whole.status_code, b""), path
            assert head.headers.get("content-type") == whole.headers.get("content-type")
            assert head.headers["content-security-policy"] == whole.headers["content-security-policy"]


async def test_a_page_that_asks_for_a_sign_in_comes_back_to_where_one_was(town: Town) -> None:
    """Also from a form, whose own address cannot be read, and from a fragment."""
    async with client(town.app) as one:
        there = await one.get(f"/squads/{town.squad}/checkin?chosen=1&q=a b")
        assert there.headers["location"].endswith(f"/squads/{town.squad}/checkin%3Fchosen%3D1%26q%3Da%2520b")
        before = {"Referer": f"http://testserver/squads/{town.squad}/people"}
        sent = await one.post(f"/squads/{town.squad}/settings", headers=before)
        assert sent.headers["location"] == f"/signin?next=/squads/{town.squad}/people"
        looking = {"HX-Request": "true", "HX-Current-URL": f"http://testserver/squads/{town.squad}"}
        part = await one.get(f"/squads/{town.squad}/nearby", headers=looking)
        assert (part.status_code, part.headers["hx-redirect"]) == (204, f"/signin?next=/squads/{town.squad}")
