"""The live page of the demo company with 50 posts: what the server takes to make it, and what it weighs."""

import subprocess
import sys
from collections.abc import Iterator

import orjson

from tests.bed.served import ROOT, environment
from tests.bench.callers import call
from tests.bench.machine import LOAD, Bench, cpu, median, on
from tests.bench.shop import asked, request, serving
from tests.bench.table import Figure

COUNT, POSTS = 100, 50


def run(bench: Bench) -> Iterator[Figure]:
    """Time and weight of the page; the floor of the time is a route that says ok."""
    with bench.ground.embedded(feed_page=POSTS) as settings:
        command = [sys.executable, "-m", "server", "seed", "--demo", "--json"]
        told = subprocess.run(command, env=environment(settings), cwd=ROOT, check=True, capture_output=True)
        people = orjson.loads(told.stdout)["members"].values()
        someone = max(people, key=lambda one: len(one["squads"]))
        with serving(bench, settings) as shop:
            pages = {squad: fetched(shop.port, squad, someone["token"]) for squad in someone["squads"]}
            squad = max(pages, key=lambda squad: posts(pages[squad]))
            ask = request("GET", f"/squads/{squad}", someone["token"])
            with on(LOAD):
                call(shop.port, lambda _: ask, lines=1, count=20)
                used = [computed(shop.port, shop.pid, ask) for _ in range(COUNT)]
                shown = call(shop.port, lambda _: ask, lines=1, count=COUNT)
                ok = call(shop.port, lambda _: request("GET", "/healthz"), lines=1, count=COUNT)
    html = pages[squad]
    shown.only(200)
    yield Figure(
        f"live page: server time, {posts(html)} posts, p50",
        median(shown.waits) * 1000,
        "ms",
        25,
        median(ok.waits) * 1000,
        "ms, a route that says ok",
        note=f"p99 {sorted(shown.waits)[COUNT * 99 // 100] * 1000:.1f} ms",
    )
    yield Figure(
        f"live page: server CPU, {posts(html)} posts, p50",
        median(used),
        "ms",
        25,
        note="what the time above is when nobody else wants the core",
    )
    plain = len(html.encode()) / 1024
    yield Figure(
        f"live page: HTML as sent, {posts(html)} posts",
        shown.size / 1024,
        "KB",
        60,
        note=f"{plain:.0f} KB plain",
    )


def computed(port: int, pid: int, ask: bytes) -> float:
    """Milliseconds of CPU for one request."""
    before = cpu(pid)
    call(port, lambda _: ask, lines=1, count=1)
    return (cpu(pid) - before) * 1000


def fetched(port: int, squad: str, token: str) -> str:
    """A squad's live page."""
    return asked(port, f"/squads/{squad}", token).decode()


def posts(html: str) -> int:
    """How many posts a page shows."""
    return html.count(' id="p-')
