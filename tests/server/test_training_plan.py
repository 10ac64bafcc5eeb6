"""One's own learning plan: what one is given and chose, in one's own order, and what one's logs suggest."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from server import journal
from server.drive import bin
from server.drive.models import drive_bin
from server.logs.models import log_problem
from server.own import erase
from server.schema import new_id, now
from server.training.models import training_plan
from tests.server import drive
from tests.server.conftest import Town
from tests.server.test_daylog_marks import listed, mark
from tests.server.test_daylog_talk import told
from tests.server.training import step, steps, track, words

pytestmark = pytest.mark.anyio
PLAN = "/api/v1/me/plan"


async def ours(town: Town, who: str = "li") -> list[str]:
    """What is in somebody's plan, by id, in their order."""
    items = (await town[who].get(PLAN)).json()["items"]
    return [one["track"] or one["document"] for one in items]


async def suggested(town: Town, who: str = "li") -> list[Any]:
    """What is suggested to somebody."""
    return list((await town[who].get(PLAN)).json()["suggestions"])


async def test_given_chosen_and_single_ones_stand_in_ones_own_order(town: Town) -> None:
    """By plain forms: from a document's page, from a track; dated, moved, done."""
    top = await drive.folder(town)
    item = (await drive.bring(town, "wang", top, "filters.pdf"))["id"]
    given, other = await track(town, name="Given"), await track(town, name="Other", audience="desk")
    for one in (given, other):
        await step(town, one, text="Read it")
    li = town["li"]
    page = (await li.get(f"/drive/documents/{item}")).text
    assert f'action="/me/plan/documents/{item}"' in page
    assert f'action="/me/plan/tracks/{other}"' in (await li.get(f"/training/{other}")).text
    assert f'action="/me/plan/tracks/{given}"' not in (await li.get(f"/training/{given}")).text
    for _ in range(2):
        for path in (f"documents/{item}", f"tracks/{other}"):
            assert (await li.post(f"/me/plan/{path}", data={"do": "add"})).status_code == 303
    assert await ours(town) == [item, other, given]
    assert "In my plan" in (await li.get(f"/drive/documents/{item}")).text
    await li.post(f"/me/plan/tracks/{given}", data={"do": "up"})
    assert await ours(town) == [item, given, other]
    await li.post(f"/me/plan/documents/{item}", data={"do": "date", "due": "2036-05-04"})
    page = words((await li.get("/me/plan")).text)
    assert "until 4 May" in page
    assert "no lead, no manager and no admin can open it" in page
    for _ in range(2):
        await li.post(f"/me/plan/documents/{item}", data={"do": "done"})
    (first,) = await steps(town, given, "li")
    await li.put(f"/api/v1/training/{given}/steps/{first['id']}/done")
    items = (await li.get(PLAN)).json()["items"]
    assert [(one["done"], one["given"]) for one in items] == [(True, False), (True, True), (False, False)]
    await li.post(f"/me/plan/tracks/{other}", data={"do": "off"})
    assert await ours(town) == [item, given]
    await li.post(f"/me/plan/tracks/{other}", data={"do": "add"})  # she thinks again
    assert await ours(town) == [item, given, other]
    await li.post(f"/me/plan/tracks/{other}", data={"do": "off"})
    await li.post(f"/me/plan/tracks/{given}", data={"do": "off"})  # it is meant for her: it stays
    assert await ours(town) == [item, given]


@pytest.mark.parametrize("due", ["x", "1936-05-04", "99999-01-01", "2036-13-01"])
async def test_a_day_that_is_none_comes_back(town: Town, due: str) -> None:
    """With what was typed; the plan is as it was."""
    id = await track(town)
    await step(town, id, text="Read it")
    page = await town["li"].post(f"/me/plan/tracks/{id}", data={"do": "date", "due": due})
    assert page.status_code == 422
    assert f'value="{due}"' in page.text
    assert 'role="alert"' in page.text
    assert (await town["li"].get(PLAN)).json()["items"][0]["due"] is None
    assert (await town["li"].post(f"/me/plan/tracks/{id}", data={"do": "x"})).status_code == 422


async def test_nobody_else_has_it(town: Town) -> None:
    """Not who leads, not an admin, and no stream but her own says that she planned at all."""
    id = await track(town, audience="desk")
    await step(town, id, text="Read it")
    before = len(await town.journal())
    await town["li"].put(f"{PLAN}/tracks/{id}", json={"due": "2036-05-04"})
    assert await ours(town) == [id]
    for other in ("wang", "zhang"):
        assert await ours(town, other) == []
        assert "In my plan" not in (await town[other].get(f"/training/{id}")).text
    assert len(await town.journal()) == before
    read = town.app.state.db.read
    (entry,) = await read(journal.history, f"me:{town.ids['li']}", 0, 10)
    assert (entry.kind, entry.data) == ("training", {"id": town.ids["li"], "did": "planned"})
    assert await read(journal.history, "company", 0, 10) == []


async def test_what_one_may_not_see_is_in_no_plan(town: Town) -> None:
    """It cannot be put there; what is closed later is not there, and back once it is open."""
    top = await drive.folder(town, "Quotes", rights="keep")
    item = (await drive.bring(town, "wang", top, "margins.pdf"))["id"]
    theirs = await track(town, "sun", squad=town.other)
    for path in (f"documents/{item}", f"tracks/{theirs}", f"tracks/{new_id()}"):
        assert (await town["li"].put(f"{PLAN}/{path}", json={})).status_code == 404
        assert (await town["li"].post(f"/me/plan/{path}", data={"do": "add"})).status_code == 404
    for rights, there in (("view", True), ("keep", False), ("view", True)):
        await town["wang"].patch(f"/api/v1/drive/folders/{top}", json={"name": "Quotes", "rights": rights})
        await town["li"].put(f"{PLAN}/documents/{item}", json={})
        assert (await ours(town) == [item]) is there
        assert ("margins" in (await town["li"].get("/me/plan")).text) is there


async def test_a_plan_has_an_end(town: Town) -> None:
    """So many things; what is there can still be changed."""
    town.app.state.settings.training_plan = 1
    one, two = await track(town, audience="desk"), await track(town, audience="desk", name="B")
    assert (await town["li"].put(f"{PLAN}/tracks/{one}", json={})).status_code == 200
    assert (await town["li"].put(f"{PLAN}/tracks/{one}", json={"due": "2036-05-04"})).status_code == 200
    assert (await town["li"].put(f"{PLAN}/tracks/{two}", json={})).status_code == 422
    page = await town["li"].post(f"/me/plan/tracks/{two}", data={"do": "add"})
    assert page.status_code == 422
    assert "At most 1 things" in page.text


async def test_ones_own_problems_suggest_what_helps(town: Town) -> None:
    """Documents by tag and by words, tracks through them; to whoever has the problem, alone."""
    top = await drive.folder(town)
    tagged = (await drive.bring(town, "wang", top, "How to hold it.txt", b"Ask what it is worth."))["id"]
    sent = {"name": "How to hold it", "kind": "skill", "tags": ["Price"], "folder": top}
    assert (await town["wang"].patch(f"/api/v1/drive/documents/{tagged}", json=sent)).status_code == 200
    await drive.bring(town, "wang", top, "Prize draw.txt", b"Nothing about it.")
    hidden = await drive.folder(town, "Quotes", rights="keep")
    await drive.bring(town, "wang", hidden, "Price floor.txt", b"Price")
    way = await track(town, name="Selling value", audience="desk")
    await step(town, way, document=tagged)
    log, price = await told(town), await listed(town)
    assert await suggested(town) == []
    await mark(town, log, "wang", price)
    owner = "li"
    found = await suggested(town, owner)
    assert [(one["track"], one["document"], one["problem"], one["times"]) for one in found] == [
        (way, None, "Price", 1),
        (None, tagged, "Price", 1),
    ]
    assert "“Price” stands at 1 line of your logs" in words((await town[owner].get("/me/plan")).text)
    for other in ("wang", "zhang"):  # who marked it has no part in it
        assert await suggested(town, other) == []
    await town[owner].post(f"/me/plan/documents/{tagged}", data={"do": "off"})
    await town[owner].post(f"/me/plan/tracks/{way}", data={"do": "add"})
    assert await suggested(town, owner) == []
    await town[owner].post(f"/me/plan/tracks/{way}", data={"do": "off"})
    assert await suggested(town, owner) == []


async def test_plays_about_ones_problems_are_offered(town: Town) -> None:
    """With the way to where they were kept; of one's own squads, and of one's own problems."""
    theirs, mine = await told(town, "zhang"), await told(town)
    price = await listed(town)
    for log in (theirs, mine):
        await mark(town, log, "wang", price)
    line = theirs["lines"][0]["id"]
    kept = {"id": new_id(), "line": line, "text": "Bring the meter"}
    assert (await town["wang"].post(f"/api/v1/logs/{theirs['id']}/plays", json=kept)).status_code == 201
    found = (await town["li"].get(PLAN)).json()["plays"]
    assert found == [{"problem": "Price", "text": "Bring the meter", "log": theirs["id"], "line": line}]
    page = (await town["li"].get("/me/plan")).text
    assert f'href="/logs/{theirs["id"]}#le-{line}"' in page
    assert (await town["wang"].get(PLAN)).json()["plays"] == []
    assert (await town["li"].get(f"/logs/{theirs['id']}")).status_code == 200


async def test_what_is_long_ago_or_done_is_not_suggested(town: Town) -> None:
    """Weeks are a setting; a track one went through is done with what it leads through."""
    top = await drive.folder(town)
    item = (await drive.bring(town, "wang", top, "Price.txt", b"Hold it."))["id"]
    log, price = await told(town), await listed(town)
    await mark(town, log, "wang", price)
    assert [one["document"] for one in await suggested(town)] == [item]
    db = town.app.state.db
    for weeks, there in ((5, 0), (3, 1)):
        long = update(log_problem).values(at=now() - timedelta(weeks=weeks))
        await db.write(lambda c, q=long: c.execute(q) and None)
        assert len(await suggested(town)) == there
    way = await track(town, name="Selling value", audience="desk")
    await step(town, way, document=item)
    (only,) = await steps(town, way, "li")
    await town["li"].put(f"/api/v1/training/{way}/steps/{only['id']}/done")
    assert await suggested(town) == []


async def test_it_goes_with_the_document_and_with_its_member(town: Town) -> None:
    """The bin can be emptied; an erasure leaves nothing of it."""
    top = await drive.folder(town)
    item = (await drive.bring(town, "wang", top, "filters.pdf"))["id"]
    way = await track(town, audience="desk")
    for who in ("li", "zhang"):
        await town[who].put(f"{PLAN}/documents/{item}", json={})
        await town[who].put(f"{PLAN}/tracks/{way}", json={})
    db = town.app.state.db
    await town["wang"].delete(f"/api/v1/drive/documents/{item}")
    assert await ours(town) == [way]
    await db.write(lambda c: c.execute(update(drive_bin).values(at=now() - timedelta(days=40))) and None)
    assert await db.write(bin.forget, now() - timedelta(days=30), 30) == 1
    await db.write(erase.erase, town.ids["wang"], town.ids["zhang"])
    left = select(training_plan.c.member, training_plan.c.track)
    assert await db.read(lambda c: [tuple(row) for row in c.execute(left)]) == [(town.ids["li"], way)]


async def test_only_what_stands_in_a_plan_fills_it(town: Town) -> None:
    """Not what was never wanted, taken off, ended or thrown away; what is put back counts again."""
    town.app.state.settings.training_plan = 1
    li = town["li"]
    one, two = await track(town, audience="desk"), await track(town, audience="desk", name="B")
    top = await drive.folder(town)
    item = (await drive.bring(town, "wang", top, "filters.pdf"))["id"]
    assert (await li.delete(f"{PLAN}/tracks/{one}")).status_code == 200  # never there, and not wanted
    assert (await li.put(f"{PLAN}/tracks/{two}", json={})).status_code == 200
    assert (await li.put(f"{PLAN}/tracks/{one}", json={})).status_code == 422
    await town["wang"].delete(f"/api/v1/training/{two}")
    assert (await li.put(f"{PLAN}/documents/{item}", json={})).status_code == 200
    await town["wang"].delete(f"/api/v1/drive/documents/{item}")
    assert (await li.put(f"{PLAN}/tracks/{one}", json={})).status_code == 200
    assert await ours(town) == [one]


async def test_what_is_given_is_not_moved_up_by_taking_it_off(town: Town) -> None:
    """It stays, after what its member put there."""
    chosen, given = await track(town, audience="desk"), await track(town, name="Given")
    for one in (chosen, given):
        await step(town, one, text="Read it")
    await town["li"].put(f"{PLAN}/tracks/{chosen}", json={})
    assert await ours(town) == [chosen, given]
    await town["li"].delete(f"{PLAN}/tracks/{given}")
    assert await ours(town) == [chosen, given]
