"""Calls that can wait: asked by form, reminded of, overdue, and a reason to see the customer again."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import anyio
import pytest
from sqlalchemy import insert

from server import journal
from server.customers.models import customer_squad
from server.journal import stamp
from server.schema import new_id, now
from tests.server.calling import Call, joins
from tests.server.conftest import Town
from tests.server.pictures import photo

pytestmark = pytest.mark.anyio


async def asked(town: Town, hours: int = 8, kind: str = "service", who: str = "li") -> Call:
    """Li Na asks for Hengtai Hardware, by the form."""
    due = (now() + timedelta(hours=hours)).astimezone(ZoneInfo("Asia/Shanghai"))
    sent = {"new_id": (id := new_id()), "customer": town.customers["hengtai"], "kind": kind}
    sent |= {"text": "The pump leaks again", "due": due.strftime("%Y-%m-%dT%H:%M")}
    done = await town[who].post(f"/squads/{town.squad}/calls", data=sent)
    assert (done.status_code, done.headers.get("location")) == (303, f"/calls/{id}"), done.text
    return Call(town, id, "")


async def later(town: Town, **time: int) -> None:
    """So much time has passed."""
    await town.app.state.jobs.run_due(now() + timedelta(**time))


async def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(town: Town) -> None:
    """No customer, no kind, no time, one that is over, and somebody else's customer; each at its field."""
    path = f"/squads/{town.squad}/calls"
    form = (await town["li"].get(f"{path}/new?customer={town.customers['hengtai']}")).text
    assert f'<option value="{town.customers["hengtai"]}" selected>' in form
    sent = {"new_id": new_id(), "text": "The pump leaks", "due": "soon"}
    wrong = await town["li"].post(path, data=sent)
    assert wrong.status_code == 422
    for words in ("Choose the customer it is about.", "Choose what you need.", "Say by when you need it."):
        assert words in wrong.text
    assert "The pump leaks</textarea>" in wrong.text
    sent |= {"customer": town.customers["hengtai"], "kind": "service", "due": "2020-01-01T09:00"}
    assert "Choose a time that is still to come." in (await town["li"].post(path, data=sent)).text
    other = sent | {"customer": new_id(), "due": "2099-01-01T09:00"}
    assert "This customer is not on the squad" in (await town["li"].post(path, data=other)).text
    assert (await town["sun"].get(f"{path}/new")).status_code == 404
    assert (await town["sun"].post(path, data=sent)).status_code == 404


async def test_a_photo_goes_along_with_the_form(town: Town) -> None:
    """Sent once and shown beside the call; one that is none comes back with all that was typed."""
    due = (now() + timedelta(hours=8)).astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%dT%H:%M")
    form = {"new_id": (id := new_id()), "customer": town.customers["hengtai"], "kind": "service", "due": due}
    path = f"/squads/{town.squad}/calls"
    wrong = await town["li"].post(path, data=form | {"text": "It leaks"}, files={"photo": ("p.jpg", b"no")})
    assert wrong.status_code == 422
    assert "This is not a photo we can read." in wrong.text
    assert "It leaks</textarea>" in wrong.text
    for _ in range(2):
        done = await town["li"].post(path, data=form, files={"photo": ("p.jpg", photo())})
        assert done.headers["location"] == f"/calls/{id}"
    page = (await town["wang"].get(f"/calls/{id}")).text
    assert page.count("?size=small") == 1


async def test_one_that_waited_on_a_phone_past_its_deadline_is_late_and_not_lost(town: Town) -> None:
    """Asked in time, sent too late: it stands as overdue. Asked too late it is refused as ever."""
    asked_at, due = now() - timedelta(hours=3), now() - timedelta(hours=1)
    sent = {"id": new_id(), "kind": "service", "text": "It leaks", "customer_id": town.customers["hengtai"]}
    sent |= {"due_at": journal.stamp(due), "captured_at": journal.stamp(asked_at)}
    path = f"/api/v1/squads/{town.squad}/calls"
    assert (await town["li"].post(path, json=sent)).status_code == 201
    with anyio.fail_after(20):
        while not (await Call(town, sent["id"], "").now())["late_at"]:
            await later(town, seconds=1)
    wrong = sent | {"id": new_id(), "captured_at": journal.stamp(due + timedelta(minutes=1))}
    assert list((await town["li"].post(path, json=wrong)).json()["errors"]) == ["due_at"]


async def test_its_deadline_is_read_in_the_askers_zone_and_stands_at_the_desk(town: Town) -> None:
    """What is typed as eight hours from now in Shanghai is that everywhere."""
    await joins(town, "he", "He Jing", "desk")
    call = await asked(town)
    state = await call.now()
    assert abs(datetime.fromisoformat(state["due_at"]) - now() - timedelta(hours=8)) < timedelta(minutes=2)
    assert f'id="q-{call.id}"' in (await town["he"].get("/desk")).text
    assert "needed by" in (await town["he"].get(f"/calls/{call.id}")).text


async def test_whoever_has_it_is_reminded_and_both_hear_that_it_is_late(town: Town) -> None:
    """It stays theirs though they say nothing for hours; nobody else is told of anything."""
    await joins(town, "he", "He Jing", "desk")
    call = await asked(town)
    await call.claim("he")
    await later(town, hours=5)
    assert (await call.now())["owner"] == town.ids["he"]
    assert "due soon" not in (await town["he"].get("/desk")).text
    await later(town, hours=6, minutes=5)
    assert "due soon" in (await town["he"].get("/desk")).text
    assert "A call for help is due soon" in (await town["he"].get("/notices")).text
    assert "due soon" not in (await town["li"].get("/notices")).text
    await later(town, hours=8, minutes=1)
    for who in ("he", "li"):
        assert "A call for help is overdue" in (await town[who].get("/notices")).text, who
        assert "overdue since" in (await town[who].get(f"/calls/{call.id}")).text, who
    assert "A call for help is overdue" not in (await town["zhang"].get("/notices")).text
    assert (await call.now())["late_at"]
    assert await call.did() == ["called", "claimed", "soon", "late"]


async def test_once_it_is_answered_nobody_is_reminded(town: Town) -> None:
    """And where it was not enough, the deadline counts again."""
    call = await asked(town)
    await call.answer("zhang")
    await later(town, hours=9)
    assert await call.did() == ["called", "claimed", "answered"]
    await call.do("li", "PUT", "again")
    await later(town, hours=7)
    assert (await call.did())[-1] == "soon"


async def test_nobody_has_it_so_the_desk_is_reminded(town: Town) -> None:
    """Those on duty there, where there are some."""
    he, tao = await joins(town, "he", "He Jing", "desk"), await joins(town, "tao", "Tao Min", "desk")
    await town["tao"].post("/desk/duty", data={"on": "1"})
    call = await asked(town, kind="price")
    await later(town, hours=7)
    assert "soon" in await call.did(f"me:{tao}")
    assert "soon" not in await call.did(f"me:{he}")


async def test_of_one_customer_across_squads_as_far_as_one_may_see(town: Town) -> None:
    """Also what is long over; the desk sees every squad's, a member their own squads', an outsider none."""
    await joins(town, "he", "He Jing", "desk")
    call = await asked(town)
    await call.answer("zhang")
    await call.do("li", "PUT", "close")
    path = f"/desk?customer={town.customers['hengtai']}"
    for who, there in (("he", True), ("li", True), ("sun", False)):
        page = (await town[who].get(path)).text
        assert (f'id="q-{call.id}"' in page) is there, who
        assert ("Hengtai" in page) is there, who
    assert f'id="q-{call.id}"' not in (await town["he"].get(f"/desk?customer={town.customers['lotus']}")).text
    both = {"squad": town.other, "customer": town.customers["hengtai"]}
    await town.app.state.db.write(lambda c: c.execute(insert(customer_squad), both) and None)
    due = stamp(now() + timedelta(days=1))
    sent = {"id": new_id(), "kind": "care", "customer_id": town.customers["hengtai"], "due_at": due}
    assert (await town["sun"].post(f"/api/v1/squads/{town.other}/calls", json=sent)).status_code == 201
    for who, ids in (("he", {call.id, sent["id"]}), ("li", {call.id}), ("sun", {sent["id"]})):
        page = (await town[who].get(path)).text
        assert {id for id in (call.id, sent["id"]) if f'id="q-{id}"' in page} == ids, who


async def test_a_service_that_is_done_is_a_reason_to_go_there(town: Town) -> None:
    """Raised to the top of the feed with a word, and told to the squad, once; not for other kinds."""
    await joins(town, "he", "He Jing", "desk")
    call = await asked(town)
    await call.answer("he")
    await town.say("wang", "Lunch?")
    for _ in range(2):
        await call.do("he", "PUT", "close")
    feed = (await town["zhang"].get(f"/squads/{town.squad}")).text
    assert feed.index("A good moment to see them again") < feed.index("Lunch?")
    told = "He Jing settled a call: a good moment to see the customer"
    assert (await town["zhang"].get("/notices")).text.count(told) == 1
    assert told not in (await town["sun"].get("/notices")).text
    entries = await town.app.state.db.read(journal.history, town.squad, 0, 1000)
    assert [one.data["did"] for one in entries if one.kind == "call"][-1] == "prompted"
    other = await asked(town, kind="price")
    await other.answer("he")
    await other.do("he", "PUT", "close")
    assert (await other.did())[-1] == "closed"
