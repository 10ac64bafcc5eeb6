"""Which places of the index may have the words that are looked for: sets, put together block by block."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, select

from server.among import among
from server.drive import blocks
from server.drive.blocks import Blocks
from server.drive.grams import may_be_wrong, pairs, wanted, wrong
from server.drive.index import BLOCK_SHIFT, HEAD, LIKE, NAME, TAG, TEXT
from server.drive.models import drive_gram, drive_head
from server.search.terms import SIGN

HEADS = select(drive_head.c.id).where(among(drive_head.c.space, "spaces"))
ROWS = select(drive_gram.c.gram, drive_gram.c.head, drive_gram.c.block, drive_gram.c.bits).where(
    among(drive_gram.c.head, "heads"), among(drive_gram.c.gram, "grams")
)
FIELDS = (NAME, TAG, TEXT)
LOST = 3
"""Pairs of a term that two signs which changed places are in; a wrong one is in two."""


class Lookup:
    """The rows of the index that a question needs, of the parts of the drive its reader sees."""

    def __init__(self, c: Connection, spaces: Sequence[str], asked: Sequence[str]) -> None:
        self.found: dict[str, Blocks] = {}
        self.heads = c.scalars(HEADS, {"spaces": spaces}).all()
        every = {piece for term in asked for piece in wanted(term)}
        self._take(c, {HEAD} | {field + piece for field in FIELDS for piece in every})
        self.tagged = any(gram.startswith(TAG) for gram in self.found)
        self.named: Blocks = {}

    def take_like(self, c: Connection, asked: Sequence[str]) -> None:
        """Also what names that are like the words have."""
        maybe = [term for term in asked if may_be_wrong(term)]
        signs = {NAME + sign for term in maybe if SIGN.match(term) for sign in term}
        self._take(c, signs | {LIKE + pair for term in maybe for pair in pairs(term)})

    def _take(self, c: Connection, grams: Collection[str]) -> None:
        """The rows of the index with these, of those that are not there yet."""
        missing = {"heads": self.heads, "grams": sorted(set(grams) - set(self.found))}
        for gram, head, block, bits in c.execute(ROWS, missing):
            self.found.setdefault(gram, {})[(head << BLOCK_SHIFT) + block] = blocks.unpacked(bits)

    def has(self, field: str, term: str, block: int) -> int:
        """The places of a block where the term may stand in that field."""
        bits = -1
        for piece in wanted(term):
            bits &= self.found.get(field + piece, {}).get(block, 0)
        return bits

    def like(self, term: str, block: int) -> list[int]:
        """The places of a block whose names have all of the term’s pairs, all but one, and so on."""
        known = pairs(term)
        having = _having([self.found.get(LIKE + pair, {}).get(block, 0) for pair in known])
        if SIGN.match(term):  # each wrong one is one that is not there
            there = _having([self.found.get(NAME + sign, {}).get(block, 0) for sign in term])
            having = [bits & there[max(0, len(term) - wrong(term))] for bits in having]
        enough = max(1, len(known) - (LOST if len(known) > LOST else LOST - 1))
        return having[: enough - 1 : -1]

    def tiers(self, asked: Sequence[str]) -> tuple[Blocks, Blocks, Blocks]:
        """Places by name, first pages alone; by name and tags, first pages alone; by all there is. `named`
        are then those whose name or tags may have any of the terms.
        """
        names, tagged, written = {}, {}, {}
        for block in {block for at in self.found.values() for block in at}:
            name, tag, text, self.named[block] = -1, -1, -1, 0
            for term in asked:
                n, g, t = (self.has(field, term, block) for field in FIELDS)
                name, tag, text = name & n, tag & (n | g), text & (n | g | t)
                self.named[block] |= n | g
            head = self.found.get(HEAD, {}).get(block, 0)
            names[block], tagged[block], written[block] = name & head, tag & head & ~name, text & ~tag
        return names, tagged, written

    def alike(self, asked: Sequence[str]) -> list[Blocks]:
        """First pages of documents whose names are like the words, those that have most of them first."""
        found: list[Blocks] = [{} for _ in range(LOST + 1)]
        for block, heads in self.found.get(HEAD, {}).items():
            like = [self.like(term, block) if may_be_wrong(term) else [0] for term in asked]
            known = [self.has(NAME, term, block) | self.has(TAG, term, block) for term in asked]
            rest = heads
            for lost, tier in enumerate(found):
                tier[block] = rest
                for some, said in zip(like, known, strict=True):
                    tier[block] &= said | some[min(lost, len(some) - 1)]
                rest &= ~tier[block]
        return found


def _having(sets: Sequence[int]) -> list[int]:
    """The places that are in any number of these sets or more: first all, at last those in each of them.

    >>> _having([0b011, 0b110]) == [-1, 0b111, 0b010]
    True
    """
    having = [-1] + [0] * len(sets)
    for seen, bits in enumerate(sets, 1):
        for n in range(seen, 0, -1):
            having[n] |= having[n - 1] & bits
    return having
