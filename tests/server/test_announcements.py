"""Announcements: said to a squad or the company, on top until read, and who has read is no secret."""

import re
from typing import Any

import pytest

from server import journal, live
from server.schema import new_id
from server.squads import actions as squads
from tests.server.conftest import Town

pytestmark = pytest.mark.anyio

TEXT = "Four percent less.\nAsk before you promise <more>."


async def announce(
    town: Town, name: str = "wang", squad: str | None = None, **changes: str
) -> dict[str, Any]:
    """An announcement to North Bank, unless said otherwise; `squad` empty: to the company."""
    where = f"/squads/{town.squad if squad is None else squad}" if squad != "" else ""
    sent = {"id": new_id(), "title": "New prices", "text": TEXT, **changes}
    answer = await town[name].post(f"/api/v1{where}/announcements", json=sent)
    return dict(answer.json()) | {"status_code": answer.status_code}


async def pinned(town: Town, name: str) -> str:
    """What stands on top of somebody's feed."""
    page = (await town[name].get(f"/squads/{town.other if name == 'sun' else town.squad}")).text
    return page.partition('id="pinned"')[2].partition('<div class="new-pill">')[0]


async def test_on_top_until_read(town: Town) -> None:
    """One press, with script or without; it leaves one's own pages and stays on the others'."""
    one = await announce(town)
    assert (one["status_code"], one["text"], one["missing"]) == (201, TEXT, 2)
    assert "&lt;more&gt;" in await pinned(town, "li")
    answer = await town["li"].post(f"/announcements/{one['id']}/read")
    assert answer.status_code == 303
    assert "New prices" not in await pinned(town, "li")
    assert "New prices" in await pinned(town, "zhang")
    assert "New prices" in await pinned(town, "wang")
    assert (await town["zhang"].put(f"/api/v1/announcements/{one['id']}/read")).status_code == 204
    now_is = (await town["li"].get(f"/api/v1/announcements/{one['id']}")).json()
    assert (now_is["read"], now_is["missing"]) == ([town.ids["li"], town.ids["zhang"]], 0)


async def test_who_has_read_is_seen_by_all_alike(town: Town) -> None:
    """Author and readers see the same names: who has and who has not. Reading twice is reading once."""
    id = (await announce(town))["id"]
    for _ in range(2):
        await town["li"].put(f"/api/v1/announcements/{id}/read")
    assert [one["data"]["read"] for one in await town.journal() if one["kind"] == "receipts"] == [
        [town.ids["li"]]
    ]
    for name in ("wang", "zhang", "li"):
        page = (await town[name].get(f"/announcements/{id}")).text
        assert "1 of 2 have read it" in page
        told = " ".join(re.sub(r"<[^>]+>", " ", page).split())
        assert "Read by: Li Na Not yet: Zhang Wei" in told
    await town["wang"].put(f"/api/v1/announcements/{id}/read")
    assert len([one for one in await town.journal() if one["kind"] == "receipts"]) == 1


async def test_an_outsider_is_told_nothing_of_a_squads(town: Town) -> None:
    """No page, no list, no entry on the company's stream; nor may a member announce who does not lead."""
    id = (await announce(town))["id"]
    assert "New prices" not in await pinned(town, "sun")
    for method, path in (
        ("GET", f"/api/v1/announcements/{id}"),
        ("PUT", f"/api/v1/announcements/{id}/read"),
        ("DELETE", f"/api/v1/announcements/{id}"),
        ("GET", f"/api/v1/squads/{town.squad}/announcements"),
    ):
        assert (await town["sun"].request(method, path)).status_code == 404
    assert (await town["sun"].get("/api/v1/announcements")).json() == []
    assert await town.app.state.db.read(journal.history, "company", 0, 10) == []
    assert (await announce(town, "li"))["status_code"] == 403
    assert (await announce(town, "li", ""))["status_code"] == 403
    assert (await town["li"].delete(f"/api/v1/announcements/{id}")).status_code == 403


async def test_the_companys_are_in_every_squad(town: Town) -> None:
    """From an admin; each squad's members read it in their own feed, and all see who has."""
    id = (await announce(town, squad=""))["id"]
    for name in ("li", "sun"):
        assert "to the whole company" in await pinned(town, name)
    await town["sun"].put(f"/api/v1/announcements/{id}/read")
    one = (await town["li"].get("/api/v1/announcements")).json()[0]
    assert (one["squad"], one["read"], one["missing"]) == (None, [town.ids["sun"]], 2)
    assert (await town["sun"].delete(f"/api/v1/announcements/{id}")).status_code == 403
    kinds = [one.kind for one in await town.app.state.db.read(journal.history, "company", 0, 10)]
    assert kinds == ["announced", "receipts"]
    assert "New prices" not in str(await town.journal())


async def test_put_right_and_ended(town: Town) -> None:
    """What it said before stays to be seen by all; over, it is on nobody's top, and cannot be changed."""
    id = (await announce(town))["id"]
    await town["li"].put(f"/api/v1/announcements/{id}/read")
    path = f"/api/v1/announcements/{id}"
    changed = await town["wang"].patch(path, json={"title": "New prices", "text": "Five percent."})
    assert (changed.json()["edited"], changed.json()["read"]) == (True, [town.ids["li"]])
    length = len(await town.journal())
    await town["wang"].patch(path, json={"title": "New prices", "text": "Five percent."})
    assert len(await town.journal()) == length
    page = (await town["zhang"].get(f"/announcements/{id}")).text
    assert "Five percent." in page
    assert "Four percent less." in page
    assert (await town["wang"].delete(path)).status_code == 204
    assert "New prices" not in await pinned(town, "zhang")
    assert "New prices" in (await town["zhang"].get(f"/squads/{town.squad}/announcements")).text
    assert (await town["wang"].patch(path, json={"title": "x", "text": "y"})).status_code == 409
    assert (await town["wang"].post(f"/announcements/{id}/end")).status_code == 303
    assert (await town["wang"].get(path)).json()["ended_at"]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"title": " "}, ["title"]),
        ({"text": "\n"}, ["text"]),
        ({"title": "x" * 121, "text": ""}, ["title", "text"]),
    ],
)
async def test_what_cannot_be_announced_comes_back(
    town: Town, changes: dict[str, str], wrong: list[str]
) -> None:
    """With all that was typed, and a word at each field."""
    refused = await announce(town, **changes)
    assert (refused["status_code"], list(refused["errors"])) == (422, wrong)
    sent = {"new_id": new_id(), "title": "Kept", "text": "Kept too", **changes}
    page = await town["wang"].post(f"/squads/{town.squad}/announcements", data=sent)
    assert page.status_code == 422
    assert f'value="{sent["title"].strip()}"' in page.text or "title" in wrong
    assert "Kept too</textarea>" in page.text or "text" in wrong
    assert page.text.count('aria-invalid="true"') == len(wrong)
    fine = await town["wang"].post(
        f"/squads/{town.squad}/announcements", data={"new_id": new_id(), "title": "T", "text": "x"}
    )
    assert (fine.status_code, fine.headers["location"]) == (303, f"/squads/{town.squad}")


async def test_the_same_id_again_is_the_same_announcement(town: Town) -> None:
    """Whatever it says; somebody else's id is theirs alone."""
    one = await announce(town)
    again = await announce(town, id=one["id"], title="Other")
    assert (again["status_code"], again["title"]) == (200, "New prices")
    theirs = await announce(town, "sun", town.other, id=one["id"], title="Ours")
    assert theirs["status_code"] == 201
    assert theirs["id"] != one["id"]


async def test_a_page_from_frames_is_a_fresh_one(town: Town) -> None:
    """Each piece as it is sent stands on a page loaded now, but for what its reader's browser marks."""
    id = (await announce(town))["id"]
    await town["zhang"].put(f"/api/v1/announcements/{id}/read")
    await town["wang"].patch(f"/api/v1/announcements/{id}", json={"title": "New prices", "text": "Five."})
    db = town.app.state.db
    entries = (await db.read(journal.history, town.squad, 0, 100))[-3:]
    for lang in ("en", "zh"):
        await town.speak("li", lang)
        fresh = re.sub(r' aria-pressed="\w+"', "", (await town["li"].get(f"/squads/{town.squad}")).text)
        for frame in await live.Source(db).contents(entries, lang):
            (piece,) = re.findall(r"<hx-partial[^>]*>(.*?)</hx-partial>", str(frame), re.DOTALL)
            assert piece in fresh
    await town["wang"].delete(f"/api/v1/announcements/{id}")
    (over,) = (await db.read(journal.history, town.squad, 0, 100))[-1:]
    assert f'hx-target="#a-{id}" hx-swap="delete"' in str((await live.Source(db).contents([over], "en"))[0])


async def test_who_left_is_not_waited_for(town: Town) -> None:
    """And who comes in is asked as well."""
    id = (await announce(town))["id"]
    db = town.app.state.db
    await db.write(squads.leave, town.squad, town.ids["zhang"])
    assert (await town["li"].get(f"/api/v1/announcements/{id}")).json()["missing"] == 1
    await db.write(squads.join, town.squad, town.ids["sun"])
    assert "New prices" in (await town["sun"].get(f"/squads/{town.squad}")).text
    assert (await town["li"].get(f"/api/v1/announcements/{id}")).json()["missing"] == 2
