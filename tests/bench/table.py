"""A figure of the table: what was measured, its bound, the floor of the same run."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

HEADS = ("what", "measured", "bound", "floor", "ratio", "")


@dataclass
class Figure:
    """`bound` is the most that is allowed, with `least` the least, with `times` as a multiple of the floor.

    `rounds` are the measurements whose median `measured` is; `ratio` is set where it was taken per round.
    """

    what: str
    measured: float | None = None
    unit: str = ""
    bound: float | None = None
    floor: float | None = None
    floor_is: str = ""
    ratio: float | None = None
    least: bool = False
    times: bool = False
    note: str = ""
    rounds: Sequence[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.ratio is None and self.measured is not None and self.floor:
            self.ratio = self.measured / self.floor

    @property
    def kept(self) -> bool | None:
        """Whether the bound is; None where there is none, or nothing was measured."""
        value = self.ratio if self.times else self.measured
        if value is None or self.bound is None:
            return None
        return value >= self.bound if self.least else value <= self.bound

    def cells(self) -> tuple[str, ...]:
        """As the table shows it."""
        sign = ">=" if self.least else "<="
        bound = "" if self.bound is None else f"{sign} {amount(self.bound)}{'x' if self.times else ''}"
        return (
            self.what,
            f"{amount(self.measured)} {self.unit}".strip(),
            bound,
            f"{amount(self.floor)} {self.floor_is}".strip(),
            "" if self.ratio is None else f"{self.ratio:.2f}x",
            {True: "ok", False: "MISSED", None: ""}[self.kept],
        )

    def data(self) -> dict[str, Any]:
        """For other programs."""
        return {**asdict(self), "kept": self.kept}


def amount(value: float | None) -> str:
    """Three digits that matter, thousands set apart."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def drawn(figures: Sequence[Figure]) -> str:
    """The table, with the notes of each figure under it."""
    rows = [HEADS, *(figure.cells() for figure in figures)]
    wide = [max(len(row[place]) for row in rows) for place in range(len(HEADS))]
    lines = []
    for number, row in enumerate(rows):
        lines.append("  ".join(cell.ljust(width) for cell, width in zip(row, wide, strict=True)).rstrip())
        if not number:
            lines.append("  ".join("-" * width for width in wide).rstrip())
        elif note := figures[number - 1].note:
            lines.append(f"    {note}")
    return "\n".join(lines)
