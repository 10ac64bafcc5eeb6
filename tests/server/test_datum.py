"""The datums of maps in China: what others have published, the way back, and where nothing is shifted."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.maps.datum import Datum, from_wgs84, to_wgs84
from server.visits.place import metres

SHIFTED: tuple[Datum, Datum] = ("gcj02", "bd09")
CENTIMETRE = 0.01
FORMULA = [
    # The test suite of googollee/eviltransform: Shanghai, Shenzhen, Beijing.
    ("gcj02", (31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
    ("gcj02", (22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
    ("gcj02", (39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
    # The README of wandergis/coordtransform.
    ("gcj02", (39.915, 116.404), (39.91640428150164, 116.41024449916938)),
    # The test suite of hujiulong/gcoord.
    ("gcj02", (45, 123), (45.00197815, 123.00607541)),
    ("bd09", (45, 123), (45.0083293, 123.0124491)),
]
"""Datum, WGS-84 and what is published for it: latitude and longitude."""
MEASURED = [
    # The test suite of hujiulong/gcoord: asked of the map services themselves, whose answers are rounded.
    ((33.0133556, 114.0164322), (33.0115324, 114.022306), (33.0176697, 114.0287781)),  # Zhumadian
    ((27.242124, 111.4622119), (27.2388981, 111.4677938), (27.2451662, 111.4742271)),  # Shaoyang
    ((31.4784436, 92.0499619), (31.4762063, 92.0512438), (31.4824421, 92.0576832)),  # Nagqu
    ((41.8032629, 123.4253306), (41.8057023, 123.4314787), (41.8114013, 123.438095)),  # Shenyang
    ((39.7319946, 98.4937175), (39.7328234, 98.4943595), (39.7388949, 98.5008441)),  # Jiuquan
    ((22.7888255, 115.3702248), (22.7861903, 115.3751647), (22.7918527, 115.3817179)),  # Shanwei
    ((43.9312805, 116.0414035), (43.9334573, 116.0482308), (43.9397782, 116.0546232)),  # Xilinhot
    ((34.7478004, 113.6192856), (34.7466173, 113.6253334), (34.7528605, 113.6317519)),  # Zhengzhou
]
"""WGS-84, GCJ-02, BD-09."""
IN_CHINA = st.tuples(st.floats(0.9, 55.7), st.floats(72.1, 137.7))
ABROAD = st.one_of(
    st.tuples(st.floats(-90, 90), st.one_of(st.floats(-180, 71.9), st.floats(137.9, 180))),
    st.tuples(st.one_of(st.floats(-90, 0.7), st.floats(55.9, 90)), st.floats(-180, 180)),
)


@pytest.mark.parametrize(("datum", "place", "published"), FORMULA)
def test_as_others_have_published_it(
    datum: Datum, place: tuple[float, float], published: tuple[float, float]
) -> None:
    """To the centimetre, both ways."""
    assert metres(*from_wgs84(datum, place), *published) < CENTIMETRE
    assert metres(*to_wgs84(datum, published), *place) < CENTIMETRE


@pytest.mark.parametrize(("place", "gcj02", "bd09"), MEASURED)
def test_as_the_map_services_have_it(
    place: tuple[float, float], gcj02: tuple[float, float], bd09: tuple[float, float]
) -> None:
    """To the metre, all over the country, both ways."""
    for datum, theirs in zip(SHIFTED, (gcj02, bd09), strict=True):
        assert metres(*from_wgs84(datum, place), *theirs) < 1
        assert metres(*to_wgs84(datum, theirs), *place) < 1
        assert metres(*place, *theirs) > 100


@given(IN_CHINA)
def test_there_and_back(place: tuple[float, float]) -> None:
    """What is stored is what was meant, to a tenth of a millimetre."""
    for datum in SHIFTED:
        assert metres(*to_wgs84(datum, from_wgs84(datum, place)), *place) < 0.0001
        assert metres(*from_wgs84(datum, to_wgs84(datum, place)), *place) < 0.0001


@given(ABROAD)
def test_abroad_all_are_the_same(place: tuple[float, float]) -> None:
    """Exactly, both ways."""
    for datum in SHIFTED:
        assert from_wgs84(datum, place) == to_wgs84(datum, place) == place


@given(IN_CHINA, st.floats(-0.005, 0.005), st.floats(-0.005, 0.005))
def test_neighbours_stay_neighbours(place: tuple[float, float], north: float, east: float) -> None:
    """A street keeps its length to some parts in a hundred: a hand that moves a metre has moved a metre."""
    other = min(max(place[0] + north, 0.9), 55.7), min(max(place[1] + east, 72.1), 137.7)
    apart = metres(*place, *other)
    for datum in SHIFTED:
        shown = metres(*from_wgs84(datum, place), *from_wgs84(datum, other))
        assert math.isclose(shown, apart, rel_tol=0.05, abs_tol=0.001)


@given(st.one_of(IN_CHINA, ABROAD))
def test_wgs84_is_left_alone(place: tuple[float, float]) -> None:
    """Most maps of the world are in it."""
    assert from_wgs84("wgs84", place) == to_wgs84("wgs84", place) == place
