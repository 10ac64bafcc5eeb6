"""The same customer twice: found however it is written, made one without loss, taken apart again."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from server.customers.likeness import alike, bare, number
from server.customers.models import customer_squad
from server.schema import new_id
from tests.server.conftest import NOON, Town
from tests.server.test_customers import api, page, tell

here = pytest.mark.anyio
SAME = [
    ("恒泰五金有限公司", "江苏省南京市恒泰五金股份有限公司"),
    ("上海市恒泰五金（集团）", "恒泰五金"),
    ("ＨＥＮＧＴＡＩ　Ｈａｒｄｗａｒｅ", "Hengtai Hardware Co., Ltd."),
    ("「恒泰」五金·老店", "恒泰五金老店"),
]
"""Written otherwise, and the same."""


@pytest.mark.parametrize(("one", "other"), SAME)
def test_written_otherwise_it_is_the_same(one: str, other: str) -> None:
    """Without what it is before the law, where it is, width and punctuation."""
    assert alike(bare(one), bare(other)) >= 0.62


def test_what_is_not_the_same() -> None:
    """One word in common is not enough; a name is never nothing; short numbers tell nothing."""
    assert alike(bare("南京市第一医院"), bare("南京市妇幼保健院")) < 0.62
    assert alike(bare("Lotus Pharmacies"), bare("Hengtai Hardware")) < 0.62
    assert bare("有限公司") == "有限公司"
    assert bare("南京市") == "南京市"
    assert (number("139 0000 1234"), number("+86 139-0000-1234"), number("110")) == (*["13900001234"] * 2, "")


@given(st.text(), st.text())
def test_likeness_goes_both_ways(one: str, other: str) -> None:
    """From 0 to 1, of itself 1, whatever people write."""
    mine, theirs = bare(one), bare(other)
    assert alike(mine, theirs) == alike(theirs, mine)
    assert 0 <= alike(mine, theirs) <= 1
    assert not mine or alike(mine, mine) == 1


async def add(town: Town, who: str, name: str, at: tuple[float, float] | None = None) -> str:
    """A new customer of somebody's squad."""
    place = at and {"lat": at[0], "lon": at[1], "source": "gps", "fix_at": NOON}
    squad = town.other if who == "sun" else town.squad
    body = {"id": new_id(), "name": name, "position": place}
    answer = await town[who].post(f"/api/v1/squads/{squad}/customers", json=body)
    assert answer.status_code == 201, answer.text
    return str(body["id"])


async def like(town: Town, who: str, **asked: Any) -> list[str]:
    """Names of those that may be this one."""
    squad = town.other if who == "sun" else town.squad
    answer = await town[who].get(f"/api/v1/squads/{squad}/customers/alike", params=asked)
    return [one["name"] for one in answer.json()]


@here
async def test_it_is_offered_by_name_number_and_place(town: Town) -> None:
    """By any of its names; nobody is offered what they may not see."""
    await town["li"].patch(api(town), json={"names": {"zh": ["恒泰五金"]}, "phone": "139 0000 1234"})
    assert await like(town, "li", name="南京市恒泰五金有限公司") == ["Hengtai Hardware"]
    assert await like(town, "li", name="Somebody Else", phone="+86 13900001234") == ["Hengtai Hardware"]
    assert await like(town, "li", name="Hengtai Shop", lat=31.2101, lon=121.4101) == ["Hengtai Hardware"]
    assert await like(town, "li", name="Golden Harbour Hotel") == []
    assert await like(town, "sun", name="Hengtai Hardware") == []


@here
async def test_made_offline_it_is_offered_once_it_is_there(town: Town) -> None:
    """A check-in with a name in words makes a customer at once; its file asks whether it is another."""
    place = {"lat": 31.2101, "lon": 121.4101, "accuracy": 12, "fix_at": NOON, "source": "gps"}
    visit = await town.check_in(
        "zhang", customer_id=None, customer="恒泰 Hengtai Hardware Ltd", position=place
    )
    twin = visit.json()["customer"]
    shown = (await town["zhang"].get(f"/customers/{twin}")).text
    assert f'href="/customers/{twin}/merge/{town.customers["hengtai"]}"' in shown


@here
async def test_two_are_made_one_and_nothing_is_lost(town: Town) -> None:
    """Visits, facts, names of both in one file with their givers; the other's address leads there."""
    twin = await add(town, "zhang", "Hengtai Hardware Ltd")
    await town.check_in("zhang", customer_id=twin, note="At the twin")
    await town["zhang"].post(
        f"/api/v1/customers/{twin}/facts", json={"id": new_id(), "kind": "has", "text": "AquaPro"}
    )
    await tell(town, "li", "Ms. Luo")
    before = [
        (await town["li"].get(f"/api/v1/customers/{id}")).json() for id in (town.customers["hengtai"], twin)
    ]
    both = (await town["li"].get(f"{page(town)}/merge/{twin}")).text
    assert "They are one: keep Hengtai Hardware Ltd" in both
    for _ in range(2):
        answer = await town["li"].post(f"{page(town)}/merge/{twin}")
        assert answer.headers["location"] == page(town)
    file = (await town["li"].get(api(town))).json()
    assert {(one["text"], one["by"]) for one in file["facts"]} == {
        ("Ms. Luo", town.ids["li"]),
        ("AquaPro", town.ids["zhang"]),
    }
    assert [one["kind"] for one in file["story"]].count("visit") == 1
    assert (await town["li"].get(f"/customers/{twin}")).headers["location"] == page(town)
    listed = (await town["li"].get(f"/squads/{town.squad}/customers")).text
    assert "Hengtai Hardware Ltd" not in listed
    assert await like(town, "li", name="Hengtai Hardware Ltd") == ["Hengtai Hardware"]
    aqua = next(one["id"] for one in file["facts"] if one["text"] == "AquaPro")
    assert (await town["li"].put(api(town, "facts", aqua, "confirmation"))).status_code == 204
    await town["wang"].post(f"{page(town)}/part/{twin}")
    after = [
        (await town["li"].get(f"/api/v1/customers/{id}")).json() for id in (town.customers["hengtai"], twin)
    ]
    assert after[0] == before[0]
    assert [one["confirmed"] for one in after[1]["facts"]] == [1]
    assert after[1]["story"] == before[1]["story"]


@here
async def test_one_is_no_part_of_two(town: Town) -> None:
    """Both at once, crosswise, with itself: one of them holds, and whoever may not see it hears nothing."""
    twin, third = await add(town, "li", "Hengtai"), await add(town, "li", "Hengtai Tools")
    mine, lotus = town.customers["hengtai"], town.customers["lotus"]
    cross = await asyncio.gather(
        town["li"].put(f"/api/v1/customers/{mine}/parts/{twin}"),
        town["zhang"].put(f"/api/v1/customers/{twin}/parts/{mine}"),
    )
    assert sorted(one.status_code for one in cross) == [204, 409]
    whole, part = (mine, twin) if cross[0].status_code == 204 else (twin, mine)
    assert (await town["li"].put(f"/api/v1/customers/{third}/parts/{whole}")).status_code == 409
    assert (await town["li"].put(f"/api/v1/customers/{lotus}/parts/{lotus}")).status_code == 404
    theirs = await add(town, "sun", "Hengtai Hardware")
    assert (await town["li"].put(f"/api/v1/customers/{lotus}/parts/{theirs}")).status_code == 404
    assert (await town["li"].get(f"/customers/{lotus}/merge/{theirs}")).status_code == 404
    assert (await town["li"].delete(f"/api/v1/customers/{lotus}/parts/{part}")).status_code == 404


@here
async def test_who_makes_a_customer_is_asked_first(town: Town) -> None:
    """With its words as they were typed; `another` makes it, `the same` leads to the known one."""
    path, typed = f"/squads/{town.squad}/customers", {"new_id": new_id(), "name": "Hengtai Hardware Ltd"}
    assert (await town["li"].get(f"{path}/new")).status_code == 200
    asked = await town["li"].post(path, data=typed | {"address": "8 Quay Road"})
    assert asked.status_code == 422
    assert 'value="8 Quay Road"' in asked.text
    assert f'name="same" value="{town.customers["hengtai"]}"' in asked.text
    same = await town["li"].post(path, data=typed | {"same": town.customers["hengtai"]})
    assert same.headers["location"] == page(town)
    assert await like(town, "li", name="Hengtai Hardware Ltd") == ["Hengtai Hardware"]
    for _ in range(2):
        made = await town["li"].post(path, data=typed | {"same": "", "address": "8 Quay Road"})
        assert made.headers["location"] == f"/customers/{typed['new_id']}"
    assert await like(town, "li", name="Hengtai Hardware Ltd") == ["Hengtai Hardware", "Hengtai Hardware Ltd"]
    file = (await town["li"].get(f"/api/v1/customers/{typed['new_id']}")).json()
    assert (file["address"], file["created_by"]) == ("8 Quay Road", town.ids["li"])
    wrong = await town["li"].post(path, data={"new_id": new_id(), "name": " "})
    assert (wrong.status_code, "Please write something here." in wrong.text) == (422, True)
    elsewhere = f"/squads/{town.other}/like?customer=Hengtai Hardware"
    assert (await town["li"].get(elsewhere)).status_code == 404
    assert "Hengtai" not in (await town["sun"].get(elsewhere)).text


@here
async def test_at_the_door_one_is_asked_while_typing(town: Town) -> None:
    """The sheet offers the known one; picked, the check-in is there and nothing new is made."""
    offered = await town["li"].get(f"/squads/{town.squad}/like?customer=hengtai hardware ltd")
    assert town.customers["hengtai"] in offered.text
    sent = {"new_id": new_id(), "customer": "Hengtai Hardware Ltd", "captured_at": NOON}
    asked = await town["li"].post(f"/squads/{town.squad}/checkins", data=sent)
    assert asked.status_code == 422
    assert "Perhaps it is known already" in asked.text
    picked = await town["li"].post(
        f"/squads/{town.squad}/checkins", data=sent | {"same": town.customers["hengtai"]}
    )
    visit = (await town["li"].get(f"/api/v1{picked.headers['location']}")).json()
    assert visit["customer"] == town.customers["hengtai"]
    other = await town["li"].post(
        f"/squads/{town.squad}/checkins", data=sent | {"new_id": new_id(), "same": ""}
    )
    assert other.status_code == 303
    assert len(await like(town, "li", name="Hengtai Hardware Ltd")) == 2
    assert "in the files twice" not in (await town["li"].get(other.headers["location"])).text
    assert (await town["li"].get("/api/v1/me/notices")).json() == []


@here
async def test_made_without_signal_its_maker_is_told_once_it_is_there(town: Town) -> None:
    """A notice leads to it, and the visit asks; one tap makes them one, and leads back into the visit."""
    visit = (await town.check_in("zhang", customer_id=None, customer="Hengtai Hardware Ltd")).json()
    (told,) = (await town["zhang"].get("/api/v1/me/notices")).json()
    assert told["kind"] == "double"
    assert (await town["li"].get("/api/v1/me/notices")).json() == []
    shown = (await town["zhang"].get(f"/visits/{visit['id']}")).text
    way = f"{page(town)}/merge/{visit['customer']}"
    assert f'action="{way}"' in shown
    done = await town["zhang"].post(way, data={"visit": visit["id"]})
    assert done.headers["location"] == f"/visits/{visit['id']}"
    assert "in the files twice" not in (await town["zhang"].get(f"/visits/{visit['id']}")).text
    file = (await town["li"].get(api(town))).json()
    assert [one["id"] for one in file["story"]] == [visit["id"]]
    await town.check_in("zhang", customer_id=None, customer="Hengtai Hardware Stores", anew=True)
    assert len((await town["zhang"].get("/api/v1/me/notices")).json()) == 1


@here
async def test_what_was_learned_at_the_one_is_told_at_the_door_of_the_other(town: Town) -> None:
    """Before one goes in: the last visit to either; the list has one of them, known to both squads."""
    twin = await add(town, "sun", "Hengtai Hardware Ltd", (31.2101, 121.4101))
    await town.check_in("zhang", note="Ask for Ms. Luo")
    both, write = {"squad": town.squad, "customer": twin}, town.app.state.db.write
    await write(lambda c: c.execute(insert(customer_squad), both) and None)
    await town["li"].put(f"/api/v1/customers/{twin}/parts/{town.customers['hengtai']}")
    only = (customer_squad.c.squad == town.squad) & (customer_squad.c.customer == twin)
    await write(lambda c: c.execute(delete(customer_squad).where(only)) and None)
    near = (
        await town["sun"].get(f"/api/v1/squads/{town.other}/customers", params={"near": "31.21,121.41"})
    ).json()
    assert [one["id"] for one in near] == [twin]
    listed = (await town["li"].get(f"/api/v1/squads/{town.squad}/customers?near=31.21,121.41")).json()
    assert [one["name"] for one in listed] == ["Hengtai Hardware Ltd", "Lotus Pharmacies"]
    assert listed[0]["last_visit"] is not None
    visit = (await town.check_in("li", customer_id=twin)).json()
    shown = (await town["li"].get(f"/visits/{visit['id']}")).text
    assert "Before you go in" in shown
    assert "Ask for Ms. Luo" in shown
    sent = {"id": new_id(), "customer_id": twin, "captured_at": NOON}
    assert (await town["sun"].post(f"/api/v1/squads/{town.other}/checkins", json=sent)).status_code == 201
    assert "Ask for Ms. Luo" not in (await town["sun"].get(f"/customers/{twin}")).text


@here
async def test_signs_that_no_name_has_are_not_looked_for(town: Town) -> None:
    """At the door, in the list and while a name is typed: an answer, whatever stands in the address."""
    for asked in ("%00a", "a%00", "%F0%9F%98%80", "a'b%25_"):
        for path in ("nearby?q=", "like?customer=", "customers?q="):
            answer = await town["li"].get(f"/squads/{town.squad}/{path}{asked}")
            assert answer.status_code == 200, path
        found = await town["li"].get(f"/api/v1/squads/{town.squad}/customers?near=31,121&q={asked}")
        assert (found.status_code, len(found.json())) == (200, 2 if asked.strip("%0") == "a" else 0)
