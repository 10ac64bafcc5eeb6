"""Outlines as people have them: taken, or refused with the reason."""

import itertools
import math
import re
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import Invalid
from server.territories import area

SQUARE = [[121.0, 31.0], [121.4, 31.0], [121.4, 31.3], [121.0, 31.3], [121.0, 31.0]]
POLYGON = {"type": "Polygon", "coordinates": [SQUARE]}
BOW = [[121.0, 31.0], [121.4, 31.3], [121.4, 31.0], [121.0, 31.3], [121.0, 31.0]]


def feature(geometry: Any) -> dict[str, Any]:
    """As most programs write it."""
    return {"type": "Feature", "properties": {"name": "x"}, "geometry": geometry}


@pytest.mark.parametrize(
    "text",
    [
        orjson.dumps(POLYGON),
        b"\xef\xbb\xbf" + orjson.dumps(POLYGON),
        orjson.dumps(POLYGON).decode(),
        "\ufeff  " + orjson.dumps(feature(POLYGON)).decode(),
        orjson.dumps({"type": "FeatureCollection", "features": [feature(POLYGON)]}),
        orjson.dumps({"type": "Polygon", "coordinates": [[[*point, 4.5] for point in SQUARE]]}),
        orjson.dumps({**POLYGON, "bbox": [1, 2, 3, 4], "crs": {}}),
    ],
)
def test_what_people_have_is_taken(text: str | bytes) -> None:
    """The geometry alone is kept, whatever was around it."""
    assert area.parsed(text, 100) == POLYGON


def test_islands_and_holes_are_kept() -> None:
    """Several outlines, one with a lake in it; and nothing is no outline."""
    lake = [[121.1, 31.1], [121.2, 31.1], [121.2, 31.2], [121.1, 31.1]]
    islands = {"type": "MultiPolygon", "coordinates": [[SQUARE, lake], [lake]]}
    assert area.parsed(orjson.dumps(islands), 100) == islands
    assert area.parsed(" \n", 100) is None


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("North of the river", "no GeoJSON"),
        ("{", "no GeoJSON"),
        ("[" * 5000, "no GeoJSON"),
        (b"\xb1\xb1\xb0\xb6", "no GeoJSON"),
        ('{"type":"Polygon","coordinates":[[[NaN,1]]]}', "no GeoJSON"),
        ("null", "There is none"),
        ("[]", "There is none"),
        ('{"type":["Polygon"]}', "There is none"),
        ({"type": "Point", "coordinates": [1, 2]}, "There is none"),
        ({"type": "FeatureCollection", "features": []}, "There is none"),
        (feature(feature(feature(feature(POLYGON)))), "There is none"),
        ({"type": "FeatureCollection", "features": [feature(POLYGON)] * 2}, "more than one"),
        ({"type": "Polygon"}, "three corners"),
        ({"type": "Polygon", "coordinates": {}}, "three corners"),
        ({"type": "Polygon", "coordinates": [SQUARE[:-1]]}, "ends where it begins"),
        ({"type": "Polygon", "coordinates": [[SQUARE[0], SQUARE[1], SQUARE[0]]]}, "three corners"),
        ({"type": "Polygon", "coordinates": [[[31.0, 121.0]] * 4]}, "longitude"),
        ({"type": "Polygon", "coordinates": [[[True, 1.0]] * 4]}, "longitude"),
        ({"type": "Polygon", "coordinates": [[["121", "31"]] * 4]}, "longitude"),
        ({"type": "Polygon", "coordinates": [[[121]] * 4]}, "longitude"),
        ('{"type":"Polygon","coordinates":[[[1e999,1],[1,2],[3,4],[1e999,1]]]}', "no GeoJSON"),
        ({"type": "Polygon", "coordinates": [BOW]}, "crosses itself"),
    ],
)
def test_what_is_no_outline_is_refused(given: Any, why: str) -> None:
    """In words that say what to do; never with an error of ours."""
    text = given if isinstance(given, str | bytes) else orjson.dumps(given)
    with pytest.raises(Invalid) as refused:
        area.parsed(text, 100)
    assert why in refused.value.fields["area"]


def test_an_outline_has_so_many_corners_at_most() -> None:
    """Counted over all its parts."""
    assert area.parsed(orjson.dumps(POLYGON), 5)
    with pytest.raises(Invalid) as refused:
        area.parsed(orjson.dumps(POLYGON), 4)
    assert refused.value.values == {"most": 4}


CORNERS = st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), min_size=3, max_size=9, unique=True)


@given(corners=CORNERS)
def test_crossings_are_those_of_a_plain_search(corners: list[tuple[int, int]]) -> None:
    """Every side against every other, without the short way."""
    ring = [(float(x), float(y)) for x, y in [*corners, corners[0]]]
    sides = list(itertools.pairwise(ring))
    plain = any(
        area._cross(*sides[n], *sides[m]) for n in range(len(sides)) for m in range(n + 1, len(sides))
    )
    assert (area.crossing(ring) is not None) == plain


@given(
    west=st.floats(-179, 170), south=st.floats(-85, 80), wide=st.floats(0.001, 9), high=st.floats(0.001, 5)
)
def test_a_drawing_stays_within_its_frame(west: float, south: float, wide: float, high: float) -> None:
    """Whatever its shape, and its proportions are those on the ground."""
    east, north = west + wide, south + high
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    path = area.drawn({"type": "Polygon", "coordinates": [ring]})
    numbers = [float(one) for one in re.findall(r"-?[\d.]+", path)]
    xs, ys = numbers[::2], numbers[1::2]
    assert len(xs) == 4
    assert min(xs) >= 0 <= min(ys)
    assert max(xs) <= area.WIDE
    assert max(ys) <= area.HIGH
    assert max(max(xs) - min(xs), (max(ys) - min(ys)) * area.WIDE / area.HIGH) >= area.HIGH - 8.5
    slope = (max(xs) - min(xs)) * high
    fits = (max(ys) - min(ys)) * wide * math.cos(math.radians((south + north) / 2))
    assert math.isclose(slope, fits, abs_tol=0.2 * (wide + high))
