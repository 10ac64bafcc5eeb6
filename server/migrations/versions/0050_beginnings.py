"""Words of documents are found by their first sixteen beginnings, each a piece of its own.

Until now by three, and longer ones by all words that begin so: thousands of rows for a word that stands in many
part numbers. The index itself says all that is needed; no document is read again.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from server.drive import blocks
from server.search.terms import SIGN

revision = "0050"
down_revision = "0049"

FIELDS = ("n", "g", "t")
KEPT, BEGINNING, END = 3, 16, "*"
AT_ONCE = 5000
PARTS = sa.text("SELECT DISTINCT head, substr(gram, 1, 2) FROM drive_gram")
WORDS = sa.text("SELECT gram, block, bits FROM drive_gram WHERE head = :head AND gram >= :one AND gram < :after")
GONE = sa.text("DELETE FROM drive_gram WHERE head = :head AND gram = :gram")
ADDED = sa.text("INSERT INTO drive_gram (head, gram, block, bits) VALUES (:head, :gram, :block, :bits)")


def upgrade() -> None:
    c = op.get_bind()
    for head, one in c.execute(PARTS).all():
        if one[0] in FIELDS and len(one) == 2 and not SIGN.match(one[1]):
            begin_anew(c, head, one)


def begin_anew(c: sa.Connection, head: int, one: str) -> None:
    """The words of a part and a field that begin with one letter."""
    found: dict[tuple[str, int], int] = {}
    words: set[str] = set()
    for gram, block, bits in c.execute(WORDS, {"head": head, "one": one, "after": f"{one}\U0010ffff"}):
        word = gram[1:]
        if word.endswith(END):
            continue
        words.add(gram)
        for n in range(KEPT + 1, min(BEGINNING, len(word)) + 1):
            key = (gram[: n + 1] + END, block)
            found[key] = found.get(key, 0) | blocks.unpacked(bits)
    several(c, GONE, [{"head": head, "gram": gram} for gram in sorted(words)])
    rows = [
        {"head": head, "gram": gram, "block": block, "bits": blocks.packed(bits)}
        for (gram, block), bits in sorted(found.items())
    ]
    several(c, ADDED, rows)


def several(c: sa.Connection, what: sa.TextClause, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), AT_ONCE):
        c.execute(what, rows[start : start + AT_ONCE])
