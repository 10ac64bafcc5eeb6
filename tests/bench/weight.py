"""What the hand-written scripts and styles weigh on the way: scripts packed each by itself, styles as one."""

import re
from collections.abc import Iterator

from tests.bench.machine import Bench
from tests.bench.table import Figure
from web import assets

PAGES = {
    "live": ("theme", "boot", "waiting", "map", "town"),
    "check-in": ("theme", "boot", "waiting", "saved", "checkin", "paper", "here", "town"),
    "visit": ("theme", "boot", "visit", "sending", "paper", "town"),
}
"""The scripts a page asks for by itself, at once or a little later; what they import comes along."""


def run(bench: Bench) -> Iterator[Figure]:
    """What a page loads, with its map, as the server packs it; and all there is."""
    weights = {file.stem: weight(f"js/{file.name}") for file in (assets.STATIC / "js").glob("*.js")}
    for page, asked in PAGES.items():
        loaded = closure(asked)
        largest = sorted(loaded, key=lambda name: -weights[name])[:3]
        yield Figure(
            f"hand-written JavaScript of the {page} page, {len(loaded)} files, gz",
            sum(weights[name] for name in loaded),
            "KB",
            25,
            note=f"largest: {', '.join(f'{name} {weights[name]:.1f}' for name in largest)}",
        )
    yield Figure(f"all hand-written JavaScript, {len(weights)} files, gz", sum(weights.values()), "KB")
    yield Figure("hand-written CSS, gz", weight(assets.ONE_SHEET), "KB", 20)


def closure(asked: tuple[str, ...]) -> set[str]:
    """These scripts and all they import at once."""
    found, left = set(asked), list(asked)
    while left:
        script = (assets.STATIC / "js" / f"{left.pop()}.js").read_text(encoding="utf-8")
        new = set(re.findall(r"^import .*?'\./(\w+)\.js';", script, re.MULTILINE)) - found
        found |= new
        left += new
    return found


def weight(path: str) -> float:
    """KB of one answer."""
    packed = assets.packed(path)
    assert packed is not None
    return len(packed) / 1024
