"""Keeping the index of documents: which places have which piece, for each part of the drive its own.

A page of a document is a place; a later document has higher ones, and its first page the highest of them: the
newest are read first, and of each the first page. Names and tags stand at all places of their document. Parts
count apart, so that their blocks are full; to the places of each its number is added, shifted by `SHIFT`.
Places are given once. What a document leaves behind is dead: nothing is found there, as its row is gone, and
`sweeping.py` takes it out.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from server.drive import blocks
from server.drive.blocks import Blocks
from server.drive.grams import pieces, pieces_like
from server.drive.models import (
    drive_document,
    drive_folder,
    drive_gram,
    drive_head,
    drive_page,
    drive_reading,
    drive_tag,
)

NAME, TAG, TEXT, LIKE, HEAD = "n", "g", "t", "z", "h"
"""Before each piece: where it stands. `LIKE`: pairs of a name's signs; `HEAD`: the document's first page."""
SHIFT = 32
"""Bits of a place within a part of the drive."""
BLOCK_SHIFT = SHIFT - (blocks.BLOCK.bit_length() - 1)
BLOCK_MASK = (1 << BLOCK_SHIFT) - 1
AT_ONCE = 300
Page = tuple[str, str]
Pieces = dict[str, Blocks]


def hold(c: Connection, document: str, places: int = 0) -> tuple[int, int]:
    """Holds the index of the part a document is in until the commit, and takes so many new places: the number
    of the part, and the last of its places.
    """
    where = space(c, document)
    it = drive_head.c
    taken = update(drive_head).where(it.space == where).values(last=it.last + places)
    row = c.execute(taken.returning(it.id, it.last)).one_or_none()
    if row is None:
        row = c.execute(insert(drive_head).values(space=where, last=places).returning(it.id, it.last)).one()
    return row.id, (row.id << SHIFT) + row.last


def space(c: Connection, document: str) -> str:
    """The part of the drive it is in, as the index calls it."""
    query = select(drive_folder.c.squad).join(drive_document, drive_document.c.folder == drive_folder.c.id)
    return c.scalar(query.where(drive_document.c.id == document)) or ""


def enter(c: Connection, document: str, n: int, at: datetime) -> None:
    """A document, or a new version of one that came then: found by its name until its words are read."""
    unname(c, document)
    _, last = hold(c, document, 1)
    c.execute(delete(drive_page).where(drive_page.c.document == document))
    row = {"document": document, "n": n, "state": "waits", "at": at, "first": last, "last": last}
    c.execute(delete(drive_reading).where(drive_reading.c.document == document))
    c.execute(insert(drive_reading), row)
    c.execute(insert(drive_page), {"place": last, "document": document, "page": 0, "title": "", "text": ""})
    name(c, document)


def take(c: Connection, document: str, places: int) -> int:
    """So many new places; the last of them."""
    return hold(c, document, places)[1]


def name(c: Connection, document: str) -> None:
    """It is found by its name and tags."""
    change(c, _names(c, document), on=True)


def unname(c: Connection, document: str) -> None:
    """It is no longer found by its name and tags: before another is given, or another place."""
    change(c, _names(c, document), on=False)


def _names(c: Connection, document: str) -> Pieces:
    hold(c, document)
    at = c.execute(select(drive_reading).where(drive_reading.c.document == document)).one_or_none()
    if at is None:
        return {}
    called = c.scalar(select(drive_document.c.name).where(drive_document.c.id == document)) or ""
    tags = " ".join(c.scalars(select(drive_tag.c.tag).where(drive_tag.c.document == document)))
    everywhere = blocks.of(range(at.first, at.last + 1))
    said = {NAME + one for one in pieces(called)} | {TAG + one for one in pieces(tags)}
    said |= {LIKE + one for one in pieces_like(called)}
    return {**dict.fromkeys(said, everywhere), HEAD: blocks.of([at.last])}


def place_of(last: int, page: int) -> int:
    """Where a page stands of a document whose first stands at `last`."""
    return last - max(page, 1) + 1


def text_pieces(last: int, first_page: int, pages: Sequence[Page]) -> Pieces:
    """What pages from that one on have, for a document whose first page stands at `last`."""
    found: Pieces = {}
    for page, (title, text) in enumerate(pages, first_page):
        block, bit = divmod(place_of(last, page), blocks.BLOCK)
        for piece in pieces(f"{title}\n{text}"):
            at = found.setdefault(TEXT + piece, {})
            at[block] = at.get(block, 0) | 1 << bit
    return found


def keep_pages(
    c: Connection, document: str, last: int, first_page: int, pages: Sequence[Page], said: Pieces
) -> None:
    """Some of its pages, with their pieces. Nothing is found there before `turn`."""
    head, _ = hold(c, document)
    if head != last >> SHIFT:
        return  # it is in another part by now, and will be read again
    rows = [
        {"place": place_of(last, page), "document": document, "page": page, "title": title, "text": text}
        for page, (title, text) in enumerate(pages, first_page)
    ]
    c.execute(insert(drive_page), rows)
    change(c, said, on=True)


def turn(c: Connection, document: str, n: int, first: int, last: int, state: str) -> bool:
    """All that was read of that version is found now, in place of what was before. False: there is another
    version by now, or it is elsewhere.
    """
    head, _ = hold(c, document)
    mine = drive_page.c.document == document
    now = select(drive_reading.c.n).where(drive_reading.c.document == document)
    if c.scalar(now) != n or head != last >> SHIFT:
        c.execute(delete(drive_page).where(mine, drive_page.c.place.between(first, last)))
        return False
    unname(c, document)
    c.execute(delete(drive_page).where(mine, ~drive_page.c.place.between(first, last)))
    values = {"state": state, "first": first, "last": last}
    c.execute(update(drive_reading).where(drive_reading.c.document == document).values(**values))
    name(c, document)
    return True


def forget(c: Connection, documents: Sequence[str]) -> None:
    """These are gone for good."""
    for one in documents:
        unname(c, one)
    for table in (drive_page, drive_reading):
        c.execute(delete(table).where(table.c.document.in_(documents)))


def change(c: Connection, said: Pieces, on: bool) -> None:
    """Sets or clears bits of many pieces in one part of the drive."""
    it = drive_gram.c
    made: list[Any] = []
    changed: list[Any] = []
    gone: list[Any] = []
    for some in _some(sorted(said)):
        touched = sorted({block for gram in some for block in said[gram]})
        head = touched[0] >> BLOCK_SHIFT
        within = [block & BLOCK_MASK for block in touched]
        query = select(it.gram, it.block, it.bits).where(it.head == head, it.gram.in_(some))
        known = {
            (gram, block): blocks.unpacked(bits)
            for gram, block, bits in c.execute(query.where(it.block.in_(within)))
        }
        for gram in some:
            for place, bits in said[gram].items():
                block = place & BLOCK_MASK
                before = known.get((gram, block), 0)
                after = before | bits if on else before & ~bits
                row = {"in_": head, "of": gram, "at": block, "new": blocks.packed(after)}
                if before != after:
                    (made if not before else changed if after else gone).append(row)
    _write(c, made, changed, gone)


def _write(c: Connection, made: list[Any], changed: list[Any], gone: list[Any]) -> None:
    """Rows of the index."""
    it = drive_gram.c
    here = (it.head == bindparam("in_")) & (it.gram == bindparam("of")) & (it.block == bindparam("at"))
    if made:
        rows = [{"head": r["in_"], "gram": r["of"], "block": r["at"], "bits": r["new"]} for r in made]
        c.execute(insert(drive_gram), rows)
    if changed:
        c.execute(update(drive_gram).where(here).values(bits=bindparam("new")), changed)
    if gone:
        c.execute(delete(drive_gram).where(here), [{k: r[k] for k in ("in_", "of", "at")} for r in gone])


def _some(grams: Sequence[str]) -> Iterable[Sequence[str]]:
    return (grams[start : start + AT_ONCE] for start in range(0, len(grams), AT_ONCE))
