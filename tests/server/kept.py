"""What is kept is made anew each time all the same, and must be what was kept."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from web.kept import Kept

T = TypeVar("T")


class Checked(Kept[T]):
    """Tells when something has changed of which nothing told: an action without its entry."""

    def get(self, key: Hashable, of: Any, make: Callable[[], T]) -> T:
        """As in use; with what is there now made beside it."""
        kept, now = super().get(key, of, make), make()
        assert kept == now, f"{key} was kept at {of}, and is no longer so:\n{kept}\n{now}"
        return now
