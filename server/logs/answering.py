"""Who owes a squad's logs an answer, which of them wait, and how many each has answered: for all to see."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, and_, or_, select

from server.feed import queries as feed
from server.feed.models import post
from server.feed.views import Person
from server.logs.models import log, log_recipient
from server.schema import now
from server.squads.models import membership

LATELY = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Share:
    """Of the logs of the last four weeks that somebody owes an answer, how many they have answered."""

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


def owing(c: Connection, squad: str, logs: Mapping[str, str]) -> dict[str, set[str]]:
    """Who owes each of some logs (id to author) an answer: whom it is for, or those who lead."""
    query = (
        select(log_recipient)
        .join(membership, membership.c.member == log_recipient.c.member)
        .where(log_recipient.c.log.in_(list(logs)))
        .where(membership.c.squad == squad, membership.c.left_at.is_(None))
    )
    asked: dict[str, set[str]] = {}
    for row in c.execute(query) if logs else ():
        asked.setdefault(row.log, set()).add(row.member)
    leads = set(owers(c, squad))
    return {id: asked.get(id, leads) - {author} for id, author in logs.items()}


def open_of(c: Connection, squad: str, ids: Collection[str]) -> set[str]:
    """Those of some logs that wait: others than their author owe an answer, and none has given one."""
    rows = c.execute(select(log.c.id, log.c.member).where(log.c.id.in_(list(ids)))).all() if ids else []
    owe, said = owing(c, squad, {row.id: row.member for row in rows}), answers(c, ids)
    return {id for id, people in owe.items() if people and not people & said[id]}


def recent(c: Connection, squad: str) -> dict[str, str]:
    """The logs of the last four weeks, the last first: id to author."""
    lately = (log.c.squad == squad) & (log.c.published_at >= now() - LATELY)
    standing = post.c.deleted_at.is_(None) & lately
    query = select(log.c.id, log.c.member).join(post, post.c.id == log.c.id).where(standing)
    rows = c.execute(query.order_by(log.c.published_at.desc()))
    return {row.id: row.member for row in rows}


def shares(c: Connection, squad: str) -> list[Share]:
    """What everybody in the squad may know: in order of joining, beside nobody's name but their own."""
    logs = recent(c, squad)
    owe = owing(c, squad, logs)
    people = list(dict.fromkeys([*owers(c, squad), *sorted(set[str]().union(*owe.values()))]))
    said, named = answers(c, logs), feed.persons(c, set(people))
    return [
        Share(
            named[one],
            sum(one in owe[id] and one in said[id] for id in logs),
            sum(one in owe[id] for id in logs),
        )
        for one in people
    ]
