"""Search: every word that was said is found by who may see it, marked, and by nobody else; in Chinese too."""

import asyncio
import io
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import Connection, delete, func, select

from server.own import erase
from server.schema import new_id, now
from server.search import keeping
from server.search.models import search_entry, search_gram
from server.search.terms import matches, pieces, snippet, terms, wanted
from server.squads import actions as squads
from tests.server.calling import called, joins
from tests.server.conftest import NOON, Town
from tests.server.test_customers import api, tell
from tests.server.test_daylog import publish, visit, words

here = pytest.mark.anyio
ALPHABET = st.text("恒泰五金水 heng RO-4０Ａ「」，\n", max_size=12)


async def find(town: Town, who: str, q: str, **asked: Any) -> list[dict[str, Any]]:
    """What somebody finds."""
    answer = await town[who].get("/api/v1/search", params={"q": q, **asked})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"])


def said(found: list[dict[str, Any]]) -> list[str]:
    """The words of what was found."""
    return ["".join(piece["text"] for piece in one["snippet"]) for one in found]


def hit(one: dict[str, Any]) -> list[str]:
    """What is marked in it."""
    return [piece["text"] for piece in one["snippet"] if piece["hit"]]


@given(ALPHABET, ALPHABET)
def test_no_text_is_missed_by_its_pieces(text: str, asked: str) -> None:
    """Whatever a plain look through all texts would find has every piece that is asked for."""
    looked_for, kept = terms(asked), pieces(text)
    if looked_for and matches(text, looked_for):
        for term in looked_for:
            whole, beginning = wanted(term)
            assert whole <= kept
            assert not beginning or any(piece.startswith(beginning) for piece in kept)


@given(st.text(max_size=300), st.text(max_size=20))
def test_a_snippet_is_of_the_text(text: str, asked: str) -> None:
    """Nothing is made up, nothing empty is marked."""
    plain = " ".join(text.split())
    made = snippet(text, terms(asked))
    inside = "".join(one.text for one in made).removeprefix("…").removesuffix("…")
    assert inside in plain or "…" in plain
    assert all(one.text for one in made)


@here
async def test_words_are_found_marked(town: Town) -> None:
    """By how they begin, without case or width; Chinese wherever it stands, also a single sign."""
    message = await town.say("li", "They want the RO-400 for 恒泰五金 by Friday")
    for q, marks in (
        ("fri", ["Fri"]),
        ("ＲＯ-400", ["RO", "400"]),
        ("泰五", ["泰五"]),
        ("金", ["金"]),
        ("they 恒泰五金 ro", ["They", "RO", "恒泰五金"]),
    ):
        (one,) = await find(town, "wang", q)
        assert (one["id"], one["kind"], one["author"]) == (message["id"], "message", town.ids["li"])
        assert hit(one) == marks, q
    for q in ("iday", "恒五", "they nothing", "", "  ,", "\x00"):
        assert await find(town, "wang", q) == [], q
    page = (await town["wang"].get("/search?q=ro")).text
    assert "the <mark>RO</mark>-400" in page
    assert f'href="/squads/{town.squad}/posts/{message["id"]}"' in page


@here
async def test_everything_that_is_said_is_found(town: Town) -> None:
    """Visits and how they went, messages, replies, calls and answers, logs; customers by their files."""
    await visit(
        town, NOON, "zebra at the door", result="advanced", said="zebra again", next_step="zebra later"
    )
    message = await town.say("li", "zebra")
    await town["wang"].post(
        f"/api/v1/posts/{message['id']}/replies", json={"id": new_id(), "text": "a zebra"}
    )
    call = await called(town, text="Zebra?")
    await call.answer("wang", "ZEBRA!")
    await publish(town, "li", lesson=("Ask for the zebra", 0))
    await town["li"].post(api(town, "contacts"), json={"id": new_id(), "name": "Luo Zebra"})
    found = await find(town, "zhang", "zebra")
    assert {one["kind"] for one in found} == {
        "customer",
        "checkin",
        "message",
        "reply",
        "call",
        "answer",
        "log",
    }
    assert found[0]["kind"] == "customer"
    for one in found:
        assert (await town["zhang"].get(one["path"])).status_code == 200, one
    await tell(town, "li", "The owner keeps an okapi")
    await town["li"].patch(api(town), json={"names": {"zh": ["恒泰五金"]}, "tags": ["riverside"]})
    for q in ("hengtai hardware", "okapi", "恒泰", "riverside"):
        assert [one["title"] for one in await find(town, "zhang", q)] == ["Hengtai Hardware"], q


@here
async def test_nobody_finds_what_they_may_not_see(town: Town) -> None:
    """Other squads' words and customers, a squad one has left; the desk finds calls, and their customers."""
    await town.say("li", "pelican")
    await tell(town, "li", "pelican")
    assert len(await find(town, "zhang", "pelican")) == 2
    assert await find(town, "sun", "pelican") == []
    assert await find(town, "sun", "pelican", squad=town.squad) == []
    assert await find(town, "sun", "pelican", person=town.ids["li"]) == []
    assert "pelican</mark>" not in (await town["sun"].get("/search?q=pelican")).text
    await joins(town, "desk", "Gu Lan", role="desk")
    assert await find(town, "desk", "pelican") == []
    await called(town, text="pelican")
    assert {one["kind"] for one in await find(town, "desk", "pelican")} == {"call", "customer"}
    await town["zhang"].post(f"/squads/{town.squad}/leave")
    assert await find(town, "zhang", "pelican") == []
    await town.app.state.db.write(squads.join, town.squad, town.ids["sun"])
    assert len(await find(town, "sun", "pelican")) == 3


@here
async def test_what_changes_is_found_as_it_is(town: Town) -> None:
    """Edited it is found by the new words alone; deleted, undone, merged, not at all."""
    message = await town.say("li", "heron")
    await town["li"].patch(f"/api/v1/posts/{message['id']}", json={"text": "egret"})
    assert await find(town, "wang", "heron") == []
    assert said(await find(town, "wang", "egret")) == ["egret"]
    await town["li"].delete(f"/api/v1/posts/{message['id']}")
    assert await find(town, "wang", "egret") == []
    undone = (await town.check_in("li", note="stork", captured_at=now().isoformat())).json()["id"]
    assert len(await find(town, "wang", "stork")) == 1
    await town["li"].delete(f"/api/v1/visits/{undone}")
    assert await find(town, "wang", "stork") == []
    one, other = town.customers["hengtai"], town.customers["lotus"]
    assert (await town["wang"].post(f"/customers/{one}/merge/{other}")).status_code == 303
    (whole,) = await find(town, "wang", "lotus")
    assert (whole["id"], whole["title"]) == (one, "Hengtai Hardware")
    assert (await town["wang"].post(f"/customers/{one}/part/{other}")).status_code == 303
    (part,) = await find(town, "wang", "lotus")
    assert part["id"] == other


@here
async def test_filters(town: Town) -> None:
    """By kind, squad, day and person; to go through one person's words is a look."""
    await visit(town, "2026-05-03T15:59:00Z", "ibis early")
    await visit(town, "2026-05-03T16:00:00Z", "ibis late", name="zhang")
    await town.say("li", "ibis said")
    assert said(await find(town, "wang", "ibis", kind="checkin")) == ["ibis late", "ibis early"]
    assert said(await find(town, "wang", "ibis", since="2026-05-04", until="2026-05-04")) == ["ibis late"]
    assert said(await find(town, "wang", "ibis", until="2026-05-03")) == ["ibis early"]
    assert len(await find(town, "wang", "ibis", squad=town.squad)) == 3
    assert (await town["li"].get("/api/v1/me/looks")).json() == []
    assert said(await find(town, "wang", "ibis", person=town.ids["li"])) == ["ibis said", "ibis early"]
    await find(town, "li", "ibis", person=town.ids["li"])
    (seen,) = (await town["li"].get("/api/v1/me/looks")).json()
    assert (seen["viewer"], seen["kind"]) == (town.ids["wang"], "search")
    assert "searched through your words" in words((await town["li"].get("/me/looks")).text)
    for wrong in ("kind=x", "since=x", "person=x", "squad=x", "after=-1", "after=99999999", f"q={'a' * 200}"):
        assert (await town["wang"].get(f"/search?q=ibis&{wrong}")).status_code == 200, wrong
        assert (await town["wang"].get(f"/api/v1/search?{wrong}")).status_code == 422, wrong
    for day in ("0001-01-01", "9999-12-31"):
        assert (await town["wang"].get(f"/search?q=ibis&since={day}&until={day}")).status_code == 200


@here
async def test_pages_go_on_where_the_last_ended(town: Town) -> None:
    """Each result once, the newest first."""
    for n in range(25):
        await town.say("li", f"crane {n}")
    first = (await town["wang"].get("/api/v1/search?q=crane")).json()
    rest = (await town["wang"].get("/api/v1/search?q=crane&after=20")).json()
    assert (len(first["results"]), first["more"], len(rest["results"]), rest["more"]) == (20, True, 5, False)
    assert said(first["results"] + rest["results"]) == [f"crane {n}" for n in reversed(range(25))]
    assert "after=20" in (await town["wang"].get("/search?q=crane")).text


@here
async def test_it_finds_what_a_plain_look_finds(town: Town) -> None:
    """Many short texts and questions of few signs: the same ones, on either database."""
    dice = random.Random(5)
    signs = "恒泰五金水厂ab 4"
    texts = ["".join(dice.choices(signs, k=dice.randint(1, 9))).strip() or "水" for _ in range(40)]
    for text in texts:
        await town.say("li", text)
    for _ in range(40):
        asked = "".join(dice.choices(signs, k=dice.randint(1, 4)))
        plain = [text for text in texts if terms(asked) and matches(text, terms(asked))]
        found = await find(town, "wang", asked, kind="message")
        assert len(found) == min(len(plain), 20), asked
        assert {" ".join(text.split()) for text in said(found)} <= {" ".join(text.split()) for text in plain}


@here
async def test_what_was_found_is_taken_along(town: Town) -> None:
    """As a workbook: all of the words, who said them and where they stand; no cell is a formula."""
    said = await town.say("li", "=1+1 heron, and all that was said after it")
    await town.say("li", "lotus")
    await tell(town, "li", "heron at the door")
    assert len(await find(town, "wang", "heron")) == 2
    page = (await town["wang"].get("/search?q=heron")).text
    assert 'href="/search.xlsx?q=heron&amp;' in page
    answer = await town["wang"].get("/search.xlsx?q=heron")
    head, *rows = load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    assert head == ("What", "When", "Who", "Squad", "Customer", "Words", "Where")
    file, message = rows
    assert (file[0], file[4], "heron at the door" in file[5]) == ("Customers", "Hengtai Hardware", True)
    assert (message[0], *message[2:4]) == ("Messages", "Li Na", "North Bank")
    assert message[5] == "'=1+1 heron, and all that was said after it"
    assert message[6] == f"http://testserver/squads/{town.squad}/posts/{said['id']}"
    empty = await town["sun"].get("/search.xlsx?q=heron")
    assert load_workbook(io.BytesIO(empty.content)).active.max_row == 1


@here
async def test_what_was_there_before_is_filled_in(town: Town) -> None:
    """The job finds what is not in the index, and nothing a second time."""
    await town.say("li", "magpie")
    db = town.app.state.db
    assert await find(town, "wang", "magpie") != []
    for table in (search_gram, search_entry):
        await db.write(lambda c, table=table: c.execute(delete(table)) and None)
    assert await find(town, "wang", "magpie") == []
    search = town.app.state.search
    search.start()
    await search.work
    assert len(await find(town, "wang", "magpie")) == 1
    assert len(await find(town, "wang", "lotus")) == 1
    count = await db.read(lambda c: c.scalar(select(func.count()).select_from(search_entry)))
    assert await db.write(keeping.fill) == 0
    assert count == await db.read(lambda c: c.scalar(select(func.count()).select_from(search_entry)))


@here
async def test_what_is_deleted_while_it_is_being_indexed(town: Town) -> None:
    """Whoever takes their words back meanwhile waits until they are there to be forgotten."""
    said, db = await town.say("li", "kestrel"), town.app.state.db
    assert await find(town, "wang", "kestrel") != []
    await db.write(keeping.forget, [said["id"]])
    take_back = town["li"].delete(f"/api/v1/posts/{said['id']}")
    if db.great is None:  # one writer, one after the other
        await db.write(keeping.keep_new, [said["id"]])
        deleting = asyncio.create_task(take_back)
    else:
        async with db.great.begin() as indexing:
            await indexing.run_sync(keeping.keep_new, [said["id"]])
            deleting = asyncio.create_task(take_back)
            while not deleting.done() and not await db.read(waiting):
                pass
    assert (await deleting).status_code == 204
    assert await find(town, "wang", "kestrel") == []
    assert await db.read(lambda c: c.scalar(select(func.count()).where(search_entry.c.id == said["id"]))) == 0


def waiting(c: Connection) -> int:
    """How many wait for somebody's lock in this PostgreSQL database."""
    found = c.exec_driver_sql(
        "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted"
    )
    return int(found.scalar_one())


@here
async def test_what_is_erased_is_found_no_more(town: Town) -> None:
    """Neither their words, nor their name in what others said; not even the pieces are kept."""
    await town.say("zhang", "kingfisher")
    await town.say("li", "Ask @Zhang Wei")
    assert len(await find(town, "wang", "zhang")) == 1
    await town.app.state.db.write(erase.erase, town.ids["wang"], town.ids["zhang"])
    assert await find(town, "wang", "kingfisher") == []
    assert await find(town, "wang", "zhang") == []
    grams = await town.app.state.db.read(lambda c: set(c.scalars(select(search_gram.c.gram))))
    assert not {"kingfisher", "zhang", "wei"} & grams
