"""What need not be made again while that of which it is made stays the same."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """The last `room` things made, each with what it was made of.

    Nobody has to tell it of a change: what is made of something else than before is made anew.
    """

    def __init__(self, room: int) -> None:
        self.room = room
        self.things: OrderedDict[Hashable, tuple[Any, T]] = OrderedDict()

    def get(self, key: Hashable, of: Any, make: Callable[[], T]) -> T:
        """The thing of that key if it was made of an equal `of`, else a new one."""
        before, thing = self.things.pop(key, (None, None))
        if thing is None or before != of:
            thing = make()
        self.things[key] = of, thing
        if len(self.things) > self.room:
            self.things.popitem(last=False)
        return thing
