"""Words that stand in 100,000 documents, found by somebody in three squads of fifty, on either database."""

import asyncio
import gc
import random
import time
from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy
from sqlalchemy import Connection, insert, text

from config.settings import Settings
from server.access import Who
from server.db import Database
from server.drive import blocks, index
from server.drive.blocks import Blocks
from server.drive.finding import Sought, find
from server.drive.grams import pieces, pieces_like
from server.drive.index import BLOCK_MASK, BLOCK_SHIFT, SHIFT
from server.drive.models import (
    drive_document,
    drive_folder,
    drive_gram,
    drive_head,
    drive_page,
    drive_reading,
    drive_version,
)
from server.schema import new_id, now
from server.squads.models import membership, squad
from tests.bench.alike import pour
from tests.bench.brought import somebody
from tests.bench.machine import Bench, median
from tests.bench.table import Figure

DOCUMENTS, ASKED, SQUADS, MINE, AT_ONCE = 100_000, 600, 50, 3, 5_000
POOL = 5_000
"""Pages that differ; each stands in some documents."""
COMMON = "的一是在水用涂料硬软泵阀房客户样本册案例诊所酒店学校锅炉除垢滤芯价格安装维护年月日新旧大小高低"
RARE = "氨钡铂磁碘氟锆汞钾锂镁钠硼铅氢铯钛铜钨硒锌铱钇铟砷锑铋镉镍钴锰铬钒钪"
SAID = (
    "water hard soft pump valve boiler scale filter hotel clinic school case brochure sample price list "
    "installed months linen sterile rental purchase service contract heat pressure flow litres"
)
WORDS = tuple(SAID.split())
NAMES = ("embedded", "scaled")
Row = dict[str, Any]


def run(bench: Bench) -> Iterator[Figure]:
    """Of one to three words, common and rare, Chinese and English, beginnings, mistyped, for nothing."""
    for name in NAMES:
        with getattr(bench.ground, name)() as settings:
            found = asyncio.run(looked_up(settings))
        waits, spent = (sorted(one[n] for each in found.values() for one in each) for n in (0, 1))
        tail = len(waits) * 99 // 100
        forms = {form: sorted(one[0] * 1000 for one in each) for form, each in found.items()}
        slow = sorted(forms.items(), key=lambda one: -one[1][-1])
        each = "; ".join(f"{form} {median(ms):.1f}, at most {ms[-1]:.1f}" for form, ms in slow)
        yield Figure(
            f"words in {DOCUMENTS:,} documents, {name}, p99",
            waits[tail] * 1000,
            "ms",
            50,
            note=f"p50 {median(waits) * 1000:.1f} ms; computing {spent[tail] * 1000:.1f} ms "
            f"at p99, {median(spent) * 1000:.1f} ms at p50; by form: {each}",
        )


async def looked_up(settings: Settings) -> dict[str, list[tuple[float, float]]]:
    """By the form of a question: seconds for each search as a request waits for it, and those computed."""
    db = Database(settings)
    await db.start()
    who, parts = await db.write(begun)
    dice, said = random.Random(1), index.Pieces()
    pool = [page(dice) for _ in range(POOL)]
    lasts = {number: number << SHIFT for _, number in parts}
    stands: dict[int, int] = {}
    for _ in range(DOCUMENTS // AT_ONCE):
        await db.write(poured, dice, who, parts, lasts, said, pool, stands)
    await db.write(kept, chain(rows_of(said), rows_of(written(pool, stands))))
    said.clear()
    stands.clear()
    gc.collect()
    gc.freeze()  # what it took to fill the tables is none of a server's
    found: dict[str, list[tuple[float, float]]] = {}
    for form, q in questions(dice):
        found.setdefault(form, []).append(await asked(db, who, q))
    await db.stop()
    return found


def begun(c: Connection) -> tuple[Who, list[tuple[str, int]]]:
    """A member of some squads; folders of the company and of all squads, with the numbers of their parts."""
    who, at = somebody(c), now()
    ids = [new_id() for _ in range(SQUADS)]
    c.execute(
        insert(squad), [{"id": one, "name": one, "zone": "Asia/Shanghai", "created_at": at} for one in ids]
    )
    mine = [{"id": new_id(), "squad": one, "member": who.id, "joined_at": at} for one in ids[:MINE]]
    c.execute(insert(membership), [{**one, "lead": False, "manages": False} for one in mine])
    found = []
    for number, of in enumerate([None, *ids], 1):
        folder = {
            "id": new_id(),
            "squad": of,
            "name": "All",
            "rights": "add",
            "made_by": who.id,
            "made_at": at,
        }
        c.execute(insert(drive_folder), {**folder, "top": folder["id"], "client_id": new_id()})
        c.execute(insert(drive_head), {"id": number, "space": of or "", "last": 0})
        found.append((str(folder["id"]), number))
    return who, found


def page(dice: random.Random) -> str:
    """Some sentences: common words are common, and every page has a few that hardly any other has."""
    signs = "".join(dice.choice(COMMON[: dice.randrange(4, len(COMMON))]) for _ in range(90))
    rare = "".join(dice.choice(RARE) for _ in range(4))
    words = " ".join(dice.choice(WORDS[: dice.randrange(3, len(WORDS))]) for _ in range(15))
    return f"{signs}。{rare}，{words} {dice.choice(WORDS)}{dice.randrange(9999)}"


def poured(
    c: Connection,
    dice: random.Random,
    who: Who,
    parts: list[tuple[str, int]],
    lasts: dict[int, int],
    said: index.Pieces,
    pool: list[str],
    stands: dict[int, int],
) -> None:
    """Some documents of one to four pages, half of them the company's. `stands`: which page is at a place."""
    rows: dict[Any, list[Row]] = {drive_document: [], drive_version: [], drive_reading: [], drive_page: []}
    for _ in range(AT_ONCE):
        folder, number = parts[0] if dice.random() < 0.5 else dice.choice(parts)
        id, at, count = new_id(), now(), dice.randrange(1, 5)
        name = "".join(dice.choice(COMMON) for _ in range(5)) + f" {dice.choice(WORDS)} {dice.choice(WORDS)}"
        first, last = lasts[number] + 1, lasts[number] + count
        lasts[number] = last
        whose = {"id": id, "folder": folder, "name": name, "kind": "case", "n": 1, "made_by": who.id}
        rows[drive_document].append({**whose, "made_at": at, "changed_at": at})
        version = {"id": new_id(), "document": id, "n": 1, "hash": id, "size": 1, "media_type": "text/plain"}
        rows[drive_version].append({**version, "suffix": "txt", "by": who.id, "client_id": id, "at": at})
        reading = {"document": id, "n": 1, "state": "read", "at": at, "first": first, "last": last}
        rows[drive_reading].append(reading)
        for n in range(1, count + 1):
            which, place = dice.randrange(POOL), index.place_of(last, n)
            stands[place] = which
            row = {"place": place, "document": id, "page": n, "title": "", "text": pool[which]}
            rows[drive_page].append(row)
        everywhere = blocks.of(range(first, last + 1))
        add(said, {index.NAME + one: everywhere for one in pieces(name)})
        add(said, {index.LIKE + one: everywhere for one in pieces_like(name)})
        add(said, {index.HEAD: blocks.of([last])})
    for table, some in rows.items():
        pour(c, table, some)


def add(said: index.Pieces, more: index.Pieces) -> None:
    """More places of pieces."""
    for piece, found in more.items():
        at = said.setdefault(piece, {})
        for block, bits in found.items():
            at[block] = at.get(block, 0) | bits


def written(pool: list[str], stands: dict[int, int]) -> Iterator[tuple[str, Blocks]]:
    """What stands on the pages, for each piece all at once: one by one it took longer than all else."""
    having: dict[str, list[int]] = {}
    for which, words in enumerate(pool):
        for piece in pieces(words):
            having.setdefault(index.TEXT + piece, []).append(which)
    places = numpy.fromiter(stands, numpy.int64)
    known, block = numpy.unique(places // blocks.BLOCK, return_inverse=True)
    at = numpy.full((len(known), blocks.BLOCK), POOL)
    at[block, places % blocks.BLOCK] = numpy.fromiter(stands.values(), numpy.int64)
    for piece, pages in having.items():
        has = numpy.zeros(POOL + 1, bool)
        has[pages] = True
        bits = numpy.packbits(has[at], axis=1, bitorder="little")
        some = bits.any(axis=1).nonzero()[0]
        yield piece, {int(known[n]): int.from_bytes(bits[n].tobytes(), "little") for n in some}


def rows_of(said: Any) -> Iterator[Row]:
    """The index's own, of pieces and where they are."""
    for piece, found in said.items() if isinstance(said, dict) else said:
        for at, bits in found.items():
            head, block = at >> BLOCK_SHIFT, at & BLOCK_MASK
            yield {"head": head, "gram": piece, "block": block, "bits": blocks.packed(bits)}


def kept(c: Connection, rows: Iterator[Row]) -> None:
    """The index of all that."""
    ordered = sorted(rows, key=lambda row: (row["head"], row["gram"], row["block"]))
    for start in range(0, len(ordered), AT_ONCE * 10):
        pour(c, drive_gram, ordered[start : start + AT_ONCE * 10])
    c.execute(text("ANALYZE"))


def questions(dice: random.Random) -> Iterator[tuple[str, str]]:
    """What people ask for, in turn, with the form it has."""
    for n in range(ASKED):
        signs = "".join(dice.choice(COMMON) for _ in range(2))
        rare = "".join(dice.choice(RARE) for _ in range(2))
        word, other = dice.choice(WORDS), dice.choice(WORDS)
        forms = {
            "two signs": signs,
            "a sign": signs[:1],
            "a word": word,
            "a letter": word[:1],
            "a beginning": word[:3],
            "two words": f"{word} {other}",
            "mixed": f"{signs} {word} {rare[:1]}",
            "rare signs": rare,
            "four signs, rare": rare + signs,
            "four signs": signs + signs[::-1],
            "word and number": f"{word}{dice.randrange(9999)}",
            "mistyped": f"{word[:5]}x{word[5:]}",
        }
        yield list(forms.items())[n % len(forms)]


async def asked(db: Database, who: Who, q: str) -> tuple[float, float]:
    """Seconds for one search: of the clock, and of computing."""
    begun, computed = time.perf_counter(), time.process_time()
    await db.read(find, who, q, Sought())
    return time.perf_counter() - begun, time.process_time() - computed
