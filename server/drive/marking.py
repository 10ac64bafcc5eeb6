"""Words on pictures of pages: where they are, as marks to be laid over the picture. Knows no database."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from server.drive.grams import finder, fold, terms

MOST = 400
"""Marks of a page."""
FILL, EDGE = "#ffce3a", "#8a5a00"
"""Seen on white paper and on dark pictures; what is under them can be read."""
Box = tuple[int, int, int, int]
"""Left, top, width, height."""


def drawn(signs: bytes | None, q: str) -> str:
    """A drawing of the picture's shape with nothing on it but marks at the words, as SVG; `signs` as
    `leaf.py` writes them.
    """
    page: dict[str, Any] = json.loads(signs) if signs else {"size": [1, 1], "text": "", "boxes": []}
    width, height = page["size"]
    flat: list[int] = page["boxes"]
    boxes = [(flat[n], flat[n + 1], flat[n + 2], flat[n + 3]) for n in range(0, len(flat), 4)]
    marks = [mark for span in spans(page["text"], q) for mark in lines(boxes[span.start : span.stop])][:MOST]
    shapes = "".join(f'<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="4"/>' for x, y, w, h in marks)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" preserveAspectRatio="none">'
        f'<g fill="{FILL}" fill-opacity=".36" stroke="{EDGE}" stroke-opacity=".7" stroke-width="2">'
        f"{shapes}</g></svg>"
    )


def spans(text: str, q: str) -> list[range]:
    """Where in a text words stand.

    >>> spans("Die ﬁrma: 水泵", "firma 水")
    [range(4, 8), range(10, 11)]
    """
    folded = [fold(sign) for sign in text]
    places = [place for place, signs in enumerate(folded) for _ in signs]
    whole = "".join(folded)
    hits = {hit.span() for term in terms(q) for hit in finder(term).finditer(whole)}
    return [range(places[start], places[end - 1] + 1) for start, end in sorted(hits)]


def lines(boxes: Sequence[Box]) -> Iterator[Box]:
    """One mark for signs that stand beside each other, or below each other where a page lies on its side.

    >>> list(lines([(0, 0, 5, 10), (6, 1, 4, 9), (0, 0, 0, 0), (30, 20, 5, 10)]))
    [(0, 0, 10, 10), (30, 20, 5, 10)]
    >>> list(lines([(0, 0, 10, 5), (1, 6, 9, 4)]))
    [(0, 0, 10, 10)]
    """
    mark: Box | None = None
    for x, y, w, h in boxes:
        if not (w and h):
            continue
        if mark:
            across = min(mark[0] + mark[2], x + w) - max(mark[0], x)
            along = min(mark[1] + mark[3], y + h) - max(mark[1], y)
            if along > min(mark[3], h) / 2 or (across > min(mark[2], w) / 2 and along > -h / 2):
                left, top = min(mark[0], x), min(mark[1], y)
                right, bottom = max(mark[0] + mark[2], x + w), max(mark[1] + mark[3], y + h)
                mark = (left, top, right - left, bottom - top)
                continue
            yield mark
        mark = (x, y, w, h)
    if mark:
        yield mark
