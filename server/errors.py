"""What can be refused, said once: routes raise it, `app` answers as a page or as problem details."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from web.render import N_


class Refused(Exception):
    """Something asked for cannot be done; `status` and `headers` are HTTP's, `kind` the stable problem
    type."""

    status = 400
    kind = "bad-request"
    title = N_("This cannot be done")
    headers: Mapping[str, str] = MappingProxyType({})


class NotFound(Refused):
    """It does not exist, or not for this caller: both look the same."""

    status, kind, title = 404, "not-found", N_("There is nothing here")


class Forbidden(Refused):
    """The caller may see it, but not do this with it."""

    status, kind, title = 403, "forbidden", N_("You may not do this")


class CrossSite(Refused):
    """Another site's page sent this."""

    status, kind, title = 403, "cross-site", N_("This was sent from another site")


class SignedOut(Refused):
    """Nobody is signed in, or no longer."""

    status, kind, title = 401, "signed-out", N_("Please sign in")


class TooMany(Refused):
    """A rate limit was reached."""

    status, kind, title = 429, "too-many", N_("Too many at once. Wait a moment, then try again")


class TooLarge(Refused):
    """The request's body is over its limit."""

    status, kind, title = 413, "too-large", N_("This is too large")


class Away(Refused):
    """What Muster stands on does not answer, or has no room: nothing was done, and it may be tried again."""

    status, kind, title = 503, "away", N_("Muster is away for a moment")


class Conflict(Refused):
    """The state has moved on. `now` is what it is, for programs to go on from; `values` go into the words."""

    status, kind, title = 409, "conflict", N_("This has changed meanwhile")

    def __init__(self, *words: str, now: dict[str, Any] | None = None, **values: object) -> None:
        super().__init__(*words)
        self.now, self.values = now, values


@dataclass
class Invalid(Refused):
    """Fields that cannot be accepted: name -> message id (English, translated where it is shown).

    `values` go into the message's named placeholders.
    """

    fields: dict[str, str]
    values: dict[str, object] = field(default_factory=dict)
    status = 422
    kind = "invalid"
    title = N_("Something needs a second look")


def together(*checks: Callable[[], object]) -> None:
    """Runs every check; raises one `Invalid` with all they refuse."""
    fields: dict[str, str] = {}
    values: dict[str, object] = {}
    for check in checks:
        try:
            check()
        except Invalid as refused:
            fields |= refused.fields
            values |= refused.values
    if fields:
        raise Invalid(fields, values)
