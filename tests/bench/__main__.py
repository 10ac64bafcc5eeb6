"""`python -m tests.bench [ROW...]`: measures and prints a table; a copy is kept in `.bench`. Never fails."""

import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson

from tests.bed.ground import Ground
from tests.bench import (
    accepted,
    alike,
    brought,
    burst,
    delivery,
    entries,
    found,
    frames,
    memory,
    page,
    planner,
    reconnect,
    relayed,
    restart,
    safe,
    seen,
    squads,
    weight,
)
from tests.bench.machine import Bench, Missing, described
from tests.bench.table import Figure, drawn

ROWS: dict[str, Callable[[Bench], Iterator[Figure]]] = {
    "delivery": delivery.run,
    "burst": burst.run,
    "memory": memory.run,
    "seen": seen.run,
    "accepted": accepted.run,
    "relay": relayed.run,
    "reconnect": reconnect.run,
    "restart": restart.run,
    "squads": squads.run,
    "page": page.run,
    "weight": weight.run,
    "replay": frames.run,
    "planner": planner.run,
    "alike": alike.run,
    "found": found.run,
    "brought": brought.run,
    "entries": entries.run,
    "backup": safe.run,
}
KEPT = Path(__file__).resolve().parents[2] / ".bench"


def main(names: list[str]) -> None:
    """Measures the named rows, or all."""
    if unknown := set(names) - set(ROWS):
        sys.exit(f"There is no row {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}.")
    begun = time.strftime("%Y-%m-%dT%H-%M-%S")
    ground = Ground.make()
    figures: list[Figure] = []
    loads = [os.getloadavg()[0]]
    try:
        bench = Bench(ground)
        for name in names or ROWS:
            figures += measured(bench, name)
            loads.append(os.getloadavg()[0])
    finally:
        ground.clear()
    machine = described()
    shown = ", ".join(f"{name} {value}" for name, value in machine.items())
    busy = " ".join(f"{load:.1f}" for load in loads)
    text = f"{drawn(figures)}\n\n{shown}\nload average before and after each row: {busy}\n"
    print(f"\n{text}")
    KEPT.mkdir(exist_ok=True)
    (KEPT / f"{begun}.txt").write_text(text)
    data = {"at": begun, "machine": machine, "load": loads, "figures": [one.data() for one in figures]}
    (KEPT / f"{begun}.json").write_bytes(orjson.dumps(data, option=orjson.OPT_INDENT_2))


def measured(bench: Bench, name: str) -> Iterator[Figure]:
    """One row's figures; what goes wrong is said in the table."""
    started = time.monotonic()
    print(f"{name} …", end=" ", file=sys.stderr, flush=True)
    try:
        yield from ROWS[name](bench)
    except Missing as lack:
        yield Figure(name, note=str(lack))
    except Exception as failure:
        traceback.print_exc()
        yield Figure(name, note=f"not measured: {failure!r}")
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
