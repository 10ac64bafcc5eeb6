"""Who may do what. Every route names one of these rules; nothing else decides.

A rule is a dependency. It finds the caller (session cookie or bearer token), what the route is about, and the
caller's place in that squad, in one joined query: absent and forbidden take the same path. What may not be
seen does not exist (404); what may be seen and not done is 403.

Whoever manages a territory has a membership in each squad in or below it, as everybody who is inside has:
they see because they are seen. `server/squads/managing.py` keeps these; nobody here asks for the tree.
"""

from server.access.finding import Held, find, find_all, streams_of
from server.access.rules import (
    ADMIN,
    ANNOUNCER,
    ANYONE,
    AUTHOR,
    HELPER,
    HOLDER,
    IN_HALL,
    IN_SQUAD,
    LEAD,
    OFFERED,
    ON_ANNOUNCEMENT,
    ON_CALL,
    ON_DOCUMENT,
    ON_PHOTO,
    ON_POST,
    ON_SWEEP,
    ON_VISIT,
    OPEN,
    OWN_CALL,
    OWN_HANDOVER,
    OWN_LANE,
    OWN_STOP,
    OWN_VISIT,
    PARTY,
    PLANNER,
    SIGNED_IN,
    STEWARD,
    STOP_PLANNER,
    Rule,
    anyone,
    everybody,
)
from server.access.who import COOKIE, MEANT_FOR, Who, credential, digest

__all__ = [
    "ADMIN",
    "ANNOUNCER",
    "ANYONE",
    "AUTHOR",
    "COOKIE",
    "HELPER",
    "HOLDER",
    "IN_HALL",
    "IN_SQUAD",
    "LEAD",
    "MEANT_FOR",
    "OFFERED",
    "ON_ANNOUNCEMENT",
    "ON_CALL",
    "ON_DOCUMENT",
    "ON_PHOTO",
    "ON_POST",
    "ON_SWEEP",
    "ON_VISIT",
    "OPEN",
    "OWN_CALL",
    "OWN_HANDOVER",
    "OWN_LANE",
    "OWN_STOP",
    "OWN_VISIT",
    "PARTY",
    "PLANNER",
    "SIGNED_IN",
    "STEWARD",
    "STOP_PLANNER",
    "Held",
    "Rule",
    "Who",
    "anyone",
    "credential",
    "digest",
    "everybody",
    "find",
    "find_all",
    "streams_of",
]
