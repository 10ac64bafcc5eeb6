"""What one has not read, what happened while one was away, and squads that are muted."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from server import journal, live
from server.feed.models import read_mark
from server.schema import new_id, now
from server.squads import actions as squads
from tests.server.conftest import Town

pytestmark = pytest.mark.anyio


async def counted(town: Town, name: str) -> dict[str, int]:
    """Somebody's unread by squad."""
    answer = await town[name].get("/api/v1/squads")
    return {one["id"]: one["unread"] for one in answer.json()}


async def read(town: Town, name: str, offset: int = 10_000, back: bool = False) -> None:
    """Somebody sees the feed up to an offset."""
    sent = {"offset": offset, "back": back}
    answer = await town[name].put(f"/api/v1/squads/{town.squad}/read-mark", json=sent)
    assert answer.status_code == 204, answer.text


async def away(town: Town, name: str, **how_long: float) -> None:
    """Somebody was last seen so long ago."""
    theirs = update(read_mark).where(read_mark.c.member == town.ids[name])
    then = now() - timedelta(**(how_long or {"hours": 3}))
    await town.app.state.db.write(lambda c: c.execute(theirs.values(at=then)) and None)


async def own(town: Town, name: str) -> list[dict[str, Any]]:
    """The entries of somebody's own stream: kind and data."""
    entries = await town.app.state.db.read(journal.history, f"me:{town.ids[name]}", 0, 100)
    return [{"kind": one.kind, **one.data} for one in entries]


async def line(town: Town, name: str, query: str = "") -> str:
    """The words between new and seen on a fresh page; empty where there is none."""
    page = (await town[name].get(f"/squads/{town.squad}{query}")).text
    found = re.search(r'<div class="since" id="since-[^>]*>(.*?)</div>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", "", found.group(1)).split()) if found else ""


async def test_unread_is_what_others_said_above_the_mark(town: Town) -> None:
    """Not one's own words, not the line that somebody joined, not what was taken back."""
    assert await counted(town, "li") == {town.squad: 0}
    said = await town.say("zhang", "Morning")
    await town.say("li", "Morning all")
    await town.check_in("wang")
    await town["zhang"].post(
        f"/api/v1/posts/{said['id']}/replies", json={"id": new_id(), "text": "Anybody up?"}
    )
    assert await counted(town, "li") == {town.squad: 3}
    assert await counted(town, "zhang") == {town.squad: 2}
    assert await counted(town, "sun") == {town.other: 0}
    await town["zhang"].delete(f"/api/v1/posts/{said['id']}")
    assert await counted(town, "li") == {town.squad: 2}
    await read(town, "li")
    assert await counted(town, "li") == {town.squad: 0}
    assert await counted(town, "zhang") == {town.squad: 2}


async def test_an_outcome_is_news_again(town: Town) -> None:
    """The check-in was read; how it went was not."""
    visit = (await town.check_in("zhang")).json()["id"]
    await read(town, "li")
    sent = {"result": "won", "closed_at": "2026-05-04T05:00:00Z"}
    await town["zhang"].put(f"/api/v1/visits/{visit}/outcome", json=sent)
    assert await counted(town, "li") == {town.squad: 1}


async def test_the_mark_only_goes_forward_and_only_so_far(town: Town) -> None:
    """A slow second device takes nothing back; nobody has read what is not there yet."""
    for number in range(3):
        await town.say("zhang", f"message {number}")
    head = len(await town.journal())
    await read(town, "li", head)
    await read(town, "li", 1)
    assert await counted(town, "li") == {town.squad: 0}
    await read(town, "li", head + 50)
    await town.say("zhang", "later")
    assert await counted(town, "li") == {town.squad: 1}
    assert (
        await town["sun"].put(f"/api/v1/squads/{town.squad}/read-mark", json={"offset": 1})
    ).status_code == 404


async def test_ones_other_devices_are_told_and_nobody_else(town: Town) -> None:
    """An entry on one's own stream for each move, none where nothing moved."""
    await town.say("zhang", "Morning")
    head = len(await town.journal())
    await read(town, "li", head)
    await read(town, "li", head)
    await read(town, "li", head - 1, back=True)
    assert await own(town, "li") == [{"kind": "read", "squad": town.squad, "offset": head}]
    assert await own(town, "zhang") == []
    assert len(await town.journal()) == head


async def test_who_comes_in_begins_at_the_end(town: Town) -> None:
    """The past is there, but nobody has to have read it; coming back after leaving is the same."""
    await town.say("zhang", "long ago")
    db = town.app.state.db
    await db.write(squads.join, town.squad, town.ids["sun"])
    assert (await counted(town, "sun"))[town.squad] == 0
    await db.write(squads.leave, town.squad, town.ids["sun"])
    await town.say("zhang", "not for Sun Yue")
    assert town.squad not in await counted(town, "sun")
    await db.write(squads.join, town.squad, town.ids["sun"])
    await town.say("zhang", "welcome back")
    assert (await counted(town, "sun"))[town.squad] == 1


async def test_since_you_were_here(town: Town) -> None:
    """What others did in three hours, dated, at its place; the same after it was read and on every device."""
    await town.say("zhang", "before")
    await read(town, "li")
    await away(town, "li")
    for number in range(2):
        await town.say("zhang", f"after {number}")
    visit = (await town.check_in("zhang")).json()["id"]
    sent = {"result": "won", "amount": "100", "closed_at": "2026-05-04T05:00:00Z"}
    await town["zhang"].put(f"/api/v1/visits/{visit}/outcome", json=sent)
    await town.say("li", "mine")
    words = await line(town, "li")
    assert re.fullmatch(r"Since you were here, \S.*: 1 check-in, 1 win, 2 messages", words), words
    page = (await town["li"].get(f"/squads/{town.squad}")).text
    assert page.index("after 0") < page.index(f'id="since-{town.squad}"') < page.index("before")
    await read(town, "li", back=True)
    assert await line(town, "li") == words
    await town.say("zhang", "while Li Na is here")
    await read(town, "li")
    assert await line(town, "li") == words
    await town["zhang"].delete(f"/api/v1/posts/{(await newest(town))['id']}")
    assert await line(town, "li") == words
    assert await line(town, "zhang") == ""
    assert await line(town, "li", "?show=wins") == ""


async def newest(town: Town) -> dict[str, Any]:
    """The post on top."""
    found = (await town["li"].get(f"/api/v1/squads/{town.squad}/posts?limit=1")).json()
    return dict(found[0])


async def test_a_short_pause_is_no_absence(town: Town) -> None:
    """Who looked away for a minute missed nothing worth a line; nor whom nobody spoke to."""
    await read(town, "li", back=True)
    await town.say("zhang", "quick one")
    await away(town, "li", minutes=1)
    assert await line(town, "li") == ""
    await read(town, "li", back=True)
    await away(town, "li")
    assert await line(town, "li") == ""
    await town.say("li", "talking to myself")
    assert await line(town, "li") == ""


async def test_a_long_absence_leads_to_where_one_was(town: Town) -> None:
    """More than a page is new: it says so on top, and the link ends where the line is."""
    await town.say("zhang", "the last one read")
    await read(town, "li")
    await away(town, "li", days=9)
    for number in range(60):
        await town.say("zhang", f"message {number}")
    page = (await town["li"].get(f"/squads/{town.squad}")).text
    assert await line(town, "li") == ""
    assert "60 messages" in page
    link = re.search(rf"/squads/{town.squad}(\?before=\d+)", page.partition('id="far-')[2])
    assert link
    assert (await line(town, "li", link.group(1))).endswith("60 messages")
    there = (await town["li"].get(f"/squads/{town.squad}{link.group(1)}")).text
    assert there.index("message 0") < there.index('class="since"') < there.index("the last one read")


async def test_a_frame_brings_the_same_line_as_a_fresh_page(town: Town) -> None:
    """What the other device is sent, piece by piece, in its reader's language."""
    await town.say("zhang", "before")
    await read(town, "li")
    await away(town, "li")
    await town.say("zhang", "after")
    db = town.app.state.db
    await db.write(squads.join, town.other, town.ids["li"])
    await read(town, "li", back=True)
    entries = await db.read(journal.history, f"me:{town.ids['li']}", 0, 100)
    for lang, words in (("en", "Since you were here"), ("zh", "你离开之后")):
        await town.speak("li", lang)
        frame = str((await live.Source(db).contents(entries[-1:], lang))[0])
        assert words in frame
        fresh = (await town["li"].get(f"/squads/{town.squad}")).text
        for piece in re.findall(r"<hx-partial[^>]*>(.*?)</hx-partial>", frame, re.DOTALL):
            assert piece in fresh, piece


async def test_a_muted_squad_is_quiet_for_one_member_alone(town: Town) -> None:
    """Its count stays, without a badge; for a time or until it is taken back."""
    await town.say("zhang", "Anybody?")
    path = f"/api/v1/squads/{town.squad}/mute"
    assert (await town["li"].put(path, json={})).status_code == 204
    (mine,) = (await town["li"].get("/api/v1/squads")).json()
    assert (mine["muted"], mine["muted_until"], mine["unread"]) == (True, None, 1)
    page = (await town["li"].get("/squads")).text
    assert 'class="count quiet"' in page
    assert re.search(r'id="u-all" hidden>', page)
    assert (await town["zhang"].get("/api/v1/squads")).json()[0]["muted"] is False
    assert (await town["sun"].put(path, json={})).status_code == 404
    soon, past = now() + timedelta(hours=1), now() - timedelta(hours=1)
    for until, muted in ((soon, True), (past, False)):
        await town["li"].put(path, json={"until": until.isoformat()})
        assert (await town["li"].get("/api/v1/squads")).json()[0]["muted"] is muted
    await town["li"].put(path, json={})
    await town["li"].delete(path)
    length = len(await own(town, "li"))
    await town["li"].delete(path)
    assert len(await own(town, "li")) == length
    assert [one["muted"] for one in await own(town, "li")] == [True, True, False, True, False]
    assert await own(town, "zhang") == []


@pytest.mark.parametrize(("how", "muted"), [("hour", True), ("morning", True), ("always", True), ("", False)])
async def test_muting_by_form(town: Town, how: str, muted: bool) -> None:
    """Without script: a button on the list of squads."""
    await town["li"].post(f"/squads/{town.squad}/mute", data={"for": "always"})
    answer = await town["li"].post(f"/squads/{town.squad}/mute", data={"for": how})
    assert (answer.status_code, answer.headers["location"]) == (303, "/squads")
    (mine,) = (await town["li"].get("/api/v1/squads")).json()
    assert (mine["muted"], bool(mine["muted_until"])) == (muted, how in ("hour", "morning"))
    assert ("muted" in (await town["li"].get("/squads")).text) is muted
