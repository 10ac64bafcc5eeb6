"""When two customers may be the same: what is left of a name once all that says little is off, and how alike
two of these are. Nothing here knows a database.
"""

import re
import unicodedata
from collections.abc import Iterator

FORMS = (
    *("有限责任公司", "股份有限公司", "集团有限公司", "有限公司", "股份公司", "股份", "集团", "公司"),
    *("company limited", "co ltd", "coltd", "limited", "ltd", "inc", "llc", "gmbh", "plc", "corp", "company"),
)
"""What a company is before the law: the longest first."""
LANDS = re.compile(
    r"^(中国)?([\u4e00-\u9fff]{2,3}(?:省|自治区))?([\u4e00-\u9fff]{2,3}市)?([\u4e00-\u9fff]{1,3}[区县])?"
)
VARIANTS = str.maketrans("「」『』﹁﹂·・‧•", "          ")
CELL = 0.005
"""Degrees of a cell of the map: some 550 metres from south to north."""
ALIKE = 0.62


def plain(name: str) -> str:
    """Without width, case, punctuation and spaces.

    >>> plain("（上海）恒泰五金 Ｃｏ．，Ｌｔｄ")
    '上海恒泰五金coltd'
    """
    text = unicodedata.normalize("NFKC", name.translate(VARIANTS)).casefold()
    return "".join(sign for sign in text if sign.isalnum())


def bare(name: str) -> str:
    """And without where it is and what it is before the law, unless nothing would be left.

    >>> bare("江苏省南京市恒泰五金有限公司"), bare("恒泰五金股份有限公司"), bare("Hengtai Hardware Co., Ltd.")
    ('恒泰五金', '恒泰五金', 'hengtaihardware')
    """
    text = plain(name)
    for form in FORMS:
        left = text.removesuffix(form.replace(" ", ""))
        if left != text:
            text = left if len(left) > 1 else text
            break
    left = LANDS.sub("", text, count=1)
    return left if len(left) > 1 else text


def grams(text: str) -> set[str]:
    """Each two signs that stand together; of one sign itself."""
    return {text[n : n + 2] for n in range(len(text) - 1)} or ({text} if text else set())


def alike(one: str, other: str) -> float:
    """How much of two bare names is the same, from 0 to 1; one within the other counts as much the same."""
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    mine, theirs = grams(one), grams(other)
    same = 2 * len(mine & theirs) / (len(mine) + len(theirs))
    short, long = sorted((one, other), key=len)
    return max(same, 0.85) if len(short) >= 3 and short in long else same


def number(phone: str) -> str:
    """The digits of a phone number without the country's, or nothing where there are too few to tell by.

    >>> number("+86 139-0000-1234"), number("021 5555"), number("0086 21 5555 1180")
    ('13900001234', '', '2155551180')
    """
    digits = "".join(sign for sign in unicodedata.normalize("NFKC", phone) if sign.isdecimal())
    digits = digits.removeprefix("00")
    digits = digits.removeprefix("86") if len(digits) > 11 else digits
    digits = digits.removeprefix("0")
    return digits if len(digits) >= 8 else ""


def cell(lat: float, lon: float) -> tuple[int, int]:
    """The square of the map a place is in."""
    return int(lat // CELL), int(lon // CELL)


def cells(lat: float, lon: float) -> Iterator[str]:
    """The keys of the square a place is in and the eight around it."""
    row, column = cell(lat, lon)
    for up in (-1, 0, 1):
        for along in (-1, 0, 1):
            yield f"{row + up}:{column + along}"
