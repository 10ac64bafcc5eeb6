"""How words are cut, the same for what is kept and for what is looked for. Nothing here knows a database.

Letters and figures make words, found by how they begin. Signs that are written without spaces (Chinese,
Japanese) are found wherever they stand, by each two that stand together.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from server.customers.likeness import grams
from server.search.models import PIECE

SIGNS = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(rf"[{SIGNS}]+|[^\W_{SIGNS}]+")
SIGN = re.compile(rf"[{SIGNS}]")
MOST = 8
"""Terms of a question that are looked for."""
BEFORE, AFTER = 30, 110
"""Signs of a snippet around the first hit."""


class Piece(NamedTuple):
    """A piece of a snippet; a `hit` is what was looked for."""

    text: str
    hit: bool


class _Folded(dict[int, str]):
    """Each sign without width and case, once it was asked for."""

    def __missing__(self, sign: int) -> str:
        self[sign] = unicodedata.normalize("NFKC", chr(sign)).casefold()
        return self[sign]


FOLDED = _Folded()


def fold(text: str) -> tuple[str, list[int]]:
    """The text without width and case, and for each of its signs where in the text it was.

    >>> fold("ＲＯ-400")[0]
    'ro-400'
    """
    folded: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for one in FOLDED[ord(sign)]:
            folded.append(one)
            places.append(place)
    return "".join(folded), places


def runs(text: str) -> Iterator[re.Match[str]]:
    """The words and the runs of signs of a folded text."""
    return RUN.finditer(text)


def pieces(text: str) -> set[str]:
    """By what a text is found.

    >>> sorted(pieces("RO-400 恒泰五金"))
    ['400', 'ro', '五金', '恒泰', '泰五', '金']
    """
    found: set[str] = set()
    for run in runs(text.translate(FOLDED)):
        word = run.group()
        if SIGN.match(word):
            found |= grams(word) | {word[-1]}  # the last one has none after it to be found with
        else:
            found.add(word[:PIECE])
    return found


def terms(asked: str) -> list[str]:
    """What is looked for: each of these has to be there."""
    return list(dict.fromkeys(run.group() for run in runs(fold(asked)[0])))[:MOST]


def wanted(term: str) -> tuple[set[str], str]:
    """The pieces a text with the term surely has, or how one of its pieces begins.

    >>> wanted("恒泰五") == ({"恒泰", "泰五"}, ""), wanted("水"), wanted("heng")
    (True, (set(), '水'), (set(), 'heng'))
    """
    if SIGN.match(term) and len(term) > 1:
        return grams(term), ""
    return set(), term[:PIECE]


def _hits(folded: str, term: str) -> Iterator[tuple[int, int]]:
    """Where a term stands in a folded text: words at their beginning, signs anywhere."""
    if SIGN.match(term):
        start = folded.find(term)
        while start >= 0:
            yield start, start + len(term)
            start = folded.find(term, start + len(term))
    else:
        for run in runs(folded):
            if run.group().startswith(term):
                yield run.start(), run.start() + len(term)


def matches(text: str, asked: list[str]) -> bool:
    """Whether all terms are in the text."""
    folded = text.translate(FOLDED)
    return all(any(True for _ in _hits(folded, term)) for term in asked)


def snippet(text: str, asked: list[str]) -> list[Piece]:
    """The text about its first hit, in pieces."""
    text = " ".join(text.split())
    folded, places = fold(text)
    marked: set[int] = set()
    for term in asked:
        for start, end in _hits(folded, term):
            marked.update(places[start:end])
    first = min(marked, default=0)
    start, end = max(0, first - BEFORE), min(len(text), first + AFTER)
    found = [Piece("…", False)] if start else []
    at = start
    while at < end:
        to, hit = at, at in marked
        while to < end and (to in marked) == hit:
            to += 1
        found.append(Piece(text[at:to], hit))
        at = to
    return [*found, Piece("…", False)] if end < len(text) else found
