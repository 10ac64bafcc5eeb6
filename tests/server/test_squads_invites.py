"""Invitations: who comes in, and what those learn who do not."""

import anyio
import pytest
from httpx2 import AsyncClient
from sqlalchemy import update

from server.errors import NotFound
from server.members import actions as members
from server.schema import now
from server.squads import actions, invites
from server.squads.invites import CODE_LASTS
from server.squads.models import invite
from tests.server.conftest import Town, client
from tests.server.doors import NEW, far_away, invited, members_of, shown

pytestmark = pytest.mark.anyio


async def test_a_code_is_typed_in(town: Town, stranger: AsyncClient) -> None:
    """In small letters and without the dash; the account is there afterwards, and the squad hears of it."""
    _, code = await invited(town)
    on = await stranger.post("/join", data={"code": f" {code.lower().replace('-', '')} "})
    assert on.headers["location"] == f"/join/{code}"
    done = await stranger.post(on.headers["location"], data=NEW)
    assert done.headers["location"] == f"/squads/{town.squad}"
    me = (await stranger.get("/api/v1/me")).json()
    assert (me["role"], me["zone"], me["colour"]) == ("rep", "Asia/Shanghai", 5)
    entry = (await town.journal())[-1]
    assert (entry["kind"], entry["actor"], entry["data"]["state"]) == ("member", me["id"], "joined")
    assert "Zhao Lei joined the squad" in (await town["li"].get(f"/squads/{town.squad}")).text


async def test_looking_uses_nothing_up(town: Town, stranger: AsyncClient) -> None:
    """Neither a chat's preview nor a member of the squad who opens it."""
    path, _ = await invited(town)
    for _ in range(25):
        assert (await stranger.get(path)).status_code == 200
    assert (await town["li"].get(path)).headers["location"] == f"/squads/{town.squad}"
    await town["li"].post(path)
    page = (await town["wang"].get(f"/squads/{town.squad}/people")).text
    assert "for 20 more people" in page


async def test_somebody_signed_in_joins_with_one_button(town: Town) -> None:
    """No second account; from then on both see each other, the past included."""
    said = await town.say("zhang", "Before she came")
    path, _ = await invited(town)
    page = (await town["sun"].get(path)).text
    assert "You are signed in as Sun Yue" in page
    assert "what the squad did before" in page
    assert (await town["sun"].get(f"/api/v1/squads/{town.squad}/posts")).status_code == 404
    assert (await town["sun"].post(path)).headers["location"] == f"/squads/{town.squad}"
    posts = (await town["sun"].get(f"/api/v1/squads/{town.squad}/posts")).json()
    assert said["id"] in [one["id"] for one in posts]


@pytest.mark.parametrize(
    "how", ["renewed", "revoked", "over", "used up", "inviter gone", "admin gone", "invented"]
)
async def test_an_invitation_that_does_not_stand_tells_nothing(
    town: Town, stranger: AsyncClient, how: str
) -> None:
    """Whatever the reason, the same page, and no word of the squad."""
    path, code = await invited(town)
    db = town.app.state.db
    if how == "renewed":
        await invited(town)
    elif how == "revoked":
        await town["wang"].post(f"/squads/{town.squad}/invite/revoke")
    elif how == "over":
        await db.write(lambda c: c.execute(update(invite).values(expires_at=now())) and None)
    elif how == "used up":
        await db.write(lambda c: c.execute(update(invite).values(used=invite.c.most)) and None)
    elif how == "inviter gone":
        await db.write(actions.make_lead, town.ids["wang"], town.squad, town.ids["li"], True)
        await town["wang"].post(f"/squads/{town.squad}/leave")
    elif how == "admin gone":
        admin = await db.write(lambda c: members.add_member(c, name="Luo Dan", role="admin"))
        await db.write(invites.new_invite, town.app.state.settings.secret, town.squad, admin)
        path, code = await shown(town)
        await db.write(actions.deactivate, town.ids["wang"], admin)
    else:
        path, code = "/join/" + "x" * 43, "AAAA-AAAA"
    first = await stranger.get(path)
    assert (first.status_code, "North Bank" in first.text) == (404, False)
    assert (await stranger.post(path, data=NEW)).status_code == 404
    assert (await stranger.get(f"/join/{code}")).text == first.text
    assert (await stranger.post("/join", data={"code": code})).status_code == 422
    assert "Zhao Lei" not in (await town["li"].get(f"/squads/{town.squad}/people")).text


async def test_a_code_is_over_before_its_link(town: Town, stranger: AsyncClient) -> None:
    """A day for what is short enough to guess."""
    path, code = await invited(town)
    old = now() - CODE_LASTS
    await town.app.state.db.write(lambda c: c.execute(update(invite).values(created_at=old)) and None)
    assert (await stranger.get(f"/join/{code}")).status_code == 404
    assert (await stranger.get(path)).status_code == 200
    assert code not in (await town["wang"].get(f"/squads/{town.squad}/people")).text


async def test_codes_cannot_be_tried_endlessly(town: Town, stranger: AsyncClient) -> None:
    """Twenty wrong ones a minute from one address; whoever has a right one is not counted."""
    _, code = await invited(town)
    for _ in range(20):
        assert (await stranger.get("/join/AAAA-AAAA")).status_code == 404
    assert (await stranger.get(f"/join/{code}")).status_code == 429
    async with far_away(town.app) as other:
        for _ in range(25):
            assert (await other.get(f"/join/{code}")).status_code == 200


async def test_twenty_five_scan_at_once(town: Town) -> None:
    """Twenty come in, exactly."""
    path, _ = await invited(town)
    joined: list[bool] = []

    async def scan(number: int) -> None:
        form = invites.Newcomer(f"Rep {number}", f"rep{number}@qinghe.example", "no hash", "en")
        given, secret = path.removeprefix("/join/"), town.app.state.settings.secret
        try:
            await town.app.state.db.write(invites.accept_as_new, secret, given, form, 200)
            joined.append(True)
        except NotFound:
            joined.append(False)

    async with anyio.create_task_group() as group:
        for number in range(25):
            group.start_soon(scan, number)
    assert sorted(joined) == [False] * 5 + [True] * 20
    assert len(await members_of(town)) == 23


async def test_a_login_that_is_taken_is_refused_with_the_form_kept(town: Town, stranger: AsyncClient) -> None:
    """Nothing half there: no member, no membership, no use of the invitation."""
    path, _ = await invited(town)
    answer = await stranger.post(path, data={**NEW, "login": "LI@qinghe.example"})
    assert (answer.status_code, 'value="Zhao Lei"' in answer.text) == (422, True)
    assert await members_of(town) == ["Wang Fang", "Zhang Wei", "Li Na"]
    assert "for 20 more people" in (await town["wang"].get(f"/squads/{town.squad}/people")).text


async def test_an_invitation_is_no_way_to_find_out_who_is_there(town: Town, stranger: AsyncClient) -> None:
    """Some logins that are taken, then a pause; others come in from elsewhere meanwhile."""
    town.app.state.settings.invite_limit = "3/minute"
    path, _ = await invited(town)
    for name in ("li", "zhang", "wang"):
        answer = await stranger.post(path, data={**NEW, "login": f"{name}@qinghe.example"})
        assert answer.status_code == 422
    later = await stranger.post(path, data={**NEW, "login": "sun@qinghe.example"})
    assert (later.status_code, "signs in with this" in later.text) == (429, False)
    async with far_away(town.app) as other:
        assert (await other.post(path, data=NEW)).status_code == 303


async def test_a_full_squad_says_so(town: Town, stranger: AsyncClient) -> None:
    """And makes no account."""
    path, _ = await invited(town)
    town.app.state.settings.members_max = 3
    answer = await stranger.post(path, data=NEW)
    assert answer.status_code == 422
    assert "This squad is full" in answer.text
    assert (await stranger.post("/signin", data=NEW)).status_code == 422


async def test_an_invitation_is_stored_as_hashes_only(town: Town) -> None:
    """Nobody who reads the table can join with it."""
    path, code = await invited(town)
    rows = await town.app.state.db.read(
        lambda c: [tuple(map(str, row)) for row in c.execute(invite.select())]
    )
    stored = " ".join(text for row in rows for text in row)
    assert path.removeprefix("/join/") not in stored
    assert code not in stored


async def test_two_look_at_the_third_step_at_once(town: Town) -> None:
    """What each is shown invites: looking makes one invitation, not two of which one is void."""
    links: list[str] = []

    async def look() -> None:
        page = (await town["wang"].get(f"/setup/{town.squad}/invite")).text
        links.append(page.split("/join/")[1][:43])

    async with anyio.create_task_group() as group:
        for _ in range(4):
            group.start_soon(look)
    assert len(set(links)) == 1


async def test_the_poster_is_for_leads(town: Town) -> None:
    """With the QR code, without a word of what the squad does."""
    await invited(town)
    page = await town["wang"].get(f"/squads/{town.squad}/invite/poster")
    assert "<svg" in page.text
    assert (await town["li"].get(f"/squads/{town.squad}/invite/poster")).status_code == 403
    async with client(town.app) as nobody:
        assert (await nobody.get(f"/squads/{town.squad}/invite/poster")).status_code == 303
