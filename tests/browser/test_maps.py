"""Maps of one's own: a pin stands on its place whatever the map is drawn in; what is placed comes back."""

import random
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from config.maps import Datum
from server.maps.datum import from_wgs84, to_wgs84
from server.visits.place import metres
from tests.browser.looking import (
    DOOR,
    at_door,
    closer,
    painted,
    picture,
    settled,
    squad_of,
    standing,
    there,
    witnesses,
)
from tests.browser.people import Person
from tests.browser.tiles import Tiles
from tests.browser.towns import Town
from web import assets

pytestmark = pytest.mark.usefixtures("sharp")

PUBLISHED: dict[Datum, tuple[float, float]] = {
    "wgs84": DOOR,
    "gcj02": (45.00197815, 123.00607541),
    "bd09": (45.0083293, 123.0124491),
}
"""Where the door stands on maps, by the test suite of hujiulong/gcoord."""
MAPS = pytest.mark.parametrize("datum", list(PUBLISHED))


def typed(page: Page, form: str) -> tuple[float, float]:
    """The place a form would send."""
    lat, lon = (page.locator(f"{form} input[name={name}]").input_value() for name in ("lat", "lon"))
    return float(lat), float(lon)


@MAPS
def test_a_visit_stands_at_its_door_and_is_moved_by_hand(
    datum: Datum, tiles: Tiles, make_town: Callable[..., Town], person: Callable[..., Person]
) -> None:
    """The pin on the painted door to the metre; the pin moved by hand comes back in WGS-84, to the metre."""
    town = make_town(map_tiles_url=tiles.url, map_datum=datum, map_tiles_zoom=19)
    tiles.places = witnesses(PUBLISHED[datum])
    visit = at_door(town)
    page = person(town, "li-na").go(f"/visits/{visit}")
    there(page)
    closer(page, 2)
    (door,) = painted(page, picture(page))
    for selector in (".pin.maplibregl-marker", ".shop.maplibregl-marker"):
        assert door.off(standing(page, selector)) < 1, selector
    page.locator("[data-pin=move]").press("Enter")
    assert metres(*typed(page, "#f-pin"), *DOOR) < 1
    page.keyboard.press("ArrowRight")
    expect(page.locator("#f-pin input[name=lon]")).not_to_have_value("123.000000")
    settled(page)
    (door,) = painted(page, picture(page))
    aim = page.locator("#map").bounding_box()
    assert aim
    moved = door.off((aim["x"] + aim["width"] / 2, aim["y"] + aim["height"] / 2))
    assert 10 < moved < 100
    east = typed(page, "#f-pin")
    assert abs(metres(*east, *DOOR) - moved) < 1
    assert east[1] > DOOR[1]
    assert metres(east[0], DOOR[1], *DOOR) < 1
    page.locator("#f-pin button[type=submit]").click()
    expect(page.locator("#visit .meta")).to_contain_text("placed by hand")
    features = town.call("li-na", "GET", f"/squads/{squad_of(town)}/map")["features"]
    (kept,) = [one["geometry"]["coordinates"] for one in features if one["properties"]["id"] == visit]
    assert metres(kept[1], kept[0], *east) < 0.2


@MAPS
def test_a_phone_that_knows_where_it_is(
    datum: Datum, tiles: Tiles, make_town: Callable[..., Town], person: Callable[..., Person]
) -> None:
    """It says so in WGS-84, and that is what is sent; its dot and the customer stand on the painted door."""
    town = make_town(map_tiles_url=tiles.url, map_datum=datum, map_tiles_zoom=19)
    tiles.places = witnesses(PUBLISHED[datum])
    at_door(town)
    page = person(town, "li-na", at=DOOR).go(f"/squads/{squad_of(town)}/checkin")
    there(page)
    expect(page.locator(".me")).to_be_attached()
    closer(page, 2)
    (door,) = painted(page, picture(page))
    assert door.off(standing(page, ".me")) < 1
    assert door.off(standing(page, ".shop.on")) < 1
    assert typed(page, "#f-checkin") == DOOR


@MAPS
def test_a_phone_that_does_not(
    datum: Datum, tiles: Tiles, make_town: Callable[..., Town], person: Callable[..., Person]
) -> None:
    """The pin begins at the first customer; what it stands on is sent in WGS-84."""
    town = make_town(map_tiles_url=tiles.url, map_datum=datum)
    page = person(town, "li-na", phone=True).go(f"/squads/{squad_of(town)}/checkin")
    there(page)
    expect(page.locator("#denied")).to_be_visible()
    first = page.locator(".pick input").first
    expect(page.locator("#f-checkin input[name=source]")).to_have_value("hand")
    shop = float(first.get_attribute("data-lat") or 0), float(first.get_attribute("data-lon") or 0)
    assert metres(*typed(page, "#f-checkin"), *shop) < 1


@MAPS
def test_a_trail_runs_from_door_to_door(
    datum: Datum, tiles: Tiles, make_town: Callable[..., Town], person: Callable[..., Person]
) -> None:
    """On the squad's map: the stop, the pin, the line between them, and what comes while one looks."""
    town = make_town(map_tiles_url=tiles.url, map_datum=datum, map_tiles_zoom=19)
    next_door = (DOOR[0], DOOR[1] + 0.0008)
    tiles.places = witnesses(PUBLISHED[datum]) + witnesses(from_wgs84(datum, next_door))
    at_door(town)
    squad = squad_of(town)
    page = person(town, "zhao-lei").go(f"/squads/{squad}")
    there(page)
    expect(page.locator("html[data-live=on]")).to_be_attached()
    position = {"lat": next_door[0], "lon": next_door[1], "accuracy": 5, "source": "gps"}
    town.check_in("li-na", squad, position=position)
    expect(page.locator("#map[data-count='2']")).to_be_attached()
    page.locator("[data-map=fit]").click()
    closer(page, 2)
    shown = picture(page)
    first, second = painted(page, shown)
    assert first.off(standing(page, "button.stop")) < 1
    assert second.off(standing(page, "button.pin")) < 1
    middle = [round((a + b) / 2) for a, b in zip(first.spot, second.spot, strict=True)]
    line, paper = shown.getpixel((middle[0], middle[1])), shown.getpixel((middle[0], middle[1] - 15))
    assert sum(abs(a - b) for a, b in zip(line, paper, strict=True)) > 90  # type: ignore[arg-type]


def test_both_sides_shift_alike(hall: Town, person: Callable[..., Person]) -> None:
    """The page's own script and the server's, all over the world, both ways."""
    chance = random.Random(7)
    places = [(chance.uniform(-85, 85), chance.uniform(-180, 180)) for _ in range(300)]
    places += [(chance.uniform(1, 55), chance.uniform(73, 137)) for _ in range(700)]
    page = person(hall, "li-na", signed_in=False).go("/signin")
    script = """async ([address, datum, places]) => {
        const { to, from } = await import(address);
        return { to: to(datum, places), from: from(datum, places) };
    }"""
    for datum in PUBLISHED:
        given = [[lon, lat] for lat, lon in places]
        said = page.evaluate(script, [assets.static("js/datum.js"), datum, given])
        for way, ours in (("to", from_wgs84), ("from", to_wgs84)):
            for place, theirs in zip(places, said[way], strict=True):
                lat, lon = ours(datum, place)
                assert theirs == pytest.approx([lon, lat], abs=1e-10), (datum, way, place)
