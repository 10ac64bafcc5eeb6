"""Who owes a squad's logs an answer, which of them wait, and how many each has answered: for all to see."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, and_, or_, select

from server.feed import queries as feed
from server.feed.models import post
from server.feed.views import Person
from server.logs.models import log
from server.schema import now
from server.squads.models import membership

LATELY = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Share:
    """Of the logs of others in the last four weeks, how many somebody who owes answers has answered."""

    person: Person
    answered: int
    logs: int


def owers(c: Connection, squad: str) -> list[str]:
    """Those who lead the squad or manage its territory, in order of joining."""
    here = and_(membership.c.squad == squad, membership.c.left_at.is_(None))
    query = select(membership.c.member).where(here, or_(membership.c.lead, membership.c.manages))
    return list(c.scalars(query.order_by(membership.c.joined_at, membership.c.member)))


def answers(c: Connection, ids: Collection[str]) -> dict[str, set[str]]:
    """Who has said something to each of some logs."""
    found: dict[str, set[str]] = {id: set() for id in ids}
    said = select(post.c.root, post.c.author).where(post.c.root.in_(list(ids)), post.c.deleted_at.is_(None))
    for root, author in c.execute(said.distinct()) if ids else ():
        found[root].add(author)
    return found


def open_of(c: Connection, squad: str, ids: Collection[str]) -> set[str]:
    """Those of some logs that wait: others than their author owe an answer, and none has given one."""
    owe, said = set(owers(c, squad)), answers(c, ids)
    rows = c.execute(select(log.c.id, log.c.member).where(log.c.id.in_(list(ids)))).all() if ids else []
    return {row.id for row in rows if owe - {row.member} and not (owe - {row.member}) & said[row.id]}


def recent(c: Connection, squad: str) -> dict[str, str]:
    """The logs of the last four weeks, the last first: id to author."""
    lately = (log.c.squad == squad) & (log.c.published_at >= now() - LATELY)
    standing = post.c.deleted_at.is_(None) & lately
    query = select(log.c.id, log.c.member).join(post, post.c.id == log.c.id).where(standing)
    rows = c.execute(query.order_by(log.c.published_at.desc()))
    return {row.id: row.member for row in rows}


def shares(c: Connection, squad: str) -> list[Share]:
    """What everybody in the squad may know: in order of joining, beside nobody's name but their own."""
    logs, owe = recent(c, squad), owers(c, squad)
    said, people = answers(c, logs), feed.persons(c, set(owe))
    return [
        Share(
            people[one],
            sum(one in said[id] for id, author in logs.items() if author != one),
            sum(author != one for author in logs.values()),
        )
        for one in owe
    ]
