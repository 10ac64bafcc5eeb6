"""What pages are told about the map an installation has chosen instead of the bundled one."""

import hashlib
from typing import Any

import orjson

from config import maps
from config.settings import Settings

ARCHIVE = "/map/archive"
"""Where the file of MUSTER_MAP_PMTILES is read, in ranges."""


def origins(settings: Settings) -> list[str]:
    """The servers besides this one that a map is fetched from, each once."""
    asked = [settings.map_style_url] if settings.map_style_url else []
    asked += maps.expanded(settings.map_tiles_url) if settings.map_tiles_url else []
    found = [*map(maps.origin, asked), *maps.servers(settings.map_servers)]
    return list(dict.fromkeys(one for one in found if one))


def told(settings: Settings) -> str:
    """For `web/static/js/ground.js`, as JSON; empty where the map is the bundled one.

    `seal` changes with the servers a page may ask: browsers keep a script for good, and its policy with it.
    """
    said: dict[str, Any] = {}
    if settings.map_style_url:
        said["style"] = settings.map_style_url
    elif settings.map_tiles_url:
        said["tms"] = "{-y}" in settings.map_tiles_url
        said["tiles"] = maps.expanded(settings.map_tiles_url.replace("{-y}", "{y}"))
        said["zoom"] = settings.map_tiles_zoom
    elif settings.map_pmtiles:
        said["archive"] = ARCHIVE
    if not said:
        return ""
    if settings.map_datum != "wgs84":
        said["datum"] = settings.map_datum
    if asked := origins(settings):
        said["seal"] = hashlib.sha256(" ".join(asked).encode()).hexdigest()[:12]
    return orjson.dumps(said | {"credit": settings.map_attribution}).decode()
