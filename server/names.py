"""Two signs that stand for a person."""

import unicodedata


def initials(name: str) -> str:
    """Two Latin letters, or the surname of a Chinese name.

    >>> initials("Zhang Wei"), initials("张伟"), initials("mo")
    ('ZW', '张', 'MO')
    """
    words = [word for word in name.split() if word[0].isalnum()] or [name.strip() or "?"]
    if _wide(words[0][0]):
        return words[0][0]
    letters = words[0][:2] if len(words) == 1 else words[0][0] + words[-1][0]
    return letters.upper()


def _wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"
