"""Whatever breaks: what was acknowledged is stored and seen, once, in one order; nothing is half there."""

from random import Random

import pytest

from tests.faults.installation import Installation
from tests.faults.launcher import POINTS
from tests.faults.schedule import run

pytestmark = pytest.mark.anyio

ANYWHERE = [
    "killed",
    "stopped in good order",
    "every connection dropped",
    "out of reach",
    "sockets that say nothing",
    *(f"killed {point}" for point in POINTS),
]
BEHIND = ["Valkey killed", "Valkey flushed", "Valkey silent", "PostgreSQL restarted"]
LENGTH = 3


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """As many bad days as were asked for."""
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(1, metafunc.config.getoption("--seeds") + 1))


@pytest.mark.parametrize("fault", [*ANYWHERE, "disk full"])
async def test_one_server(single: Installation, fault: str) -> None:
    """SQLite and memory, one fault at a time."""
    await run(single, [fault], seed=1)


@pytest.mark.parametrize("fault", [*ANYWHERE, *BEHIND])
async def test_two_servers(double: Installation, fault: str) -> None:
    """PostgreSQL and Valkey, one fault at a time."""
    await run(double, [fault], seed=1)


@pytest.mark.far
async def test_a_bad_day_of_one_server(single: Installation, seed: int) -> None:
    """Several faults one after the other, drawn by a seed."""
    await run(single, drawn([*ANYWHERE, "disk full"], seed), seed)


@pytest.mark.far
async def test_a_bad_day_of_two_servers(double: Installation, seed: int) -> None:
    """Several faults one after the other, drawn by a seed."""
    await run(double, drawn([*ANYWHERE, *BEHIND], seed), seed)


def drawn(faults: list[str], seed: int) -> list[str]:
    """A day's faults."""
    return Random(seed).choices(faults, k=LENGTH)
