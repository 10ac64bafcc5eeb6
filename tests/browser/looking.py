"""Where things stand on a map, measured on the screen against what the tile server painted."""

import io
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from PIL import Image
from playwright.sync_api import Page, expect

from server.visits.place import metres
from tests.browser.people import Person
from tests.browser.shots import settled
from tests.browser.towns import Town

DOOR = (45.0, 123.0)
"""Where somebody checks in: latitude and longitude."""
Spot = tuple[float, float]
APART = 0.0002
"""Degrees of latitude between a place and each of its two witnesses."""


def squad_of(town: Town) -> str:
    """Li Na's squad."""
    return str(town.members["li-na"]["squads"][0])


def quiet(town: Town) -> None:
    """Nobody is in the field today, and no sweep runs."""
    town.sql("UPDATE visit SET local_date = '2020-01-01'")
    town.sql("UPDATE sweep SET state = 'ended'")


def at_door(town: Town, door: Spot = DOOR) -> str:
    """Li Na checks in at a new customer's door, on an otherwise quiet day. The visit's id."""
    quiet(town)
    position = {"lat": door[0], "lon": door[1], "accuracy": 5, "source": "gps"}
    shop = {"id": str(uuid4()), "name": "Shop at the door", "position": position}
    town.call("li-na", "POST", f"/squads/{squad_of(town)}/customers", **shop)
    seen = {"captured_at": datetime.now(UTC).isoformat(), "position": position}
    sent = {"id": str(uuid4()), "customer_id": shop["id"], **seen}
    return str(town.call("li-na", "POST", f"/squads/{squad_of(town)}/checkins", **sent)["id"])


def live(person: Person, squad: str) -> Page:
    """The squad's live page, connected."""
    page = person.go(f"/squads/{squad}")
    expect(page.locator("html[data-live=on]")).to_be_attached()
    return page


def there(page: Page) -> None:
    """The map is ready for pins."""
    expect(page.locator("#map[data-ready]")).to_be_attached(timeout=30_000)


def witnesses(place: Spot) -> list[Spot]:
    """Two places to paint, one north and one south of it: nothing that stands on the place covers them."""
    return [(place[0] + APART, place[1]), (place[0] - APART, place[1])]


@dataclass
class Painted:
    """A painted place: where it is on the page, and how many metres a pixel of the page is there."""

    spot: Spot
    scale: float

    def off(self, other: Spot) -> float:
        """Metres between it and a point of the page."""
        return math.dist(self.spot, other) * self.scale


def closer(page: Page, times: int) -> None:
    """Zooms in by the keyboard."""
    page.locator("canvas.maplibregl-canvas").focus()
    for _ in range(times):
        page.keyboard.press("=")
        settled(page)


def standing(page: Page, selector: str) -> Spot:
    """The point of the page that something stands on."""
    expect(page.locator(selector)).to_have_count(1)
    left, top = page.locator(selector).evaluate(
        """(element) => {
            element.style.translate = 'none';
            const { left, top } = element.getBoundingClientRect();
            element.style.translate = '';
            return [left, top];
        }"""
    )
    return left, top


def picture(page: Page) -> Image.Image:
    """The page without what stands on its map."""
    hide = """(how) => document.querySelectorAll('.maplibregl-marker')
        .forEach((one) => { one.style.visibility = how; })"""
    page.evaluate(hide, "hidden")
    shown = Image.open(io.BytesIO(settled(page))).convert("RGB")
    page.evaluate(hide, "")
    return shown


def dots(page: Page, shown: Image.Image, on: str) -> list[Spot]:
    """The middles of the painted dots on the map, from west to east."""
    box = page.locator(on).bounding_box()
    assert box
    groups: list[list[Spot]] = []
    for y in range(int(box["y"]), min(int(box["y"] + box["height"]), shown.height)):
        for x in range(int(box["x"]), min(int(box["x"] + box["width"]), shown.width)):
            red, green, blue = shown.getpixel((x, y))  # type: ignore[misc]
            if red - green > 60 < blue - green:
                near = next((group for group in groups if math.dist(group[0], (x, y)) < 16), None)
                if near is None:
                    groups.append([(x, y)])
                else:
                    near.append((x, y))
    return sorted(
        (sum(x for x, _ in group) / len(group) + 0.5, sum(y for _, y in group) / len(group) + 0.5)
        for group in groups
    )


def painted(page: Page, shown: Image.Image, on: str = "#map") -> list[Painted]:
    """The places whose witnesses are seen, from west to east."""
    seen = dots(page, shown, on)
    assert seen, "nothing painted is in sight"
    assert len(seen) % 2 == 0, seen
    found = []
    for one, other in zip(seen[::2], seen[1::2], strict=True):
        assert abs(one[0] - other[0]) < 2, "north is not on top"
        tall = abs(one[1] - other[1])
        middle = (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
        found.append(Painted(middle, metres(45 - APART, 123, 45 + APART, 123) / tall))
    return found
