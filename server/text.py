"""What people type: kept exactly as it came, or refused with a reason."""

import unicodedata

from server.errors import Invalid
from web.render import N_

OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def checked(field: str, text: str, most: int, *, required: bool = False) -> str:
    """The text unchanged; raises `Invalid` for what cannot be shown, is too long, or is missing."""
    if required and all(unicodedata.category(sign)[0] in "ZC" for sign in text):  # nothing one could see
        raise Invalid({field: N_("Please write something here.")})
    if len(text) > most:
        raise Invalid({field: N_("This is too long: at most %(most)s characters.")}, {"most": most})
    if sought(text) != text:
        raise Invalid({field: N_("There are signs in this text that cannot be shown.")})
    return text


def sought(text: str) -> str:
    """What is looked for, without the signs that no text has been let in with."""
    shown = (sign for sign in text if sign in "\n\r\t" or unicodedata.category(sign) not in ("Cc", "Cs"))
    return "".join(shown)


def name(field: str, text: str, most: int = 80) -> str:
    """A name on one line, trimmed, without signs that make it look like another."""
    text = checked(field, " ".join(text.split()), most, required=True)
    if OVERRIDES & set(text):
        raise Invalid({field: N_("There are signs in this text that cannot be shown.")})
    return unicodedata.normalize("NFC", text)


def cell(text: str) -> str:
    """A cell of a table for spreadsheets: what one would take for a formula begins with an apostrophe."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
