"""Which places of the index may have the words that are looked for: sets, put together block by block."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, select, union_all

from server.drive import blocks
from server.drive.blocks import Blocks
from server.drive.grams import may_be_wrong, pairs, wanted
from server.drive.index import BLOCK_SHIFT, HEAD, LIKE, NAME, TAG, TEXT
from server.drive.models import drive_gram, drive_head

ROWS = 20_000
"""Rows of the index that are read for a word, at most."""
FIELDS = (NAME, TAG, TEXT)


class Lookup:
    """The rows of the index that a question needs, of the parts of the drive its reader sees."""

    def __init__(self, c: Connection, spaces: Sequence[str], asked: Sequence[str]) -> None:
        self.found: dict[str, Blocks] = {}
        it = drive_gram.c
        heads = c.scalars(select(drive_head.c.id).where(drive_head.c.space.in_(spaces))).all()
        self.query = select(it.gram, it.head, it.block, it.bits).where(it.head.in_(heads))
        exact = {field + piece for term in asked for piece in wanted(term)[0] for field in FIELDS}
        begin = [field + wanted(term)[1] for term in asked if wanted(term)[1] for field in FIELDS]
        ranges = [(it.gram >= first) & (it.gram < first + "\U0010ffff") for first in begin]
        self._take(c, it.gram.in_(sorted(exact | {HEAD})), *ranges)
        self.begun = {first: [gram for gram in self.found if gram.startswith(first)] for first in begin}
        self.tagged = any(gram.startswith(TAG) for gram in self.found)

    def take_like(self, c: Connection, asked: Sequence[str]) -> None:
        """Also what names that are like the words have."""
        like = {LIKE + pair for term in asked if may_be_wrong(term) for pair in pairs(term)}
        self._take(c, drive_gram.c.gram.in_(sorted(like)))

    def _take(self, c: Connection, *which: ColumnElement[bool]) -> None:
        """Rows of the index, each range by itself: for one or another a database looks through all."""
        rows = union_all(*(self.query.where(one) for one in which)).limit(ROWS)
        for gram, head, block, bits in c.execute(rows):
            self.found.setdefault(gram, {})[(head << BLOCK_SHIFT) + block] = blocks.unpacked(bits)

    def has(self, field: str, term: str, block: int) -> int:
        """The places of a block where the term may stand in that field."""
        every, beginning = wanted(term)
        if beginning:
            bits = 0
            for gram in self.begun[field + beginning]:
                bits |= self.found[gram].get(block, 0)
            return bits
        bits = -1
        for piece in every:
            bits &= self.found.get(field + piece, {}).get(block, 0)
        return bits

    def like(self, term: str, block: int) -> int:
        """The places of a block whose names have most of the term's pairs."""
        known = pairs(term)
        wrong = 3 if len(known) > 3 else 2  # a sign is in two pairs; two that changed places in three
        enough = max(1, len(known) - wrong)
        counted = [-1] + [0] * enough
        for pair in known:
            bits = self.found.get(LIKE + pair, {}).get(block, 0)
            for n in range(enough, 0, -1):
                counted[n] |= counted[n - 1] & bits
        return counted[enough]

    def tiers(self, asked: Sequence[str]) -> tuple[Blocks, Blocks, Blocks]:
        """Places by name, first pages alone; by name and tags, first pages alone; by all there is."""
        names, tagged, written = {}, {}, {}
        for block in {block for at in self.found.values() for block in at}:
            name, tag, text = -1, -1, -1
            for term in asked:
                n, g, t = (self.has(field, term, block) for field in FIELDS)
                name, tag, text = name & n, tag & (n | g), text & (n | g | t)
            head = self.found.get(HEAD, {}).get(block, 0)
            names[block], tagged[block], written[block] = name & head, tag & head & ~name, text & ~tag
        return names, tagged, written

    def alike(self, asked: Sequence[str]) -> Blocks:
        """First pages of documents whose names are like the words."""
        found = {}
        for block, bits in self.found.get(HEAD, {}).items():
            for term in asked:
                known = self.has(NAME, term, block) | self.has(TAG, term, block)
                bits &= known | (self.like(term, block) if may_be_wrong(term) else 0)
            found[block] = bits
        return found
