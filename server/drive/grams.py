"""By which pieces words are found, the same for what is kept and for what is looked for. Nothing here knows a
database.

Words are found by how they begin: each of their first beginnings is a piece of its own. Signs that are
written without spaces are found each, and by each two that stand together.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from server.search.terms import MOST, SIGN, SIGNS, runs

BEGINNING = 16
"""Letters of a word's longest beginning. Words that differ after it are told apart by their text."""
END = "*"
"""After a beginning: it is no single sign."""
NAME = 24
"""Letters of a name's word that may be wrong."""
COMPATIBLE = re.compile(
    "[\u00a0\u00b2-\u00be\u2000-\u200a\u2026\u2100-\u218b\u2460-\u24ff\u2e80-\u2fdf\u3000\u3200-\u33ff\ufb00-\ufb06\uff00-\uffef]"
)
"""What writers of Chinese and European texts use of the signs that are forms of others: wide ones, ligatures,
units, figures in rings.
"""
BECOMES = re.compile(
    "[\u2e80-\u2fdf\u3038-\u303a\u3099-\u309c\u309f\u30ff\u3190-\u319f\u3200-\u33ff\uf900-\ufaff\uff65-\uff9f"
    "\U0001f200-\U0001f2ff\U0002f800-\U0002fa1f]"
)
"""What is a sign only once it is folded, or makes another of the one before it."""
BEGINS = re.compile(rf"(?<![^\W_{SIGNS}])")
"""Where a word may begin."""
LIKE = 4
"""Signs from which on a word may be wrong."""


def fold(text: str) -> str:
    """Without width and case. The search's own also says where each sign was: ten times the work."""
    # A text without such signs is normal already, which is known at a glance: a sixth of the work.
    return unicodedata.normalize("NFKC", COMPATIBLE.sub(_normal, text)).casefold()


def fold_signs(text: str) -> str:
    """Folded as far as signs go, whatever else stands there: they have no width and no case of their own, so
    most texts are kept as they are.
    """
    return fold(text) if BECOMES.search(text) else text


def _normal(sign: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", sign[0])


def pieces(text: str) -> set[str]:
    """By what a text is found.

    >>> sorted(pieces("RO 水泵"))
    ['r*', 'ro*', '水', '水泵', '泵']
    """
    found: set[str] = set()
    for run in runs(fold(text)):
        word = run.group()
        if SIGN.match(word):
            found |= {*word, *pairs(word)}
        else:
            found |= {word[:n] + END for n in range(1, min(BEGINNING, len(word)) + 1)}
    return found


def pairs(word: str) -> list[str]:
    """Each two signs that stand together."""
    return [word[n : n + 2] for n in range(len(word) - 1)]


def pieces_like(text: str) -> set[str]:
    """By what a name with a wrong sign in it is found: pairs, also of letters."""
    return {pair for run in runs(fold(text)) for pair in pairs(run.group()[:NAME])}


def terms(asked: str) -> list[str]:
    """What is looked for: each of these has to be there."""
    return list(dict.fromkeys(run.group() for run in runs(fold(asked))))[:MOST]


def wanted(term: str) -> list[str]:
    """The pieces a text with the term has, all of them.

    >>> wanted("水泵房"), wanted("水"), wanted("ro"), wanted("pump")
    (['水泵', '泵房'], ['水'], ['ro*'], ['pump*'])
    """
    if SIGN.match(term):
        return pairs(term) or [term]
    return [term[:BEGINNING] + END]


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds a term in a folded text: words at their beginning, signs anywhere."""

    term: re.Pattern[str]
    anywhere: bool

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Where it stands, from the first on."""
        # Both in one pattern took 2 ms to make for each word: there are many signs.
        return (hit for hit in self.term.finditer(text) if self.anywhere or BEGINS.match(text, hit.start()))

    def search(self, text: str) -> re.Match[str] | None:
        """Where it stands first."""
        return next(self.finditer(text), None)


def finder(term: str) -> Finder:
    """What finds a term."""
    return Finder(re.compile(re.escape(term)), bool(SIGN.match(term)))


def may_be_wrong(term: str) -> bool:
    """Whether a term is long enough to be known with a wrong sign in it."""
    return len(term) >= (3 if SIGN.match(term) else LIKE)


def wrong(term: str) -> int:
    """Signs of a term that may be wrong."""
    return 2 if len(term) >= 2 * LIKE else 1


def resembles(term: str, name: str) -> bool:
    """Whether a word of a folded name begins like the term but for a wrong, missing or additional sign, or
    two that changed places; two such in a long one.

    >>> resembles("harbuor", "harbour clinic"), resembles("港口诊索", "港口诊所")
    (True, True)
    >>> resembles("harbour", "labour")
    False
    """
    most = wrong(term)
    return any(
        OSA.distance(term, part, score_cutoff=most) <= most
        for run in runs(name)
        if _shared(term, word := run.group()) >= len(term) - most
        for part in _parts(word, term, most)
    )


def _shared(term: str, word: str) -> int:
    """Signs of a term that a word has too, wherever and as often: what lacks more cannot resemble it."""
    return sum(min(term.count(sign), word.count(sign)) for sign in set(term))


def _parts(word: str, term: str, most: int) -> Iterator[str]:
    """Beginnings of a word about as long as the term; of signs also what begins later."""
    starts: Sequence[int] = range(max(1, len(word) - len(term) + 2)) if SIGN.match(word) else (0,)
    for start in starts:
        for length in range(len(term) - most, len(term) + most + 1):
            if 0 < length <= len(word) - start:
                yield word[start : start + length]
