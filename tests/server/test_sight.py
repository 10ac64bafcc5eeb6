"""A member's day, and who looked at it: nobody sees somebody's work unseen, and nobody else hears of it."""

import asyncio
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import orjson
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import func, select, update

from server import journal, live
from server.schema import new_id, now
from server.sight import actions
from server.sight.models import look
from server.squads import actions as squads
from tests.server.conftest import Town
from tests.server.packed import unpacked
from tests.server.test_live import listen, until

pytestmark = pytest.mark.anyio

DAY = "2026-05-04"
NAMED = {"member", "author", "by", "who", "person", "subject", "viewer", "actor", "handle", "owner"}
"""What a route's parameter may be called that means one member."""
LOOKS = {
    "GET /squads/{squad}/members/{member}/day",
    "GET /api/v1/squads/{squad}/members/{member}/day",
    "GET /squads/{squad}/members/{member}/customers",
    "GET /api/v1/squads/{squad}/members/{member}/customers",
    "GET /squads/{squad}/members/{member}/ledger",
    "GET /api/v1/squads/{squad}/members/{member}/ledger",
    "GET /squads/{squad}/members/{member}/handover",
    "GET /search",
    "GET /search.xlsx",
    "GET /api/v1/search",
}
"""Routes that show one member's work: they write a look before they answer."""
NOTHING = {
    "POST /squads/{squad}/people/{member}/lead",
    "GET /squads/{squad}/people/{member}/remove",
    "POST /squads/{squad}/people/{member}/remove",
    "POST /squads/{squad}/people/{member}/reset",
    "GET /squads/{squad}/people/{member}/close",
    "POST /squads/{squad}/people/{member}/close",
    "GET /members/{member}/erase",
    "POST /members/{member}/erase",
    "PUT /api/v1/territories/{territory}/managers/{member}",
    "DELETE /api/v1/territories/{territory}/managers/{member}",
    "POST /territories/{territory}/managers/{member}/relieve",
    "PUT /api/v1/customers/{customer}/hold/shared/{member}",
    "POST /customers/{customer}/share/{member}",
    "POST /squads/{squad}/members/{member}/handover",
    "GET /audit",
    "GET /audit.csv",
    "GET /squads/{squad}/audit",
}
"""Routes about one member that show nothing of their work."""


def day_path(town: Town, of: str, day: str = DAY) -> str:
    """Somebody's day in North Bank."""
    return f"/squads/{town.squad}/members/{town.ids[of]}/day?date={day}"


async def looks(town: Town, of: str) -> list[tuple[str, str]]:
    """Who looked at somebody's days, as they themselves are told: viewer and day, the last first."""
    names = {id: name for name, id in town.ids.items()}
    found = (await town[of].get("/api/v1/me/looks")).json()
    return [(names[one["viewer"]], one["day"]) for one in found]


async def a_day(town: Town, of: str = "zhang") -> list[str]:
    """Somebody's two visits on the fourth of May, the second one lost; and one on the day before."""
    place = {"customer_id": town.customers["lotus"], "captured_at": "2026-05-04T06:30:00Z"}
    ids = [(await town.check_in(of)).json()["id"], (await town.check_in(of, **place)).json()["id"]]
    ended = {"result": "lost", "note": "They pay less", "closed_at": "2026-05-04T07:00:00Z"}
    await town[of].put(f"/api/v1/visits/{ids[1]}/outcome", json=ended)
    await town.check_in(of, captured_at="2026-05-03T03:00:00Z", note="The day before")
    return ids


async def test_a_day_is_its_visits_in_their_order(town: Town) -> None:
    """Those of that member, that squad and that day alone; the way between them, what came of them."""
    first, second = await a_day(town)
    await town.check_in("li", note="Another one's")
    page = (await town["li"].get(day_path(town, "zhang"))).text
    assert re.findall(r'id="v-([\w-]+)" data-lat', page) == [first, second]
    for word in ("Monday 4 May", "Hengtai Hardware", "Owner is in", "Lotus Pharmacies", "They pay less"):
        assert word in page
    assert "Another one" not in page
    assert "The day before" not in page
    assert 'href="/squads/{}/members/{}/day?date=2026-05-03"'.format(town.squad, town.ids["zhang"]) in page
    data = (await town["li"].get("/api/v1" + day_path(town, "zhang"))).json()
    assert [visit["id"] for visit in data["visits"]] == [first, second]
    assert (data["day"], data["earlier"], data["later"]) == (DAY, "2026-05-03", None)


async def test_the_days_are_the_squads(town: Town) -> None:
    """Half past five in the evening, UTC, is the next morning in Shanghai."""
    await town.check_in("zhang", captured_at="2026-05-04T17:30:00Z", note="Half past one")
    assert "Half past one" in (await town["zhang"].get(day_path(town, "zhang", "2026-05-05"))).text
    assert "No check-in on this day" in (await town["zhang"].get(day_path(town, "zhang"))).text


async def test_whoever_looks_is_seen(town: Town) -> None:
    """By the one whose day it is; each day once, however often; one's own is no look."""
    await a_day(town)
    await asyncio.gather(*(town[name].get(day_path(town, "zhang")) for name in ("li", "zhang", "li", "li")))
    await town["li"].get(day_path(town, "zhang"))
    await town["wang"].get(f"/api/v1{day_path(town, 'zhang', '2026-05-03')}")
    assert await looks(town, "zhang") == [("wang", "2026-05-03"), ("li", DAY)]
    page = (await town["zhang"].get("/me/looks")).text
    assert re.findall(r"<b data-person[^>]*>([^<]+)</b> ([^<]+)</p>", page) == [
        ("Wang Fang", "looked at your Sunday"),
        ("Li Na", "looked at your Monday"),
    ]
    assert "Li Na" in page
    assert "Zhang Wei sees that you looked" in (await town["li"].get(day_path(town, "zhang"))).text
    await town.speak("zhang", "zh")
    assert "看了你周一这一天" in (await town["zhang"].get("/me/looks")).text


async def test_nobody_else_is_told(town: Town) -> None:
    """Neither the viewer nor the squad, its lead included: no list, no page, no entry, no frame."""
    await a_day(town)
    before = await town.journal()
    await town["li"].get(day_path(town, "zhang"))
    assert await town.journal() == before
    for name in ("li", "wang", "sun"):
        assert await looks(town, name) == []
        page = (await town[name].get("/me/looks")).text
        assert "Nobody has looked so far" in page
        assert "looked at your" not in page


async def test_without_a_look_nothing_is_seen(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it cannot be written, nobody gets an answer that shows the day."""
    await a_day(town)

    def broken(*_: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(actions, "note", broken)
    for path in (day_path(town, "zhang"), f"/api/v1{day_path(town, 'zhang')}"):
        with pytest.raises(RuntimeError):
            await town["li"].get(path)


async def test_an_outsider_neither_sees_nor_leaves_a_look(town: Town) -> None:
    """Somebody of another squad, and whoever was taken out; of a removed member the days stay to be seen."""
    await a_day(town)
    db = town.app.state.db
    await db.write(squads.remove, town.ids["wang"], town.squad, town.ids["li"])
    for name in ("sun", "li"):
        assert (await town[name].get(day_path(town, "zhang"))).status_code == 404
    assert (await town["zhang"].get(day_path(town, "sun"))).status_code == 404
    assert await looks(town, "zhang") == []
    assert (await town["zhang"].get(day_path(town, "li"))).status_code == 200
    assert await looks(town, "li") == [("zhang", DAY)]


async def test_it_is_heard_at_once_and_by_them_alone(town: Town, address: str) -> None:
    """On the subject's own stream, in their language; the row is that of a fresh page."""
    await a_day(town)
    await town.speak("zhang", "zh")
    async with (
        listen(address, town, "zhang", "me", "html") as theirs,
        listen(address, town, "li", f"me,company,{town.squad}") as mine,
    ):
        assert orjson.loads(await theirs.recv())["kind"] == "ready"
        await town["li"].get(day_path(town, "zhang"))
        (frame,) = await until(theirs, (await town["zhang"].get("/api/v1/me")).json()["head"]["offset"])
        said = await town.say("wang", "What comes next")
        heard = []
        while not heard or heard[-1].get("subject") != said["id"]:
            heard.append(orjson.loads(await mine.recv()))
    assert frame["kind"] == "look"
    assert frame["data"]["viewer"] == town.ids["li"]
    piece = re.search(r"<hx-partial[^>]*>(.*?)</hx-partial>", frame["content"], re.DOTALL)
    assert piece
    fresh = (await town["zhang"].get("/me/looks")).text
    assert piece.group(1).replace(' class="is-new"', "").strip() in fresh
    assert "look" not in {one["kind"] for one in heard}


async def moved(town: Town, by: timedelta) -> None:
    """All looks are that much older."""
    moment = now() - by
    old = update(look).values(first_at=moment, last_at=moment, looked_on=moment.date())
    await town.app.state.db.write(lambda c: c.execute(old) and None)


async def test_coming_back_later_is_said_as_well(town: Town) -> None:
    """On the same day the look has an end; the next day it is another one."""
    await a_day(town)
    await town["li"].get(day_path(town, "zhang"))
    half_an_hour = update(look).values(first_at=now() - timedelta(minutes=30), last_at=now() - actions.AGAIN)
    await town.app.state.db.write(lambda c: c.execute(half_an_hour) and None)
    await town["li"].get(day_path(town, "zhang"))
    (one,) = (await town["zhang"].get("/api/v1/me/looks")).json()
    assert one["last_at"] > one["first_at"]
    await moved(town, timedelta(days=1))
    await town["li"].get(day_path(town, "zhang"))
    assert await looks(town, "zhang") == [("li", DAY), ("li", DAY)]


async def test_after_a_while_it_is_forgotten(town: Town) -> None:
    """From the list, the table and the journal, whose offsets stay; what is younger stays."""
    await a_day(town)
    await town["li"].get(day_path(town, "zhang"))
    await moved(town, timedelta(days=91))
    assert await looks(town, "zhang") == []
    await town["wang"].get(day_path(town, "zhang"))
    db = town.app.state.db
    assert await db.write(actions.forget_old, 90) == 1
    assert await looks(town, "zhang") == [("wang", DAY)]
    assert await db.read(lambda c: c.scalar(select(func.count()).select_from(look))) == 1
    entries = await db.read(journal.history, f"me:{town.ids['zhang']}", 0, 100)
    assert [one.offset for one in entries] == list(range(1, len(entries) + 1))
    told = [one for one in entries if one.kind == "look"]
    assert [one.actor for one in told] == [None, town.ids["wang"]]
    assert town.ids["li"] not in str(told[0])
    frames = await live.Source(db).contents(told, "en")
    assert frames[0] is None
    assert await db.write(actions.forget_old, 90) == 0


def queried(dependant: Dependant) -> Iterator[str]:
    """The names of all that is asked of a route in its address, also by what it depends on."""
    for one in dependant.query_params:
        yield from getattr(one.field_info.annotation, "model_fields", ()) or (one.alias,)
    for one in dependant.dependencies:
        yield from queried(one)


def about_one(town: Town) -> dict[str, APIRoute]:
    """Every route that is asked about one member, by path or by query."""
    found = {}
    for route in iter_route_contexts(town.app.routes):
        if not isinstance(route.original_route, APIRoute):
            continue
        asked = set(queried(route.dependant)) | set(route.param_convertors)
        for method in sorted(route.methods) if asked & NAMED else ():
            found[f"{method} {route.path_format}"] = route
    return found


async def test_every_route_about_one_member_is_a_look_or_shows_nothing(town: Town) -> None:
    """A new one has to be put among either; each that is a look writes it, no other tells of their work."""
    await a_day(town)
    assert set(about_one(town)) == LOOKS | NOTHING
    for name in sorted(LOOKS | NOTHING):
        method, _, path = name.partition(" ")
        about = {"member": town.ids["zhang"], "customer": new_id(), "territory": new_id()}
        address = path.format(squad=town.squad, **about)
        await town.app.state.db.write(actions.forget, True)
        if name in LOOKS:
            asked = {"q": "owner", "person": town.ids["zhang"]} if "search" in name else {"date": DAY}
            viewer = "wang" if name.endswith("handover") else "li"
            answer = await town[viewer].request(method, address, params=asked)
            assert [one for one, _ in await looks(town, "zhang")] == [viewer], name
            assert b"is in" in unpacked(answer) or b"Hengtai Hardware" in unpacked(answer)
        elif method == "GET":
            answer = await town["wang"].request(method, address)
            assert [word for word in ("Hengtai", "Owner is in", "Lotus") if word in answer.text] == [], name


async def test_a_rhythm_is_counted_by_day(town: Town) -> None:
    """Visits, and of how many the squad was told how they went; what was taken back does not count."""
    moment = now()
    for result in ("advanced", ""):
        visit = (await town.check_in("zhang", captured_at=journal.stamp(moment))).json()["id"]
        if result:
            ended = {"result": result, "closed_at": journal.stamp(moment)}
            await town["zhang"].put(f"/api/v1/visits/{visit}/outcome", json=ended)
    undone = (await town.check_in("zhang", captured_at=journal.stamp(moment))).json()["id"]
    await town["zhang"].delete(f"/api/v1/visits/{undone}")
    await town.check_in("li", captured_at=journal.stamp(moment))
    path = f"/squads/{town.squad}/members/{town.ids['zhang']}/day"
    beats = (await town["li"].get(f"/api/v1{path}")).json()["rhythm"]
    assert [(one["visits"], one["told"]) for one in beats if one["visits"]] == [(2, 1)]
    assert 22 <= len(beats) <= 28
    assert date.fromisoformat(beats[0]["day"]).weekday() == 0
    pages = [(await town[name].get(path)).text for name in ("zhang", "li")]
    tables = [re.search(r'<table class="rhythm">.*?</table>', page, re.DOTALL) for page in pages]
    assert tables[0]
    assert tables[1]
    assert tables[0].group() == tables[1].group()
    assert "2 visits. Of 1 of them" in pages[0]
    assert pages[0].index("<main") < pages[0].index('class="rhythm"') < pages[0].index("</main>")
