"""Ten events at once, as after a commit of ten: a watcher gets them in one write."""

from collections.abc import Iterator

from tests.bench.delivery import WATCH, cost, sendloop, station
from tests.bench.machine import Bench, median
from tests.bench.table import Figure

WATCHERS, ROUNDS, MESSAGES = 1000, 5, 100


def run(bench: Bench) -> Iterator[Figure]:
    """CPU for each of ten events at once, as a share of one by one; the floor is the C loop's own share."""
    shares, floors = [], []
    with sendloop(bench) as (floor, floor_pid), station(bench) as (hub, hub_pid):
        floor.open(WATCHERS)
        hub.open(WATCHERS, WATCH)
        for _ in range(ROUNDS):
            floors.append(cost(floor, floor_pid, MESSAGES, 10) / cost(floor, floor_pid, MESSAGES))
            shares.append(cost(hub, hub_pid, MESSAGES, 10) / cost(hub, hub_pid, MESSAGES))
    yield Figure(
        "burst of 10 events, each of one by one",
        median(shares),
        "x",
        0.15,
        median(floors),
        "x, C send loop",
        rounds=shares,
    )
