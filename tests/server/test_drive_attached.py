"""Documents of the drive along with what is said: in the feed, in threads, on answers, and in a visit."""

from typing import Any

import orjson
import pytest
from httpx2 import Response

from server.schema import new_id
from tests.server.calling import called
from tests.server.conftest import Town
from tests.server.drive import bring, folder
from tests.server.test_drive_shown import entered
from tests.server.test_live import listen, until

pytestmark = pytest.mark.anyio
API = "/api/v1"
GONE = "One of these documents is gone, or not for the whole squad to see."


@pytest.fixture
async def case(town: Town) -> str:
    """A document of the company's."""
    return str((await bring(town, "li", await folder(town), "Harbour Clinic.pdf"))["id"])


async def say(town: Town, who: str, documents: list[str], text: str = "", **more: Any) -> Response:
    """A message with documents."""
    sent = {"id": new_id(), "text": text, "documents": documents, **more}
    return await town[who].post(f"{API}/squads/{town.squad}/messages", json=sent)


async def feed(town: Town, who: str = "li") -> str:
    """The squad's page, as one of them has it."""
    return (await town[who].get(f"/squads/{town.squad}")).text


async def test_a_document_is_given_to_the_squad(town: Town, case: str) -> None:
    """With words or without: it stands under them for everybody, by its name, and opens."""
    said = await say(town, "li", [case, case], "The case they asked for")
    assert (said.status_code, said.json()["documents"]) == (201, [case])
    assert (await say(town, "zhang", [case])).status_code == 201
    for who in ("li", "zhang", "wang"):
        page = await feed(town, who)
        assert page.count(f'href="/drive/documents/{case}"') == 2
        assert "Harbour Clinic" in page
        assert (await town[who].get(f"/drive/documents/{case}")).status_code == 200
    assert "What was said here is gone." not in await feed(town)
    posts = (await town["li"].get(f"{API}/squads/{town.squad}/posts")).json()
    assert [one["documents"] for one in posts[:2]] == [[case], [case]]
    entry = (await town.journal())[-1]
    assert (entry["kind"], entry["data"]["documents"]) == ("message", [case])
    assert "Harbour" not in str(entry)


async def test_the_same_id_again_is_the_same_message(town: Town, case: str) -> None:
    """Sent three times, hung once."""
    id = new_id()
    answers = [await say(town, "li", [case], "Twice", id=id) for _ in range(3)]
    assert [one.status_code for one in answers] == [201, 200, 200]
    assert len({one.text for one in answers}) == 1
    assert (await feed(town)).count(f'href="/drive/documents/{case}"') == 1


async def test_only_what_the_whole_squad_sees(town: Town, case: str) -> None:
    """Not another squad's, not what only who manages it sees, not what is not there: all are told the same,
    and nothing is said.
    """
    theirs = (await bring(town, "sun", await folder(town, "South", "sun", town.other), "South.pdf"))["id"]
    shut = (await bring(town, "wang", await folder(town, "Shut", rights="keep"), "Shut.pdf"))["id"]
    before = len(await town.journal())
    for one in (theirs, shut, new_id()):
        for who in ("li", "wang"):
            refused = await say(town, who, [case, one], "Look")
            assert (refused.status_code, refused.json()["errors"]) == (422, {"documents": GONE}), one
    many = await say(town, "li", [case, *(new_id() for _ in range(6))])
    assert many.json()["errors"] == {"documents": "At most 6 documents at once."}
    assert len(await town.journal()) == before


async def test_what_is_no_longer_for_all_is_not_named_any_more(town: Town, case: str) -> None:
    """In the bin, or where only who manages it sees it; back again it is."""
    post = (await say(town, "li", [case])).json()["id"]
    thread = f"/squads/{town.squad}/posts/{post}"
    shut = await folder(town, "Shut", rights="keep")
    await town["li"].delete(f"{API}/drive/documents/{case}")
    for path in (f"/squads/{town.squad}", thread):
        assert "Harbour" not in (await town["zhang"].get(path)).text
    assert "What was said here is gone." in await feed(town)
    binned = (await town["li"].get(f"{API}/drive/bin")).json()[0]["id"]
    await town["li"].put(f"{API}/drive/bin/{binned}/restore")
    assert "Harbour" in await feed(town, "zhang")
    said = {"name": "Harbour Clinic", "kind": "case", "tags": [], "folder": shut}
    moved = await town["wang"].patch(f"{API}/drive/documents/{case}", json=said)
    assert moved.status_code == 200, moved.text
    for who in ("zhang", "wang"):
        assert "Harbour" not in await feed(town, who)
    assert (await town["li"].get(f"{API}/squads/{town.squad}/posts")).json()[0]["documents"] == []


async def test_screens_that_are_open_hear_of_it(town: Town, address: str, case: str) -> None:
    """Moved out of sight its name is neither in the frame that says so, nor in those before it when somebody
    comes back who missed them.
    """
    epoch, first = (entry := (await town.journal())[-1])["epoch"], entry["offset"]
    since = f"{town.squad}@{epoch}.{first}"
    async with listen(address, town, "zhang", since, "html") as page:
        await say(town, "li", [case], "The case")
        post = (await town.say("zhang", "Who has one?"))["id"]
        reply = {"id": new_id(), "documents": [case]}
        assert (await town["li"].post(f"{API}/posts/{post}/replies", json=reply)).status_code == 201
        before = await until(page, first + 3)
        assert str(before).count("Harbour") >= 2
        shut = await folder(town, "Shut", rights="keep")
        said = {"name": "Harbour Clinic", "kind": "case", "tags": [], "folder": shut}
        assert (await town["wang"].patch(f"{API}/drive/documents/{case}", json=said)).status_code == 200
        (told,) = await until(page, first + 4)
        assert (told["kind"], "Harbour" in told["content"]) == ("attached", False)
        assert f'hx-target="#r-{reply["id"]}"' in told["content"]
        assert told["content"].count('hx-target="#p-') >= 2
    async with listen(address, town, "li", since, "html") as again:
        assert "Harbour" not in str(await until(again, first + 4))
    back = {**said, "folder": await folder(town, "Open")}
    async with listen(address, town, "li", town.squad, "html") as page:
        assert orjson.loads(await page.recv())["kind"] == "ready"
        assert (await town["wang"].patch(f"{API}/drive/documents/{case}", json=back)).status_code == 200
        assert "Harbour" in str(await until(page, first + 5))


async def test_the_desk_is_told_of_no_document_of_a_squads(town: Town, case: str) -> None:
    """It reads the thread of a call without being in the squad: what hangs there is the company's."""
    own = await bring(town, "li", await folder(town, "North", squad=town.squad), "North only.pdf")
    call = await called(town)
    sent = {"id": new_id(), "text": "See", "documents": [own["id"]]}
    refused = await town["li"].post(f"{API}/posts/{call.id}/replies", json=sent)
    assert refused.status_code == 422
    assert "The desk reads this too" in refused.text
    answer = await call.do("zhang", "POST", "answers", id=new_id(), documents=[own["id"]])
    assert answer.status_code == 422
    offered = (await town["li"].get(f"/calls/{call.id}/documents", params={"q": "only"})).text
    assert own["id"] not in offered
    assert own["id"] in (await town["li"].get(f"/squads/{town.squad}/documents", params={"q": "only"})).text
    sent = {"id": new_id(), "documents": [case]}
    assert (await town["li"].post(f"{API}/posts/{call.id}/replies", json=sent)).status_code == 201
    said = {"name": "Harbour Clinic", "kind": "case", "tags": [], "folder": own["folder"]}
    assert "Harbour" in (await town["li"].get(f"/calls/{call.id}")).text
    assert (await town["wang"].patch(f"{API}/drive/documents/{case}", json=said)).status_code == 200
    assert "Harbour" not in (await town["li"].get(f"/calls/{call.id}")).text


async def test_words_taken_back_take_it_with_them(town: Town, case: str) -> None:
    """The document itself stays; where it was posted says so no longer."""
    post = (await say(town, "li", [case], "Look")).json()["id"]
    assert (await town["li"].delete(f"{API}/posts/{post}")).status_code == 204
    assert "Harbour" not in await feed(town)
    assert (await town["li"].get(f"{API}/drive/documents/{case}")).status_code == 200


async def test_in_a_thread_and_by_a_form(town: Town, case: str) -> None:
    """A reply without words, which the card above shows too; the forms without script name it as well, and
    keep it where they are refused.
    """
    post = (await town.say("zhang", "Who has a case?"))["id"]
    form = {"new_id": new_id(), "to": post, "documents": case}
    assert (await town["li"].post(f"/posts/{post}/replies", data=form)).status_code == 303
    assert "Harbour Clinic" in await feed(town, "zhang")
    thread = (await town["zhang"].get(f"/squads/{town.squad}/posts/{post}")).text
    assert f'href="/drive/documents/{case}"' in thread
    (reply,) = (await town["zhang"].get(f"{API}/posts/{post}/replies")).json()
    assert (reply["text"], reply["documents"]) == ("", [case])
    long = {"new_id": new_id(), "text": "x" * 100_000, "documents": case}
    for path in (f"/squads/{town.squad}/messages", f"/posts/{post}/replies"):
        refused = await town["li"].post(path, data=long)
        assert refused.status_code == 422
        assert f'name="documents" value="{case}" checked' in refused.text
        assert "Harbour Clinic" in refused.text


async def test_a_call_is_answered_with_one(town: Town, case: str) -> None:
    """The asker has it in the visit, to be shown at once; by the desk's form too, and of no other squad."""
    call = await called(town)
    answer = await call.do("wang", "POST", "answers", id=new_id(), documents=[case])
    assert answer.status_code == 201, answer.text
    assert (await call.now())["answers"][0]["documents"] == [case]
    visit = (await town["li"].get(f"/visits/{call.visit}")).text
    assert f'action="/drive/documents/{case}/show"' in visit
    theirs = (await bring(town, "sun", await folder(town, "South", "sun", town.other), "South.pdf"))["id"]
    for id, status in ((theirs, 422), (case, 303)):
        sent = {"new_id": new_id(), "text": "Page 4", "documents": id}
        done = await town["wang"].post(f"/calls/{call.id}/answers", data=sent)
        assert done.status_code == status, done.text
        assert "South" not in done.text
    assert len((await call.now())["answers"]) == 2


async def test_what_is_offered(town: Town, case: str) -> None:
    """Favourites and what was opened last, or what is found; only what the whole squad sees."""
    shut = (await bring(town, "wang", await folder(town, "Shut", rights="keep"), "Shut clinic.pdf"))["id"]
    for one in (case, shut):
        await town["wang"].put(f"{API}/drive/documents/{one}/favourite", json={"on": True})
    call = await called(town)
    for path in (f"/squads/{town.squad}/documents", f"/calls/{call.id}/documents"):
        for q in ("", "clinic"):
            shown = await town["wang"].get(path, params={"q": q})
            assert shown.status_code == 200
            assert f'data-document="{case}"' in shown.text
            assert shut not in shown.text
        assert "has these words" in (await town["wang"].get(path, params={"q": "zzz"})).text
        assert (await town["sun"].get(path)).status_code == 404


async def test_from_its_own_page(town: Town, case: str) -> None:
    """Given to a squad with a word; one's own squads alone, and none that does not see it."""
    path = f"/drive/documents/{case}/post"
    form = (await town["li"].get(path)).text
    assert "Harbour Clinic" in form
    assert town.squad in form
    assert town.other not in form
    sent = {"new_id": new_id(), "squad": town.squad, "text": "For tomorrow"}
    for _ in range(2):
        done = await town["li"].post(path, data=sent)
        assert (done.status_code, done.headers["location"]) == (
            303,
            f"/squads/{town.squad}#p-{sent['new_id']}",
        )
    assert (await feed(town, "zhang")).count(f'href="/drive/documents/{case}"') == 1
    for squad in (town.other, "x", ""):
        refused = await town["li"].post(
            path, data={**sent, "new_id": new_id(), "squad": squad, "text": "Kept"}
        )
        assert refused.status_code == 422
        assert "Kept" in refused.text
    assert f"/squads/{town.squad}/posts/" in (await town["li"].get(f"/drive/documents/{case}")).text
    assert f"/squads/{town.squad}/posts/" not in (await town["sun"].get(f"/drive/documents/{case}")).text


async def test_a_visit_has_them_at_hand(town: Town, case: str) -> None:
    """What one has marked, then what one opened last; one tap shows it, and the visit says so."""
    other = (await bring(town, "li", await folder(town, "Prices"), "Rental plan.pdf"))["id"]
    visit = await entered(town, "li")
    assert (
        "Favourites and what you opened last stand here." in (await town["li"].get(f"/visits/{visit}")).text
    )
    opened = await town["li"].get(f"/drive/documents/{case}/versions/1/file")
    assert opened.status_code == 200
    await town["li"].put(f"{API}/drive/documents/{other}/favourite", json={"on": True})
    page = (await town["li"].get(f"/visits/{visit}")).text
    assert page.index(f"/drive/documents/{other}/show") < page.index(f"/drive/documents/{case}/show")
    assert (await town["li"].post(f"/drive/documents/{case}/show")).status_code == 303
    assert "Shown there" in (await town["li"].get(f"/visits/{visit}")).text
