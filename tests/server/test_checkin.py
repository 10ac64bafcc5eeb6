"""A check-in: stored once, told to the squad, and to nobody else."""

import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import pytest
from httpx2 import AsyncClient

from server.schema import new_id, now
from tests.server.conftest import NOON, Town

pytestmark = pytest.mark.anyio


async def test_a_check_in_is_a_visit_a_post_and_one_entry(town: Town) -> None:
    """What was acknowledged is there: the visit, its post, and its entry with the note unchanged."""
    answer = await town.check_in("zhang", note="  Owner is in,\n twenty minutes. ")
    assert answer.status_code == 201
    visit = answer.json()
    assert visit["distance"] == pytest.approx(14.6, abs=0.5)
    entry = (await town.journal())[-1]
    assert (entry["kind"], entry["subject"], entry["at"]) == (
        "checkin",
        visit["id"],
        "2026-05-04T04:00:00.000Z",
    )
    assert entry["data"]["note"] == "  Owner is in,\n twenty minutes. "
    posts = (await town["li"].get(f"/api/v1/squads/{town.squad}/posts")).json()
    assert posts[0]["visit"] == visit


async def test_the_same_id_three_times_at_once_is_one_visit(town: Town) -> None:
    """Sent three times at once, stored once; the second and third answer with the first result."""
    id, answers = new_id(), []

    async def send() -> None:
        answers.append(await town.check_in("zhang", id=id))

    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(send)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert [entry["kind"] for entry in await town.journal()].count("checkin") == 1


async def test_somebody_elses_id_tells_nothing(town: Town) -> None:
    """The id of a stranger's visit is answered like any new one, with a visit of one's own."""
    first = (await town.check_in("zhang")).json()
    second = await town.check_in("li", id=first["id"], note="mine")
    assert second.status_code == 201
    assert second.json()["id"] != first["id"]
    again = await town.check_in("li", id=first["id"], note="mine")
    assert (again.status_code, again.json()["id"]) == (200, second.json()["id"])


async def test_many_at_once_leave_no_gap(town: Town) -> None:
    """Visits = posts = entries = head, whatever came at once: doubles, strangers, broken ones."""
    one = new_id()

    async def send(number: int) -> None:
        if number % 5 == 0:
            await town.check_in("zhang", id=one)
        elif number % 5 == 1:
            await town.check_in("sun")
        elif number % 5 == 2:
            await town.check_in("li", customer_id=new_id())
        else:
            await town.check_in("zhang" if number % 2 else "li")

    async with anyio.create_task_group() as group:
        for number in range(50):
            group.start_soon(send, number)
    entries = await town.journal()
    assert [entry["offset"] for entry in entries] == list(range(1, len(entries) + 1))
    assert [entry["kind"] for entry in entries].count("checkin") == 21


async def test_an_outsider_cannot_check_in_nor_learn_of_the_squad(town: Town, stranger: AsyncClient) -> None:
    """Another squad's member gets what is absent; a stranger is asked to sign in."""
    assert (await town.check_in("sun")).status_code == 404
    visit = (await town.check_in("zhang")).json()["id"]
    absent = await town["sun"].get(f"/api/v1/visits/{new_id()}")
    there = await town["sun"].get(f"/api/v1/visits/{visit}")
    assert (there.status_code, there.content) == (absent.status_code, absent.content)
    for path in ("map", "posts", "journal", "customers", "members"):
        assert (await town["sun"].get(f"/api/v1/squads/{town.squad}/{path}")).status_code == 404
        assert (await stranger.get(f"/api/v1/squads/{town.squad}/{path}")).status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"position": {"lat": 200, "lon": 121}},
        {"position": {"lat": 31, "lon": -181}},
        {"position": {"lat": "NaN", "lon": 121}},
        {"position": {"lat": 31, "lon": 121, "accuracy": -1}},
        {"captured_at": "yesterday"},
        {"captured_at": "2026-05-04T04:00:00"},
        {"captured_at": "0001-01-01T00:00:00Z"},
        {"note": "x" * 8001},
        {"note": "bell \x07"},
        {"reason": "because"},
        {"customer_id": "3b241101-e2bb-4255-8caf-4136c566a962"},
        {"customer_id": None},
        {"id": "not-an-id"},
    ],
)
async def test_what_means_nothing_is_refused_by_name(town: Town, wrong: dict[str, Any]) -> None:
    """Every refusal names its field, in a problem document, and leaves nothing behind."""
    before = len(await town.journal())
    answer = await town.check_in("zhang", **wrong)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    named = ".".join(answer.json()["errors"])
    assert next(iter(wrong)) in named
    assert len(await town.journal()) == before


async def test_not_a_number_written_as_such_is_refused(town: Town) -> None:
    """JSON has no NaN; whoever sends it all the same gets an answer, not a failure."""
    customer = town.customers["hengtai"]
    text = f'{{"id":"{new_id()}","customer_id":"{customer}","captured_at":"{NOON}"'
    text += ',"position":{"lat":NaN,"lon":1}}'
    answer = await town["zhang"].post(
        f"/api/v1/squads/{town.squad}/checkins", content=text, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 422


async def test_far_away_is_labelled_and_never_refused(town: Town) -> None:
    """A check-in from another town is accepted, with its distance and the reason given."""
    place = {"lat": 30.0, "lon": 120.0, "accuracy": 3000, "fix_at": NOON, "source": "network"}
    visit = (await town.check_in("zhang", position=place, reason="gps")).json()
    assert visit["distance"] > 100_000
    assert visit["reason"] == "gps"


async def test_without_a_position_the_visit_has_none(town: Town) -> None:
    """Location denied is no obstacle: the map shows the customer's own place."""
    visit = (await town.check_in("zhang", position=None)).json()
    assert (visit["position"], visit["distance"]) == (None, None)
    features = (await town["li"].get(f"/api/v1/squads/{town.squad}/map")).json()["features"]
    spot = next(one for one in features if one["properties"]["id"] == visit["id"])
    assert spot["geometry"]["coordinates"] == [121.41, 31.21]


async def test_a_new_customer_on_the_spot(town: Town) -> None:
    """A name on the door is enough, and means more than what was picked by itself."""
    visit = (await town.check_in("zhang", customer="East Gate Canteen")).json()
    found = (await town["li"].get(f"/api/v1/squads/{town.squad}/customers?near=31.2101,121.4101")).json()
    assert found[0]["id"] == visit["customer"]
    assert math.isclose(found[0]["distance"], 0, abs_tol=0.1)
    assert [entry["kind"] for entry in await town.journal()][-2:] == ["customer", "checkin"]


async def test_undo_takes_it_back_for_everybody(town: Town) -> None:
    """Within ten seconds a check-in can be taken back: no post, no pin, no words in the journal."""
    visit = (await town.check_in("zhang", note="wrong door")).json()["id"]
    assert (await town["li"].delete(f"/api/v1/visits/{visit}")).status_code == 403
    assert (await town["zhang"].delete(f"/api/v1/visits/{visit}")).status_code == 204
    assert (await town["zhang"].get(f"/api/v1/visits/{visit}")).status_code == 404
    entries = await town.journal()
    assert entries[-1]["kind"] == "deleted"
    assert "wrong door" not in str(entries)


async def test_undo_after_an_outcome_is_too_late(town: Town) -> None:
    """What the squad has cheered is not taken back."""
    visit = (await town.check_in("zhang")).json()["id"]
    won = {"result": "won", "amount": "86400", "closed_at": now().isoformat()}
    assert (await town["zhang"].put(f"/api/v1/visits/{visit}/outcome", json=won)).status_code == 200
    answer = await town["zhang"].delete(f"/api/v1/visits/{visit}")
    assert answer.status_code == 409


async def test_an_outcome_raises_the_post_and_is_said_once(town: Town) -> None:
    """The same outcome again changes nothing; another one does."""
    visit = (await town.check_in("zhang")).json()["id"]
    await town.say("li", "Good morning")
    won = {"result": "won", "amount": "86400.50", "currency": "CNY", "closed_at": "2026-05-04T05:00:00Z"}
    first = await town["zhang"].put(f"/api/v1/visits/{visit}/outcome", json=won)
    length = len(await town.journal())
    second = await town["zhang"].put(f"/api/v1/visits/{visit}/outcome", json=won)
    assert first.json() == second.json()
    assert first.json()["outcome"]["amount"] == "86400.50"
    assert len(await town.journal()) == length
    posts = (await town["li"].get(f"/api/v1/squads/{town.squad}/posts")).json()
    assert [post["kind"] for post in posts[:2]] == ["checkin", "message"]
    assert (await town["li"].put(f"/api/v1/visits/{visit}/outcome", json=won)).status_code == 403


@pytest.mark.parametrize(
    "wrong", [{"amount": "many"}, {"amount": "-5"}, {"currency": "XXQ"}, {"result": "great"}]
)
async def test_an_outcome_that_means_nothing_is_refused(town: Town, wrong: dict[str, str]) -> None:
    """Money is figures in a known currency; results are the five there are."""
    visit = (await town.check_in("zhang")).json()["id"]
    body = {"result": "won", "amount": "5", "currency": "CNY", "closed_at": NOON, **wrong}
    answer = await town["zhang"].put(f"/api/v1/visits/{visit}/outcome", json=body)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, list(wrong))


async def test_a_pin_moved_by_hand_says_so(town: Town) -> None:
    """The label tells everybody that the pin was placed, and how far from the customer."""
    visit = (await town.check_in("zhang")).json()["id"]
    moved = {"position": {"lat": 31.2109, "lon": 121.41, "source": "gps"}}
    after = (await town["zhang"].patch(f"/api/v1/visits/{visit}", json=moved)).json()
    assert after["position"]["source"] == "hand"
    assert after["distance"] == pytest.approx(100, abs=1)
    assert (await town.journal())[-1]["kind"] == "visit"


async def test_the_way_back_into_a_visit(town: Town) -> None:
    """Whoever is with a customer finds the way back: to their own visit, the last one, while it is open."""

    async def inside(name: str) -> str | None:
        page = (await town[name].get(f"/squads/{town.squad}")).text
        found = re.search(r'id="inside" data-visit="([^"]+)"', page)
        return found and found[1]

    def ago(hours: float) -> str:
        return (datetime.now(UTC) - timedelta(hours=hours)).isoformat()

    assert await inside("zhang") is None
    await town.check_in("zhang", captured_at=ago(5))
    assert await inside("zhang") is None
    first = (await town.check_in("zhang", captured_at=ago(1))).json()["id"]
    assert await inside("zhang") == first
    assert await inside("li") is None
    second = (await town.check_in("zhang", captured_at=ago(0.2))).json()["id"]
    assert await inside("zhang") == second
    ended = {"result": "nobody", "closed_at": ago(0)}
    await town["zhang"].put(f"/api/v1/visits/{second}/outcome", json=ended)
    assert await inside("zhang") is None
