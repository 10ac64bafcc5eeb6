"""What a member might learn next, from the problems in their own logs. Told to nobody but them."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from server.access import Who
from server.drive import finding
from server.drive.finding import Sought
from server.drive.grams import finder, fold, terms
from server.drive.queries import Document
from server.logs.models import log, log_line, log_problem, play, problem
from server.schema import now
from server.squads import queries as squads
from server.training import plan, queries
from server.training.queries import Track

PROBLEMS, EACH = 3, 3
"""So many problems, those that are noted most, and so much about each."""
PLAYS = 6
LOOKED_AT = 30


class Noted(NamedTuple):
    """A problem, and at how many lines of one's logs it stands."""

    id: str
    name: str
    times: int


class Kept(NamedTuple):
    """A play of one's squads about a problem, and the line of the log it was kept from."""

    problem: str
    text: str
    log: str
    line: str


class Suggestion(NamedTuple):
    """A track or a document one might go through, and the problem it is about."""

    problem: Noted
    track: Track | None
    document: Document | None


def noted(c: Connection, who: Who, weeks: int) -> list[Noted]:
    """The problems that were marked on the caller's own logs in the last weeks, by them or by whoever went
    through the log with them; the most frequent first.
    """
    since = now() - timedelta(weeks=weeks)
    times = func.count().label("times")
    query = select(problem.c.id, problem.c.name, times).join(
        log_problem, log_problem.c.problem == problem.c.id
    )
    query = query.join(log_line, log_line.c.id == log_problem.c.line).join(log, log.c.id == log_line.c.log)
    query = query.where(log.c.member == who.id, log_problem.c.at >= since)
    query = query.group_by(problem.c.id, problem.c.name).order_by(times.desc(), problem.c.name)
    return [Noted(row.id, row.name, row.times) for row in c.execute(query.limit(PROBLEMS))]


def suggestions(
    c: Connection, who: Who, problems: Sequence[Noted], tracks: Sequence[Track]
) -> list[Suggestion]:
    """Tracks and documents about these, which the caller may see, has not finished, not planned and not sent
    away. `tracks` are all they see.
    """
    passed = plan.touched(c, who) | {one.id for one in tracks if one.mine or one.complete}
    passed |= {step.document.id for one in tracks for step in one.steps if step.document and step.done}
    # What a track that is given leads through is planned with it.
    passed |= {step.document.id for one in tracks if one.mine for step in one.steps if step.document}
    found: list[Suggestion] = []
    for one in problems:
        some = [it for it in _about(c, who, one, tracks) if it.id not in passed][:EACH]
        passed |= {it.id for it in some}
        found += [
            Suggestion(one, it, None) if isinstance(it, Track) else Suggestion(one, None, it) for it in some
        ]
    return found


def kept(c: Connection, who: Who, problems: Sequence[Noted]) -> list[Kept]:
    """What the caller's squads kept as plays from lines with these problems, the last first."""
    mine = [one.id for one in squads.mine(c, who.id)]
    query = select(problem.c.name, play.c.text, play.c.line, log_line.c.log)
    query = query.join(log_problem, log_problem.c.line == play.c.line)
    query = query.join(problem, problem.c.id == log_problem.c.problem)
    query = query.join(log_line, log_line.c.id == play.c.line)
    query = query.where(play.c.squad.in_(mine), problem.c.id.in_([one.id for one in problems]))
    rows = c.execute(query.order_by(play.c.at.desc(), play.c.id, problem.c.name).limit(PLAYS)).all()
    return [Kept(row.name, row.text, row.log, row.line) for row in rows]


def _about(c: Connection, who: Who, one: Noted, tracks: Sequence[Track]) -> Iterator[Track | Document]:
    """Tracks about a problem, by their names or by what they lead through, then documents: by name, tag and
    what is written in them.
    """
    documents = about(c, who, one.name)
    finders = [[finder(term) for term in terms(name)] for name in ways(one.name)]
    for track in tracks:
        named = any(all(it.search(fold(track.name)) for it in some) for some in finders)
        if named or any(step.document and step.document.id in documents for step in track.steps):
            yield track
    yield from documents.values()


def about(c: Connection, who: Who, name: str, space: str | None = None) -> dict[str, Document]:
    """The documents about a problem that the reader may see, by id, the nearest first."""
    found: dict[str, Document] = {}
    for words in ways(name):
        places, _ = finding.find(c, who, words, Sought(space=space, guess=False), most=LOOKED_AT)
        found |= {place.document.id: place.document for place in places if place.document.id not in found}
    return found


def ways(name: str) -> list[str]:
    """What a problem is called: a name may say it in two languages.

    >>> ways("Price · 价格")
    ['Price', '价格']
    """
    return [some.strip() for some in re.split("[·/|]", name) if terms(some)]


def shown(c: Connection, who: Who, new_days: int, weeks: int) -> dict[str, Any]:
    """The caller's plan: its `items`; from their logs `suggestions`, and `plays` of their squads."""
    tracks, problems = queries.tracks(c, who, new_days), noted(c, who, weeks)
    found = {"items": plan.items(c, who, tracks), "suggestions": suggestions(c, who, problems, tracks)}
    return {**found, "plays": kept(c, who, problems)}
