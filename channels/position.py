"""A place in a stream's journal: which journal (epoch) and how far (offset)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WRITTEN = re.compile(r"([0-9A-Za-z_-]{1,64})\.(0|[1-9][0-9]{0,14})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Position:
    """`offset` counts the entries of the journal `epoch`: 0 is before the first entry."""

    epoch: str
    offset: int

    def __str__(self) -> str:
        return f"{self.epoch}.{self.offset}"

    @classmethod
    def parse(cls, text: str) -> Position:
        """Read what `str()` wrote; ValueError for anything else."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise ValueError("not a position")
        return cls(found[1], int(found[2]))
