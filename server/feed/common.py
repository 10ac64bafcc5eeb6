"""What all in a squad see alike on its live page, read once for each place of its stream and each day."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from channels.position import Position
from server.feed import queries
from server.feed.views import Post
from server.squads import queries as squads
from server.squads.queries import Placed
from server.sweeps.strip import Strip, strip
from server.visits import queries as visits
from web.kept import Kept

ROOM = 256
"""Squads whose page stays in memory, at some hundred kilobytes each."""


@dataclass(frozen=True, slots=True)
class Common:
    """A squad's newest posts, how many are in the field today, its people, and its sweep."""

    posts: list[Post]
    field: int
    people: list[Placed]
    sweep: Strip | None


Commons = Kept[Common]
At = Mapping[str, Position]


def common(c: Connection, squad: str, zone: str, at: At, limit: int, kept: Commons) -> Common:
    """What stands at these places of the squad's stream and the company's, which were read before it.

    Whatever changes it has its entry in one of them, or the day has changed: so it need not be read again.
    """
    return kept.get(squad, (at, visits.today(zone)), lambda: fresh(c, squad, zone, limit))


def fresh(c: Connection, squad: str, zone: str, limit: int) -> Common:
    """The same, read now."""
    return Common(
        queries.page(c, squad, limit),
        visits.in_field(c, squad, zone),
        squads.people(c, squad),
        strip(c, squad),
    )
