"""Proposed lanes: how long they take, and how good they are beside a minute's search and what is known."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import orjson
from pydantic import TypeAdapter

from server.sweeps.planning.problem import Member, Problem, Proposal
from server.sweeps.planning.propose import best, limits
from tests.bed.served import ROOT
from tests.bench.instances import INSTANCES, Instance
from tests.bench.machine import SERVER, Bench, median, on
from tests.bench.table import Figure
from tests.server.lanes import MORNING, near, problem

MEMBERS, CUSTOMERS, KILOMETRES = 10, 200, 6.0
TOWNS = (1, 2)
MINUTE = 60.0
PROPOSAL = TypeAdapter(Proposal)


def run(_: Bench) -> Iterator[Figure]:
    """Two made-up towns, as the server has them planned; then public instances, in this process."""
    towns = [town(seed) for seed in TOWNS]
    quick = [planned(one) for one in towns]
    slow = [planned(replace(one, seconds=MINUTE))[1] for one in towns]
    found = [one for _, one in quick]
    in_time = sum(not lane.late for one in found for lane in one.lanes)
    yield Figure(
        f"lanes for {MEMBERS} members and {CUSTOMERS} customers, by a process of their own",
        median([seconds for seconds, _ in quick]),
        "s",
        3,
        note=f"{in_time} of {len(towns) * MEMBERS} lanes end in time, {sum(len(one.unfit) for one in found)} "
        f"customers in none; {sum(one.cut for one in found)} of {len(towns)} cut short",
        rounds=[seconds for seconds, _ in quick],
    )
    for what, unit, of in (
        ("distance", "km", lambda one: one.metres / 1000),
        ("longest lane", "min", lambda one: one.longest),
    ):
        ratios = [of(one) / of(other) for one, other in zip(found, slow, strict=True)]
        yield Figure(
            f"their {what}",
            median([of(one) for one in found]),
            unit,
            1.05,
            median([of(one) for one in slow]),
            f"{unit}, searched for {MINUTE:.0f} s",
            median(ratios),
            times=True,
            rounds=ratios,
        )
    for instance in INSTANCES:
        yield public(instance)


def town(seed: int) -> Problem:
    """Customers all over a town, members who may come from any side, and a day that is just long enough."""
    dice = random.Random(seed)
    places = [near(*(dice.uniform(-KILOMETRES, KILOMETRES) for _ in "xy")) for _ in range(CUSTOMERS)]
    members = tuple(Member(f"m{number}") for number in range(MEMBERS))
    return problem(list(places), members, rally_at=MORNING + timedelta(hours=10))


def planned(asked: Problem) -> tuple[float, Proposal]:
    """Seconds until the proposal is there, and what it is."""
    begun = time.monotonic()
    with on(SERVER):
        process = subprocess.Popen(
            [sys.executable, "-m", "server.sweeps.planning", str(begun + asked.seconds)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
    assert process.stdin
    assert process.stdout
    process.stdin.write(orjson.dumps(asked, option=orjson.OPT_APPEND_NEWLINE))
    process.stdin.flush()
    said = next(told for told in map(orjson.loads, process.stdout) if "proposal" in told)
    seconds = time.monotonic() - begun
    process.stdin.close()
    process.stdout.close()
    process.wait()
    return seconds, PROPOSAL.validate_python(said["proposal"])


def public(one: Instance) -> Figure:
    """One instance, searched as long as any proposal is."""
    board, begun = one.board(), time.monotonic()
    asked = Problem((), (), near(0, 0), MORNING, MORNING)
    routes, cut = best(board, limits(asked, len(board.customers), begun + asked.seconds))
    longest = max(board.finish(lane, route) for lane, route in enumerate(routes)) / one.unit
    many = f"{one.lanes} lanes, the longest" if one.lanes > 1 else "one lane"
    return Figure(
        f"{one.name}, {many}",
        longest,
        "",
        1.05,
        one.best,
        "best known",
        times=True,
        note=f"{time.monotonic() - begun:.1f} s{', cut short' if cut else ''}",
    )
