"""Lanes in the hands of their planner: drawn on the map, moved by hand and by keyboard."""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from server.maps.datum import from_wgs84
from server.visits.place import metres
from tests.browser.looking import (
    DOOR,
    at_door,
    closer,
    painted,
    picture,
    quiet,
    squad_of,
    standing,
    there,
    witnesses,
)
from tests.browser.people import Person
from tests.browser.shots import settled
from tests.browser.tiles import Tiles
from tests.browser.towns import Town

pytestmark = pytest.mark.usefixtures("sharp")

NEXT_DOOR = (DOOR[0], DOOR[1] + 0.0008)
MEETING = (DOOR[0], DOOR[1] + 0.0004)


def planned(town: Town, *names: str, rally: tuple[float, float] = MEETING) -> str:
    """Wang Fang's sweep with Li Na's and Zhao Lei's lanes still empty, and these customers in nobody's."""
    now = datetime.now(UTC)
    there = {"name": "Teahouse", "position": {"lat": rally[0], "lon": rally[1]}}
    times = {"starts_at": now.isoformat(), "rally_at": (now + timedelta(hours=3)).isoformat()}
    made = {"id": str(uuid4()), "name": "North bank", "rally": there, **times}
    sweep: dict[str, Any] = town.call("wang-fang", "POST", f"/squads/{squad_of(town)}/sweeps", **made)
    known = {
        one["name"]: one["id"] for one in town.call("li-na", "GET", f"/squads/{squad_of(town)}/customers")
    }
    lanes = [{"member": town.members[one]["id"]} for one in ("li-na", "zhao-lei")]
    loose = [known[name] for name in names]
    town.call(
        "wang-fang", "PUT", f"/sweeps/{made['id']}/plan", changed=sweep["changed"], lanes=lanes, loose=loose
    )
    return str(made["id"])


def lane(page: Page, name: str) -> Locator:
    """The part of the page with somebody's lane."""
    return page.locator(".lane-edit", has=page.get_by_role("heading", name=name))


def names(lane: Locator) -> list[str]:
    """Its stops, in order."""
    return lane.locator("[data-stop] b").all_inner_texts()


def test_a_lane_drawn_on_a_shifted_map_lies_where_it_was_drawn(
    tiles: Tiles, make_town: Callable[..., Town], person: Callable[..., Person]
) -> None:
    """The corners come back in WGS-84 to the metre, what lies within goes into the lane; the squad's map
    and the day's trail stand on the same doors."""
    town = make_town(map_tiles_url=tiles.url, map_datum="bd09", map_tiles_zoom=19)
    tiles.places = witnesses(from_wgs84("bd09", MEETING))
    at_door(town)
    shop = {"id": str(uuid4()), "name": "Shop next door"}
    place = {"lat": NEXT_DOOR[0], "lon": NEXT_DOOR[1]}
    town.call("li-na", "POST", f"/squads/{squad_of(town)}/customers", position=place, **shop)
    sweep = planned(town, "Shop at the door", "Shop next door")

    page = person(town, "wang-fang").go(f"/sweeps/{sweep}/plan")
    drawn = lane(page, "Li Na")
    drawn.get_by_role("button", name="Draw").click()
    expect(page.locator("#drawing")).to_be_visible()
    closer(page, 1)
    (meeting,) = painted(page, picture(page), on="#plan-map")
    assert meeting.off(standing(page, ".rally-dot")) < 1
    x, y = meeting.spot
    corners = [(x + 20, y - 60), (x + 90, y - 60), (x + 90, y + 60), (x + 20, y + 60)]
    for corner in corners:
        page.mouse.click(*corner)
    page.get_by_role("button", name="Done").click()
    assert names(drawn) == ["Shop next door"]
    assert names(lane(page, "In nobody’s lane")) == ["Shop at the door"]
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.wait_for_url(f"**/sweeps/{sweep}")

    saved = town.call("li-na", "GET", f"/sweeps/{sweep}")["lanes"]
    (ring,) = next(one["area"]["coordinates"] for one in saved if one["area"])
    for (lon, lat), (across, down) in zip(ring, corners, strict=False):
        east, south = (across - x) * meeting.scale, (down - y) * meeting.scale
        assert abs(metres(MEETING[0], lon, *MEETING) - abs(east)) < 1
        assert abs(metres(lat, MEETING[1], *MEETING) - abs(south)) < 1
        assert (lon > MEETING[1], lat < MEETING[0]) == (east > 0, south > 0)

    town.call("wang-fang", "PUT", f"/sweeps/{sweep}/state", state="running")
    page = person(town, "li-na").go(f"/squads/{squad_of(town)}")
    there(page)
    closer(page, 1)
    (meeting,) = painted(page, picture(page))
    assert meeting.off(standing(page, ".rally.maplibregl-marker")) < 1

    tiles.places = witnesses(from_wgs84("bd09", DOOR))
    page = person(town, "zhao-lei").go(f"/squads/{squad_of(town)}/members/{town.members['li-na']['id']}/day")
    there(page)
    closer(page, 1)
    (door,) = painted(page, picture(page))
    assert door.off(standing(page, "a.stop")) < 1


def test_where_they_meet_is_tapped_on_a_shifted_map(
    tiles: Tiles, make_town: Callable[..., Town], person: Callable[..., Person]
) -> None:
    """A place comes back in WGS-84 to the metre; on a customer's dot it is the customer."""
    town = make_town(map_tiles_url=tiles.url, map_datum="bd09", map_tiles_zoom=19)
    tiles.places = witnesses(from_wgs84("bd09", MEETING))
    at_door(town)
    sweep = planned(town, "Shop at the door")
    page = person(town, "wang-fang").go(f"/sweeps/{sweep}/edit")
    expect(page.locator("#rally-map[data-ready]")).to_be_attached()
    page.locator("#rally-map").scroll_into_view_if_needed()
    closer(page, 4)
    (meeting,) = painted(page, picture(page), on="#rally-map")
    assert meeting.off(standing(page, ".rally-dot")) < 1
    x, y = meeting.spot
    page.mouse.click(x + 60, y - 30)
    settled(page)
    assert meeting.off(standing(page, ".rally-dot")) == pytest.approx(
        math.hypot(60, 30) * meeting.scale, abs=1
    )
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**/sweeps/{sweep}")
    rally = town.call("li-na", "GET", f"/sweeps/{sweep}")["rally"]["position"]
    assert metres(MEETING[0], rally["lon"], *MEETING) == pytest.approx(60 * meeting.scale, abs=1)
    assert metres(rally["lat"], MEETING[1], *MEETING) == pytest.approx(30 * meeting.scale, abs=1)
    assert (rally["lon"] > MEETING[1], rally["lat"] > MEETING[0]) == (True, True)

    page.go_back()
    expect(page.locator("#rally-map[data-ready]")).to_be_attached()
    page.locator("#rally-map").scroll_into_view_if_needed()
    closer(page, 4)
    (meeting,) = painted(page, picture(page), on="#rally-map")
    page.mouse.click(meeting.spot[0] - metres(*DOOR, *MEETING) / meeting.scale, meeting.spot[1])
    expect(page.locator("#f-rally_customer option:checked")).to_have_text("Shop at the door")


def test_stops_move_by_drag_and_by_keyboard_and_the_sums_follow(
    town: Town, person: Callable[..., Person]
) -> None:
    """What is seen before "Save" is what is saved; Escape puts a dragged row back."""
    quiet(town)
    known = town.call("li-na", "GET", f"/squads/{squad_of(town)}/customers")
    first, second, third = [one["name"] for one in known if one["position"]][:3]
    sweep = planned(town, first, second, third, rally=(31.2, 121.44))
    page = person(town, "wang-fang", locale="zh").go(f"/sweeps/{sweep}/plan")
    li, zhao, nobody = lane(page, "Li Na"), lane(page, "Zhao Lei"), lane(page, "还没分到路线")
    expect(li.locator("[data-draw]")).to_be_visible()
    assert names(nobody) == [first, second, third]
    expect(li.locator("[data-sum]")).to_be_empty()

    nobody.get_by_role("combobox", name=first).select_option(label="Li Na")
    assert (names(li), names(nobody)) == ([first], [second, third])
    expect(li.locator("[data-sum]")).to_have_text(re.compile(r"^1 · [\d.]+公里 · .*分钟$"))
    one = li.locator("[data-sum]").inner_text()

    pick_up(page, second, li)
    page.keyboard.press("Escape")
    page.mouse.up()
    assert names(nobody) == [second, third]
    pick_up(page, second, li)
    page.mouse.up()
    assert (names(li), names(nobody)) == ([first, second], [third])
    expect(li.locator("[data-sum]")).to_have_text(re.compile("^2 · "))
    assert li.locator("[data-sum]").inner_text() != one

    earlier = li.get_by_role("button", name=f"把{second}往前")
    earlier.focus()
    page.keyboard.press("Enter")
    assert names(li) == [second, first]
    expect(earlier).to_be_focused()
    nobody.get_by_role("combobox", name=third).select_option(label="Zhao Lei")
    assert names(zhao) == [third]
    page.get_by_role("button", name="保存", exact=True).first.click()
    page.wait_for_url(f"**/sweeps/{sweep}")
    saved = town.call("li-na", "GET", f"/sweeps/{sweep}")
    by_id = {one["id"]: one["name"] for one in known}
    lanes = {one["member"]: [by_id[stop["customer"]] for stop in one["stops"]] for one in saved["lanes"]}
    ids = {one: town.members[one]["id"] for one in ("li-na", "zhao-lei")}
    assert lanes == {ids["li-na"]: [second, first], ids["zhao-lei"]: [third]}
    assert saved["loose"] == []


def pick_up(page: Page, name: str, into: Locator) -> None:
    """Drags a stop by its handle over a lane, still holds it: the lists scroll when it is at their edge."""
    row = page.locator("[data-stop]", has_text=name)
    row.locator("[data-grab]").hover()
    page.mouse.down()
    pane = page.locator(".leaf").bounding_box()
    assert pane
    page.mouse.move(pane["x"] + pane["width"] / 2, pane["y"] + 20, steps=4)
    expect(into).to_be_in_viewport(ratio=1)
    page.mouse.move(pane["x"] + pane["width"] / 2, pane["y"] + pane["height"] / 2)  # it stands still
    box = into.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 10, steps=4)
