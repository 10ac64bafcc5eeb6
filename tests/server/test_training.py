"""Training: tracks through documents, each reader with the steps they may see, and how far they are."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from server import journal
from server.drive import bin
from server.drive.models import drive_bin, drive_document
from server.members.models import member
from server.own import erase
from server.schema import new_id, now
from server.training.models import training_done, training_step
from tests.server import drive
from tests.server.conftest import Town
from tests.server.training import step, steps, track, words

pytestmark = pytest.mark.anyio


async def test_a_track_is_gone_through_by_plain_forms(town: Town) -> None:
    """A document opens at its page, a press marks the step, and what is done is one's own."""
    top = await drive.folder(town, squad=town.squad)
    item = (await drive.bring(town, "li", top, "filters.pdf"))["id"]
    id = await track(town)
    await step(town, id, document=item, first="3", last="5", text="Mind the <table>")
    await step(town, id, text="Show it to somebody")
    page = (await town["li"].get(f"/training/{id}")).text
    assert f'href="/drive/documents/{item}?page=3#page-3"' in page
    assert "pages 3 to 5" in page
    assert "Mind the &lt;table&gt;" in page
    assert "0 of 2 done" in words(page)
    for one in await steps(town, id, "li"):
        for _ in range(2):
            done = await town["li"].post(f"/training/{id}/steps/{one['id']}/done", data={"on": "1"})
            assert done.status_code == 303
    assert "All done" in words((await town["li"].get("/training")).text)
    assert "0 of 2 done" in words((await town["zhang"].get("/training")).text)
    assert "Been through all of it: 1" in words((await town["zhang"].get(f"/training/{id}")).text)
    last = (await steps(town, id, "li"))[1]["id"]
    await town["li"].post(f"/training/{id}/steps/{last}/done", data={"on": ""})
    assert [one["done"] for one in await steps(town, id, "li")] == [True, False]


async def test_a_step_is_there_for_who_may_see_its_document(town: Town) -> None:
    """In no list, no count; nor can it be marked. A document in the bin takes its step along, and back."""
    top = await drive.folder(town, "Quotes", rights="keep")
    secret = (await drive.bring(town, "wang", top, "margins.pdf"))["id"]
    open_ = await drive.folder(town)
    item = (await drive.bring(town, "wang", open_, "filters.pdf"))["id"]
    id = await track(town, squad="")
    await step(town, id, document=secret)
    await step(town, id, document=item)
    hidden, _ = await steps(town, id)
    page = (await town["li"].get(f"/training/{id}")).text
    assert "margins" not in page
    assert "0 of 1 done" in words(page)
    path = f"/api/v1/training/{id}/steps/{hidden['id']}/done"
    assert (await town["li"].put(path)).status_code == 404
    await town["wang"].delete(f"/api/v1/drive/documents/{item}")
    assert await steps(town, id, "li") == []


async def test_a_document_that_is_gone_for_good_takes_its_step(town: Town) -> None:
    """With who has done it; the bin can be emptied."""
    top = await drive.folder(town)
    item = (await drive.bring(town, "wang", top, "filters.pdf"))["id"]
    id = await track(town, squad="")
    await step(town, id, document=item)
    (one,) = await steps(town, id)
    await town["li"].put(f"/api/v1/training/{id}/steps/{one['id']}/done")
    await town["wang"].delete(f"/api/v1/drive/documents/{item}")
    db = town.app.state.db
    await db.write(lambda c: c.execute(update(drive_bin).values(at=now() - timedelta(days=40))) and None)
    assert await db.write(bin.forget, now() - timedelta(days=30), 30) == 1
    for table in (training_step, training_done):
        assert await db.read(lambda c, t=table: c.scalar(select(func.count()).select_from(t))) == 0


async def test_an_outsider_is_told_nothing_of_a_squads(town: Town) -> None:
    """No page, no list, no entry; nor may a member who does not lead change it."""
    id = await track(town)
    assert "Our water filters" not in (await town["sun"].get("/training")).text
    for method, path in (
        ("GET", f"/training/{id}"),
        ("GET", f"/training/{id}/edit"),
        ("GET", f"/api/v1/training/{id}"),
        ("DELETE", f"/api/v1/training/{id}"),
        ("PUT", f"/api/v1/training/{id}/steps/{new_id()}/done"),
    ):
        assert (await town["sun"].request(method, path)).status_code == 404
    for path in ("edit", "steps", "end"):
        assert (await town["li"].post(f"/training/{id}/{path}", data={"text": "x"})).status_code == 403
    assert await town.app.state.db.read(journal.history, "company", 0, 10) == []


async def test_whom_it_is_meant_for_finds_it_first(town: Town) -> None:
    """A role, or who came lately; the others find it below."""
    for name, audience in (("A desk", "desk"), ("B new", "new"), ("C reps", "rep"), ("D all", "all")):
        await track(town, name=name, audience=audience)
    found = (await town["li"].get("/api/v1/training")).json()
    assert [(one["name"], one["mine"]) for one in found] == [
        ("B new", True),
        ("C reps", True),
        ("D all", True),
        ("A desk", False),
    ]
    long_ago = now() - timedelta(days=91)
    old = update(member).where(member.c.id == town.ids["li"]).values(created_at=long_ago)
    await town.app.state.db.write(lambda c: c.execute(old) and None)
    found = (await town["li"].get("/api/v1/training")).json()
    assert [one["name"] for one in found if one["mine"]] == ["C reps", "D all"]


async def test_who_is_new_is_told_where_to_begin(town: Town) -> None:
    """On their squad's page, until it is done; not who has been there for long, nor another squad."""
    id = await track(town, audience="new")
    here, theirs = f"/squads/{town.squad}", f"/squads/{town.other}"
    assert 'id="begin"' not in (await town["li"].get(here)).text  # there is nothing in it yet
    await step(town, id, text="Meet the squad")
    for who in ("li", "zhang"):
        page = (await town[who].get(here)).text
        assert f'href="/training/{id}"' in page
        assert "New here? Begin with this. Our water filters 0 of 1 done" in words(page)
    assert 'id="begin"' not in (await town["sun"].get(theirs)).text
    (one,) = await steps(town, id, "li")
    await town["li"].post(f"/training/{id}/steps/{one['id']}/done", data={"on": "1"})
    assert 'id="begin"' not in (await town["li"].get(here)).text
    long_ago = update(member).where(member.c.id == town.ids["zhang"]).values(created_at=now() - timedelta(91))
    await town.app.state.db.write(lambda c: c.execute(long_ago) and None)
    assert 'id="begin"' not in (await town["zhang"].get(here)).text


async def test_ordered_taken_out_and_ended(town: Town) -> None:
    """Each an entry of the squad's; ended it is nowhere."""
    id = await track(town)
    for text in ("One", "Two", "Three"):
        await step(town, id, text=text)
    third = (await steps(town, id))[2]["id"]
    await town["wang"].post(f"/training/{id}/steps/{third}/up")
    assert [one["text"] for one in await steps(town, id)] == ["One", "Three", "Two"]
    await town["wang"].post(f"/training/{id}/steps/{third}/out")
    assert [one["text"] for one in await steps(town, id)] == ["One", "Two"]
    other = await track(town, name="Another")
    gone = await town["wang"].post(f"/training/{other}/steps/{(await steps(town, id))[0]['id']}/out")
    assert gone.status_code == 404
    assert (await town["wang"].post(f"/training/{id}/end")).status_code == 303
    assert (await town["wang"].get(f"/training/{id}")).status_code == 404
    said = [one["data"]["did"] for one in await town.journal() if one["data"].get("id") == id]
    assert said == ["made", *["changed"] * 5, "ended"]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"text": " "}, "text"),
        ({"document": "x", "text": "Kept"}, "document"),
        ({"document": new_id(), "text": "Kept"}, "document"),
        ({"document": new_id(), "first": "0", "text": "Kept"}, "first"),
        ({"document": new_id(), "first": "7", "last": "3", "text": "Kept"}, "last"),
    ],
)
async def test_what_cannot_be_a_step_comes_back(town: Town, said: dict[str, str], wrong: str) -> None:
    """With what was typed, and a word at the field."""
    id = await track(town)
    page = await town["wang"].post(f"/training/{id}/steps", data=said)
    assert page.status_code == 422
    assert f'name="{wrong}"' in page.text
    assert 'role="alert"' in page.text
    assert said["text"].strip() in page.text
    assert await steps(town, id) == []


async def test_another_squads_document_is_no_step(town: Town) -> None:
    """Also where who makes the track may see it."""
    top = await drive.folder(town, who="sun", squad=town.other)
    item = (await drive.bring(town, "sun", top, "theirs.pdf"))["id"]
    id = await track(town)
    page = await town["wang"].post(f"/training/{id}/steps", data={"document": item})
    assert page.status_code == 422


async def test_erased_nothing_is_left_of_what_somebody_did(town: Town) -> None:
    """Their steps are undone; the track stays."""
    id = await track(town)
    await step(town, id, text="Read it")
    (one,) = await steps(town, id)
    await town["zhang"].put(f"/api/v1/training/{id}/steps/{one['id']}/done")
    db = town.app.state.db
    await db.write(erase.erase, town.ids["wang"], town.ids["zhang"])
    assert await db.read(lambda c: c.scalar(select(func.count()).select_from(training_done))) == 0
    assert len(await steps(town, id)) == 1


async def through(town: Town, id: str, who: str = "li") -> None:
    """Somebody does all of a track."""
    for one in await steps(town, id, who):
        await town[who].put(f"/api/v1/training/{id}/steps/{one['id']}/done")


async def named(town: Town, id: str, who: str = "wang") -> list[str]:
    """Who is told of by name."""
    found = (await town[who].get(f"/api/v1/training/{id}/through")).json()
    return [one["member"] for one in found]


async def test_who_is_through_is_named_only_where_the_track_says_so(town: Town) -> None:
    """To those who lead there; before anybody begins all read who will see it; half of it names nobody."""
    silent, told = await track(town, name="Silent"), await track(town, name="Told", by_name=True)
    for id in (silent, told):
        await step(town, id, text="Read it")
        await step(town, id, text="Show it")
    page = words((await town["li"].get(f"/training/{told}")).text)
    assert "Once you have done all of it, these people see it, with your name: Wang Fang." in page
    assert "with your name" not in (await town["li"].get(f"/training/{silent}")).text
    assert words((await town["li"].get("/training")).text).count("those who lead see who is through") == 1
    first, second = await steps(town, told, "li")
    await town["li"].put(f"/api/v1/training/{told}/steps/{first['id']}/done")
    assert await named(town, told) == []
    await town["li"].put(f"/api/v1/training/{told}/steps/{second['id']}/done")
    await through(town, silent)
    assert (await named(town, told), await named(town, silent)) == ([town.ids["li"]], [])
    assert "Li Na" in words((await town["wang"].get(f"/training/{told}")).text).partition("Been through")[2]
    for id in (silent, told):
        page = words((await town["zhang"].get(f"/training/{id}")).text)
        assert "Been through all of it: 1" in page
        assert "Li Na" not in page
        assert (await town["zhang"].get(f"/api/v1/training/{id}/through")).status_code == 403


async def test_who_was_through_before_it_was_told_is_not_named(town: Town) -> None:
    """They did not know; switched off, nobody is named any more, and on again it begins anew."""
    id = await track(town)
    await step(town, id, text="Read it")
    await through(town, id)
    form = {"name": "Our water filters", "audience": "all", "by_name": "1"}
    for _ in range(2):
        await town["wang"].post(f"/training/{id}/edit", data=form)
    assert await named(town, id) == []
    await through(town, id, "zhang")
    assert await named(town, id) == [town.ids["zhang"]]
    await town["wang"].patch(f"/api/v1/training/{id}", json={"name": "Ours", "audience": "all"})
    assert await named(town, id) == [town.ids["zhang"]]
    for on in ("", "1"):
        await town["wang"].post(f"/training/{id}/edit", data={**form, "by_name": on})
        assert await named(town, id) == []


async def test_a_step_few_may_see_keeps_nobody_from_being_through(town: Town) -> None:
    """What is shut to most is no part of what most have to do; a track of such alone has nobody through."""
    top = await drive.folder(town, "Quotes", rights="keep")
    secret = (await drive.bring(town, "wang", top, "margins.pdf"))["id"]
    id = await track(town, squad="", by_name=True)
    await step(town, id, document=secret)
    await through(town, id, "wang")
    assert await named(town, id) == []
    await step(town, id, text="Read it")
    await through(town, id)
    assert await named(town, id) == [town.ids["li"]]


@pytest.mark.parametrize("squad", ["", None])
async def test_a_step_that_is_moved_away_keeps_nobody_from_being_through(
    town: Town, squad: str | None
) -> None:
    """Into another squad's folder: nobody of the track sees it there."""
    here, there = await drive.folder(town), await drive.folder(town, "Theirs", "sun", squad=town.other)
    item = (await drive.bring(town, "wang", here, "filters.pdf"))["id"]
    id = await track(town, squad=squad, by_name=True)
    await step(town, id, document=item)
    await step(town, id, text="Read it")
    move = update(drive_document).where(drive_document.c.id == item).values(folder=there)
    await town.app.state.db.write(lambda c: c.execute(move) and None)
    await through(town, id)
    assert await named(town, id) == [town.ids["li"]]
