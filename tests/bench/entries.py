"""Words looked for among 100,000 posts, logs and customers, by who sees few of them and who sees all."""

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, text

from config.settings import Settings
from server.access import Who, digest, find
from server.customers.models import customer, customer_squad
from server.db import Database
from server.feed.models import post
from server.members import actions as members
from server.schema import new_id, now
from server.search import queries
from server.search.models import search_entry, search_gram
from server.search.terms import pieces
from server.squads import actions as squads
from tests.bench.alike import FORMS, SIGNS, TOWNS, TRADES, pour
from tests.bench.company import ZONE
from tests.bench.machine import Bench, median
from tests.bench.table import Figure

POSTS, LOGS, CUSTOMERS, SQUADS, ASKED, AT_ONCE = 60_000, 10_000, 30_000, 40, 40, 20_000
SAID = (
    *("他们要先看样品", "老板出差了，下周再去", "价格谈不拢", "约好星期五签合同", "仓库还有三十箱存货"),
    *("对手报价低一成", "采购换人了，姓刘", "门口停车不方便", "验收已经通过", "明天送资料过去", "要开会讨论"),
    *("they want a sample first", "the owner is away until Friday", "price is the sticking point"),
    *("signed for two crates", "asked for the RO-400 datasheet", "call back about delivery"),
)
PLAIN: dict[str, tuple[str, ...]] = {
    "one sign": ("金", "水", "价", "刘", "样", "恒"),
    "two signs": ("样品", "五金", "合同", "恒泰", "存货", "泰顺"),
    "signs": ("恒泰五金", "下周再去", "江苏省常州市", "送资料"),
    "a word": ("sample", "friday", "datasheet", "crates", "call"),
    "how a word begins": ("s", "th", "sam", "d", "3", "fri"),
    "words": ("样品 sample", "五金 合同", "恒 价格", "ro 400 owner", "医院 签合同 friday"),
}


@dataclass
class Town:
    """Who looks for words: one who is in one squad, one in all."""

    rep: Who
    manager: Who


def run(bench: Bench) -> Iterator[Figure]:
    """Every kind of question, by both, with each filter, on either database."""
    for name in ("embedded", "scaled"):
        with getattr(bench.ground, name)() as settings:
            took = asyncio.run(looked(settings))
        for what, each in took.items():
            waits, spent = sorted(one[0] for one in each), sorted(one[1] for one in each)
            last = len(each) * 99 // 100
            yield Figure(
                f"found among {POSTS + LOGS + CUSTOMERS:,}, {name}: {what}, p99",
                waits[last] * 1000,
                "ms",
                50,
                note=f"p50 {median(waits) * 1000:.1f} ms; "
                f"the server computes {median(spent) * 1000:.1f} ms, p99 {spent[last] * 1000:.1f} ms",
            )


async def looked(settings: Settings) -> dict[str, list[tuple[float, float]]]:
    """Seconds of the clock and of computing for each question, by its kind."""
    db = Database(settings)
    await db.start()
    town = await db.write(filled)
    took: dict[str, list[tuple[float, float]]] = {}
    for who in (town.rep, town.manager):
        for what, words in PLAIN.items():
            for asked in [one for word in words for one in sifted(who, word)]:
                took.setdefault(what, []).append(await timed(db, who, asked))
    await db.stop()
    return took


def sifted(who: Who, word: str) -> list[queries.Wanted]:
    """The question by itself and with each filter."""
    week = (now() - timedelta(7)).date()
    filters: tuple[dict[str, Any], ...] = (
        *({}, {"kind": "customer"}, {"kind": "checkin"}, {"kind": "log"}, {"person": who.id}),
        *({"since": week}, {"until": week}, {"squad": who.squad}, {"after": 100}),
    )
    return [queries.Wanted(q=word, **one) for one in filters]


async def timed(db: Database, who: Who, asked: queries.Wanted) -> tuple[float, float]:
    """The better of two, as both databases keep what they have just read."""
    both = []
    for _ in range(2):
        begun, computed = time.perf_counter(), time.process_time()
        await db.read(queries.find, who, asked)
        both.append((time.perf_counter() - begun, time.process_time() - computed))
    return min(both)


def filled(c: Connection) -> Town:
    """Squads with their people, what they said in a year, and their customers: all in the index."""
    dice = random.Random(3)
    chief = members.set_up_company(c, "Qinghe", "Wang Fang", "wang@qinghe.example", None, "en", ZONE)
    people = [members.add_member(c, name=f"Rep {n}", zone=ZONE) for n in range(SQUADS)]
    teams = []
    for n, one in enumerate(people):
        teams.append(squads.create_squad(c, one, f"Squad {n}", ZONE))
        squads.join(c, teams[n], chief)
    spoken = [_said(dice, teams, people) for _ in range(POSTS + LOGS)]
    for n, row in enumerate(spoken):
        row["kind"] = "log" if n % 7 == 0 else dice.choice(("checkin", "checkin", "message", "reply"))
        if row["kind"] == "log":
            row["text"] = "\n".join(_words(dice) for _ in range(6))
    for n in range(0, len(spoken), AT_ONCE):
        pour(c, post, [_post(row, n) for n, row in enumerate(spoken[n : n + AT_ONCE], n)])
    files = [_file(dice, people) for _ in range(CUSTOMERS)]
    for n in range(0, len(files), AT_ONCE):
        some = files[n : n + AT_ONCE]
        made = [
            {"id": one["id"], "name": one["text"].partition("\n")[0], "created_at": one["at"]} for one in some
        ]
        pour(c, customer, made)
        pour(c, customer_squad, [{"squad": dice.choice(teams), "customer": one["id"]} for one in some])
    index(c, spoken + files)
    c.execute(text("ANALYZE"))
    tokens = [members.new_token(c, people[0], "bench"), members.new_token(c, chief, "bench")]
    rep, manager = (find(c, (digest(one), True), "squad", teams[0]) for one in tokens)
    assert rep
    assert manager
    return Town(rep, manager)


def _words(dice: random.Random) -> str:
    name = "".join(dice.choices(SIGNS, k=3)) + dice.choice(TRADES)
    return f"{name}：{dice.choice(SAID)}，{dice.choice(SAID)} {dice.randrange(1000)}"


def _said(dice: random.Random, teams: list[str], people: list[str]) -> dict[str, Any]:
    at, place = now() - timedelta(seconds=dice.randrange(365 * 86400)), dice.randrange(SQUADS)
    return {"id": new_id(), "squad": teams[place], "author": people[place], "at": at, "text": _words(dice)}


def _file(dice: random.Random, people: list[str]) -> dict[str, Any]:
    name = dice.choice(TOWNS) + "".join(dice.choices(SIGNS, k=3)) + dice.choice(TRADES) + dice.choice(FORMS)
    words = f"{name[:120]}\n老桥路 {dice.randrange(900)} 号\n刘经理 采购\n{dice.choice(SAID)}"
    at = now() - timedelta(seconds=dice.randrange(3 * 365 * 86400))
    about = {"id": new_id(), "kind": "customer", "squad": None, "author": dice.choice(people)}
    return about | {"at": at, "text": words}


def _post(row: dict[str, Any], n: int) -> dict[str, Any]:
    about = {name: row[name] for name in ("id", "squad", "kind", "author", "text")}
    about |= {"client_id": row["id"], "feed_offset": 1000 + n}
    return about | {"captured_at": row["at"], "recorded_at": row["at"]}


def index(c: Connection, rows: list[dict[str, Any]]) -> None:
    """Into the index in its order: a tenth of the time."""
    found: dict[str, list[str]] = {}
    for row in rows:
        for piece in pieces(row["text"]):
            found.setdefault(piece, []).append(row["id"])
    for n in range(0, len(rows), AT_ONCE):
        pour(c, search_entry, rows[n : n + AT_ONCE])
    some: list[dict[str, Any]] = []
    for piece in sorted(found):
        some += [{"gram": piece, "entry": id} for id in sorted(found[piece])]
        if len(some) > AT_ONCE:
            pour(c, search_gram, some)
            some = []
    pour(c, search_gram, some)
