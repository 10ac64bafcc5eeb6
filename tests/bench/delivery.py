"""Server CPU per delivery, against a C loop that sends as many bytes to as many sockets.

The hub is the real one, behind uvicorn's real protocol with connections handed over; entries come from a
control port (`station.py`), so that neither HTTP nor a database is in the figure.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from channels.frame import data_frame
from tests.bench.crowd import Crowd
from tests.bench.machine import SERVER, Bench, Program, cpu, median
from tests.bench.table import Figure
from tests.channels.town import NORTH, Journal

SIZE = 400
"""Bytes of a line of JSON, about those of a check-in."""
EXTRA = len(data_frame(Journal().append(NORTH, id=""))) - 4 - len(b'{"id":""}')
"""Bytes that a frame adds to its data; the C loop's lines are longer by as much."""
MESSAGES = {1000: 150, 5000: 30, 10_000: 15}
"""How many are sent to how many watchers in each round."""
ROUNDS = 5
SCATTER = 1.05
GROWTH = "may grow as the C loop does: the bound is the ratio at 1,000, and 5 % for the rounds' scatter"


def run(bench: Bench) -> Iterator[Figure]:
    """One figure a size; the larger ones may grow as the C loop grows."""
    bound = 1.30
    with sendloop(bench) as (floor, floor_pid), station(bench) as (hub, hub_pid):
        for wanted, messages in MESSAGES.items():
            watchers = bench.most(wanted)
            floor.open(watchers - floor.live)
            hub.open(watchers - hub.live, WATCH)
            floors, costs = [], []
            for _ in range(ROUNDS):
                floors.append(cost(floor, floor_pid, messages))
                costs.append(cost(hub, hub_pid, messages))
            ratio = median([one / least for one, least in zip(costs, floors, strict=True)])
            yield Figure(
                f"server CPU per delivery, {watchers:,} watchers",
                median(costs),
                "µs",
                bound,
                median(floors),
                "µs, C send loop",
                ratio,
                times=True,
                rounds=costs,
                note="" if wanted == 1000 else GROWTH,
            )
            bound = ratio * SCATTER if wanted == 1000 else bound


WATCH = f"/live?streams={NORTH}"


@contextmanager
def sendloop(bench: Bench) -> Iterator[tuple[Crowd, int]]:
    """The floor, its crowd and its process id."""
    with Program(bench.compiled("sendloop"), core=SERVER) as loop:
        port, control = loop.ports()
        with Crowd(bench, port, control=control, size=SIZE + EXTRA) as crowd:
            yield crowd, loop.pid


@contextmanager
def station(bench: Bench) -> Iterator[tuple[Crowd, int]]:
    """The hub, its crowd and its process id."""
    with Program(sys.executable, "-m", "tests.bench.station", core=SERVER) as hub:
        port, control = hub.ports()
        with Crowd(bench, port, control=control, size=SIZE) as crowd:
            yield crowd, hub.pid


def cost(crowd: Crowd, pid: int, rounds: int, several: int = 1) -> float:
    """Microseconds of CPU for each frame at each watcher."""
    crowd.publish(2, several)
    before = cpu(pid)
    done = crowd.publish(rounds, several)
    return (cpu(pid) - before) * 1e6 / int(done["delivered"])
