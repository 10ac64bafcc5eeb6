"""What the hand-written scripts and styles weigh on the way: scripts packed each by itself, styles as one."""

from collections.abc import Iterator

from tests.bench.machine import Bench
from tests.bench.table import Figure
from web import assets


def run(bench: Bench) -> Iterator[Figure]:
    """All of them, whether one page loads them or not, as the server packs them."""
    scripts = sorted((assets.STATIC / "js").glob("*.js"))
    weights = {file.name: weight(f"js/{file.name}") for file in scripts}
    largest = sorted(weights, key=lambda name: -weights[name])[:3]
    yield Figure(
        f"hand-written JavaScript, {len(scripts)} files, gz",
        sum(weights.values()),
        "KB",
        25,
        note=f"largest: {', '.join(f'{name} {weights[name]:.1f}' for name in largest)}",
    )
    yield Figure("hand-written CSS, gz", weight(assets.ONE_SHEET), "KB", 20)


def weight(path: str) -> float:
    """KB of one answer."""
    packed = assets.packed(path)
    assert packed is not None
    return len(packed) / 1024
