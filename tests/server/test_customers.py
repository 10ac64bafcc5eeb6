"""A customer's file: givers stay named, nothing is overwritten, strangers are told nothing."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import orjson
import pytest
from httpx2 import Response
from sqlalchemy import update

from server.customers.models import customer_squad, fact
from server.members import actions as members
from server.schema import new_id, now
from server.squads import actions as squads
from server.squads.models import squad
from tests.server import land
from tests.server.conftest import Town, client
from tests.server.test_live import listen, until

pytestmark = pytest.mark.anyio


def api(town: Town, *more: str) -> str:
    """The file of Hengtai Hardware."""
    return "/".join((f"/api/v1/customers/{town.customers['hengtai']}", *more))


def page(town: Town) -> str:
    """The same for people."""
    return f"/customers/{town.customers['hengtai']}"


async def tell(town: Town, name: str, text: str, kind: str = "decides", **more: Any) -> str:
    """Somebody tells what they know; its id."""
    told = {"id": new_id(), "kind": kind, "text": text, **more}
    answer = await town[name].post(api(town, "facts"), json=told)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def share(town: Town) -> None:
    """South Gate goes to Hengtai Hardware too."""
    row = {"squad": town.other, "customer": town.customers["hengtai"]}
    await town.app.state.db.write(lambda c: c.execute(customer_squad.insert(), row) and None)


async def test_what_one_knows_names_them_for_good(town: Town) -> None:
    """Corrected it is followed, not overwritten; both stand in the file with their givers."""
    first = await tell(town, "li", "Ms. Luo <decides>")
    better = {"id": new_id(), "text": "Ms. Luo, with the chief nurse", "source": "seen"}
    for _ in range(2):
        answer = await town["zhang"].put(api(town, "facts", first), json=better)
        assert answer.json()["follows"] == first
    late = await town["wang"].put(api(town, "facts", first), json=better | {"id": new_id()})
    assert late.status_code == 409
    file = (await town["li"].get(api(town))).json()
    assert [(one["text"], one["by"]) for one in file["facts"]] == [(better["text"], town.ids["zhang"])]
    (past,) = file["past"]
    assert (past["by"], past["ended_by"]) == (town.ids["li"], town.ids["zhang"])
    shown = (await town["li"].get(page(town))).text
    assert "Ms. Luo &lt;decides&gt;" in shown
    assert "Zhang Wei" in shown
    await town["zhang"].delete(api(town, "facts", better["id"]))
    file = (await town["li"].get(api(town))).json()
    assert file["facts"] == []
    assert len(file["past"]) == 2


async def test_after_half_a_year_one_asks_and_one_tap_answers(town: Town) -> None:
    """Who confirms it is counted once; it is fresh again."""
    id = await tell(town, "li", "Budget in the second quarter", "budget")
    old = update(fact).where(fact.c.id == id).values(at=now() - timedelta(days=190))
    assert "Still true?" not in (await town["zhang"].get(page(town))).text
    await town.app.state.db.write(lambda c: c.execute(old) and None)
    assert "Still true?" in (await town["zhang"].get(page(town))).text
    for _ in range(2):
        answer = await town["zhang"].post(f"{page(town)}/facts/{id}/confirm")
        assert answer.headers["location"] == f"{page(town)}#facts"
    shown = (await town["wang"].get(page(town))).text
    assert "Still true?" not in shown
    assert "confirmed by 1" in shown


async def test_what_is_wrong_comes_back_as_it_was_typed(town: Town) -> None:
    """Said at its field; a fact of another customer, or a visit elsewhere, is none."""
    sent = {"new_id": new_id(), "kind": "decides", "text": "   ", "source": "told"}
    answer = await town["li"].post(f"{page(town)}/facts", data=sent)
    assert answer.status_code == 422
    assert "Please write something here." in answer.text
    somebody = {"new_id": new_id(), "name": "Luo Min", "role": "Procurement", "birthday": "31 June"}
    answer = await town["li"].post(f"{page(town)}/contacts", data=somebody)
    assert answer.status_code == 422
    assert 'value="Procurement"' in answer.text
    assert "Write it as 1980-07-03" in answer.text
    id = await tell(town, "li", "Ms. Luo")
    elsewhere = f"/api/v1/customers/{town.customers['lotus']}/facts/{id}"
    assert (await town["li"].put(f"{elsewhere}/confirmation")).status_code == 404
    visit = (await town.check_in("li", customer_id=town.customers["lotus"])).json()["id"]
    told = {"id": new_id(), "kind": "has", "text": "AquaPro", "visit": visit}
    assert (await town["li"].post(api(town, "facts"), json=told)).status_code == 422


async def test_contacts_are_put_right_and_end(town: Town) -> None:
    """With role, say, channel and birthday; what stood there before is kept."""
    luo = {"id": new_id(), "name": "Luo Min", "role": "Procurement", "part": "decides", "phone": "139 0000"}
    await town["li"].post(api(town, "contacts"), json=luo | {"birthday": "7月3日", "channel": "wechat"})
    (one,) = (await town["zhang"].get(api(town))).json()["contacts"]
    assert (one["birthday"], one["by"]) == ("07-03", town.ids["li"])
    assert 'href="tel:1390000"' in (await town["zhang"].get(page(town))).text
    changed = luo | {"id": new_id(), "role": "Head of procurement"}
    await town["zhang"].put(api(town, "contacts", str(luo["id"])), json=changed)
    (one,) = (await town["zhang"].get(api(town))).json()["contacts"]
    assert (one["role"], one["by"]) == ("Head of procurement", town.ids["zhang"])
    assert (await town["li"].delete(api(town, "contacts", str(luo["id"])))).status_code == 404
    await town["li"].delete(api(town, "contacts", one["id"]))
    assert (await town["zhang"].get(api(town))).json()["contacts"] == []


async def test_every_way_to_a_part_of_the_file_leads_there(town: Town) -> None:
    """The bar of parts, and where one is after something was added."""
    shown = (await town["li"].get(page(town))).text
    there = set(re.findall(r'id="([^"]+)"', shown))
    assert set(re.findall(r'href="#([^"]+)"', shown)) <= there
    told = {
        "new_id": new_id(),
        "kind": "has",
        "text": "Two old units",
        "name": "Luo Min",
        "day": "2099-01-02",
    }
    for way in ("facts", "contacts", "touch"):
        answer = await town["li"].post(f"{page(town)}/{way}", data=told)
        assert answer.headers["location"].partition("#")[2] in there


async def test_what_nobody_knows_is_said(town: Town) -> None:
    """Each gap leads to where it is filled, and goes once it is."""
    assert (await town["li"].get(api(town))).json()["gaps"] == ["decides", "phone", "has", "budget", "touch"]
    await tell(town, "li", "Ms. Luo")
    await town["li"].patch(api(town), json={"phone": "021 5555", "stage": "talks"})
    await town["li"].put(api(town, "touch"), json={"day": "2026-06-12", "note": "Filters due"})
    assert (await town["li"].get(api(town))).json()["gaps"] == ["has", "budget"]
    shown = (await town["zhang"].get(page(town))).text
    for words in ("Filters due", "12 Jun", "In talks", "what they have now"):
        assert words in shown
    assert "who decides" not in shown
    assert "nobody there yet" in (await town["li"].get(f"/squads/{town.squad}/customers")).text


async def test_the_story_is_all_that_happened(town: Town) -> None:
    """Visits with their outcome, calls with who answered, facts; the last first."""
    visit = (await town.check_in("li")).json()["id"]
    call = {"id": new_id(), "kind": "price", "text": "30 units"}
    await town["li"].post(f"/api/v1/visits/{visit}/calls", json=call)
    won = {"result": "won", "amount": "194400", "note": "30 × RO-400", "closed_at": "2026-05-04T08:20:00Z"}
    await town["li"].put(f"/api/v1/visits/{visit}/outcome", json=won)
    await tell(town, "zhang", "Their engineer knows Lotus", "way_in")
    story = (await town["wang"].get(api(town))).json()["story"]
    assert [one["kind"] for one in story] == ["fact", "call", "visit"]
    shown = (await town["wang"].get(page(town))).text
    for words in ("¥194,400", "30 × RO-400", "called for support", "Their engineer knows Lotus"):
        assert words in shown
    post = (await town["wang"].get(f"/squads/{town.squad}/posts/{visit}")).text
    assert f'href="{page(town)}"' in post


async def test_another_squad_there_sees_that_one_was_and_no_words(town: Town) -> None:
    """The file is the company's, and alike for both; what a squad said stays in it."""
    assert (await town["sun"].get(api(town))).status_code == 404
    await share(town)
    await town.check_in("li", note="They hold 7,100 against us")
    await tell(town, "li", "Ms. Luo")
    (file, shown) = (await town["sun"].get(api(town))).json(), (await town["sun"].get(page(town))).text
    assert [(one["kind"], one["member"]) for one in file["story"]] == [
        ("fact", town.ids["li"]),
        ("visit", town.ids["li"]),
    ]
    assert "North Bank" in shown
    assert "Ms. Luo" in shown
    assert "7,100" not in shown
    assert "7,100" in (await town["zhang"].get(page(town))).text


async def test_a_customer_of_a_territory_is_its_squads(town: Town) -> None:
    """Also of a squad that was never there; out of the territory it is gone for them."""
    places = await land.settled(town)
    put = update(squad).where(squad.c.id == town.other).values(territory=places["coast"])
    await town.app.state.db.write(lambda c: c.execute(put) and None)
    assert (await town["sun"].get(page(town))).status_code == 404
    await town["wang"].patch(api(town), json={"territory": places["coast"]})
    assert (await town["sun"].get(page(town))).status_code == 200
    assert "Hengtai Hardware" in (await town["sun"].get(f"/squads/{town.other}/customers")).text
    await town["wang"].patch(api(town), json={"territory": None})
    assert (await town["sun"].get(page(town))).status_code == 404


async def test_the_desk_sees_whom_somebody_called_about(town: Town) -> None:
    """No other customer; an admin who is in no squad sees none."""

    async def newcomer(role: str) -> Any:
        id = await town.app.state.db.write(lambda c: members.add_member(c, name=role, role=role))
        token = await town.app.state.db.write(members.new_token, id, "test")
        return client(town.app, {"Authorization": f"Bearer {token}"})

    desk, admin = await newcomer("desk"), await newcomer("admin")
    assert (await desk.get(page(town))).status_code == 404
    call = {"id": new_id(), "kind": "care", "customer_id": town.customers["hengtai"], "text": "Card"}
    call |= {"due_at": (now() + timedelta(days=2)).isoformat()}
    assert (await town["li"].post(f"/api/v1/squads/{town.squad}/calls", json=call)).status_code == 201
    assert (await desk.get(page(town))).status_code == 200
    lotus = f"/customers/{town.customers['lotus']}"
    assert ((await desk.get(lotus)).status_code, (await admin.get(page(town))).status_code) == (404, 404)
    for one in (desk, admin):
        await one.aclose()


async def test_names_tags_and_places(town: Town) -> None:
    """In two languages and more; found by each of them; the map hears of a move."""
    form = {"name": "Hengtai Hardware", "zh": "恒泰五金\n恒泰", "alias": "HT", "tags": "key，north"}
    form |= {"lat": "31.3", "lon": "121.5", "stage": "talks", "value": "86400", "currency": "CNY"}
    answer = await town["li"].post(page(town), data=form)
    assert answer.status_code == 303, answer.text
    file = (await town["li"].get(api(town))).json()
    assert file["names"] == {"alias": ["HT"], "zh": ["恒泰五金", "恒泰"]}
    assert (file["tags"], file["position"]) == (["key", "north"], {"lat": 31.3, "lon": 121.5})
    last = [entry for entry in await town.journal() if entry["kind"] == "customer"][-1]
    assert last["data"]["position"] == {"lat": 31.3, "lon": 121.5}
    for asked in ("q=恒泰", "q=ht", "tag=key", "stage=talks", "quiet=30"):
        found = (await town["zhang"].get(f"/squads/{town.squad}/customers?{asked}")).text
        assert "Hengtai Hardware" in found, asked
    for asked in ("q=恒丰", "tag=south", "stage=offer", "after=100"):
        assert "Hengtai" not in (await town["zhang"].get(f"/squads/{town.squad}/customers?{asked}")).text
    bad = await town["li"].post(page(town), data=form | {"value": "much", "address": "12 East Road"})
    assert bad.status_code == 422
    assert 'value="12 East Road"' in bad.text


async def test_somebodys_customers_are_a_look(town: Town) -> None:
    """They are told who looked; one's own are none; another squad's are not among them."""
    await town.check_in("zhang")
    path = f"/squads/{town.squad}/members/{town.ids['zhang']}/customers"
    for name in ("li", "zhang"):
        shown = (await town[name].get(path)).text
        assert "Hengtai Hardware" in shown
        assert "Lotus" not in shown
    (look,) = (await town["zhang"].get("/api/v1/me/looks")).json()
    assert (look["viewer"], look["kind"], look["day"]) == (town.ids["li"], "customers", None)
    assert "looked at your customers" in (await town["zhang"].get("/me/looks")).text


async def test_squads_hear_of_it_live_and_nobody_else(town: Town, address: str) -> None:
    """An entry by ids in each squad that sees the customer; its words are asked for."""
    at = len(await town.journal())
    async with listen(address, town, "zhang", town.squad) as ws:
        while orjson.loads(await ws.recv())["kind"] != "ready":
            pass
        await tell(town, "li", "Ms. Luo")
        frame = (await until(ws, at + 1))[-1]
    assert (frame["kind"], frame["data"]["did"]) == ("file", "learned")
    assert "Luo" not in str(frame)
    assert [entry for entry in await journal_of(town, "sun", town.other) if entry["kind"] == "file"] == []


async def journal_of(town: Town, name: str, squad_id: str) -> list[dict[str, Any]]:
    """A squad's stream as somebody in it reads it."""
    answer = await town[name].get(f"/api/v1/squads/{squad_id}/journal?limit=1000")
    return list(answer.json()["entries"])


async def test_two_at_once_put_it_right_once(town: Town) -> None:
    """The second is told that somebody was quicker, and nothing of theirs is half there."""
    id = await tell(town, "li", "Ms. Luo")

    async def put(name: str) -> Response:
        return await town[name].put(api(town, "facts", id), json={"id": new_id(), "text": f"{name}'s"})

    answers = await asyncio.gather(put("zhang"), put("wang"))
    assert sorted(one.status_code for one in answers) == [200, 409]
    assert len((await town["li"].get(api(town))).json()["facts"]) == 1


async def test_the_leaver_stays_named(town: Town) -> None:
    """What they told is the company's."""
    await tell(town, "zhang", "Ms. Luo")
    await town.app.state.db.write(squads.remove, town.ids["wang"], town.squad, town.ids["zhang"])
    shown = (await town["li"].get(page(town))).text
    assert re.search(r"Zhang Wei[^<]*<time", shown)
    assert (await town["zhang"].get(page(town))).status_code == 404
