"""A document as other pages show it: plain values, the same for everybody."""

from dataclasses import dataclass

from server.drive.kinds import TYPES, UNKNOWN, Type


@dataclass(frozen=True, slots=True)
class Attached:
    """A document on a post, as its newest version is. `size` in bytes; `pages` that can be drawn, `cover` as
    of a `Document`.
    """

    id: str
    name: str
    n: int
    size: int
    media_type: str
    pages: int | None
    cover: bool

    @property
    def type(self) -> Type:
        """What its content is."""
        return TYPES.get(self.media_type, TYPES[UNKNOWN])
