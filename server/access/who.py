"""The caller: who they are, what they brought along, and their place in the squad it is about."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import HTTPConnection

from server.guard import bearer

COOKIE = "muster_session"
MEANT_FOR = "muster-member"
"""The header that names whose page it is, and in whose name a phone sends what waited there."""


@dataclass(frozen=True, slots=True)
class Who:
    """The caller. `ticket` is the session's or token's id; `squad` what the route is about, if it is.

    `author` made what it is about, or has it; `meant` is whom it is for, where it is for one alone.
    In the drive `rights` are the folder's: all may add to it, or view, or it is for its keepers alone.
    On pages: `unseen` notices of theirs, and where their `own_stream` stood before they were counted.
    """

    id: str
    name: str
    handle: str
    role: str
    locale: str
    zone: str
    colour: int
    ticket: str
    expires: datetime | None
    by_token: bool
    squad: str | None = None
    squad_name: str | None = None
    squad_zone: str | None = None
    lead: bool = False
    inside: bool = False
    manages: bool = False
    author: str | None = None
    meant: str | None = None
    rights: str = ""
    unseen: int = 0
    own_stream: str = ""

    @property
    def leads(self) -> bool:
        """Speaks and decides for the squad: its leads, and who manages its territory or one above."""
        return self.lead or self.manages

    @property
    def steward(self) -> bool:
        """May manage the squad's people: whoever leads it, and the company's admins."""
        return self.leads or self.role == "admin"

    @property
    def keeps(self) -> bool:
        """Manages the part of the drive it is about: leads their squad's, admins the company's."""
        return self.inside and self.leads if self.squad else self.role == "admin"

    @property
    def trains(self) -> bool:
        """May change the training track it is about: leads their squad's, admins the company's."""
        return self.leads if self.squad else self.role == "admin"

    @property
    def adds(self) -> bool:
        """May add to the folder it is about."""
        return self.keeps or self.rights == "add"


def digest(secret: str) -> str:
    """How a secret is stored: tokens are random enough for a plain hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def credential(request: HTTPConnection) -> tuple[str, bool] | None:
    """(hash, is a bearer token) of what the request brought along."""
    if token := bearer(request.headers):
        return digest(token), True
    cookie = request.cookies.get(COOKIE)
    return (digest(cookie), False) if cookie else None
