"""Where a map's picture may come from: addresses as they are written in the settings, and their servers."""

import re
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import ValidationInfo

Datum = Literal["wgs84", "gcj02", "bd09"]
SIGNS = re.compile(r"[\w!#$%&()*+,./:=?@\[\]^{}|~-]+", re.ASCII)
"""What stands in an address: nothing that ends a rule of the content security policy, or a quotation."""
HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::\d{1,5})?")
HERE = re.compile(r"(?:127\.0\.0\.1|localhost)(?::\d{1,5})?")
SEVERAL = re.compile(r"\{(?:(\d)-(\d)|([a-z])-([a-z])|s)\}")
MOST = 32
"""Servers one template may stand for."""


def origin(address: str) -> str:
    """`https://host[:port]` of an address; empty for a path of this server.

    Plain http is for this machine only. Raises ValueError, with words for whoever wrote the setting.
    """
    if not SIGNS.fullmatch(address):
        raise ValueError("an address has no spaces, quotation marks or semicolons in it")
    if address.startswith("/") and not address.startswith("//"):
        return ""
    scheme, netloc = urlsplit(address)[:2]
    if scheme != "https" and not (scheme == "http" and HERE.fullmatch(netloc)):
        raise ValueError("an address begins with https:// or, for a path of this server, with /")
    if not HOST.fullmatch(netloc.lower()):
        raise ValueError("an address names one server by its plain name, without a password")
    return f"{scheme}://{netloc.lower()}"


def servers(words: str) -> list[str]:
    """Origins that are listed with spaces between. Raises ValueError for what is more or less than that."""
    found = [origin(word) for word in words.split()]
    if found != [word.lower() for word in words.split()]:
        raise ValueError("servers are listed like https://tiles.example https://signs.example")
    return found


def expanded(template: str) -> list[str]:
    """The addresses a template stands for: `{1-4}`, `{a-d}` and `{s}` (a to c) name several servers."""
    found = SEVERAL.search(template)
    if found is None:
        return [template]
    first, last = [sign for sign in found.groups() if sign] or ("a", "c")
    before, after = template[: found.start()], template[found.end() :]
    return [
        one for sign in range(ord(first), ord(last) + 1) for one in expanded(f"{before}{chr(sign)}{after}")
    ]


def only_one(value: str, info: ValidationInfo) -> str:
    """An address or a file, if it is one and no other is set. Raises ValueError."""
    if value and any(info.data.get(other) for other in ("map_style_url", "map_tiles_url")):
        raise ValueError("a map is drawn from a style, from tiles or from a file, not from two of them")
    known = {"map_style_url": _style, "map_tiles_url": _tiles, "map_pmtiles": _archive}
    if value:
        known[str(info.field_name)](value)
    return value


def of_tiles(value: Datum, info: ValidationInfo) -> Datum:
    """A datum, where one may be chosen: files and our own drawings are in WGS-84. Raises ValueError."""
    said = [info.data.get(name) for name in ("map_style_url", "map_tiles_url")]
    if value != "wgs84" and not any(said) and None not in said:
        raise ValueError("goes with MUSTER_MAP_STYLE_URL or MUSTER_MAP_TILES_URL")
    return value


def only_servers(value: str) -> str:
    """A list of servers. Raises ValueError."""
    servers(value)
    return value


def _tiles(template: str) -> None:
    addresses = expanded(template)
    if not 1 <= len(addresses) <= MOST:
        raise ValueError(f"a template stands for one to {MOST} addresses, like {{1-4}} or {{a-d}}")
    for address in addresses:
        origin(address)
        if sorted(re.findall(r"\{(.*?)\}", address)) not in (["x", "y", "z"], ["-y", "x", "z"]):
            raise ValueError("tiles are addressed like https://tiles.example/{z}/{x}/{y}.png")


def _style(address: str) -> None:
    origin(address)
    if "{" in address:
        raise ValueError("a style has one address, without placeholders; tiles go to MUSTER_MAP_TILES_URL")


def _archive(path: str) -> None:
    try:
        with Path(path).open("rb") as file:
            head = file.read(8)
    except OSError as failure:
        raise ValueError(f"cannot be read: {failure.strerror}") from None
    if head != b"PMTiles\x03":
        raise ValueError("is no PMTiles archive of version 3")
