"""A replay of 5,000 events in a browser: how long its page works for each frame while it plays."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import orjson
from playwright.sync_api import Browser, sync_playwright

from tests.bed.crowded import crowd
from tests.bed.served import ROOT, Served, environment
from tests.bench.machine import LOAD, Bench, Missing, on
from tests.bench.shop import asked, serving
from tests.bench.table import Figure
from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS

EVENTS, FRAME = 5000, 1000 / 60
WATCHED = """() => {
  window.spent = [];
  window.apart = [];
  const { port1, port2 } = new MessageChannel();
  let begun = 0, before = 0;
  port1.onmessage = () => window.spent.push(performance.now() - begun);
  const frame = (at) => {
    begun = performance.now();
    if (before) window.apart.push(at - before);
    before = at;
    port2.postMessage(0);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""
"""From a frame's beginning until its drawing is handed on: scripts, styles, layout and paint of the page."""
PLAYED = f"() => Number(document.getElementById('replay').dataset.count) > {EVENTS * 9 // 10}"


def run(bench: Bench) -> Iterator[Figure]:
    """At 600×, without the map and with it; no graphics card draws here."""
    found = chromium.find()
    if found is None:
        raise Missing("no browser: make setup")
    with bench.ground.embedded() as settings:
        command = [sys.executable, "-m", "server", "seed", "--demo", "--json"]
        told = subprocess.run(command, env=environment(settings), cwd=ROOT, check=True, capture_output=True)
        li = orjson.loads(told.stdout)["members"]["li-na"]
        with serving(bench, settings) as shop:
            known = orjson.loads(asked(shop.port, f"/api/v1/squads/{li['squads'][0]}/sweeps", li["token"]))
            over = next(str(one["id"]) for one in known if one["state"] == "ended")
            crowd(settings, over, EVENTS)
            with on(LOAD), sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
                for words, mapped in (("without its map", False), ("with its map", True)):
                    yield figure(words, played(browser, shop, over, mapped))
                browser.close()


def played(browser: Browser, shop: Served, sweep: str, mapped: bool) -> dict[str, list[float]]:
    """Milliseconds for each frame, and from frame to frame, while almost all of it goes by."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, service_workers="block")
    context.set_default_timeout(120_000)
    if not mapped:
        context.route("**/vendor/maplibre-gl.mjs", lambda route: route.abort())
    context.request.post(f"{shop.url}/demo/signin", form={"handle": "li-na", "next": "/me"})
    page = context.new_page()
    page.goto(f"{shop.url}/sweeps/{sweep}/replay?at=13:15")
    page.wait_for_selector("#replay[data-ready]")
    page.wait_for_selector("#map[data-ready]" if mapped else "#map[data-no-map]")
    page.locator("#speed label", has_text="600").click()
    page.evaluate(WATCHED)
    page.locator("#play").click()
    page.wait_for_function(PLAYED)
    made: dict[str, Any] = page.evaluate("() => ({ spent: window.spent, apart: window.apart })")
    context.close()
    return made


def figure(words: str, made: dict[str, list[float]]) -> Figure:
    """The page's own work, with what a viewer sees of it in the note."""
    spent, apart = sorted(made["spent"]), sorted(made["apart"])
    return Figure(
        f"replay of {EVENTS:,} events {words}: work for a frame, p95",
        share(spent, 95),
        "ms",
        FRAME,
        note=f"p50 {share(spent, 50):.1f} ms; {len(spent)} frames, "
        f"p50 {share(apart, 50):.1f}, p95 {share(apart, 95):.1f} ms apart",
    )


def share(ordered: list[float], percent: int) -> float:
    """The value that so many percent do not exceed."""
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
