"""From the first tables to those of today, with people's work in them, on both databases."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from httpx2 import Client
from sqlalchemy import Connection, insert, inspect, select, text

from config.settings import Settings
from server import db
from server.app import create_app
from server.drive import blocks
from server.drive.grams import pieces
from server.drive.models import drive_gram
from server.members.actions import new_token
from server.tables import metadata
from server.training.models import training_done, training_step
from tests.bed.commands import printed
from tests.bed.ground import Ground, migrate
from tests.bed.served import ROOT, Served
from tests.server.conftest import client

FIRST = "0001"
AT = "2026-05-04 04:00:00.000000"
LI, NORTH, SHOP, VISIT, SAID = (f"0197b2b4000070008000{number:012x}" for number in range(1, 6))
"""As both databases take them."""
NORTH_STREAM = "0197b2b4-0000-7000-8000-000000000002"
DAY = f"""
INSERT INTO company VALUES (1, 'Qinghe', 'Asia/Shanghai', 'CNY', FALSE, '{AT}');
INSERT INTO squad VALUES ('{NORTH}', 'North Bank', 'Asia/Shanghai', '{AT}');
INSERT INTO stream VALUES ('company', 'company', 'e1', 0), ('{NORTH_STREAM}', 'squad', 'e2', 2);
INSERT INTO stream VALUES ('me:0197b2b4-0000-7000-8000-000000000001', 'member', 'e3', 0);
INSERT INTO member (id, handle, name, colour, role, locale, zone, created_at, last_squad)
VALUES ('{LI}', 'li-na', '李娜', 1, 'rep', 'zh', 'Asia/Shanghai', '{AT}', '{NORTH}');
INSERT INTO login VALUES ('li-na', 'handle', 'li-na', '{LI}');
INSERT INTO membership VALUES ('{LI}', '{NORTH}', '{LI}', TRUE, '{AT}', NULL);
INSERT INTO customer (id, name, lat, lon, created_by, created_at)
VALUES ('{SHOP}', 'Hengtai Hardware', 31.21, 121.41, '{LI}', '{AT}');
INSERT INTO customer_squad VALUES ('{NORTH}', '{SHOP}');
INSERT INTO visit (id, squad, member, customer, client_id, lat, lon, captured_at, recorded_at, local_date,
number, note, outcome_note, next_step)
VALUES ('{VISIT}', '{NORTH}', '{LI}', '{SHOP}', '{VISIT}', 31.21, 121.41, '{AT}', '{AT}', '2026-05-04', 1,
'The owner is in', '', '');
INSERT INTO post (id, squad, kind, author, client_id, feed_offset, text, captured_at, recorded_at)
VALUES ('{VISIT}', '{NORTH}', 'checkin', '{LI}', '{VISIT}', 1, '', '{AT}', '{AT}'),
('{SAID}', '{NORTH}', 'message', '{LI}', '{SAID}', 2, 'Good luck', '{AT}', '{AT}');
INSERT INTO journal VALUES
('{NORTH_STREAM}', 1, 'checkin', 1, '{LI}', '{VISIT}', '{AT}', '{AT}', '{{"note": "The owner is in"}}', NULL),
('{NORTH_STREAM}', 2, 'message', 1, '{LI}', '{SAID}', '{AT}', '{AT}', '{{"text": "Good luck"}}', NULL)
"""
"""A squad's work as the first tables hold it. It is not changed when they are: that is its use."""


@pytest.fixture(params=["embedded", "scaled"])
def empty(request: pytest.FixtureRequest, ground: Ground) -> Iterator[Settings]:
    """An installation without any table, on each database."""
    with getattr(ground, request.param)(empty=True) as settings:
        yield settings


def differences(c: Connection) -> list[object]:
    """What a new revision would have to do."""
    return list(compare_metadata(MigrationContext.configure(c, opts={"compare_type": True}), metadata))


@pytest.mark.anyio
async def test_a_days_work_comes_through_every_revision(empty: Settings) -> None:
    """Told by the first tables, read by today's application; and nothing differs from what it expects."""
    migrate(empty, FIRST)
    store = db.Database(empty)
    await store.start()
    for statement in DAY.split(";\n"):
        await store.write(lambda c, sql=statement: c.execute(text(sql)) and None)
    await store.stop()
    migrate(empty)
    app = create_app(empty)
    async with app.router.lifespan_context(app):
        assert await app.state.db.read(differences) == []
        li = NORTH_STREAM[:-1] + "1"
        token = await app.state.db.write(new_token, li, "test")
        async with client(app, {"Authorization": f"Bearer {token}"}) as one:
            feed = (await one.get(f"/squads/{NORTH_STREAM}")).text
            assert "The owner is in" in feed
            assert "Good luck" in feed
            assert (await one.get("/api/v1/squads")).json()[0]["unread"] == 0
            entries = (await one.get(f"/api/v1/squads/{NORTH_STREAM}/journal")).json()["entries"]
            assert [entry["offset"] for entry in entries] == [1, 2]
            said = {"id": "0197b2b4-0000-7000-8000-0000000000ff", "text": "And on it goes"}
            await one.post(f"/api/v1/squads/{NORTH_STREAM}/messages", json=said)
            entries = (await one.get(f"/api/v1/squads/{NORTH_STREAM}/journal")).json()["entries"]
            assert entries[-1]["offset"] == 3


@pytest.mark.anyio
async def test_words_of_documents_are_found_as_before(empty: Settings) -> None:
    """The index of an older release, of whole words and three beginnings, becomes today's by itself."""
    texts = {3: "Boiler boilers RO 水泵 installation", 70: "installed 泵房 internationalize", 4100: "boil"}
    migrate(empty, "0049")
    store = db.Database(empty)
    await store.start()
    await store.write(lambda c: c.execute(insert(drive_gram), indexed(texts, older)) and None)
    await store.stop()
    migrate(empty)
    await store.start()
    query = select(drive_gram.c.head, drive_gram.c.gram, drive_gram.c.block, drive_gram.c.bits)
    found = await store.read(lambda c: [dict(row._mapping) for row in c.execute(query)])
    await store.stop()
    assert sorted(found, key=str) == sorted(indexed(texts, pieces), key=str)


LEARNT = f"""
INSERT INTO training_track (id, name, audience, made_by, client_id, made_at)
VALUES ('{NORTH}', 'Filters', 'all', '{LI}', '{NORTH}', '{AT}');
INSERT INTO training_step (id, track, n, text) VALUES ('{SHOP}', '{NORTH}', 1, 'Read it');
INSERT INTO training_done VALUES ('{SHOP}', '{LI}', '{AT}')
"""


@pytest.mark.anyio
async def test_what_was_learnt_stays(empty: Settings) -> None:
    """Steps that somebody has done, from before they had an author."""
    for revision, said in ((FIRST, DAY), ("0049", LEARNT)):
        migrate(empty, revision)
        store = db.Database(empty)
        await store.start()
        for statement in said.split(";\n"):
            await store.write(lambda c, sql=statement: c.execute(text(sql)) and None)
        await store.stop()
    migrate(empty)
    store = db.Database(empty)
    await store.start()
    done = select(training_done.c.step, training_step.c.text, training_step.c.by).join(training_step)
    found = await store.read(lambda c: [tuple(row) for row in c.execute(done)])
    await store.stop()
    assert [row[1:] for row in found] == [("Read it", None)]


def older(text: str) -> set[str]:
    """The pieces of a text as the release of revision 0049 had them."""
    found: set[str] = set()
    for word in re.findall(r"[水泵房]+|[a-z]+", text.casefold()):
        if word[0] in "水泵房":
            found |= {*word, *(word[n : n + 2] for n in range(len(word) - 1))}
        else:
            found |= {word[:24], *(word[:n] + "*" for n in range(1, min(3, len(word)) + 1))}
    return found


def indexed(texts: dict[int, str], cut: Callable[[str], set[str]]) -> list[dict[str, Any]]:
    """The rows of the index for texts at places, in two parts of the drive and all fields."""
    bits: dict[tuple[str, int], int] = {}
    for place, said in texts.items():
        block, bit = divmod(place, blocks.BLOCK)
        for piece in cut(said):
            bits[piece, block] = bits.get((piece, block), 0) | 1 << bit
    return [
        {"head": head, "gram": field + piece, "block": block, "bits": blocks.packed(some)}
        for head in (1, 2)
        for field in ("n", "g", "t")
        for (piece, block), some in bits.items()
    ]


def test_the_comparison_finds_what_is_missing(embedded: Settings) -> None:
    """A column that no revision makes, an index that none drops."""
    engine = db.lite_engine(embedded, "BEGIN", pool=1)
    with engine.connect() as c:
        c.execute(text("DROP INDEX ix_login_member"))
        c.execute(text("ALTER TABLE squad ADD COLUMN motto VARCHAR(80)"))
        found = [change[0] for change in differences(c)]  # type: ignore[index]
    engine.dispose()
    assert sorted(found) == ["add_index", "remove_column"]


def test_revisions_are_one_line() -> None:
    """Two people's revisions side by side would leave the next one without a place."""
    scripts = ScriptDirectory(str(ROOT / "server" / "migrations"))
    known = [script.revision for script in scripts.walk_revisions()]
    assert len(scripts.get_heads()) == 1
    assert scripts.get_bases() == [FIRST]
    assert known == sorted(known, reverse=True)


def test_migrate_twice_is_migrate_once(ground: Ground, empty: Settings) -> None:
    """A release that begins again after it broke off does no harm."""
    for _ in range(2):
        printed(ground, empty, "migrate")
    made = json.loads(printed(ground, empty, "seed", "--demo", "--json"))
    assert made["members"]["wang-fang"]["token"] != printed(ground, empty, "token", "wang-fang").strip()


def test_the_embedded_default_migrates_by_itself(ground: Ground) -> None:
    """`serve` on nothing at all: a folder, tables, a page to begin with."""
    with ground.embedded(empty=True) as settings:
        server = Served(ground.room("fresh"), settings, cold=True)
        server.start()
        with Client(base_url=server.url) as one:
            assert one.get("/").headers["location"] == "/setup"
        server.end()
        engine = db.lite_engine(settings, "BEGIN", pool=1)
        with engine.connect() as c:
            assert {"member", "journal", "alembic_version"} <= set(inspect(c).get_table_names())
        engine.dispose()
