"""The ledger: what one gave and what came back, read from what was done; each entry leads to its thing."""

import io
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from server.calls.models import call
from server.schema import new_id, now
from tests.server import drive
from tests.server.calling import Call, answered, called, joins
from tests.server.conftest import Town
from tests.server.sweeping import planned
from tests.server.test_customers import api, tell
from tests.server.test_daylog import publish, visit, words
from tests.server.test_sight import looks

pytestmark = pytest.mark.anyio
NONE: dict[str, dict[str, int]] = {"gave": {}, "got": {}}


async def ledger(town: Town, of: str, by: str = "", **asked: Any) -> dict[str, Any]:
    """Somebody's own account, or as `by` sees it in North Bank."""
    path = f"squads/{town.squad}/members/{town.ids[of]}/ledger" if by else "me/ledger"
    answer = await town[by or of].get(f"/api/v1/{path}", params=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def sums(it: dict[str, Any]) -> dict[str, dict[str, int]]:
    """What there is any of, by side and kind."""
    return {side: {kind: n for kind, n in it[side].items() if n} for side in ("gave", "got")}


async def test_one_gives_and_another_gets(town: Town) -> None:
    """A call, its answer with a file and somebody on the way, and the win it made: in both accounts."""
    call = await called(town)
    moment = (now() + timedelta(hours=1)).isoformat()
    going = {"member": town.ids["zhang"], "eta_at": moment}
    await answered(town["wang"], call.id)
    await call.do("wang", "POST", "answers", id=new_id(), text="And he comes", person=going)
    ended = {"result": "won", "amount": "86400", "closed_at": now().isoformat(), "note": "Signed 30"}
    await town["li"].put(f"/api/v1/visits/{call.visit}/outcome", json=ended)
    assert sums(await ledger(town, "wang")) == {"gave": {"answer": 1, "file": 1, "win": 1}, "got": {}}
    assert sums(await ledger(town, "zhang")) == {"gave": {"along": 1}, "got": {}}
    mine = await ledger(town, "li")
    assert sums(mine) == {"gave": {"visit": 1}, "got": {"support": 1, "file": 1, "along": 1, "win": 1}}
    win = next(one for one in mine["entries"] if one["kind"] == "win")
    assert (win["other"], win["words"], win["thing"]) == (town.ids["wang"], "Signed 30", call.visit)
    assert sums(await ledger(town, "sun")) == NONE


async def test_what_an_answer_is_depends_on_the_question(town: Town) -> None:
    """A way in is intelligence, care is care, all else is support."""
    for kind in ("entry", "care", "sample"):
        due = (now() + timedelta(days=1)).isoformat()
        sent = {
            "id": new_id(),
            "kind": kind,
            "text": "",
            "due_at": due,
            "customer_id": town.customers["lotus"],
        }
        made = await town["li"].post(f"/api/v1/squads/{town.squad}/calls", json=sent)
        assert made.status_code == 201, made.text
        await Call(town, made.json()["id"], "").answer("wang")
    found = await ledger(town, "li")
    assert sums(found)["got"] == {"intel": 1, "care": 1, "support": 1}


async def test_what_others_know_comes_back_to_who_went_there(town: Town) -> None:
    """Facts and people at a customer one visited; putting one's own words right counts once."""
    mine = await tell(town, "li", "Ms. Luo")
    await town["li"].put(api(town, "facts", mine), json={"id": new_id(), "text": "Ms. Luo and the nurse"})
    theirs = await tell(town, "wang", "A dispenser, rented", kind="has")
    assert sums(await ledger(town, "li")) == {"gave": {"fact": 1}, "got": {}}
    await town.check_in("li")
    await town["li"].put(api(town, "facts", theirs, "confirmation"))
    await town["wang"].post(api(town, "contacts"), json={"id": new_id(), "name": "Luo Min"})
    assert sums(await ledger(town, "li")) == {
        "gave": {"visit": 1, "fact": 1, "confirm": 1},
        "got": {"fact": 1, "contact": 1},
    }
    assert sums(await ledger(town, "wang")) == {"gave": {"fact": 1, "contact": 1}, "got": {"confirm": 1}}
    shown = (await town["li"].get("/me/ledger?side=got")).text
    assert "A dispenser, rented" in shown
    assert f'href="/customers/{town.customers["hengtai"]}#fact-{theirs}"' in shown
    assert "Ms. Luo and the nurse" not in shown.partition('id="entries"')[2]


async def test_logs_plays_files_and_stops(town: Town) -> None:
    """A log counts once for each who answered; a document lies in the drive; a stop goes over."""
    await visit(town, "2026-05-04T04:00:00Z", "They ask for a bakery")
    log = await publish(town, "li", lesson=("Bring the list", 0))
    for text in ("Well seen", "And a second word"):
        await town["wang"].post(f"/api/v1/logs/{log['id']}/replies", json={"id": new_id(), "text": text})
    line = next(one["id"] for one in log["lines"] if one["id"])
    await town["wang"].post(f"/api/v1/logs/{log['id']}/plays", json={"id": new_id(), "line": line})
    document = await drive.bring(
        town, "wang", await drive.folder(town, who="wang", squad=town.squad), "a.pdf"
    )
    sweep = await planned(town)
    await sweep.start()
    made = await sweep.get()
    stop = next(stop for lane in made["lanes"] if lane["member"] == town.ids["li"] for stop in lane["stops"])
    offer = {"id": new_id(), "to": None}
    await town["li"].post(f"/api/v1/stops/{stop['id']}/handovers", json=offer)
    await town["wang"].put(f"/api/v1/handovers/{offer['id']}/accept")
    assert "stop" not in sums(await ledger(town, "wang"))["gave"]
    went = await town.check_in("wang", customer_id=stop["customer"], captured_at=now().isoformat())
    assert went.status_code == 201
    given = await ledger(town, "wang")
    assert sums(given)["gave"] == {"visit": 1, "reply": 1, "play": 1, "file": 1, "stop": 1}
    assert sums(await ledger(town, "li"))["got"] == {"reply": 1, "stop": 1}
    for one in given["entries"]:
        assert (await town["wang"].get(one["path"].partition("#")[0])).status_code == 200, one
    await town["wang"].delete(f"/api/v1/drive/documents/{document['id']}")
    assert "file" not in sums(await ledger(town, "wang"))["gave"]


async def test_the_squad_sees_what_is_of_the_squad(town: Town) -> None:
    """The same for all in it, oneself among them; not what was done elsewhere, and nothing to outsiders."""
    await town.check_in("li")
    await tell(town, "li", "Ms. Luo")
    company = await drive.folder(town, who="wang")
    await drive.bring(town, "li", company, "prices.pdf")
    assert sums(await ledger(town, "li"))["gave"] == {"visit": 1, "fact": 1, "file": 1}
    assert sums(await ledger(town, "li", "zhang"))["gave"] == {"visit": 1, "fact": 1}
    assert await ledger(town, "li", "zhang") == await ledger(town, "li", "li")
    for path in (f"/squads/{town.squad}/members/{town.ids['li']}/ledger",):
        assert (await town["sun"].get(path)).status_code == 404
        assert (await town["sun"].get(f"/api/v1{path}")).status_code == 404
    elsewhere = f"/api/v1/squads/{town.other}/members/{town.ids['li']}/ledger"
    assert (await town["sun"].get(elsewhere)).status_code == 404


async def test_whoever_opens_it_is_seen(town: Town) -> None:
    """By its member alone; one's own is no look."""
    await town.check_in("li")
    path = f"/squads/{town.squad}/members/{town.ids['li']}/ledger"
    page = (await town["zhang"].get(path)).text
    assert "Li Na sees that you looked at this ledger." in page
    await town["li"].get(path)
    (seen,) = (await town["li"].get("/api/v1/me/looks")).json()
    assert (seen["viewer"], seen["kind"], seen["day"]) == (town.ids["zhang"], "ledger", None)
    assert "looked at your ledger" in words((await town["li"].get("/me/looks")).text)
    assert await looks(town, "zhang") == []


async def test_whoever_left_reads_no_further(town: Town) -> None:
    """What one gave stays one's own; where others answered nothing is read any more."""
    call = await called(town)
    await call.answer("wang", "Down to 6480")
    assert "Down to 6480" in (await town["li"].get("/me/ledger")).text
    await town["li"].post(f"/squads/{town.squad}/leave")
    found = await ledger(town, "li")
    assert sums(found) == {"gave": {"visit": 1}, "got": {"support": 1}}
    assert [one["path"] for one in found["entries"]] == [None, None]
    page = (await town["li"].get("/me/ledger")).text
    assert "Owner is in" in page
    assert "Down to 6480" not in page


async def test_the_rules_are_on_the_page(town: Town) -> None:
    """How each kind counts; nobody is set beside anybody."""
    page = words((await town["li"].get("/me/ledger")).text)
    for rule in ("Each check-in that stands", "Each answer to a call for a way in", "Nothing is weighed"):
        assert rule in page
    assert "Nothing yet." in page
    assert "Wang Fang" not in page


async def test_a_month_to_take_along(town: Town) -> None:
    """As a sheet for paper and as a workbook: the sums, the rules, every entry of that month, no formula."""
    await visit(town, "2026-04-30T15:59:00Z", "=1+1")
    await visit(town, "2026-04-30T16:01:00Z", "First of May")
    assert (await ledger(town, "li", month="2026-04"))["gave"]["visit"] == 1
    april = await town["li"].get("/me/ledger/statement?month=2026-04")
    assert "April 2026" in april.text
    assert "=1+1" in april.text
    assert "First of May" not in april.text
    book = load_workbook(io.BytesIO((await town["li"].get("/me/ledger.xlsx?month=2026-04")).content))
    counted, entries = (list(sheet.iter_rows(values_only=True)) for sheet in book)
    assert counted[1] == ("Gave", "A visit", 1, "Each check-in that stands: the squad sees it and can help.")
    assert len(entries) == 2
    assert entries[1][:6] == ("2026-04-30 23:59", "Gave", "A visit", "Hengtai Hardware", None, "'=1+1")
    assert {cell.data_type for sheet in book for row in sheet for cell in row} <= {"s", "n", "inlineStr"}
    for wrong in ("?month=2026-13", "?month=%00", "?kind=' or 1", "?after=-1", "?after=99999999999999999999"):
        assert (await town["li"].get(f"/me/ledger{wrong}")).status_code == 200
        assert (await town["li"].get(f"/api/v1/me/ledger{wrong}")).status_code == 422


async def test_what_is_owed(town: Town) -> None:
    """A call past its deadline is owed by whoever has it, a log by who leads; what is not due is not."""
    due = (now() + timedelta(hours=1)).isoformat()
    sent = {"id": new_id(), "kind": "entry", "text": "Who signs?", "due_at": due}
    sent["customer_id"] = town.customers["lotus"]
    made = await town["li"].post(f"/api/v1/squads/{town.squad}/calls", json=sent)
    await Call(town, made.json()["id"], "").claim("zhang")
    assert "You owe" not in (await town["zhang"].get("/me/ledger")).text
    late = update(call).values(due_at=now() - timedelta(hours=1))
    await town.app.state.db.write(lambda c: c.execute(late) and None)
    assert "You owe 1 answer" in words((await town["zhang"].get("/me/ledger")).text)
    assert "Zhang Wei owes you an answer Lotus Pharmacies" in words((await town["li"].get("/me/ledger")).text)
    assert "You owe" not in (await town["wang"].get("/me/ledger")).text
    await visit(town, now().isoformat(), "Closed")
    path = f"/api/v1/squads/{town.squad}/logs"
    day = (await town["li"].get("/api/v1/me")).json() and (now() + timedelta(hours=8)).date().isoformat()
    await town["li"].post(path, json={"day": day, "lines": {"lesson": {"text": "Ask", "base": 0}}})
    assert "You owe 1 answer Log of Li Na" in words((await town["wang"].get("/me/ledger")).text)
    desk = await joins(town, "desk", "Gu Lan", role="desk")
    assert desk
    assert "You owe" not in (await town["desk"].get("/me/ledger")).text
