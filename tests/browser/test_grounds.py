"""The kinds of map there are: tiles, a style of somebody else's, a file; and all goes on without any."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.archives import MVT, PNG, archive, quarter
from tests.browser.looking import (
    DOOR,
    at_door,
    closer,
    painted,
    picture,
    squad_of,
    standing,
    there,
    witnesses,
)
from tests.browser.people import Person, axe
from tests.browser.tiles import Tiles
from tests.browser.tiles import painted as tile
from tests.browser.towns import Town

pytestmark = pytest.mark.usefixtures("sharp")

TILE = (12, 3447, 1473)
"""The tile around the door."""
LAKE = (45.0, 122.974)
"""In the water of a quarter there."""


def test_the_tiles_are_asked_of_their_server(
    tiles: Tiles, make_town: Callable[..., Town], person: Callable[..., Person]
) -> None:
    """At its addresses, its maker named; the worker is under this map's policy, nothing needless comes."""
    credit = 'Tiles <a href="https://tiles.example/">by us</a> <a href="javascript:alert(1)">and me</a>'
    town = make_town(map_tiles_url=f"{tiles.home}/{{z}}/{{x}}/{{-y}}.png", map_attribution=credit)
    somebody = person(town, "li-na")
    asked: list[str] = []
    somebody.page.on("request", lambda request: asked.append(request.url))
    page = somebody.go(f"/squads/{squad_of(town)}")
    there(page)
    line = page.locator("#map .credit")
    expect(line).to_have_text("Tiles by us and me")
    expect(line.locator("a")).to_have_count(1)
    expect(line.locator("a")).to_have_attribute("href", "https://tiles.example/")
    assert axe(page, "#map .credit") == []
    expect(page.locator("#map .ground")).to_be_hidden()
    picture(page)
    asked_for = [re.fullmatch(r"/(\d+)/\d+/(\d+)\.png", path) for path in tiles.asked]
    rows = [(int(one[1]), int(one[2])) for one in asked_for if one and int(one[1]) > 8]
    assert rows
    assert all(row > 2**zoom / 2 for zoom, row in rows), "counted from the south, the town is in the north"
    workers = {url for url in asked if "maplibre-gl-worker" in url}
    assert len(workers) == 1
    assert re.search(r"\.mjs\?[0-9a-f]{12}$", workers.pop())
    assert not any("pmtiles" in url or "town.json" in url for url in asked)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_style_of_somebody_elses(
    scheme: str, tiles: Tiles, make_town: Callable[..., Town], person: Callable[..., Person]
) -> None:
    """North on top and flat, relative addresses found, its words without its scripts; in bright sun too."""
    town = make_town(map_style_url=f"{tiles.home}/style.json")
    tiles.places = witnesses(DOOR)
    visit = at_door(town)
    page = person(town, "li-na", scheme=scheme).go(f"/visits/{visit}")
    there(page)
    page.evaluate("document.documentElement.dataset.sun = ''")
    closer(page, 2)
    (door,) = painted(page, picture(page))
    assert door.off(standing(page, ".pin.maplibregl-marker")) < 1
    expect(page.locator("#map .credit")).to_have_text("Map data © Open Streets")
    expect(page.locator("#map .credit a")).to_have_attribute("href", "https://data.example/")


@pytest.mark.parametrize("kind", ["tiles", "style", "no style", "bad style"])
@pytest.mark.parametrize("locale", ["en", "zh"])
def test_without_the_map_all_else_is_there(
    kind: str, locale: str, tiles: Tiles, make_town: Callable[..., Town], person: Callable[..., Person]
) -> None:
    """Pins, feed and check-ins on blank paper, with a word about it that goes when tiles come."""
    chosen = {
        "tiles": {"map_tiles_url": tiles.url},
        "style": {"map_style_url": f"{tiles.home}/style.json"},
        "no style": {"map_style_url": f"{tiles.home}/nowhere.json"},
        "bad style": {"map_style_url": f"{tiles.home}/bad.json"},
    }[kind]
    tiles.broken = kind in ("tiles", "style")
    town = make_town(**chosen)
    at_door(town)
    page = person(town, "zhao-lei", locale=locale).go(f"/squads/{squad_of(town)}")
    there(page)
    words = {"en": "The map behind the pins does not load now", "zh": "底图现在加载不出来"}
    expect(page.locator("#map .ground")).to_contain_text(words[locale])
    expect(page.locator("#map .ground")).to_be_visible()
    assert axe(page, "#map .ground") == []
    expect(page.locator("button.pin")).to_have_count(1)
    page.locator("button.pin").click()
    expect(page.locator("#thread.open")).to_contain_text("Shop at the door")
    tiles.broken = False
    if kind == "tiles":
        closer(page, 1)
        expect(page.locator("#map .ground")).to_be_hidden()


def colour(page: Page, name: str) -> tuple[int, ...]:
    """One of the map's colours as it is now."""
    said = page.evaluate(
        "(name) => getComputedStyle(document.documentElement).getPropertyValue(`--map-${name}`)", name
    )
    return tuple(int(float(part)) for part in re.findall(r"[\d.]+", said)[:3])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_vectors_in_a_file_are_drawn_like_our_paper(
    scheme: str, tmp_path: Path, make_town: Callable[..., Town], person: Callable[..., Person]
) -> None:
    """A shop in a lake: water all around, in the colours of the hour and of bright sun; the file's words."""
    file = tmp_path / "lake.pmtiles"
    archive(file, {TILE: quarter()}, MVT, (122.9, 44.9, 123.1, 45.1), "© <b>Open</b> Streets")
    file.chmod(0o644)
    town = make_town(map_pmtiles=str(file))
    visit = at_door(town, LAKE)
    page = person(town, "li-na", scheme=scheme).go(f"/visits/{visit}")
    there(page)
    expect(page.locator("#map .credit")).to_have_text("© Open Streets")
    expect(page.locator("#map .ground")).to_be_hidden()
    box = page.locator("#map").bounding_box()
    assert box
    beside = round(box["x"] + box["width"] / 2) - 60, round(box["y"] + box["height"] / 2)
    for sun in (False, True):
        page.evaluate("(on) => document.documentElement.toggleAttribute('data-sun', on)", sun)
        assert picture(page).getpixel(beside) == colour(page, "water")


def test_pictures_in_a_file(
    tmp_path: Path, make_town: Callable[..., Town], person: Callable[..., Person]
) -> None:
    """They are shown as they are; the pin stands on what is painted in them."""
    zoom, x, y = 18, 220637, 94299
    file = tmp_path / "pictures.pmtiles"
    around = {(zoom, x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)}
    made: dict[tuple[int, int, int], bytes] = {where: tile(*where, witnesses(DOOR)) for where in around}
    archive(file, made, PNG, (122.99, 44.99, 123.01, 45.01), "")
    town = make_town(map_pmtiles=str(file))
    visit = at_door(town)
    page = person(town, "li-na").go(f"/visits/{visit}")
    there(page)
    closer(page, 2)
    (door,) = painted(page, picture(page))
    assert door.off(standing(page, ".pin.maplibregl-marker")) < 1


def test_a_file_that_is_gone(
    tmp_path: Path, make_town: Callable[..., Town], person: Callable[..., Person]
) -> None:
    """Blank paper, a word about it, and the pins."""
    file = tmp_path / "gone.pmtiles"
    archive(file, {(0, 0, 0): quarter()}, MVT, (-180, -85, 180, 85), "")
    town = make_town(map_pmtiles=str(file))
    file.unlink()
    at_door(town)
    page = person(town, "zhao-lei").go(f"/squads/{squad_of(town)}")
    there(page)
    expect(page.locator("#map .ground")).to_be_visible()
    expect(page.locator("button.pin")).to_have_count(1)


def test_nobody_yet_and_a_map_of_the_place(
    tmp_path: Path, make_town: Callable[..., Town], person: Callable[..., Person]
) -> None:
    """A squad without customers begins where its map is."""
    file = tmp_path / "lake.pmtiles"
    archive(file, {TILE: quarter()}, MVT, (122.95, 44.965, 123.03, 45.015), "")
    town = make_town(map_pmtiles=str(file))
    page = person(town, "wang-fang").go("/squads/new")
    page.locator("input[name=squad]").fill("Lakeside")
    page.locator("form[action='/squads/new'] button").click()
    page.wait_for_url(re.compile(r"/squads/[0-9a-f-]{36}"))
    squad = page.url.partition("/squads/")[2][:36]
    page.goto(f"{town.url}/squads/{squad}")
    there(page)
    shown: Any = picture(page)
    box = page.locator("#map").bounding_box()
    assert box
    middle = round(box["y"] + box["height"] / 2)
    row = {shown.getpixel((x, middle)) for x in range(int(box["x"]), int(box["x"] + box["width"]))}
    assert {colour(page, "water"), colour(page, "block")} <= row
