"""What the forms of members have in common: all that is wrong is said at once."""

from collections.abc import Callable, Mapping

from config.settings import Settings
from server.errors import together
from server.members.actions import checked_password
from server.members.doors import checked_login
from server.text import name as checked_name


def checked_newcomer(values: Mapping[str, str], settings: Settings, *more: Callable[[], object]) -> None:
    """Name, login and password of somebody new; `more` is what else their form asks."""
    together(
        lambda: checked_name("name", values.get("name", "")),
        lambda: checked_login(values.get("login", "")),
        lambda: checked_password(values.get("password", ""), settings.password_min),
        *more,
    )
