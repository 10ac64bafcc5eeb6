"""Pure decisions: how a watcher gets from its cursor to the live end of a stream."""

from __future__ import annotations

from enum import Enum, auto

from channels.position import Position


class Step(Enum):
    """What to do next for one watcher of one stream."""

    LIVE = auto()
    """No cursor: begin at the live end."""
    WINDOW = auto()
    """Everything after the cursor is in memory."""
    WIDEN = auto()
    """Read from the journal what the memory lacks and may hold, for everybody."""
    PAGE = auto()
    """Too old for the memory: read a page of the journal for those at the same place."""
    RESET = auto()
    """Frames cannot help: another epoch, a cursor beyond the head, or too far behind."""


def plan(cursor: Position | None, head: Position, oldest: int, window: int, far: int) -> Step:
    """The next step from `cursor`.

    `oldest` is the first offset in memory (`head.offset + 1`: none), `window` how many entries memory
    may hold, `far` how many entries are replayed at most.
    """
    if cursor is None:
        return Step.LIVE
    behind = head.offset - cursor.offset
    if cursor.epoch != head.epoch or behind < 0 or behind > far:
        return Step.RESET
    if cursor.offset + 1 >= oldest:
        return Step.WINDOW
    return Step.WIDEN if behind <= window else Step.PAGE
