"""Sets of places, in blocks: a number whose bits are the places of a block. Nothing here knows a database.

A row for each word of each page was slow where a word is common, and a hundred times as large. Both databases
keep a block as text: the first byte that is not empty, and those after it.
"""

from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable, Iterator

BLOCK = 2048
"""Places of a block."""
Blocks = dict[int, int]
"""Block to bits."""


def packed(bits: int) -> str:
    """As it is kept.

    >>> unpacked(packed(1 << 2047 | 1 << 2000)) == 1 << 2047 | 1 << 2000
    True
    """
    low = ((bits & -bits).bit_length() - 1) // 8 if bits else 0
    bits >>= 8 * low
    content = bytes([low]) + bits.to_bytes((bits.bit_length() + 7) // 8, "little")
    return b2a_base64(content, newline=False).decode()


def unpacked(text: str) -> int:
    """The bits again."""
    content = a2b_base64(text)
    return int.from_bytes(content[1:], "little") << 8 * content[0]


def of(places: Iterable[int]) -> Blocks:
    """The set of these.

    >>> of([3, 2049]) == {0: 8, 1: 2}
    True
    """
    found: Blocks = {}
    for place in places:
        block, bit = divmod(place, BLOCK)
        found[block] = found.get(block, 0) | 1 << bit
    return found


def has(found: Blocks, place: int) -> bool:
    """Whether a place is one of them.

    >>> has({1: 2}, 2049), has({1: 2}, 2048), has({}, 1)
    (True, False, False)
    """
    block, bit = divmod(place, BLOCK)
    return bool(found.get(block, 0) >> bit & 1)


def falling(found: Blocks) -> Iterator[int]:
    """The places, the highest first.

    >>> list(falling({0: 8, 1: 2}))
    [2049, 3]
    """
    for block in sorted(found, reverse=True):
        bits = found[block]
        while bits:
            bit = bits.bit_length() - 1
            bits ^= 1 << bit
            yield block * BLOCK + bit
