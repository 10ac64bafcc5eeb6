"""From a place in Muster to the way there in the phone's own map application, which hears of the place alone.

Each application takes its own datum: in China all that show Chinese streets GCJ-02, Baidu's BD-09. `geo:` is
WGS-84 by its standard (RFC 5870).
"""

from typing import NamedTuple
from urllib.parse import quote, urlencode

from config.maps import Datum
from server.maps.datum import Place, from_wgs84

MODES = {
    "walk": {"amap": "walk", "apple": "w", "google": "walking", "tencent": "walk"},
    "bike": {"amap": "ride", "apple": "", "google": "bicycling", "tencent": "bike"},
    "car": {"amap": "car", "apple": "d", "google": "driving", "tencent": "drive"},
}
"""How each application calls a way of travelling; empty: as its owner has set it."""


class Way(NamedTuple):
    """A map application by its key, and the address that opens the way to a place in it."""

    app: str
    url: str


def ways(place: Place, name: str, mode: str, lang: str) -> list[Way]:
    """The way to a place (WGS-84 degrees) in every application we know, the likelier ones first."""
    china = [
        Way("amap", _amap(place, name, mode)),
        Way("baidu", _baidu(place, name)),
        Way("tencent", _tencent(place, name, mode)),
    ]
    world = [Way("apple", _apple(place, mode)), Way("google", _google(place, mode))]
    system = [Way("phone", _phone(place, name))]
    return [*system, *china, *world] if lang == "zh" else [*system, *world, *china]


def _at(datum: Datum, place: Place) -> tuple[str, str]:
    """Latitude and longitude as an address writes them: to a tenth of a metre."""
    lat, lon = from_wgs84(datum, place)
    return f"{lat:.6f}", f"{lon:.6f}"


def _phone(place: Place, name: str) -> str:
    lat, lon = _at("wgs84", place)
    return f"geo:{lat},{lon}?q={lat},{lon}({quote(name, safe='')})"


def _apple(place: Place, mode: str) -> str:
    asked = {"daddr": ",".join(_at("gcj02", place)), "dirflg": MODES[mode]["apple"]}
    return f"https://maps.apple.com/?{_query(asked)}"


def _google(place: Place, mode: str) -> str:
    asked = {"api": "1", "destination": ",".join(_at("gcj02", place)), "travelmode": MODES[mode]["google"]}
    return f"https://www.google.com/maps/dir/?{_query(asked)}"


def _amap(place: Place, name: str, mode: str) -> str:
    lat, lon = _at("gcj02", place)
    # A comma would end the name.
    asked = {"to": f"{lon},{lat},{name.replace(',', ' ')}", "mode": MODES[mode]["amap"]}
    return f"https://uri.amap.com/navigation?{_query(asked | {'coordinate': 'gaode', 'callnative': '1'})}"


def _baidu(place: Place, name: str) -> str:
    asked = {"location": ",".join(_at("bd09", place)), "title": name, "content": name, "output": "html"}
    return f"https://api.map.baidu.com/marker?{_query(asked | {'coord_type': 'bd09ll', 'src': 'muster'})}"


def _tencent(place: Place, name: str, mode: str) -> str:
    asked = {"type": MODES[mode]["tencent"], "fromcoord": "CurrentLocation", "to": name}
    asked |= {"tocoord": ",".join(_at("gcj02", place)), "referer": "muster"}
    return f"https://apis.map.qq.com/uri/v1/routeplan?{_query(asked)}"


def _query(asked: dict[str, str]) -> str:
    return urlencode({key: value for key, value in asked.items() if value}, quote_via=quote, safe=",")
