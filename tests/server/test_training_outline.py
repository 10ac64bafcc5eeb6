"""The starter outline of product knowledge: begun once, written on in the browser, and what it lacks."""

from datetime import timedelta
from typing import Any

import anyio
import pytest
from sqlalchemy import func, select, update

from server.drive.models import drive_document, drive_folder, drive_version
from server.logs.models import log as log_table
from server.schema import new_id, now
from server.training.models import training_outline, training_track
from server.training.topics import TOPICS
from tests.server import drive
from tests.server.conftest import Town
from tests.server.test_daylog_marks import listed, mark
from tests.server.test_daylog_talk import told
from tests.server.training import steps, words

pytestmark = pytest.mark.anyio


async def begun(town: Town, who: str = "wang") -> dict[str, str]:
    """The outline; its documents' ids by their names."""
    assert (await town[who].post("/training/outline")).status_code == 303
    query = select(drive_document.c.name, drive_document.c.id)
    rows = await town.app.state.db.read(lambda c: c.execute(query).all())
    return {row.name: row.id for row in rows}


async def count(town: Town, *tables: Any) -> list[int]:
    """How many rows some tables have."""
    query = [select(func.count()).select_from(one) for one in tables]
    return await town.app.state.db.read(lambda c: [c.scalar(one) for one in query])


async def write(town: Town, who: str, item: str, text: str, n: int = 1, **more: str) -> Any:
    """The form of a text, sent."""
    said = {"new_id": new_id(), "n": str(n), "text": text, **more}
    return await town[who].post(f"/drive/documents/{item}/text", data=said)


async def test_one_press_makes_nine_texts_and_a_track(town: Town) -> None:
    """Once, however often; its questions are in it, and who is new finds the track."""
    assert "Make the outline" in (await town["wang"].get("/training/gaps")).text
    for _ in range(2):
        there = await begun(town)
    assert len(there) == len(TOPICS) == 9
    assert await count(town, drive_folder, training_outline, training_track) == [1, 1, 1]
    (track,) = (await town["li"].get("/api/v1/training")).json()
    assert (track["name"], track["audience"], track["squad"]) == ("Product knowledge", "new", None)
    assert [one["document"] for one in track["steps"]] == list(there.values())
    form = (await town["wang"].get(f"/drive/documents/{there['Price']}/text")).text
    assert "**How far may one go down, and who has to say yes?**" in form
    page = (await town["wang"].get("/training/gaps")).text
    assert page.count("Only the questions") == 9
    assert "0 of 9 there" in page


async def test_thrown_away_it_can_be_begun_again(town: Town) -> None:
    """A folder and texts anew; the track is the same, without what is gone."""
    there = await begun(town)
    folder = (await town["wang"].get("/api/v1/knowledge/gaps")).json()["products"][0]["folder"]
    await town["wang"].delete(f"/api/v1/drive/folders/{folder}")
    assert "Make the outline" in (await town["wang"].get("/training/gaps")).text
    for _ in range(2):
        await begun(town)
    assert await count(town, drive_folder, training_outline, training_track) == [2, 1, 1]
    (track,) = (await town["li"].get("/api/v1/training")).json()
    assert len(track["steps"]) == 9
    assert not {one["document"] for one in track["steps"]} & set(there.values())


async def test_two_at_once_make_one(town: Town) -> None:
    """Two presses on two servers: the second finds what the first has made."""
    said: list[int] = []

    async def press() -> None:
        said.append((await town["wang"].post("/training/outline")).status_code)

    async with anyio.create_task_group() as both:
        for _ in range(4):
            both.start_soon(press)
    assert said == [303] * 4
    assert await count(town, drive_folder, training_outline, training_track) == [1, 1, 1]
    assert await count(town, drive_document, drive_version) == [9, 9]


async def test_it_is_in_the_language_of_whoever_begins_it(town: Town) -> None:
    """And known by its names in every language."""
    await town.speak("wang", "zh")
    there = await begun(town)
    assert "价格" in there
    await town.speak("wang", "en")
    await begun(town)
    assert await count(town, drive_document) == [9]


async def test_only_who_manages_the_company_begins_it(town: Town) -> None:
    """Nobody else has the page either."""
    for who in ("li", "zhang", "sun"):
        assert (await town[who].get("/training/gaps")).status_code == 403
        for path in ("outline", "products"):
            answer = await town[who].post(f"/training/{path}", data={"new_id": new_id(), "name": "x"})
            assert answer.status_code == 403
    assert await count(town, drive_folder) == [0]


async def test_what_is_there_is_taken_as_it_is(town: Town) -> None:
    """A folder of that name, a PDF by its name, another by a tag; the rest is begun beside them."""
    top = await drive.folder(town, "product knowledge")
    await drive.bring(town, "wang", top, "Price.pdf")
    said = (await drive.bring(town, "wang", top, "What they say.pdf"))["id"]
    sent = {"name": "What they say", "kind": "product", "tags": ["objections", "异议"], "folder": top}
    await town["wang"].patch(f"/api/v1/drive/documents/{said}", json=sent)
    await begun(town)
    assert await count(town, drive_folder, drive_document) == [1, 9]
    assert (await town["wang"].get("/training/gaps")).text.count("Only the questions") == 7


async def test_a_text_is_written_on_in_the_browser(town: Town) -> None:
    """Each time another version; what was sent twice is there once; the check sees that it is filled."""
    there = await begun(town)
    item = there["Price"]
    assert f'href="/drive/documents/{item}/text"' in (await town["li"].get(f"/drive/documents/{item}")).text
    key = new_id()
    for _ in range(2):
        assert (await write(town, "li", item, "From **500**\r\nto 900", new_id=key)).status_code == 303
    file = await town["li"].get(f"/drive/documents/{item}/versions/2/file")
    assert file.text == "From **500**\nto 900"
    assert (await town["li"].get(f"/drive/documents/{item}/versions/3/file")).status_code == 404
    page = words((await town["wang"].get("/training/gaps")).text)
    assert "1 of 9 there" in page
    await town.app.state.db.write(
        lambda c: c.execute(update(drive_version).values(at=now() - timedelta(days=181))) and None
    )
    page = words((await town["wang"].get("/training/gaps")).text)
    assert "0 of 9 there" in page
    assert "Old · Price" in page


async def test_nobody_writes_over_what_they_have_not_seen(town: Town) -> None:
    """Who comes second has their words back, with a word about it, and can save them after the other's."""
    item = (await begun(town))["Price"]
    await write(town, "li", item, "Hers")
    late = await write(town, "zhang", item, "His <b>")
    assert late.status_code == 422
    assert "His &lt;b&gt;</textarea>" in late.text
    assert 'name="n" value="2"' in late.text
    assert (await write(town, "zhang", item, "His", n=2)).status_code == 303
    assert (await town["li"].get(f"/drive/documents/{item}/versions/3/file")).text == "His"


async def test_what_is_no_text_is_not_written(town: Town) -> None:
    """Nor is what one may not add to; an empty text, a long one and odd signs come back."""
    top = await drive.folder(town, rights="view")
    pdf = (await drive.bring(town, "wang", top, "filters.pdf"))["id"]
    text = (await drive.bring(town, "wang", top, "a.md", b"Hello"))["id"]
    broken = (await drive.bring(town, "wang", top, "b.txt", b"a" * (1 << 16) + b"\xff"))["id"]
    for item in (pdf, broken):
        assert (await town["wang"].get(f"/drive/documents/{item}/text")).status_code == 404
    assert (await write(town, "wang", pdf, "x")).status_code == 404
    assert (await town["li"].get(f"/drive/documents/{text}/text")).status_code == 403
    assert (await write(town, "li", text, "x")).status_code == 403
    town.app.state.settings.drive_text = 10
    for typed in ("", "x" * 11, "a\x07b"):
        answer = await write(town, "wang", text, typed)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
    assert (await town["wang"].get(f"/drive/documents/{text}/versions/2/file")).status_code == 404


async def test_each_product_is_a_folder(town: Town) -> None:
    """Begun topic by topic, or all at once; a name that is taken comes back; a squad's folder is none."""
    await begun(town)
    wang = town["wang"]
    key = new_id()
    for _ in range(2):
        sent = {"new_id": key, "name": "Big filter"}
        assert (await wang.post("/training/products", data=sent)).status_code == 303
    taken = await wang.post("/training/products", data={"new_id": new_id(), "name": "big filter"})
    assert taken.status_code == 422
    assert 'value="big filter"' in taken.text
    started = await wang.post(f"/training/outline/{key}", data={"topic": "price"})
    assert started.headers["location"].endswith("/text")
    assert "8" in words((await wang.get("/training/gaps")).text)
    for _ in range(2):
        assert (await wang.post(f"/training/outline/{key}")).status_code == 303
    assert await count(town, drive_document) == [18]
    (track,) = (await town["li"].get("/api/v1/training")).json()
    assert len(await steps(town, track["id"])) == 9
    theirs = await drive.folder(town, squad=town.squad)
    other = await drive.folder(town, "Other")
    for folder, topic in ((theirs, "price"), (other, "price"), (key, "x")):
        answer = await wang.post(f"/training/outline/{folder}", data={"topic": topic})
        assert answer.status_code == 404
    assert (await town["li"].post(f"/training/outline/{key}")).status_code == 403


async def test_what_logs_ask_for_is_counted_from_some_people_on(town: Town) -> None:
    """Told logs alone, and never so few that one of them is pointed at; until a document says it to all."""
    price = await listed(town)
    logs = {who: await told(town, who) for who in ("li", "zhang")}
    for who, log in logs.items():
        await mark(town, log, who, price)
    for floor, there in ((3, False), (2, True)):
        town.app.state.settings.training_floor = floor
        page = (await town["wang"].get("/training/gaps")).text
        assert ("<bdi>Price</bdi>" in page) is there
    assert "on 2 lines" in page
    for name in ("Li Na", "Zhang Wei"):
        assert name not in page
    shut = await drive.folder(town, "Quotes", rights="keep")
    await drive.bring(town, "wang", shut, "Price.txt", b"Secret")  # of no help to whoever cannot open it
    await begun(town)  # questions are no answers
    assert "<bdi>Price</bdi>" in (await town["wang"].get("/training/gaps")).text
    top = await drive.folder(town)
    await drive.bring(town, "wang", top, "How to hold the price.txt", b"Ask what it is worth.")
    assert "<bdi>Price</bdi>" not in (await town["wang"].get("/training/gaps")).text


async def test_what_is_not_told_is_not_counted(town: Town) -> None:
    """A draft is its author's alone."""
    town.app.state.settings.training_floor = 1
    log = await told(town)
    await mark(town, log, "li", await listed(town))
    assert "<bdi>Price</bdi>" in (await town["wang"].get("/training/gaps")).text
    draft = update(log_table).values(published_at=None)
    await town.app.state.db.write(lambda c: c.execute(draft) and None)
    assert "<bdi>Price</bdi>" not in (await town["wang"].get("/training/gaps")).text


@pytest.mark.parametrize("content", ["x" * 11, "a\x0cb", "好" * 10 + "a"])
async def test_what_could_not_be_saved_is_not_written_on(town: Town, content: str) -> None:
    """A text that is too long as it is, or has signs that no form lets in: nothing offers to write."""
    town.app.state.settings.drive_text = 10
    top = await drive.folder(town)
    item = (await drive.bring(town, "wang", top, "a.txt", content.encode()))["id"]
    page = await town["wang"].get(f"/drive/documents/{item}")
    assert page.status_code == 200
    assert f'href="/drive/documents/{item}/text"' not in page.text
    assert (await town["wang"].get(f"/drive/documents/{item}/text")).status_code == 404
    assert (await write(town, "wang", item, "x")).status_code == 404
    fits = (await drive.bring(town, "wang", top, "b.txt", "好".encode() * 10))["id"]
    assert f'href="/drive/documents/{fits}/text"' in (await town["wang"].get(f"/drive/documents/{fits}")).text
    assert (await write(town, "wang", fits, "x")).status_code == 303


async def test_a_full_track_keeps_no_text_from_being_begun(town: Town) -> None:
    """The texts are there; the track has as many steps as it may."""
    town.app.state.settings.training_steps = 2
    assert len(await begun(town)) == 9
    (track,) = (await town["li"].get("/api/v1/training")).json()
    assert len(track["steps"]) == 2
