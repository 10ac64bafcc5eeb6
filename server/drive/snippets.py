"""What is shown of documents that were found: the words about a hit, in pieces, the hits marked."""

import re
from collections.abc import Sequence

from sqlalchemy import Connection, select

from server.drive.grams import finder, fold, terms
from server.drive.models import drive_page, drive_reading
from server.search.terms import Piece

BEFORE, AFTER = 30, 110
"""Signs of a snippet around the first hit."""
MARKS = re.compile(r"\*\*|__|`+|^#{1,6} ", re.MULTILINE)
"""How Markdown says what is a heading, or strong: of no use in a line of words."""


def about(text: str, asked: Sequence[str]) -> list[Piece]:
    """The words about the first hit, in pieces."""
    folded = fold(text)
    hits = [hit.start() for term in asked if (hit := finder(term).search(folded))]
    first = min(hits, default=0) if len(folded) == len(text) else 0
    start = max(0, first - BEFORE)
    made = _pieces(" ".join(MARKS.sub("", text[start : first + AFTER]).split()), asked)
    made = [Piece("…", False), *made] if start else made
    return [*made, Piece("…", False)] if len(text) > first + AFTER else made


def marked(text: str, q: str) -> list[Piece]:
    """A whole text in pieces, what is looked for marked."""
    return _pieces(text, terms(q))


def _pieces(text: str, asked: Sequence[str]) -> list[Piece]:
    folded = fold(text)
    if len(folded) != len(text):  # a sign of it is several in the index
        places = [place for place, sign in enumerate(text) for _ in fold(sign)]
        folded = "".join(fold(sign) for sign in text)
    else:
        places = list(range(len(text)))
    made: list[Piece] = []
    at = 0
    for start, end in sorted(hit.span() for term in asked for hit in finder(term).finditer(folded)):
        first, last = max(at, places[start]), places[end - 1] + 1
        if last > at:
            made += [Piece(text[at:first], False), Piece(text[first:last], True)]
            at = last
    return [one for one in [*made, Piece(text[at:], False)] if one.text]


def pages_with(c: Connection, document: str, q: str) -> list[tuple[int, list[Piece]]]:
    """The pages of a document with all the words that are on any page of it, each with what is about them."""
    asked = terms(q)
    query = select(drive_page.c.page, drive_page.c.title, drive_page.c.text)
    query = query.join(drive_reading, drive_reading.c.document == drive_page.c.document)
    query = query.where(drive_page.c.place.between(drive_reading.c.first, drive_reading.c.last))
    here = (drive_page.c.document == document) & (drive_page.c.page > 0)
    rows = c.execute(query.where(here).order_by(drive_page.c.page)).all()
    folded = [fold(f"{row.title}\n{row.text}") for row in rows]
    finders = [one for term in asked if any((one := finder(term)).search(text) for text in folded)]
    return [
        (row.page, about(row.text, asked))
        for row, text in zip(rows, folded, strict=True)
        if finders and all(one.search(text) for one in finders)
    ]
