"""What the parts of one hub share: bounds, counters, the source, the fan-out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from channels.source import Source
from channels.topic import Fanout


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds; entries are counted, times are seconds."""

    window: int = 512
    far: int = 2000
    page: int = 128
    buffer: int = 1 << 20
    grace: float = 0.02
    render: float = 5.0
    pauses: tuple[float, ...] = (0.2, 0.8, 2.0, 0.0)
    """After each failure to render; a database that starts again is back by then."""
    keep_pages: float = 2.0
    redacting: frozenset[str] = frozenset({"deleted"})
    """Kinds of entries that come with the redaction of earlier ones."""


@dataclass(slots=True)
class Counts:
    """Totals since the start."""

    slow_closed: int = 0
    resets: int = 0
    holes_filled: int = 0
    history_reads: int = 0
    head_reads: int = 0
    renderings: int = 0
    failures: int = 0


@dataclass(slots=True)
class Common:
    """Handed to every stream and join of a hub. `doubt` asks for a stream's head again, soon."""

    source: Source
    limits: Limits
    doubt: Callable[[str], None]
    fanout: Fanout = field(default_factory=Fanout)
    counts: Counts = field(default_factory=Counts)
