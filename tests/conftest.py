"""Fixtures every test may use: two kinds of installation, each with its own fresh database."""

import asyncio
import functools
import gc
import inspect
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from config.settings import Settings
from tests.bed.ground import Ground, in_memory
from tests.bed.once import AFAR, FAR, FILED, KINDS, part
from tests.bed.templates import compiled_in

ENOUGH = 240
"""Seconds that no test is meant to take."""
LONG = (
    "test_the_document_holds_under_fire",
    "test_every_role_on_every_route",
    "test_from_three_sides_to_one_place",
    "tests/faults/",
    "test_nothing_stands_in_anybodys_way",
)
"""They come first: the last of a run would have one core to itself, and the others none."""
GROUND = pytest.StashKey[Ground]()

hypothesis.settings.register_profile("muster", deadline=None, derandomize=True)
hypothesis.settings.load_profile("muster")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The browser’s stories run before a server on SQLite, with `--pair` before two on PostgreSQL and S3."""
    parser.addoption("--pair", action="store_true", help="two servers on PostgreSQL and Valkey, files at S3")
    parser.addoption("--half", choices=("brief", "rest"), help="each test once, or what that leaves out")
    parser.addoption("--seeds", type=int, default=2, help="how many bad days, of each kind of installation")


def pytest_configure(config: pytest.Config) -> None:
    """Lays the run's ground; a worker of xdist stands on its controller's."""
    for field in Settings.model_fields.values():
        for name in getattr(field.validation_alias, "choices", ()):
            os.environ.pop(str(name), None)
    given = getattr(config, "workerinput", None)
    config.addinivalue_line("markers", f"{FILED}: about files, so with S3 too")
    config.addinivalue_line("markers", f"{FAR}: tries everything everywhere, for minutes")
    config.stash[GROUND] = (
        Ground(Path(given["ground"]), given["owner"]) if given else Ground.make(in_memory())
    )
    compiled_in(config.stash[GROUND].folder)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tells a worker where the ground is."""
    ground = node.config.stash[GROUND]
    node.workerinput["ground"], node.workerinput["owner"] = str(ground.folder), ground.owner


def pytest_unconfigure(config: pytest.Config) -> None:
    """The first process clears up after all of them."""
    ground = config.stash.get(GROUND, None)
    if ground is not None and ground.owner == os.getpid():
        ground.clear()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long ones first; each is its own beginning, so any order is right."""
    if half := config.getoption("--half"):
        brief, rest = part(items)
        items[:], left = (brief, rest) if half == "brief" else (rest, brief)
        config.hook.pytest_deselected(items=left)
    items.sort(key=lambda item: not any(word in item.nodeid for word in LONG))


def pytest_collection_finish() -> None:
    """What was imported stays: to look through all of it again and again took a sixth of the run's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)  # as the server has it


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> None:
    """What a test awaits for ever ends in good time, with the line it waits in."""
    test = pyfuncitem.obj
    if inspect.iscoroutinefunction(test):

        @functools.wraps(test)
        async def bounded(*args: Any, **named: Any) -> None:
            async with asyncio.timeout(ENOUGH):
                await test(*args, **named)

        pyfuncitem.obj = bounded


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test has two kinds of installation; those about files a third, in the half that goes far."""
    if "setup" in metafunc.fixturenames:
        filed = metafunc.definition.get_closest_marker(FILED)
        third = [pytest.param(AFAR, marks=getattr(pytest.mark, FAR))] if filed else []
        metafunc.parametrize("setup", [*KINDS, *third], indirect=True)


@pytest.fixture(scope="session")
def ground(request: pytest.FixtureRequest) -> Ground:
    """What the tests of this run share: see `tests/bed/ground.py`."""
    return request.config.stash[GROUND]


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """asyncio on uvloop, as the server runs it."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
def setup(request: pytest.FixtureRequest, ground: Ground) -> Iterator[Settings]:
    """A fresh installation: on SQLite and memory, then on PostgreSQL and Valkey, some with files at S3. The
    tests cannot tell.
    """
    with getattr(ground, request.param)() as settings:
        yield settings


@pytest.fixture
def embedded(ground: Ground) -> Iterator[Settings]:
    """A fresh installation on the embedded default, for what only it has."""
    with ground.embedded() as settings:
        yield settings


@pytest.fixture
def scaled(ground: Ground) -> Iterator[Settings]:
    """A fresh installation on PostgreSQL and Valkey, for what only it has."""
    with ground.scaled() as settings:
        yield settings
