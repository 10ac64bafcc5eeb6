"""The desk and the visit's page: calls as people make, see and answer them, without a line of script."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import Connection, update

from server import journal, live
from server.journal import stamp
from server.members.models import member
from server.schema import new_id, now
from tests.server import land
from tests.server.calling import called, joins
from tests.server.conftest import Town
from tests.server.pictures import photo

pytestmark = pytest.mark.anyio


async def test_from_the_visit_by_plain_form(town: Town) -> None:
    """One tap and a line; sent twice it is one; what is wrong comes back with what was typed."""
    visit = (await town.check_in("li")).json()["id"]
    page = (await town["li"].get(f"/visits/{visit}")).text
    assert "Call for support" in page
    id = new_id()
    sent = {"new_id": id, "text": "30 units, now"}
    wrong = await town["li"].post(f"/visits/{visit}/calls", data=sent)
    assert wrong.status_code == 422
    assert "Choose what you need." in wrong.text
    assert "30 units, now</textarea>" in wrong.text
    for _ in range(2):
        done = await town["li"].post(f"/visits/{visit}/calls", data=sent | {"kind": "price"})
        assert (done.status_code, done.headers["location"]) == (303, f"/visits/{visit}")
    page = (await town["li"].get(f"/visits/{visit}")).text
    assert page.count(f'id="vc-{id}"') == 1
    assert "Nobody is on it yet" in page
    assert (await town["zhang"].post(f"/visits/{visit}/calls", data=sent)).status_code == 403
    shown = {"new_id": (other := new_id()), "kind": "sample"}
    done = await town["li"].post(f"/visits/{visit}/calls", data=shown, files={"photo": ("p.jpg", photo())})
    assert done.status_code == 303
    assert (await town["wang"].get(f"/calls/{other}")).text.count("?size=small") == 1


async def test_taken_and_answered_at_the_desk(town: Town) -> None:
    """The queue, the case, the answer, which stands in the visit; whoever comes late is told who has it."""
    await joins(town, "he", "He Jing", "desk")
    call = await called(town)
    queue = (await town["he"].get("/desk")).text
    assert f'id="q-{call.id}"' in queue
    assert "in there since" in queue
    case = (await town["he"].get(f"/calls/{call.id}")).text
    assert "30 units, they hold 7,100 against us" in case
    assert "I take it" in case
    taken = await town["he"].post(f"/calls/{call.id}/claim")
    assert taken.headers["location"] == f"/calls/{call.id}"
    late = await town["wang"].post(f"/calls/{call.id}/claim")
    assert late.status_code == 409
    assert "He Jing has it already." in late.text
    empty = await town["he"].post(f"/calls/{call.id}/answers", data={"new_id": new_id(), "text": " "})
    assert empty.status_code == 422
    assert "Please write something here." in empty.text
    words = {"new_id": new_id(), "text": "Down to 6480"}
    assert (await town["he"].post(f"/calls/{call.id}/answers", data=words)).status_code == 303
    visit = (await town["li"].get(f"/visits/{call.visit}")).text
    assert "He Jing answered" in visit
    assert "Down to 6480" in visit
    thanks = await town["li"].post(f"/calls/{call.id}/close")
    assert thanks.headers["location"] == f"/visits/{call.visit}"


async def test_the_queue_by_kind_and_territory(town: Town) -> None:
    """What is not asked for is not in it; nonsense finds nothing and harms nothing."""
    await called(town)
    for query, n in (
        ("kind=price", 1),
        ("kind=service", 0),
        (f"territory={new_id()}", 0),
        ("territory=x", 1),
    ):
        page = (await town["wang"].get(f"/desk?{query}")).text
        assert page.count('class="call-row') == n, query


async def test_the_queue_of_a_territory_holds_those_below(town: Town) -> None:
    """All squads' for the desk; of one place those of the squads in it and in what lies under it."""
    places = await land.settled(town)
    await joins(town, "he", "He Jing", "desk")
    north = await called(town)
    door = {"id": new_id(), "customer": "Harbour Clinic", "captured_at": stamp(now())}
    visit = (await town["sun"].post(f"/api/v1/squads/{town.other}/checkins", json=door)).json()["id"]
    south = new_id()
    sent = {"id": south, "kind": "price", "text": ""}
    assert (await town["sun"].post(f"/api/v1/visits/{visit}/calls", json=sent)).status_code == 201
    for place, ids in (("country", {north.id, south}), ("city", {north.id}), ("coast", {south})):
        page = (await town["he"].get(f"/desk?territory={places[place]}")).text
        assert {id for id in (north.id, south) if f'id="q-{id}"' in page} == ids, place


async def test_who_is_on_duty_and_how_quickly_help_comes(town: Town) -> None:
    """Members say it themselves; the desk on duty is asked first; helper and asker see the same figures."""
    he, tao = await joins(town, "he", "He Jing", "desk"), await joins(town, "tao", "Tao Min", "desk")
    for _ in range(2):
        await town["tao"].post("/desk/duty", data={"on": "1"})
    assert (await town["zhang"].get("/api/v1/desk/duty")).json() == {"on": [tao]}
    assert "On duty: Tao Min" in (await town["li"].get("/desk")).text
    call = await called(town)
    await town.app.state.jobs.run_due(now() + timedelta(seconds=60))
    assert [await call.did(f"me:{id}") for id in (he, tao)] == [[], ["raised"]]
    await call.answer("tao")
    other = await called(town)
    await town["li"].put(
        f"/api/v1/visits/{other.visit}/outcome", json={"result": "lost", "closed_at": stamp(now())}
    )
    seen = [(await town[who].get("/api/v1/desk/figures")).json() for who in ("li", "tao", "sun")]
    assert seen[0] == seen[1]
    assert (seen[0]["calls"], seen[0]["share"]) == (2, 50)
    assert seen[2] == {"calls": 0, "taken": None, "answered": None, "share": None}
    await town["tao"].post("/desk/duty", data={})
    assert (await town["zhang"].delete("/api/v1/desk/duty")).json() == {"on": []}


async def test_an_outsider_sees_an_empty_desk(town: Town) -> None:
    """Neither the call, nor who asks, nor that there is one."""
    call = await called(town)
    page = (await town["sun"].get("/desk")).text
    assert "Nobody waits for help" in page
    assert [word for word in ("Hengtai", "Li Na", call.id) if word in page] == []
    assert (await town["sun"].get(f"/calls/{call.id}")).status_code == 404
    for verb in ("claim", "release", "owner", "answers", "replies", "close", "again", "withdraw"):
        sent = {"new_id": new_id(), "text": "x", "member": town.ids["sun"]}
        assert (await town["sun"].post(f"/calls/{call.id}/{verb}", data=sent)).status_code == 404, verb


async def test_frames_make_what_a_fresh_page_holds(town: Town) -> None:
    """The desk's rows and heads, the visit's lines: after each change, in both languages."""
    await joins(town, "he", "He Jing", "desk")
    call = await called(town)
    await call.claim("he")
    await call.do("he", "POST", "replies", id=new_id(), text="How many?")
    await call.answer("he")
    db = town.app.state.db
    for key, who, path in (
        ("desk", "he", f"/calls/{call.id}"),
        (f"me:{town.ids['li']}", "li", f"/visits/{call.visit}"),
    ):
        entries = [one for one in await db.read(journal.history, key, 0, 100) if one.kind == "call"]
        for lang in ("en", "zh"):
            await db.write(speaks, town.ids[who], lang)
            fresh = (await town[who].get(path)).text.replace(' aria-current="true"', "")
            frame = (await live.Source(db).contents(entries, lang))[-1]
            pieces = re.findall(
                r'<hx-partial hx-target="[^"]*" hx-swap="[^"]*">(.*?)</hx-partial>', str(frame), re.DOTALL
            )
            assert len(pieces) >= 2
            assert [piece for piece in pieces if piece.strip() not in fresh] == []


def speaks(c: Connection, who: str, lang: str) -> None:
    c.execute(update(member).where(member.c.id == who).values(locale=lang))
