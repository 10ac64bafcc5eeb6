"""A sweep on a map in the datum of mainland China: what is shared and what is played back, to the metre."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from server.maps.datum import from_wgs84
from server.visits.place import metres
from tests.browser.looking import (
    DOOR,
    Painted,
    Spot,
    at_door,
    closer,
    painted,
    picture,
    squad_of,
    standing,
    there,
    witnesses,
)
from tests.browser.people import Person
from tests.browser.tiles import Tiles
from tests.browser.towns import Town

pytestmark = pytest.mark.usefixtures("sharp")

MEETING = (DOOR[0], DOOR[1] + 0.0022)
"""Where all meet: so far from the door that one there has not arrived."""
CORNER = (DOOR[0], DOOR[1] + 0.0001)
"""Where somebody shares their position from."""


@pytest.fixture
def town(tiles: Tiles, make_town: Callable[..., Town]) -> Town:
    """Its map is shifted as the law there has it, and quiet but for Li Na at a door."""
    made = make_town(map_tiles_url=tiles.url, map_datum="gcj02", map_tiles_zoom=19, share_seconds=1)
    at_door(made)
    return made


def running(town: Town) -> str:
    """Wang Fang's sweep, in which Li Na and Zhao Lei have lanes and Li Na has been at her door once more."""
    now, squad = datetime.now(UTC), squad_of(town)
    made: dict[str, Any] = {"id": str(uuid4()), "name": "North bank", "starts_at": now.isoformat()}
    made |= {"rally": {"name": "Teahouse", "position": {"lat": MEETING[0], "lon": MEETING[1]}}}
    made |= {"rally_at": (now + timedelta(hours=3)).isoformat()}
    sweep = town.call("wang-fang", "POST", f"/squads/{squad}/sweeps", **made)
    path = f"/sweeps/{made['id']}"
    lanes = [{"member": town.members[one]["id"]} for one in ("li-na", "zhao-lei")]
    town.call("wang-fang", "PUT", f"{path}/plan", changed=sweep["changed"], lanes=lanes, loose=[])
    town.call("wang-fang", "PUT", f"{path}/state", state="running")
    position = {"lat": DOOR[0], "lon": DOOR[1], "accuracy": 5, "source": "gps"}
    seen = {"captured_at": datetime.now(UTC).isoformat(), "position": position}
    known = town.call("li-na", "GET", f"/squads/{squad}/customers")
    shop = next(one["id"] for one in known if one["name"] == "Shop at the door")
    town.call("li-na", "POST", f"/squads/{squad}/checkins", id=str(uuid4()), customer_id=shop, **seen)
    return path


def near(page: Page, *places: Spot) -> list[Painted]:
    """These places, once a metre is more than two pixels; the map is shifted, or this proves nothing."""
    shifted = from_wgs84("gcj02", places[0])
    assert metres(*places[0], *shifted) > 100
    for _ in range(6):
        found = painted(page, picture(page))
        assert len(found) == len(places)
        if found[0].scale < 0.5:
            return found
        closer(page, 1)
    raise AssertionError("still from afar")


def test_a_shared_position_stands_where_it_is(
    town: Town, tiles: Tiles, person: Callable[..., Person]
) -> None:
    """Told by a phone in WGS-84, drawn where the shifted map has that corner."""
    tiles.places = witnesses(from_wgs84("gcj02", CORNER))
    running(town)
    page = person(town, "li-na", at=CORNER).go(f"/squads/{squad_of(town)}")
    there(page)
    page.locator(".next[data-my-own] details.share summary").click()
    page.locator(".next[data-my-own] details.share button").click()
    expect(page.locator("#sharing")).to_be_visible()
    there(page)
    expect(page.locator(".shared.maplibregl-marker")).to_have_count(1)
    (corner,) = near(page, CORNER)
    assert corner.off(standing(page, ".shared.maplibregl-marker")) < 1


def test_a_replay_stands_where_it_was(town: Town, tiles: Tiles, person: Callable[..., Person]) -> None:
    """Who checked in at the door stands there, and the flag where they were to meet."""
    tiles.places = [*witnesses(from_wgs84("gcj02", DOOR)), *witnesses(from_wgs84("gcj02", MEETING))]
    path = running(town)
    page = person(town, "li-na").go(f"{path}/replay")
    expect(page.locator("#replay[data-ready]")).to_be_attached()
    there(page)
    door, meeting = near(page, DOOR, MEETING)
    assert door.off(standing(page, ".pin.maplibregl-marker:not(.stale)")) < 1
    assert meeting.off(standing(page, ".rally.maplibregl-marker")) < 1
