"""The way to a place in the phone's own map application: the right address, in the datum it takes."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from server.maps.datum import from_wgs84
from server.sweeps.handoff import ways

BUND = (31.240018, 121.490262)
"""On the Bund in Shanghai, WGS-84."""
PARIS = (48.858370, 2.294481)


def spot(url: str) -> tuple[float, float]:
    """The first pair of degrees in an address."""
    lat, lon = map(float, re.findall(r"-?\d+\.\d{6}", url)[:2])
    return (lon, lat) if "amap" in url else (lat, lon)


def urls(place: tuple[float, float], name: str = "Old Bridge Noodles", mode: str = "walk") -> dict[str, str]:
    """By application."""
    return {one.app: one.url for one in ways(place, name, mode, "en")}


def test_each_in_its_own_datum() -> None:
    """In China half a kilometre apart, and further for Baidu."""
    made = urls(BUND)
    assert spot(made["phone"]) == BUND
    for app, datum in (("amap", "gcj02"), ("tencent", "gcj02"), ("apple", "gcj02"), ("google", "gcj02")):
        assert spot(made[app]) == pytest.approx(from_wgs84(datum, BUND), abs=1e-6), app  # type: ignore[arg-type]
    assert spot(made["baidu"]) == pytest.approx(from_wgs84("bd09", BUND), abs=1e-6)
    assert spot(made["amap"]) != pytest.approx(BUND, abs=1e-3)


def test_elsewhere_all_say_the_same() -> None:
    """Outside China there is but one datum."""
    assert {spot(url) for url in urls(PARIS).values()} == {PARIS}


@pytest.mark.parametrize("name", ["老桥面馆", 'A & B "Ltd", #1?', "a,b", "<script>", "100%"])
def test_a_name_breaks_no_address(name: str) -> None:
    """Whatever a customer is called, it stays in its place."""
    for app, url in urls(BUND, name).items():
        assert not re.search(r"[\s\"<>]", url), url
        url.encode("ascii")
        asked = parse_qs(urlsplit(url).query, strict_parsing=True)
        said = str(asked)
        if app in ("baidu", "tencent"):
            assert name in [one for some in asked.values() for one in some], url
        elif app == "amap":
            assert asked["to"][0].split(",")[2] == name.replace(",", " ")
        assert "script" not in said or name == "<script>"


def test_the_likelier_ones_come_first() -> None:
    """After whatever the phone itself opens."""
    assert [one.app for one in ways(BUND, "x", "car", "zh")][:2] == ["phone", "amap"]
    assert [one.app for one in ways(BUND, "x", "car", "en")][:2] == ["phone", "apple"]


def test_by_the_sweeps_way_of_travelling() -> None:
    """On foot, by bike, by car; where an application has no word for it, as its owner has set it."""
    assert [urls(BUND, mode=mode)["amap"].count(f"mode={word}") for mode, word in _WORDS] == [1, 1, 1]
    assert "dirflg" not in urls(BUND, mode="bike")["apple"]
    assert "dirflg=d" in urls(BUND, mode="car")["apple"]


_WORDS = (("walk", "walk"), ("bike", "ride"), ("car", "car"))
