"""By which pieces words are found, the same for what is kept and for what is looked for. Nothing here knows a
database.

Words are found by how they begin: their first three beginnings are pieces of their own. Signs that are
written without spaces are found each, and by each two that stand together.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from server.search.terms import MOST, SIGN, SIGNS, runs

PIECE, SHORT = 24, 3
END = "*"
"""After a beginning."""
LIKE = 4
"""Signs from which on a word may be wrong."""


def fold(text: str) -> str:
    """Without width and case. The search's own also says where each sign was: ten times the work."""
    return unicodedata.normalize("NFKC", text).casefold()


def pieces(text: str) -> set[str]:
    """By what a text is found.

    >>> sorted(pieces("RO 水泵"))
    ['r*', 'ro', 'ro*', '水', '水泵', '泵']
    """
    found: set[str] = set()
    for run in runs(fold(text)):
        word = run.group()
        if SIGN.match(word):
            found |= {*word, *pairs(word)}
        else:
            found.add(word[:PIECE])
            found |= {word[:n] + END for n in range(1, min(SHORT, len(word)) + 1)}
    return found


def pairs(word: str) -> list[str]:
    """Each two signs that stand together."""
    return [word[n : n + 2] for n in range(len(word) - 1)]


def pieces_like(text: str) -> set[str]:
    """By what a name with a wrong sign in it is found: pairs, also of letters."""
    return {pair for run in runs(fold(text)) for pair in pairs(run.group()[:PIECE])}


def terms(asked: str) -> list[str]:
    """What is looked for: each of these has to be there."""
    return list(dict.fromkeys(run.group() for run in runs(fold(asked))))[:MOST]


def wanted(term: str) -> tuple[list[str], str]:
    """The pieces a text with the term has, all of them; or how one of its pieces begins.

    >>> wanted("水泵房"), wanted("水"), wanted("ro"), wanted("pump")
    ((['水泵', '泵房'], ''), (['水'], ''), (['ro*'], ''), ([], 'pump'))
    """
    if SIGN.match(term):
        return pairs(term) or [term], ""
    return ([term + END], "") if len(term) <= SHORT else ([], term[:PIECE])


def finder(term: str) -> re.Pattern[str]:
    """Finds a term in a folded text: words at their beginning, signs anywhere."""
    word = re.escape(term)
    return re.compile(word if SIGN.match(term) else rf"(?<![^\W_{SIGNS}]){word}")


def may_be_wrong(term: str) -> bool:
    """Whether a term is long enough to be known with a wrong sign in it."""
    return len(term) >= (3 if SIGN.match(term) else LIKE)


def resembles(term: str, name: str) -> bool:
    """Whether a word of a name begins like the term but for a wrong, missing or additional sign, or two that
    changed places; two such in a long one.

    >>> resembles("harbuor", "Harbour Clinic"), resembles("港口诊索", "港口诊所")
    (True, True)
    >>> resembles("harbour", "Labour")
    False
    """
    most = 2 if len(term) >= 2 * LIKE else 1
    return any(
        _near(term, part, most) for run in runs(fold(name)) for part in _parts(run.group(), term, most)
    )


def _parts(word: str, term: str, most: int) -> Iterator[str]:
    """Beginnings of a word about as long as the term; of signs also what begins later."""
    starts: Sequence[int] = range(max(1, len(word) - len(term) + 2)) if SIGN.match(word) else (0,)
    for start in starts:
        for length in range(len(term) - most, len(term) + most + 1):
            if 0 < length <= len(word) - start:
                yield word[start : start + length]


def _near(one: str, other: str, most: int) -> bool:
    """Damerau’s distance, at most so much."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for n, sign in enumerate(one, 1):
        last, before, row = before, row, [n] + [0] * len(other)
        for m, theirs in enumerate(other, 1):
            row[m] = min(before[m] + 1, row[m - 1] + 1, before[m - 1] + (sign != theirs))
            if n > 1 and m > 1 and sign == other[m - 2] and one[n - 2] == theirs:
                row[m] = min(row[m], last[m - 2] + 1)
    return row[-1] <= most
