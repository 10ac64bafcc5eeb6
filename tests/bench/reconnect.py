"""10,000 screens of one squad are cut off at once, miss 50 events, and come back all at once."""

from collections.abc import Iterator

from tests.bench.callers import call
from tests.bench.company import found
from tests.bench.crowd import Crowd
from tests.bench.delivery import sendloop
from tests.bench.machine import LOAD, Bench, cpu, on
from tests.bench.shop import check_in, clock, counts, head, serving
from tests.bench.table import Figure

WATCHERS, BEHIND = 10_000, 50
READS = ("history_reads", "renderings")


def run(bench: Bench) -> Iterator[Figure]:
    """Seconds until the last is live again, and what the hub read meanwhile; the floor only shakes hands."""
    watchers = bench.most(WATCHERS)
    with sendloop(bench) as (crowd, _):
        least = crowd.open(watchers, at_once=watchers)["seconds"]
    with bench.ground.embedded() as settings:
        town = found(settings, squads=1, members=20)
        turns = town.turns()
        with serving(bench, settings) as shop, Crowd(bench, shop.port, token=town.tokens[0]) as crowd:
            at = head(shop.port, town.squads[0], town.tokens[0])
            crowd.open(watchers, f"/live?streams={town.squads[0]}@{at}&as=html")
            crowd.cut()
            with on(LOAD):
                call(shop.port, lambda _: check_in(*next(turns), clock()), lines=4, count=BEHIND).only(201)
            read, used = counts(shop.port), cpu(shop.pid)
            back = crowd.open(watchers, f"/live?streams={town.squads[0]}@{at}&as=html", at_once=watchers)
            used, now = cpu(shop.pid) - used, counts(shop.port)
    if back["replayed"] != watchers * BEHIND:
        raise RuntimeError(f"{back['replayed']} frames were replayed, not {watchers * BEHIND}")
    grew = {name: now[name] - read[name] for name in now}
    what = f"{watchers:,} watchers reconnecting at once, {BEHIND} behind"
    yield Figure(
        f"{what}: all live",
        back["seconds"],
        "s",
        15,
        least,
        "s, C handshakes alone",
        note=f"{used:.1f} s of the server's CPU, {used / watchers * 1e6:.0f} µs each",
    )
    yield Figure(
        f"{what}: database reads",
        sum(grew[name] for name in READS),
        "",
        20,
        note=f"history {grew['history_reads']:.0f}, rendering {grew['renderings']:.0f}; besides heads "
        f"{grew['head_reads']:.0f} (one a second in any case), and the admissions",
    )
