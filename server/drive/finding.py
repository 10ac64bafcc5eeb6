"""Documents that are found, each time for one reader: by name, then by tags too, then by what stands in them;
the newest first. Names are also found with a wrong sign in them, after all others.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, and_, select

from server.access import Who
from server.among import among
from server.drive import blocks, queries
from server.drive.blocks import Blocks
from server.drive.grams import finder, fold, fold_signs, may_be_wrong, resembles, terms, wanted
from server.drive.index import BLOCK_SHIFT, SHIFT
from server.drive.lookup import Lookup
from server.drive.models import (
    drive_document,
    drive_folder,
    drive_page,
    drive_reading,
    drive_tag,
    drive_version,
)
from server.drive.queries import Document, Known, Space, top
from server.drive.snippets import about
from server.search.terms import SIGN, Piece

AT_ONCE = 256
"""Places whose words are compared at once."""
LOOKED_THROUGH = 4000
"""Places that are compared for one page of results; their pieces are all there."""
LIKE_LOOKED_THROUGH = 400
"""Places whose names are compared with what may be mistyped, of those that have as many of its pieces."""
THERE = among(drive_page.c.place, "places")
WRITTEN = select(drive_page.c.place, drive_page.c.title, drive_page.c.text).where(THERE)
NAMED = select(drive_page.c.place, drive_document.c.name).join(drive_document).where(THERE)


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for besides words: in one part of the drive, by who brought it, changed when. `guess`:
    where nothing has the words, names like them.
    """

    space: str | None = None
    by: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    guess: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """A document that was found: the page where, 0: by its name; the words about it, in pieces."""

    document: Document
    page: int
    title: str
    text: str
    snippet: list[Piece]


class _Words:
    """What is asked for, as it is looked for in a text; `like`: also with a wrong sign in it."""

    def __init__(self, asked: Sequence[str], like: bool = False) -> None:
        self.finders = [(term, finder(term), like and may_be_wrong(term)) for term in asked]
        self.like = like
        self.fold = fold_signs if all(SIGN.match(term) for term in asked) else fold

    def lacking(self, text: str) -> list[str]:
        """The terms a text is without."""
        text = self.fold(text)
        return [
            term
            for term, one, wrong in self.finders
            if not (one.search(text) or (wrong and resembles(term, text)))
        ]


def find(
    c: Connection, who: Who, q: str, sought: Sought, after: int = 0, most: int = 20, known: Known = None
) -> tuple[list[Place], bool]:
    """The documents with all the words, `most` at once from that one on; whether there are more."""
    asked = terms(q)
    known = known or queries.spaces(c, who)
    spaces = [one.id or "" for one in known if sought.space in (None, one.id or "")]
    if not asked or not spaces:
        return [], False
    index, words = Lookup(c, spaces, asked), _Words(asked)
    found: dict[str, Any] = {}
    end, query = after + most + 1, _query(known, sought)
    names, tagged, written = index.tiers(asked)
    sift = partial(_sifted, c, words, index.named) if any(len(wanted(term)) > 1 for term in asked) else None
    for tier, sifted in ((names, None), (tagged, None), (written, sift)):
        rows = _rows(c, query, tier, found, end - len(found), LOOKED_THROUGH, sifted)
        _gather(c, words, rows, found, end, index.tagged)
    if sought.guess and not found and any(may_be_wrong(term) for term in asked):  # it may be mistyped
        index.take_like(c, asked)
        words = _Words(asked, like=True)
        sift = partial(_sifted, c, words, index.named)
        for tier in index.alike(asked):
            rows = _rows(c, query, tier, found, end - len(found), LIKE_LOOKED_THROUGH, sift)
            _gather(c, words, rows, found, end, index.tagged)
    hits = list(found.values())
    return _placed(c, who, asked, hits[after : after + most]), len(hits) >= end


def _gather(
    c: Connection, words: _Words, rows: Iterator[Any], found: dict[str, Any], end: int, tagged: bool
) -> None:
    """Adds those that really have all the words, until there are so many."""
    if len(found) >= end:
        return
    for row in rows:
        lacks = words.lacking(row.name if words.like else f"{row.name}\n{row.title}\n{row.text}")
        if lacks and tagged:
            tags = "\n".join(fold(tag) for tag in _tags(c, row.document))
            lacks = [term for term in lacks if not finder(term).search(tags)]
        if not lacks:
            found[row.document] = row
            if len(found) >= end:
                return


def _tags(c: Connection, document: str) -> Sequence[str]:
    return c.scalars(select(drive_tag.c.tag).where(drive_tag.c.document == document)).all()


@dataclass(slots=True)
class _Part:
    """One part of the drive: its places that were not read yet, the highest first; rows that were, the
    newest last.
    """

    head: int
    places: Iterator[int]
    rows: list[Any] = field(default_factory=list)
    more: bool = True

    def take(self, most: int, passed: set[int]) -> list[int]:
        """Its next places, without those that were passed over; with none there are no more."""
        some = list(islice((place for place in self.places if place not in passed), most))
        self.more = bool(some)
        return some


def _parts(tier: Blocks) -> list[_Part]:
    apart: dict[int, Blocks] = {}
    for block, bits in tier.items():
        if bits:
            apart.setdefault(block >> BLOCK_SHIFT, {})[block] = bits
    return [_Part(head, blocks.falling(some)) for head, some in apart.items()]


def _rows(
    c: Connection,
    query: Any,
    tier: Blocks,
    found: dict[str, Any],
    least: int,
    most: int,
    sift: Callable[[list[int]], list[int]] | None,
) -> Iterator[Any]:
    """What stands at places, the newest first, as far as the reader may see it, so many at most. A document
    that is in `found` once its row was given is passed over from then on. `sift`: of places, those worth it.

    Within a part higher places are newer; parts are put together by when their documents came. So the newest
    of all is known as soon as each part has a row in hand, or has no more.
    """
    parts, passed, looked, some = _parts(tier), set[int](), 0, 4 * least
    while True:
        if waiting := [part for part in parts if part.more and not part.rows]:
            if looked >= most:
                return
            each = max(2, min(AT_ONCE, some, most - looked) // len(waiting))
            places = [place for part in waiting for place in part.take(each, passed)]
            looked += len(places)
            _read(c, query, sift(places) if sift else places, waiting)
            some *= 2
            continue
        ready = [part.rows for part in parts if part.rows]
        if not ready:
            return
        row = max(ready, key=lambda rows: rows[-1].at).pop()
        if row.document not in found and row.place not in passed:
            yield row
            if row.document in found:
                passed.update(range(row.first, row.last + 1))


def _sifted(c: Connection, words: _Words, named: Blocks, places: list[int]) -> list[int]:
    """The places that may be hits: all the words are there, or some may be in the name or the tags. Pairs of
    signs may stand apart in many: what tells is read alone, a third of the work of a whole row.
    """
    query = NAMED if words.like else WRITTEN
    kept = {place for place, *said in _at(c, query, places) if not words.lacking("\n".join(said))}
    return [place for place in places if place in kept or blocks.has(named, place)]


def _read(c: Connection, query: Any, places: list[int], parts: Sequence[_Part]) -> None:
    """Reads the rows of places of these parts."""
    of = {part.head: part.rows for part in parts}
    for row in _at(c, query, places):
        of[row.place >> SHIFT].append(row)
    for rows in of.values():  # a document that was read long after it came stands higher than it is new
        rows.sort(key=attrgetter("at", "place"))


def _at(c: Connection, query: Any, places: list[int]) -> Iterator[Any]:
    """The rows of a query at these places."""
    for start in range(0, len(places), AT_ONCE):
        yield from c.execute(query, {"places": places[start : start + AT_ONCE]}).all()


def _query(known: Sequence[Space], sought: Sought) -> Any:
    p, r, d, v = drive_page.c, drive_reading.c, drive_document.c, drive_version.c
    read = and_(r.document == p.document, p.place.between(r.first, r.last))
    query = select(p.place, p.document, p.page, p.title, p.text, r.first, r.last, r.at, d.name)
    query = query.join(drive_reading, read).join(drive_document, d.id == p.document)
    query = query.join(drive_folder, drive_folder.c.id == d.folder).join(top, top.c.id == drive_folder.c.top)
    query = query.where(d.bin.is_(None), queries.seen(known))
    if sought.by:
        newest = and_(v.document == d.id, v.n == d.n)
        query = query.join(drive_version, newest).where(v.by == sought.by)
    if sought.since:
        query = query.where(d.changed_at >= sought.since)
    if sought.until:
        query = query.where(d.changed_at < sought.until)
    return query.where(THERE).order_by(p.place.desc())


def _placed(c: Connection, who: Who, asked: Sequence[str], rows: Sequence[Any]) -> list[Place]:
    shown = queries.some(c, who, [row.document for row in rows])
    return [
        Place(shown[row.document], _page(row, asked), row.title, row.text, about(row.text, asked))
        for row in rows
        if row.document in shown
    ]


def _page(row: Any, asked: Sequence[str]) -> int:
    """Where it is opened: what has its words in its name alone, at its beginning."""
    text = fold(f"{row.title}\n{row.text}")
    return row.page if any(finder(term).search(text) for term in asked) else 0
