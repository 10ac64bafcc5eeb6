"""What waited while a visit was open is said once, after its outcome; nobody else's visit says anything."""

import pytest

from server import journal
from server.schema import new_id, now
from server.squads import actions as squads
from tests.server.conftest import Town

pytestmark = pytest.mark.anyio


async def test_what_came_meanwhile_is_said_once_afterwards(town: Town) -> None:
    """Cheers and replies for oneself, wins and check-ins of others; not before, and not for others."""
    before = await town.say("li", "Good morning")
    visit = (await town.check_in("li")).json()["id"]
    await town["zhang"].put(f"/api/v1/posts/{before['id']}/reactions/cheer")
    await town["wang"].put(f"/api/v1/posts/{visit}/reactions/cheer")
    await town["li"].put(f"/api/v1/posts/{before['id']}/reactions/cheer")
    reply = {"id": new_id(), "text": "Good luck"}
    await town["zhang"].post(f"/api/v1/posts/{visit}/replies", json=reply)
    await town.check_in("zhang")
    path = f"/squads/{town.squad}?after={visit}"
    assert "While you were inside" not in (await town["li"].get(path)).text
    done = await town["li"].post(f"/visits/{visit}/outcome", data={"result": "won", "amount": "900"})
    assert done.headers["location"] == path
    page = (await town["li"].get(path)).text
    assert "<b>While you were inside</b>: 2 cheers for you, 1 reply to you, 1 check-in" in page
    for who, where in (
        ("zhang", path),
        ("li", f"/squads/{town.squad}"),
        ("li", f"/squads/{town.squad}?after=x"),
    ):
        assert "While you were inside" not in (await town[who].get(where)).text


async def test_the_visits_page_listens_to_ones_own_stream_alone(town: Town) -> None:
    """So nothing of the squad reaches it while a customer looks; and it can be covered with one tap."""
    visit = (await town.check_in("li")).json()["id"]
    page = (await town["li"].get(f"/visits/{visit}")).text
    assert 'data-streams="me@' in page
    assert town.squad not in page.partition('data-streams="')[2].partition('"')[0]
    assert "Cover the screen" in page
    await town["li"].put(
        f"/api/v1/visits/{visit}/outcome", json={"result": "lost", "closed_at": "2026-05-04T05:00:00Z"}
    )
    assert "Cover the screen" not in (await town["li"].get(f"/visits/{visit}")).text


async def test_who_is_in_two_squads_hears_on_their_own_stream_where_they_are(town: Town) -> None:
    """The pages of the other squad know of the visit, its end, and that it was taken back."""
    own, key = town.app.state.db, f"me:{town.ids['wang']}"

    async def heard() -> list[tuple[str | None, str | None]]:
        found = await own.read(journal.history, key, 0, 99)
        return [(one.data["visit"], one.data["since"]) for one in found if one.kind == "inside"]

    await town.check_in("wang")
    assert await heard() == []
    await own.write(squads.join, town.other, town.ids["wang"])
    moment = journal.stamp(now())
    first = (await town.check_in("wang", captured_at=moment)).json()["id"]
    assert await heard() == [(first, moment)]
    later = journal.stamp(now())
    second = (await town.check_in("wang", captured_at=later)).json()["id"]
    await town["wang"].post(f"/visits/{second}/undo")
    done = {"result": "lost", "closed_at": later}
    for _ in range(2):
        await town["wang"].put(f"/api/v1/visits/{first}/outcome", json=done)
    assert (await heard())[1:] == [(second, later), (first, moment), (None, None)]


async def test_the_desk_is_silent_for_who_is_in_a_visit(town: Town) -> None:
    """Its page knows of the visit, so that no call sounds or moves there; and of no other's."""
    visit = (await town.check_in("li", captured_at=journal.stamp(now()))).json()["id"]
    assert f'data-visit="{visit}"' in (await town["li"].get("/desk")).text
    assert 'class="in-visit"' not in (await town["wang"].get("/desk")).text
    done = {"result": "lost", "closed_at": journal.stamp(now())}
    await town["li"].put(f"/api/v1/visits/{visit}/outcome", json=done)
    assert 'id="inside"' not in (await town["li"].get("/desk")).text
