"""What documents leave behind in the index, replaced or gone for good, is swept out of it once a day.

It does no harm there, since nothing is found at a place without a page: but words of what was thrown away are
to be nowhere, and rows that say nothing are read with every search.
"""

from typing import NamedTuple

from sqlalchemy import Connection, select, tuple_, update

from server.db import Database
from server.drive import blocks, index
from server.drive.index import BLOCK_MASK, BLOCK_SHIFT, SHIFT, TEXT, Pieces
from server.drive.models import drive_gram, drive_head, drive_page

AT_ONCE = 4000
"""Rows of the index that are looked through in one transaction."""


class Row(NamedTuple):
    """Of the index: a part of the drive, a piece, a block."""

    head: int
    gram: str
    block: int


async def sweep(db: Database) -> None:
    """All of it, in many small transactions."""
    at: Row | None = Row(0, "", 0)
    while at is not None:
        at = await db.write(some, at)


def some(c: Connection, after: Row) -> Row | None:
    """Sweeps the next rows of one part; the last of them, None where there are no more.

    Nobody else writes the part's index meanwhile, and a page comes with its pieces or not at all: a piece
    without a page has none later.
    """
    it = drive_gram.c
    rest = tuple_(it.head, it.gram, it.block) > tuple_(*after)
    query = select(it.head, it.gram, it.block, it.bits).where(rest, it.gram.like(f"{TEXT}%"))
    first = c.execute(query.order_by(it.head, it.gram, it.block).limit(1)).first()
    if first is None:
        return None
    held = update(drive_head).where(drive_head.c.id == first.head).values(last=drive_head.c.last)
    c.execute(held)
    here = query.where(it.head == first.head).order_by(it.head, it.gram, it.block).limit(AT_ONCE)
    rows = c.execute(here).all()
    pages = drive_page.c.place.between(first.head << SHIFT, ((first.head + 1) << SHIFT) - 1)
    alive = blocks.of(c.scalars(select(drive_page.c.place).where(pages)))
    dead: Pieces = {}
    for row in rows:
        block = (row.head << BLOCK_SHIFT) + (row.block & BLOCK_MASK)
        if gone := blocks.unpacked(row.bits) & ~alive.get(block, 0):
            dead.setdefault(row.gram, {})[block] = gone
    index.change(c, dead, on=False)
    return Row(*rows[-1][:3])
