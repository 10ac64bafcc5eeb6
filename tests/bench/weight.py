"""What the hand-written scripts and styles weigh on the way, each file compressed by itself."""

import gzip
from collections.abc import Iterator

from tests.bed.served import ROOT
from tests.bench.machine import Bench
from tests.bench.table import Figure

STATIC = ROOT / "web" / "static"


def run(bench: Bench) -> Iterator[Figure]:
    """All of them, whether one page loads them or not."""
    for what, folder, bound in (("JavaScript", "js", 25), ("CSS", "css", 20)):
        files = sorted((STATIC / folder).glob(f"*.{folder}"))
        sizes = {file.name: len(gzip.compress(file.read_bytes(), 6)) / 1024 for file in files}
        largest = [f"{name} {sizes[name]:.1f}" for name in sorted(sizes, key=lambda name: -sizes[name])[:3]]
        plain = sum(file.stat().st_size for file in files) / 1024
        yield Figure(
            f"hand-written {what}, {len(files)} files, gz",
            sum(sizes.values()),
            "KB",
            bound,
            note=f"{plain:.0f} KB plain; largest: {', '.join(largest)}",
        )
