"""The company's hall: wins of the squads that opened theirs, as far as they did; of the others not a word."""

import re
from typing import Any

import orjson
import pytest

from server import journal, live
from server.hall import actions as hall
from tests.server.conftest import Town
from tests.server.test_live import listen

pytestmark = pytest.mark.anyio

SECRETS = ("North Bank", "Hengtai", "86400", "86,400", "Third visit", "Zhang Wei")


async def opened(town: Town, on: bool = True, **what: bool) -> None:
    """North Bank's lead chooses what the company sees."""
    answer = await town["wang"].put(f"/api/v1/squads/{town.squad}/hall", json={"on": on, **what})
    assert answer.status_code == 200, answer.text


async def won(town: Town, result: str = "won", visit: str | None = None) -> str:
    """Zhang Wei closes a visit; its id."""
    id = visit or (await town.check_in("zhang")).json()["id"]
    sent = {"result": result, "note": "Third visit to Hengtai", "closed_at": "2026-05-04T05:00:00Z"}
    sent |= {"amount": "86400", "currency": "CNY"} if result == "won" else {}
    answer = await town["zhang"].put(f"/api/v1/visits/{id}/outcome", json=sent)
    assert answer.status_code == 200, answer.text
    return str(id)


async def seen(town: Town, name: str = "sun") -> list[dict[str, Any]]:
    """What somebody sees of the hall."""
    return list((await town[name].get("/api/v1/hall")).json())


async def told(town: Town) -> list[dict[str, Any]]:
    """The company's stream: kind and data."""
    entries = await town.app.state.db.read(journal.history, "company", 0, 100)
    return [{"kind": one.kind, **one.data} for one in entries]


async def test_nothing_is_shown_of_a_squad_that_did_not_open_its_wins(town: Town) -> None:
    """No win, no name, no entry that others could hear."""
    visit = await won(town)
    assert await seen(town) == []
    assert await told(town) == []
    page = (await town["sun"].get("/hall")).text
    assert [word for word in SECRETS if word in page] == []
    assert "No wins here yet" in page
    assert (await town["sun"].put(f"/api/v1/hall/{visit}/cheer")).status_code == 404
    assert (await town["zhang"].put(f"/api/v1/hall/{visit}/cheer")).status_code == 404


async def test_an_open_squads_wins_are_the_whole_companys(town: Town) -> None:
    """From then on, newest first, with what the lead chose; every role sees the same."""
    await won(town)
    await opened(town)
    first, second = await won(town), await won(town)
    (top, below) = await seen(town)
    assert [top["id"], below["id"]] == [second, first]
    assert (top["customer"], top["amount"], top["note"]) == (
        "Hengtai Hardware",
        "86400",
        "Third visit to Hengtai",
    )
    assert (top["squad_name"], top["member"]["name"]) == ("North Bank", "Zhang Wei")
    assert await seen(town, "li") == await seen(town)
    page = (await town["sun"].get("/hall")).text
    assert page.index(f'id="h-{second}"') < page.index(f'id="h-{first}"')
    assert (await seen(town))[1] == (await town["sun"].get(f"/api/v1/hall?before={top['offset']}")).json()[0]
    assert (await town["sun"].get(f"/squads/{town.squad}/posts/{first}")).status_code == 404


@pytest.mark.parametrize(
    ("what", "gone"),
    [({"customer": False}, ("Hengtai",)), ({"amount": False}, ("86400", "86,400", "Third visit"))],
    ids=["without the customer", "without the amount"],
)
async def test_what_a_squad_hides_is_nowhere(
    town: Town, address: str, what: dict[str, bool], gone: tuple[str, ...]
) -> None:
    """Neither on the page, nor in the API, nor in a frame, nor in the journal of the company."""
    await opened(town, **what)
    async with (
        listen(address, town, "sun", "company") as data,
        listen(address, town, "sun", "company", "html") as page,
    ):
        for ws in (data, page):
            assert orjson.loads(await ws.recv())["kind"] == "ready"
        visit = await won(town)
        frames = [str(await data.recv()), str(await page.recv())]
    assert visit in frames[1]
    everything = [
        *frames,
        str(await seen(town)),
        (await town["sun"].get("/hall")).text,
        str(await told(town)),
    ]
    assert [word for word in gone for said in everything if word in said] == []
    assert "North Bank" in frames[1]


async def test_taken_back_all_its_wins_are_gone(town: Town) -> None:
    """At once; opened again they stand there again; only the lead may, and the company hears of it."""
    await opened(town)
    await won(town)
    await opened(town, on=False)
    assert await seen(town) == []
    assert "Hengtai" not in (await town["sun"].get("/hall")).text
    entries = await town.app.state.db.read(journal.history, "company", 0, 100)
    frames = await live.Source(town.app.state.db).contents(entries, "en")
    assert [word for frame in frames for word in SECRETS if word in str(frame)] == []
    await opened(town)
    assert len(await seen(town)) == 1
    sent = {"on": True}
    for name, status in (("zhang", 403), ("sun", 404)):
        assert (await town[name].put(f"/api/v1/squads/{town.squad}/hall", json=sent)).status_code == status
    assert [one["on"] for one in await told(town) if one["kind"] == "hall"] == [True, False, True]


async def test_what_was_no_win_after_all_leaves_the_hall(town: Town) -> None:
    """And comes back on top once it is one; while the hall is closed it leaves it just as well."""
    await opened(town)
    visit, other = await won(town), await won(town)
    await won(town, "advanced", visit)
    assert [one["id"] for one in await seen(town)] == [other]
    await won(town, "won", visit)
    assert [one["id"] for one in await seen(town)] == [visit, other]
    await opened(town, on=False)
    await won(town, "lost", visit)
    await opened(town)
    assert [one["id"] for one in await seen(town)] == [other]


async def test_everybody_may_cheer(town: Town) -> None:
    """Somebody of another squad, too: the squad sees who, the hall counts; nothing else opens."""
    await opened(town)
    visit = await won(town)
    path = f"/api/v1/hall/{visit}/cheer"
    for _ in range(2):
        assert (await town["sun"].put(path)).json() == {"id": visit, "cheers": [town.ids["sun"]]}
    await town["li"].put(f"/api/v1/posts/{visit}/reactions/cheer")
    assert (await seen(town))[0]["cheers"] == [town.ids["sun"], town.ids["li"]]
    assert "Sun Yue" in (await town["li"].get(f"/squads/{town.squad}")).text
    assert [len(one["cheers"]) for one in await told(town) if one["kind"] == "cheers"] == [1, 2]
    assert (await town["sun"].delete(path)).json()["cheers"] == [town.ids["li"]]
    assert (await town["sun"].put(f"/api/v1/posts/{visit}/reactions/cheer")).status_code == 404
    form = await town["sun"].post(f"/hall/{visit}/cheers", data={"give": "cheer"})
    assert (form.status_code, form.headers["location"]) == (303, f"/hall#h-{visit}")
    await town["sun"].post(f"/hall/{visit}/cheers", data={"take": "cheer"})
    assert (await seen(town))[0]["cheers"] == [town.ids["li"]]


async def test_a_hall_from_frames_is_a_fresh_one(town: Town) -> None:
    """The last piece sent of each win is what a page loaded now holds, in both languages."""
    await opened(town)
    visit = await won(town)
    await town["sun"].put(f"/api/v1/hall/{visit}/cheer")
    db = town.app.state.db
    entries = await db.read(journal.history, "company", 0, 100)
    for lang in ("en", "zh"):
        await town.speak("sun", lang)
        fresh = (await town["sun"].get("/hall")).text
        opening, _, cheered = await live.Source(db).contents(entries, lang)
        for frame in (opening, cheered):
            for piece in re.findall(r"<hx-partial[^>]*>(.*?)</hx-partial>", str(frame), re.DOTALL):
                assert piece in fresh


async def test_the_form_of_the_lead(town: Town) -> None:
    """Boxes as they are chosen; an unticked one is off."""
    page = (await town["wang"].get(f"/squads/{town.squad}/hall")).text
    assert page.count("checked") == 2
    await town["wang"].post(f"/squads/{town.squad}/hall", data={"on": "1", "amount": "1"})
    shown = await town.app.state.db.read(hall.shown, town.squad)
    assert shown == (True, False, True)
    assert (await town["zhang"].get(f"/squads/{town.squad}/hall")).status_code == 403
