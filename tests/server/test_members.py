"""Signing in and out, one's own page, a forgotten password."""

import re

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response
from sqlalchemy import update

from server.access import COOKIE
from server.members import actions as members
from server.members.doors import local
from server.members.models import company
from server.squads import actions as squads
from tests.server.conftest import Town, client

pytestmark = pytest.mark.anyio
PASSWORD = "correct horse battery"


async def give_password(town: Town, name: str) -> None:
    """Somebody of the cast has a password."""
    await town.app.state.db.write(members.change_password, town.ids[name], members.hashed(PASSWORD), None)


async def sign_in(one: AsyncClient, login: str, password: str = PASSWORD, next: str = "/") -> Response:
    """Through the form, as a browser without script."""
    return await one.post("/signin", data={"login": login, "password": password, "next": next})


async def test_somebody_signs_in_and_out(town: Town, stranger: AsyncClient) -> None:
    """By e-mail in any case or by handle; the cookie is for the browser alone, and is void afterwards."""
    await give_password(town, "zhang")
    answer = await sign_in(stranger, " ZHANG@qinghe.example ", next=f"/squads/{town.squad}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/squads/{town.squad}")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    key = stranger.cookies[COOKIE]
    assert (await stranger.get(f"/squads/{town.squad}")).status_code == 200
    out = await stranger.post("/signout")
    assert (out.status_code, out.headers["location"]) == (303, "/signin")
    async with client(town.app, {"Cookie": f"{COOKIE}={key}"}) as thief:
        assert (await thief.get("/api/v1/me")).status_code == 401
    assert (await sign_in(stranger, "zhang-wei")).status_code == 303


async def test_over_https_the_cookie_is_secure(town: Town) -> None:
    """It never travels in the clear."""
    await give_password(town, "li")
    async with AsyncClient(transport=ASGITransport(town.app), base_url="https://testserver") as one:
        assert "Secure" in (await sign_in(one, "li-na")).headers["set-cookie"]


async def test_wrong_password_and_unknown_login_look_the_same(town: Town, stranger: AsyncClient) -> None:
    """Byte for byte, but for what was typed; the password never comes back."""
    await give_password(town, "zhang")
    wrong = await sign_in(stranger, "zhang-wei", "not the password")
    unknown = await sign_in(stranger, "nobody-at-all", "not the password")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert wrong.text.replace("zhang-wei", "X") == unknown.text.replace("nobody-at-all", "X")
    assert "not the password" not in wrong.text
    assert 'value="zhang-wei"' in wrong.text


async def test_a_closed_account_looks_like_none(town: Town, stranger: AsyncClient) -> None:
    """Nobody learns that there was one."""
    await give_password(town, "li")
    await town.app.state.db.write(members.close, town.ids["li"])
    closed = await sign_in(stranger, "li-na")
    unknown = await sign_in(stranger, "nobody")
    assert closed.text.replace("li-na", "X") == unknown.text.replace("nobody", "X")
    assert (await town["li"].get("/api/v1/me")).status_code == 401


async def test_guessing_is_slowed_down(town: Town, stranger: AsyncClient) -> None:
    """Ten wrong ones a minute; then also the right one has to wait, from wherever it comes."""
    await give_password(town, "zhang")
    for _ in range(10):
        assert (await sign_in(stranger, "zhang-wei", "guess")).status_code == 422
    assert (await sign_in(stranger, "zhang-wei")).status_code == 429
    elsewhere = ASGITransport(town.app, client=("203.0.113.9", 1))
    async with AsyncClient(transport=elsewhere, base_url="http://testserver") as other:
        assert (await sign_in(other, "zhang-wei")).status_code == 429
        assert (await sign_in(other, "nobody")).status_code == 422


async def test_an_office_signs_in_from_one_address(town: Town) -> None:
    """What fits is not counted against the address."""
    await give_password(town, "zhang")
    for _ in range(12):
        async with client(town.app) as one:
            assert (await sign_in(one, "zhang-wei")).status_code == 303


@pytest.mark.parametrize(
    "bad", ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "", "signin"]
)
def test_next_never_leads_elsewhere(bad: str) -> None:
    """Only paths of ours."""
    assert local(bad) == "/"


async def test_a_stranger_is_led_to_the_door_and_back(town: Town, stranger: AsyncClient) -> None:
    """A page asks to sign in and remembers itself; a program gets 401."""
    answer = await stranger.get(f"/squads/{town.squad}/people")
    assert answer.headers["location"] == f"/signin?next=/squads/{town.squad}/people"
    assert "North Bank" not in answer.text
    assert (await stranger.get("/")).headers["location"] == "/signin"
    assert (await stranger.get("/api/v1/squads")).status_code == 401


async def test_the_door_speaks_chinese(town: Town, stranger: AsyncClient) -> None:
    """The choice is kept for the next page."""
    answer = await stranger.get("/signin?lang=zh")
    assert '<html lang="zh"' in answer.text
    assert '<html lang="zh"' in (await stranger.get("/join")).text


async def test_a_new_name_reaches_the_squads(town: Town) -> None:
    """An entry in each of one's squads, by ids only; the next page shows it."""
    form = {"name": "张伟", "initials": "", "colour": "7", "locale": "zh", "zone": "Asia/Urumqi"}
    answer = await town["zhang"].post("/me", data=form)
    assert answer.headers["location"] == "/me?saved=profile"
    entry = (await town.journal())[-1]
    changed = {"id": town.ids["zhang"], "state": "changed", "role": "rep", "colour": 7}
    assert (entry["kind"], entry["data"]) == ("member", changed)
    assert "张伟" in (await town["li"].get(f"/squads/{town.squad}/people")).text
    me = (await town["zhang"].get("/api/v1/me")).json()
    assert (me["initials"], me["locale"], me["zone"]) == ("张", "zh", "Asia/Urumqi")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "a\u202eb"),
        ("colour", "11"),
        ("colour", "x"),
        ("zone", "Mars"),
        ("locale", "xx"),
    ],
)
async def test_a_profile_that_cannot_be_is_refused(town: Town, field: str, value: str) -> None:
    """And what was typed beside it is kept."""
    form = {"name": "Zhang W.", "initials": "ZZ", "colour": "3", "locale": "en", "zone": "UTC", field: value}
    answer = await town["zhang"].post("/me", data=form)
    assert answer.status_code == 422
    assert 'value="ZZ"' in answer.text
    assert (await town["zhang"].get("/api/v1/me")).json()["name"] == "Zhang Wei"


async def test_a_new_password_signs_out_everywhere_else(town: Town) -> None:
    """Who knows the old one may; this sign-in stays."""
    await give_password(town, "li")
    async with client(town.app) as here, client(town.app) as there:
        await sign_in(here, "li-na")
        await sign_in(there, "li-na")
        wrong = await here.post("/me/password", data={"current": "guess guess guess", "password": "n" * 12})
        assert wrong.status_code == 422
        assert "n" * 12 not in wrong.text
        answer = await here.post("/me/password", data={"current": PASSWORD, "password": "n" * 12})
        assert answer.headers["location"] == "/me?saved=password"
        assert (await here.get("/me")).status_code == 200
        assert (await there.get("/me")).status_code == 303
        assert (await sign_in(there, "li-na", "n" * 12)).status_code == 303


async def test_one_signs_out_ones_own_places_only(town: Town) -> None:
    """Somebody else's session is not touched by knowing its id."""
    await give_password(town, "li")
    async with client(town.app) as phone:
        await sign_in(phone, "li-na")
        page = (await town["li"].get("/me")).text
        found = re.search(r"/me/sessions/[0-9a-f-]+/signout", page)
        assert found
        await town["zhang"].post(found.group())
        assert (await phone.get("/me")).status_code == 200
        await town["li"].post(found.group())
        assert (await phone.get("/me")).status_code == 303


async def reset_link(town: Town, by: str, member: str) -> Response:
    """What the people page gives for a forgotten password."""
    return await town[by].post(f"/squads/{town.squad}/people/{town.ids[member]}/reset")


async def test_a_forgotten_password(town: Town, stranger: AsyncClient) -> None:
    """A lead gives a link; it works once, looking does not use it up, and the old sign-ins end."""
    await give_password(town, "zhang")
    async with client(town.app) as old:
        await sign_in(old, "zhang-wei")
        page = (await reset_link(town, "wang", "zhang")).text
        path = re.search(r"/reset/[\w-]{43}", page)
        assert path
        for _ in range(2):
            assert "Zhang Wei" in (await stranger.get(path.group())).text
        assert (await stranger.post(path.group(), data={"password": "short"})).status_code == 422
        answer = await stranger.post(path.group(), data={"password": "brand new password"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert (await stranger.get("/api/v1/me")).json()["id"] == town.ids["zhang"]
        assert (await old.get("/me")).status_code == 303
    async with client(town.app) as other:
        assert (await other.post(path.group(), data={"password": "brand new password"})).status_code == 404


async def test_a_reset_link_hands_over_no_rights(town: Town) -> None:
    """A lead gets none for an admin or a lead, a rep none at all; a newer link voids the older."""
    db = town.app.state.db
    await db.write(squads.make_lead, town.ids["wang"], town.squad, town.ids["zhang"], True)
    assert (await reset_link(town, "zhang", "wang")).status_code == 403
    assert (await reset_link(town, "zhang", "li")).status_code == 200
    assert (await reset_link(town, "li", "zhang")).status_code == 403
    assert (await reset_link(town, "sun", "li")).status_code == 404
    first = re.search(r"/reset/[\w-]{43}", (await reset_link(town, "wang", "li")).text)
    await reset_link(town, "wang", "li")
    assert first
    assert (await town["sun"].get(first.group())).status_code == 404


async def test_a_reset_link_opens_no_other_squad(town: Town) -> None:
    """A lead gets none for somebody whose other squad they do not see; an admin does."""
    db = town.app.state.db
    await db.write(squads.join, town.other, town.ids["li"])
    await db.write(squads.make_lead, town.ids["wang"], town.squad, town.ids["zhang"], True)
    assert (await reset_link(town, "zhang", "li")).status_code == 403
    assert (await reset_link(town, "wang", "li")).status_code == 200
    await db.write(squads.join, town.other, town.ids["zhang"])
    assert (await reset_link(town, "zhang", "li")).status_code == 200


@pytest.mark.parametrize("what", ["a lead now", "in another squad", "another password", "closed"])
async def test_a_reset_link_is_void_when_things_have_changed(
    town: Town, stranger: AsyncClient, what: str
) -> None:
    """It was given for an account that could less, or that needs none any more."""
    page = (await reset_link(town, "wang", "li")).text
    path = re.search(r"/reset/[\w-]{43}", page)
    assert path
    db, li = town.app.state.db, town.ids["li"]
    if what == "a lead now":
        await db.write(squads.make_lead, town.ids["wang"], town.squad, li, True)
    elif what == "in another squad":
        await db.write(squads.join, town.other, li)
    elif what == "another password":
        await give_password(town, "li")
    else:
        await db.write(squads.deactivate, town.ids["wang"], li)
    gone = await stranger.get(path.group())
    assert (gone.status_code, "Li Na" in gone.text) == (404, False)
    assert (await stranger.post(path.group(), data={"password": "brand new password"})).status_code == 404


@pytest.mark.parametrize("typed", ["ＺＨＡＮＧ＠qinghe．example", " Zhang@Qinghe.example "])
async def test_a_login_typed_with_full_width_signs_fits(
    town: Town, stranger: AsyncClient, typed: str
) -> None:
    """As a Chinese keyboard writes them."""
    await give_password(town, "zhang")
    assert (await sign_in(stranger, typed)).status_code == 303


async def test_a_way_on_is_said_to_script_too(town: Town, stranger: AsyncClient) -> None:
    """Whatever signs it has: a header holds no others than ASCII's."""
    await give_password(town, "zhang")
    form = {"login": "zhang-wei", "password": PASSWORD, "next": "/squads?q=北岸&x=%2F"}
    answer = await stranger.post("/signin", data=form, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/squads?q=%E5%8C%97%E5%B2%B8&x=%2F")


async def test_signs_that_are_no_text_are_no_login(town: Town, stranger: AsyncClient) -> None:
    """Half of a pair of signs, a NUL, a page of them: refused like any other wrong login."""
    part = b'--b\r\nContent-Disposition: form-data; name="login"\r\n\r\n+2AA-\r\n--b--\r\n'
    form = {"Content-Type": "multipart/form-data; charset=utf-7; boundary=b"}
    assert (await stranger.post("/signin", content=part, headers=form)).status_code == 422
    for login in ("\x00", "a\x00b", "\u202e" * 4000, "x" * 100_000):
        assert (await sign_in(stranger, login)).status_code == 422


async def test_the_demo_is_entered_from_the_machine_itself_only(town: Town, app: FastAPI) -> None:
    """And only where the company is one; a proxy, another machine or another site's name does not count."""

    async def enter(base: str, **options: object) -> int:
        headers = options.pop("headers", None)
        transport = ASGITransport(app, **options)  # type: ignore[arg-type]
        async with AsyncClient(transport=transport, base_url=base, headers=headers) as one:  # type: ignore[arg-type]
            return (await one.post("/demo/signin", data={"handle": "zhang-wei"})).status_code

    assert await enter("http://127.0.0.1:8000") == 404
    await app.state.db.write(lambda c: c.execute(update(company).values(demo=True)) and None)
    assert await enter("http://127.0.0.1:8000") == 303
    assert await enter("http://muster.example") == 404
    assert await enter("http://127.0.0.1", client=("203.0.113.9", 1)) == 404
    assert await enter("http://127.0.0.1", headers={"X-Forwarded-For": "203.0.113.9"}) == 404
    assert await enter("http://127.0.0.1", headers={"Sec-Fetch-Site": "cross-site"}) == 403
    app.state.settings.public_url = "https://muster.example"
    assert await enter("http://127.0.0.1:8000") == 404
