"""Steps of a track: found among thousands of documents, each put in once, in an order one chooses."""

import asyncio

import pytest
from sqlalchemy import select

from server import journal
from server.schema import new_id
from server.training import actions
from server.training.models import training_track
from tests.server import drive
from tests.server.conftest import Town
from tests.server.test_search import waiting
from tests.server.training import steps, track, words

pytestmark = pytest.mark.anyio


async def test_a_step_that_is_sent_twice_is_there_once(town: Town) -> None:
    """By the form and by the API; another track's steps are passed over in an order."""
    id, other, key = await track(town), await track(town, name="Other"), new_id()
    for _ in range(2):
        sent = await town["wang"].post(f"/training/{id}/steps", data={"new_id": key, "text": "One"})
        assert sent.status_code == 303
    two = {"id": new_id(), "text": "Two"}
    said = [await town["wang"].post(f"/api/v1/training/{id}/steps", json=two) for _ in range(2)]
    assert [one.status_code for one in said] == [201, 200]
    await town["wang"].post(f"/api/v1/training/{other}/steps", json={"id": new_id(), "text": "Theirs"})
    (theirs,) = await steps(town, other)
    one, last = await steps(town, id)
    order = {"ids": [theirs["id"], last["id"], last["id"]]}
    answer = await town["wang"].put(f"/api/v1/training/{id}/order", json=order)
    assert [it["text"] for it in answer.json()["steps"]] == ["Two", "One"]
    before = len(await town.journal())
    await town["wang"].put(f"/api/v1/training/{id}/order", json={"ids": []})
    assert len(await town.journal()) == before
    gone = f"/api/v1/training/{other}/steps/{one['id']}"
    assert (await town["wang"].delete(gone)).status_code == 404
    for method, path in (("POST", "steps"), ("PUT", "order"), ("DELETE", f"steps/{one['id']}")):
        sent = {"id": new_id(), "text": "x", "ids": []}
        answer = await town["li"].request(method, f"/api/v1/training/{id}/{path}", json=sent)
        assert answer.status_code == 403


async def test_a_document_is_found_by_its_words(town: Town) -> None:
    """As a part of the form, and without script as the whole, with all that was typed; what is no part of the
    track's squad or the company is not offered.
    """
    top, ours = await drive.folder(town), await drive.folder(town, squad=town.squad)
    theirs = await drive.folder(town, who="sun", squad=town.other)
    item = (await drive.bring(town, "wang", top, "Harbour clinic.txt", b"Hard water"))["id"]
    mine = (await drive.bring(town, "li", ours, "Harbour prices.txt", b"From 500"))["id"]
    secret = (await drive.bring(town, "sun", theirs, "Harbour secret.txt", b"x"))["id"]
    for n in range(25):
        await drive.bring(town, "wang", top, f"Other {n}.txt", b"%d" % n)
    id = await track(town)
    form = (await town["wang"].get(f"/training/{id}/edit")).text
    assert form.count('name="document"') == 21  # the newest, and none
    assert item not in form
    part = (await town["wang"].get(f"/training/{id}/documents", params={"q": "harbour"})).text
    assert "<html" not in part
    assert [one in part for one in (item, mine, secret)] == [True, True, False]
    said = {"find": "1", "q": "harbour", "document": mine, "first": "x", "text": "Mind <this>"}
    page = await town["wang"].post(f"/training/{id}/steps", data=said)
    assert page.status_code == 200
    assert f'value="{item}"' in page.text
    assert f'value="{mine}" checked' in page.text
    assert "Mind &lt;this&gt;</textarea>" in page.text
    assert await steps(town, id) == []
    nothing = await town["wang"].get(f"/training/{id}/documents", params={"q": "\x00zebra", "document": "x"})
    assert "No document with these words" in words(nothing.text)
    assert (await town["li"].get(f"/training/{id}/documents")).status_code == 403
    assert (await town["sun"].get(f"/training/{id}/documents")).status_code == 404


async def test_a_change_waits_for_the_stream_before_it_takes_the_track(town: Town) -> None:
    """Whoever begins the outline holds the stream and then wants the track: no ring of waiting."""
    id, db = await track(town, squad=""), town.app.state.db
    sent = {"name": "Other filters", "audience": "all"}
    change = town["wang"].patch(f"/api/v1/training/{id}", json=sent)
    if db.great is None:  # one writer, one after the other
        assert (await change).status_code == 200
        return
    row = select(training_track.c.id).where(training_track.c.id == id).with_for_update(nowait=True)
    async with db.great.begin() as beginning:
        await beginning.run_sync(journal.hold, [actions.COMPANY])
        changing = asyncio.create_task(change)
        while not changing.done() and not await db.read(waiting):
            pass
        assert (await beginning.execute(row)).scalar() == id  # it is still free
    assert (await changing).status_code == 200
