"""An answer in a thread kept as a card, and where a document was used: told to whoever may see it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import update

from server.feed.models import post
from server.schema import new_id, now
from tests.server.calling import PDF as CALL_PDF
from tests.server.calling import answered, called
from tests.server.conftest import Town
from tests.server.drive import bring, folder
from tests.server.test_drive_shown import entered

pytestmark = pytest.mark.anyio
WORDS = "Say that rental pays itself back in nine months"


@pytest.fixture(autouse=True)
async def alone(town: Town) -> None:
    """Nobody does jobs by themselves: one that was begun and broken off would be done only a minute later."""
    for state in (town.app.state, getattr(town.app.state, "twin", town.app).state):
        await state.jobs.stop()


async def replied(town: Town, text: str = WORDS) -> tuple[str, str]:
    """A message of Li Na's and Wang Fang's reply to it; their ids."""
    post = (await town.say("li", "They say we are dear"))["id"]
    sent = {"id": new_id(), "text": text}
    reply = await town["wang"].post(f"/api/v1/posts/{post}/replies", json=sent)
    return str(post), str(reply.json()["id"])


async def keep(town: Town, who: str, reply: str, place: str, **more: str) -> Response:
    """The form, sent."""
    sent = {"card_id": new_id(), "name": "Rental", "folder": place, **more}
    return await town[who].post(f"/posts/{reply}/keep", data=sent)


async def test_an_answer_becomes_a_card(town: Town) -> None:
    """Once, with whose it is and where it stood; found by its words; no thread for those outside."""
    post, reply = await replied(town)
    place = await folder(town, "Skills")
    page = (await town["li"].get(f"/posts/{reply}/keep")).text
    assert WORDS in page
    assert f"/posts/{reply}/keep" in (await town["li"].get(f"/squads/{town.squad}/posts/{post}")).text
    key = {"card_id": new_id()}
    made = [await keep(town, "li", reply, place, **key) for _ in range(2)]
    assert {answer.status_code for answer in made} == {303}
    assert len({answer.headers["location"] for answer in made}) == 1
    there = made[0].headers["location"]
    await town.app.state.jobs.run_due(datetime.now(UTC))
    found = (await town["li"].get("/api/v1/search", params={"q": "nine months", "kind": "document"})).json()
    assert [one["id"] for one in found["results"]] == [there.rpartition("/")[2]]
    mine, others = (await town["li"].get(there)).text, (await town["sun"].get(there)).text
    for shown in (mine, others):
        assert "An answer of Wang Fang" in shown
        assert WORDS in shown
    assert f"/squads/{town.squad}/posts/{post}" in mine
    assert f"/squads/{town.squad}/posts/{post}" not in others


async def test_what_is_wrong_comes_back_as_it_was_typed(town: Town) -> None:
    """A name that is taken, no folder, one that may not be added to; what is no answer is not there."""
    post, reply = await replied(town)
    place, shut = await folder(town, "Skills"), await folder(town, "Plans", rights="view")
    assert (await keep(town, "li", reply, place)).status_code == 303
    taken = await keep(town, "li", reply, place)
    assert taken.status_code == 422
    assert "There is a document of this name here already." in taken.text
    assert 'value="Rental"' in taken.text
    assert (await keep(town, "li", reply, "x")).status_code == 422
    assert (await keep(town, "li", reply, place, name=" ")).status_code == 422
    assert (await keep(town, "li", reply, shut, name="Other")).status_code == 403
    assert (await keep(town, "li", post, place, name="Other")).status_code == 404
    assert (await keep(town, "sun", reply, place, name="Other")).status_code == 404


async def test_where_it_was_shown_is_told_to_the_squad_alone(town: Town) -> None:
    """The document is the company's, the visit is not."""
    one = await bring(town, "li", await folder(town), "Harbour.pdf")
    await entered(town, "li", -5)
    sent = {"id": new_id(), "at": datetime.now(UTC).isoformat()}
    await town["li"].post(f"/api/v1/drive/documents/{one['id']}/shown", json=sent)
    path = f"/drive/documents/{one['id']}"
    assert "Shown to customers" in (await town["wang"].get(path)).text
    assert "Shown to customers" not in (await town["sun"].get(path)).text


async def test_where_it_answered_a_call_is_told_to_the_squad_alone(town: Town) -> None:
    """The same file, given by whoever helped; also when there is a newer version by now."""
    one = await bring(town, "wang", await folder(town), "Harbour.pdf", CALL_PDF)
    path, call = f"/drive/documents/{one['id']}", await called(town)
    assert "Given in answer to a call" not in (await town["zhang"].get(path)).text
    await call.claim("wang")
    await answered(town["wang"], call.id)
    renewed = {"data": {"id": new_id()}, "files": {"file": ("May.pdf", CALL_PDF + b"May")}}
    assert (await town["wang"].post(f"/api/v1{path}/versions", **renewed)).status_code == 201
    page = (await town["zhang"].get(path)).text
    assert "Given in answer to a call" in page
    where = page.split('id="given"')[1].split("</section>")[0]
    assert "Hengtai Hardware" in where
    thread = where.split('class="more-link" href="')[1].split('"')[0]
    assert "30 units, they hold" in (await town["zhang"].get(thread)).text
    assert "Given in answer to a call" not in (await town["sun"].get(path)).text

    async def back(at: Any) -> None:
        gone = update(post).where(post.c.id == thread.rpartition("/")[2]).values(deleted_at=at)
        await town.app.state.db.write(lambda c: c.execute(gone) and None)

    await back(now())
    assert "Given in answer to a call" not in (await town["zhang"].get(path)).text, "its thread is not there"
    await back(None)
    other = await bring(town, "wang", one["folder"], "Other.pdf", CALL_PDF + b"Other")
    assert "Given in answer" not in (await town["zhang"].get(f"/drive/documents/{other['id']}")).text
