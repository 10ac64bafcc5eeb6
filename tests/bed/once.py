"""The two halves of a run. The brief one takes each test once, on one of two kinds of installation (half of
them on either), but for those marked as going far; the other has all that the brief one leaves out.

Which kind a test has is the same in every run, and its neighbour may have the other.
"""

from zlib import crc32

import pytest

KINDS = ("embedded", "scaled")
FAR = "far"
"""The mark of tests that try everything everywhere, for minutes."""
FILED, AFAR = "filed", "afar"
"""The mark of tests about files, and the kind they have as well: PostgreSQL and Valkey, files at S3."""


def part(items: list[pytest.Item]) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """Those of the brief half and the others, in their order."""
    brief, rest = [], []
    for item in items:
        (brief if wanted(item) and not item.get_closest_marker(FAR) else rest).append(item)
    return brief, rest


def wanted(item: pytest.Item) -> bool:
    """Whether it is this test's kind; true for one that has no choice."""
    spec = getattr(item, "callspec", None)
    kind = spec.params.get("setup") if spec else None
    if kind not in KINDS:
        return True
    test = item.nodeid.replace(str(kind), "", 1)
    return kind == KINDS[crc32(test.encode()) % 2]
