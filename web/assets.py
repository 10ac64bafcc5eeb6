"""The files browsers load: their addresses, the style sheets as one, and what they weigh on the wire."""

import gzip
import hashlib
from functools import cache, lru_cache
from pathlib import Path

import minify

STATIC = Path(__file__).parent / "static"
ONE_SHEET = "app.css"
SHEETS = (
    *("tokens", "base", "parts", "buttons", "forms", "compose", "frame", "map", "marks"),
    *(
        "live",
        "strip",
        "rally",
        "feed",
        "catching",
        "calls",
        "replies",
        "checkin",
        "auth",
        "drawing",
        "people",
        "motion",
    ),
)
"""In the order of the cascade."""
OURS = {"js": "application/javascript", "css": "text/css"}
PACKED = frozenset({".css", ".js", ".mjs", ".json", ".svg"})


@cache
def mark() -> str:
    """Stands for the content of all files; it changes when one of them does."""
    found = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            found.update(f"{path.relative_to(STATIC)} {path.stat().st_size} ".encode())
            found.update(path.read_bytes())
    return found.hexdigest()[:12]


def static(path: str) -> str:
    """The address of a file below static/. The mark is a folder, so that modules import their like."""
    return f"/static/{mark()}/{path}"


@cache
def sheet() -> bytes:
    """All of our style sheets as one, so that a page waits for one answer."""
    return b"\n".join((STATIC / "css" / f"{name}.css").read_bytes() for name in SHEETS)


@lru_cache(512)
def packed(path: str) -> bytes | None:
    """A text file as gzip, ours with short names, no comments; None for what is packed, or not there."""
    if path == ONE_SHEET:
        return gzip.compress(small("text/css", sheet()), 9, mtime=0)
    file = (STATIC / path).resolve()
    if file.suffix not in PACKED or not file.is_relative_to(STATIC.resolve()) or not file.is_file():
        return None
    content = file.read_bytes()
    kind = OURS.get(path.partition("/")[0])
    return gzip.compress(small(kind, content) if kind else content, 9, mtime=0)


def small(kind: str, content: bytes) -> bytes:
    """The same program or style in fewer letters."""
    return str(minify.string(kind, content.decode())).encode()
