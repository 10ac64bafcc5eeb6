"""A real browser before a real server. Run in a pytest process of its own: Playwright keeps an event loop."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, Playwright, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from config.settings import Settings
from tests.bed.commands import printed
from tests.bed.ground import BUCKET, TEMPLATE, Ground, settings
from tests.bed.pair import Pair
from tests.bed.served import ROOT, Served
from tests.bed.wire import Wire
from tests.browser import chromium
from tests.browser.people import PASSWORD, Person, arrive, seen, shaped
from tests.browser.tiles import Tiles
from tests.browser.towns import Town, sql

ARGUMENTS = [
    "--no-sandbox",
    "--use-angle=swiftshader",  # WebGL without a graphics card
    "--enable-unsafe-swiftshader",
    "--disable-gpu-rasterization",  # on without one, all but maps is quicker
    "--disable-gpu-compositing",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
expect.set_options(timeout=20_000)  # without a graphics card a map is seconds of work, and all else waits
GENEROUS = {"signin_limit": "1000/minute", "write_limit": "10000/minute"}
"""One address signs everybody in, faster than people do."""
COARSE = 0.5
"""Pixels of the screen for each of the page where nobody looks at them: no graphics card draws the maps."""
FAILED = ROOT / ".shots" / "failed"


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@contextmanager
def started(playwright: Playwright, program: str | None, home: Path) -> Iterator[Browser]:
    """A browser with a home of its own."""
    assert program, "no browser: make setup"
    env = {**os.environ, "HOME": str(home)}
    one = playwright.chromium.launch(executable_path=program, args=ARGUMENTS, env=env)
    yield one
    one.close()


@pytest.fixture(scope="session")
def browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One Chromium for all; people are told apart by their contexts."""
    with started(playwright, chromium.find(), tmp_path_factory.mktemp("home")) as one:
        yield one


@pytest.fixture(scope="session")
def windowed(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One for all that is `whole`."""
    with started(playwright, chromium.find(whole=True), tmp_path_factory.mktemp("home")) as one:
        yield one


@pytest.fixture(scope="session")
def pair(request: pytest.FixtureRequest) -> bool:
    """Whether this run's servers are two on PostgreSQL and Valkey."""
    return bool(request.config.getoption("--pair"))


@pytest.fixture(scope="session")
def seeded(ground: Ground, pair: bool) -> tuple[Path, dict[str, dict[str, Any]]]:
    """The demo company, to copy from (its data folder's name is the database's too), and who is in it.

    Everybody has one password, and is not left alone while in a visit, which some are as it begins: see
    `Town.leave_alone`. The first process of the run that wants it makes it.
    """
    done = ground.folder / "seeded.json"
    with ground.alone("seed"):
        if not done.exists():
            data = ground.room("seeded")
            done.write_text(json.dumps({"folder": str(data), "members": seed(ground, data, pair)}))
    told = json.loads(done.read_text())
    return Path(told["folder"]), told["members"]


def at_s3(ground: Ground, seeded: Path) -> str:
    """Where the files are of the company in that folder; its copies share them, as their names are hashes."""
    return ground.s3.url(BUCKET, seeded.name)


def seed(ground: Ground, data: Path, pair: bool) -> dict[str, Any]:
    """The demo company comes into that folder; its members as the command tells them."""
    chosen = settings(data_dir=data)
    if pair:
        there = {"database_url": ground.copied(data.name, TEMPLATE), "files_url": at_s3(ground, data)}
        chosen = settings(data_dir=data, **there)
    told = json.loads(printed(ground, chosen, "seed", "--demo", "--json"))
    hashed = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    sql(chosen, "UPDATE member SET password = :hashed", hashed=hashed)
    sql(chosen, "INSERT INTO notice_calm (member, visiting) SELECT id, false FROM member")
    return dict(told["members"])


@pytest.fixture
def make_town(ground: Ground, seeded: tuple[Path, dict[str, Any]]) -> Iterator[Callable[..., Town]]:
    """`make_town(undo_seconds=2, ...)`: a running server of its own, with the settings given."""
    running: list[Served | Pair] = []

    def make(**chosen: Any) -> Town:
        town = open_town(ground, seeded, **chosen)
        running.append(town.server)
        return town

    yield make
    for server in running:
        server.end()


@pytest.fixture
def town(make_town: Callable[..., Town]) -> Town:
    """The demo company on a server of this test's own: change it, kill it, restart it."""
    return make_town()


@pytest.fixture
def server(town: Town) -> Served | Pair:
    """That server: `url`, `kill()`, `restart()`."""
    return town.server


@pytest.fixture(scope="module")
def fair(ground: Ground, seeded: tuple[Path, dict[str, Any]]) -> Iterator[Town]:
    """The demo company on a server for the tests of one file: what one does, the next may see."""
    town = open_town(ground, seeded)
    yield town
    town.server.end()


@pytest.fixture
def north(fair: Town) -> str:
    """North Bank's id."""
    return str(fair.members["li-na"]["squads"][0])


@pytest.fixture(scope="session")
def hall(ground: Ground, seeded: tuple[Path, dict[str, Any]]) -> Iterator[Town]:
    """The demo company on a server for all tests together: to be looked at, not changed."""
    town = open_town(ground, seeded)
    yield town
    town.server.end()


def open_town(ground: Ground, seeded: tuple[Path, dict[str, Any]], **chosen: Any) -> Town:
    """A copy of the seeded company, served."""
    folder, members = seeded
    data = ground.room("town")
    shutil.copytree(folder, data, dirs_exist_ok=True)
    made: Settings = settings(data_dir=data, **{**GENEROUS, **chosen})
    served: Served | Pair
    if (folder / "muster.db").exists():
        served = Served(ground.room("served"), made, ground.owner)
    else:
        there = {"database_url": ground.copied(data.name, folder.name), "files_url": at_s3(ground, folder)}
        served = Pair(ground, settings(data_dir=data, **{**GENEROUS, **chosen, **there}))
    served.start()
    return Town(served, members)


@pytest.fixture
def person(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Person]]:
    """`person(town, "handle", locale="zh", phone=True, scheme="dark", at=(lat, lon))`: signed in.

    `url` goes another way to the server (a wire); `signed_in=False` stays at the door. At the end of the test
    nobody's page may have thrown, broken the CSP, or asked a server that is not ours.
    """
    people: list[Person] = []
    opened = request.getfixturevalue("windowed") if "whole" in request.fixturenames else browser
    grain = {} if "sharp" in request.fixturenames else {"device_scale_factor": COARSE}

    def make(
        town: Town, handle: str, *, url: str = "", signed_in: bool = True, locale: str = "en", **options: Any
    ) -> Person:
        somebody = arrive(opened, url or town.url, handle, locale=locale, **grain, **options)
        people.append(somebody)
        if "mapless" in request.fixturenames:
            somebody.context.route("**/vendor/maplibre-gl.mjs", lambda route: route.abort())
        if signed_in:
            town.sql("UPDATE member SET locale = :l WHERE handle = :h AND locale != :l", l=locale, h=handle)
            somebody.let_in()
        return somebody

    yield make
    if request.node.stash.get(BROKEN, False):
        keep_pictures(request.node.name, people)
    wrong = {one.handle: one.wrong for one in people if one.wrong}
    for one in people:
        one.context.close()
    assert wrong == {}


@pytest.fixture
def sharp() -> None:
    """For tests that look at pixels: a screen has all of them."""


@pytest.fixture
def mapless() -> None:
    """For tests that are not about the map: it does not come, as on a phone that cannot draw it."""


@pytest.fixture
def whole() -> None:
    """For tests of what only a browser with windows does: to show notices of the system."""


@pytest.fixture
def tiles() -> Iterator[Tiles]:
    """A tile server of this test's own."""
    with Tiles() as server:
        yield server


@pytest.fixture
def wire(town: Town) -> Iterator[Wire]:
    """A way to the town's server that can be cut: `person(town, "zhao", url=wire.url)`."""
    with Wire(town.server.port) as line:
        yield line


@pytest.fixture
def pocket(playwright: Playwright, tmp_path: Path) -> Iterator[Callable[..., Person]]:
    """`pocket("handle", url, at=...)`: a phone whose browser keeps its data; again: its battery was empty."""
    opened: list[Person] = []

    def open_browser(handle: str, home: str, at: tuple[float, float]) -> Person:
        chromium.end(tmp_path / handle)
        shape = shaped("en", True, "light", at, True) | {"device_scale_factor": COARSE}
        context = playwright.chromium.launch_persistent_context(
            tmp_path / handle, executable_path=chromium.find(), args=ARGUMENTS, **shape
        )
        opened.append(seen(context, home, handle))
        return opened[-1]

    yield open_browser
    for one in opened:
        with suppress(PlaywrightError):
            one.context.close()
    assert [one.wrong for one in opened if one.wrong] == []


BROKEN = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remembers a failure until the pages are closed."""
    report = yield
    if report.failed:  # type: ignore[attr-defined]
        item.stash[BROKEN] = True
    return report  # type: ignore[return-value]


def keep_pictures(test: str, people: list[Person]) -> None:
    """What everybody saw when the test failed, in .shots/failed."""
    FAILED.mkdir(parents=True, exist_ok=True)
    name = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in test)
    for number, one in enumerate(people):
        if not one.page.is_closed():
            one.page.screenshot(path=FAILED / f"{name}-{number}-{one.handle}.png")
