"""A quick run: each test once, on one of the two kinds of installation; half of them on either.

Which one a test has is the same in every run, and its neighbour may have the other.
"""

from zlib import crc32

import pytest

KINDS = ("embedded", "scaled")


def pick(items: list[pytest.Item]) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """Those to run, and those left out, in their order."""
    chosen, left = [], []
    for item in items:
        (chosen if wanted(item) else left).append(item)
    return chosen, left


def wanted(item: pytest.Item) -> bool:
    """Whether it is this test's kind; true for one that has no choice."""
    spec = getattr(item, "callspec", None)
    kind = spec.params.get("setup") if spec else None
    if kind not in KINDS:
        return True
    test = item.nodeid.replace(str(kind), "", 1)
    return kind == KINDS[crc32(test.encode()) % 2]
