"""What was said before: to be seen by the squad alike, destroyed by no edit, gone with what is taken back."""

import re
from typing import Any

import pytest

from server import journal
from tests.server.conftest import NOON, Town
from tests.server.test_feed import reply

pytestmark = pytest.mark.anyio


async def before(town: Town, name: str, id: str) -> list[dict[str, Any]]:
    """The earlier words of a post."""
    answer = await town[name].get(f"/api/v1/posts/{id}/revisions")
    assert answer.status_code == 200, answer.text
    return list(answer.json())


async def words(town: Town, name: str, path: str) -> str:
    """A page as one reads it."""
    return " ".join(re.sub(r"<[^>]+>", " ", (await town[name].get(path)).text).split())


async def test_every_version_stays_to_be_seen(town: Town) -> None:
    """Of a message and of a reply; "edited" leads there, for author and colleague the same."""
    said = (await town.say("zhang", "See you at there"))["id"]
    answer = str((await reply(town, "li", said, "Were?"))["id"])
    for text in ("See you there", "See you there at six"):
        await town["zhang"].patch(f"/api/v1/posts/{said}", json={"text": text})
    await town["li"].patch(f"/api/v1/posts/{answer}", json={"text": "Where?"})
    for name in ("zhang", "li"):
        assert [one["text"] for one in await before(town, name, said)] == [
            "See you there",
            "See you at there",
        ]
        assert [one["text"] for one in await before(town, name, answer)] == ["Were?"]
        assert f'href="/posts/{said}/revisions"' in (await town[name].get(f"/squads/{town.squad}")).text
        assert "See you at there" in await words(town, name, f"/posts/{said}/revisions")
        assert "Were?" in await words(town, name, f"/posts/{answer}/revisions")
        thread = (await town[name].get(f"/squads/{town.squad}/posts/{said}")).text
        assert f'href="/posts/{answer}/revisions"' in thread
    for path in (f"/api/v1/posts/{said}/revisions", f"/posts/{said}/revisions"):
        assert (await town["sun"].get(path)).status_code == 404


async def test_what_is_taken_back_is_gone_in_every_version(town: Town) -> None:
    """From the page, the API, the journal; nothing of it is found anywhere."""
    said = (await town.say("zhang", "The secret plan"))["id"]
    await town["zhang"].patch(f"/api/v1/posts/{said}", json={"text": "The other secret plan"})
    await town["zhang"].delete(f"/api/v1/posts/{said}")
    assert (await town["li"].get(f"/api/v1/posts/{said}/revisions")).status_code == 404
    assert "plan" not in str(await town.journal())
    assert "plan" not in (await town["li"].get(f"/squads/{town.squad}")).text


async def test_a_visits_words_are_kept(town: Town) -> None:
    """Its note and its outcome, put right later; a first outcome, or a first note, changes nothing."""
    visit = (await town.check_in("zhang", note="")).json()["id"]
    closed = f"/api/v1/visits/{visit}/outcome"
    await town["zhang"].patch(f"/api/v1/visits/{visit}", json={"note": "Owner is out"})
    await town["zhang"].put(closed, json={"result": "lost", "note": "Too dear", "closed_at": NOON})
    assert await before(town, "li", visit) == []
    assert f"/posts/{visit}/revisions" not in (await town["li"].get(f"/squads/{town.squad}")).text
    await town["zhang"].patch(f"/api/v1/visits/{visit}", json={"note": "Owner is in after all"})
    won = {"result": "won", "amount": "100", "currency": "CNY", "next_step": "Deliver", "closed_at": NOON}
    await town["zhang"].put(closed, json=won)
    last, first = await before(town, "li", visit)
    assert (first["note"], first["result"], first["outcome_note"]) == ("Owner is out", "lost", "Too dear")
    assert (last["note"], last["result"]) == ("Owner is in after all", "lost")
    await town["zhang"].put(closed, json=won)
    assert len(await before(town, "li", visit)) == 2
    assert f"/posts/{visit}/revisions" in (await town["li"].get(f"/squads/{town.squad}")).text
    page = await words(town, "li", f"/posts/{visit}/revisions")
    assert "Too dear" in page
    assert "Owner is out" in page
    await town["zhang"].put(closed, json=won | {"amount": "90"})
    assert "¥100" in await words(town, "li", f"/posts/{visit}/revisions")
    assert (await town["sun"].get(f"/posts/{visit}/revisions")).status_code == 404


async def test_an_edit_calls_nobody_twice(town: Town) -> None:
    """Who was named is told once; whom the new words name as well is told then."""
    said = (await town.say("wang", "Ask @Li Na"))["id"]
    await town["wang"].patch(f"/api/v1/posts/{said}", json={"text": "Ask @Li Na or @Zhang Wei"})
    for name in ("li", "zhang"):
        entries = await town.app.state.db.read(journal.history, f"me:{town.ids[name]}", 0, 10)
        assert [one.kind for one in entries] == ["mention", "notices"]  # and the bell once
