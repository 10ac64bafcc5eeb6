"""What is marked on a line of a log: problems it shows, of the company's list, and plays kept from it."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from channels.position import Position
from server import audit, journal
from server.access import Who
from server.errors import Conflict, Invalid, NotFound
from server.feed import queries as feed
from server.feed.views import Person
from server.logs.forms import Kept, Marked
from server.logs.models import log, log_line, log_problem, play, problem
from server.logs.talk import line_of
from server.logs.views import Play, Problem
from server.schema import as_id, new_id, now
from server.text import checked
from server.text import name as checked_name
from web.render import N_

NAME_MAX, PROBLEMS_MAX, PLAY_MAX = 60, 60, 400


def problems(c: Connection, closed: bool = False) -> list[Problem]:
    """The company's list by name; with those that are closed too, and on how many lines each stands."""
    count = select(log_problem.c.problem, func.count().label("lines")).group_by(log_problem.c.problem)
    used = count.subquery()
    query = select(problem, used.c.lines).outerjoin(used, used.c.problem == problem.c.id)
    if not closed:
        query = query.where(problem.c.closed_at.is_(None))
    rows = c.execute(query.order_by(problem.c.name, problem.c.id))
    return [Problem(row.id, row.name, row.closed_at is not None, row.lines or 0) for row in rows]


def add_problem(c: Connection, who: Who, id: str, name: str) -> tuple[str, bool]:
    """One more for the list. The same id or name is the same one; a closed one is offered again."""
    name = checked_name("name", name, NAME_MAX)
    same = (problem.c.id == id) | (func.lower(problem.c.name) == name.lower())
    if (known := c.execute(select(problem).where(same).limit(1)).one_or_none()) is not None:
        if known.closed_at is not None:
            c.execute(update(problem).where(problem.c.id == known.id).values(closed_at=None))
            audit.note(c, who.id, "problem_listed", name=known.name)
        return str(known.id), False
    if len(problems(c)) >= PROBLEMS_MAX:
        raise Invalid({"name": N_("The list is long enough. Close one first.")})
    c.execute(insert(problem), {"id": id, "name": name, "made_by": who.id, "made_at": now()})
    audit.note(c, who.id, "problem_listed", name=name)
    return id, True


def close_problem(c: Connection, who: Who, id: str) -> None:
    """It is offered no more; lines that have it keep it."""
    known = (problem.c.id == as_id(id)) & problem.c.closed_at.is_(None)
    name = c.scalar(select(problem.c.name).where(known))
    if name is None or c.execute(update(problem).where(known).values(closed_at=now())).rowcount == 0:
        raise NotFound
    audit.note(c, who.id, "problem_closed", name=name)


def mark(c: Connection, who: Who, id: str, form: Marked) -> None:
    """Which problems a line shows from now on, those it has already that are closed aside."""
    assert who.squad
    at = journal.take(c, who.squad)
    _marked(c, who, id, line_of(c, id, str(form.line)).id, [str(one) for one in form.problems], at)


def show(c: Connection, who: Who, id: str, line: str, wanted: Collection[str], told: bool) -> None:
    """The same of a line of the caller's own log, also while it is a draft: then nobody hears of it."""
    assert who.squad
    told = told and c.scalar(select(log_line.c.told).where(log_line.c.id == line)) is not None
    _marked(c, who, id, line, wanted, journal.take(c, who.squad) if told else None)


def _marked(
    c: Connection, who: Who, id: str, line: str, problem_ids: Collection[str], at: Position | None
) -> None:
    listed, wanted = {one.id for one in problems(c)}, set(problem_ids)
    if not wanted <= listed:
        raise Invalid({"problems": N_("Choose from the list.")})
    has = set(c.scalars(select(log_problem.c.problem).where(log_problem.c.line == line)))
    gone = log_problem.c.problem.in_((has & listed) - wanted)
    c.execute(delete(log_problem).where(log_problem.c.line == line, gone))
    for one in sorted(wanted - has):
        c.execute(insert(log_problem), {"line": line, "problem": one, "member": who.id, "at": now()})
    if at and who.squad:
        data = {"id": id, "line": line, "did": "marked", "problems": sorted(wanted | (has - listed))}
        journal.append(c, who.squad, "log", data, actor=who.id, subject=id, at=at)


def keep(c: Connection, who: Who, id: str, form: Kept) -> tuple[str, bool]:
    """Keeps a line as a play, in words of one's own or in its own. Again: the first result."""
    assert who.squad
    mine = (play.c.member == who.id) & (play.c.client_id == str(form.id))
    if (known := c.scalar(select(play.c.id).where(mine))) is not None:
        return str(known), False
    line = line_of(c, id, str(form.line))
    text = checked("text", form.text.strip() or (line.told or "")[:PLAY_MAX], PLAY_MAX)
    if not text:
        raise Conflict(N_("There is nothing in this line to keep."))
    at, made = journal.take(c, who.squad), str(form.id)
    if c.scalar(select(play.c.id).where(play.c.id == made)) is not None:
        made = new_id()
    about = {"id": made, "squad": who.squad, "line": line.id, "member": who.id}
    c.execute(insert(play), {**about, "client_id": str(form.id), "text": text, "at": now()})
    data = {"id": id, "line": line.id, "did": "kept", "play": made}
    journal.append(c, who.squad, "log", data, actor=who.id, subject=id, at=at)
    return made, True


def of_lines(c: Connection, lines: Collection[str]) -> dict[str, list[Problem]]:
    """The problems some lines show."""
    found: dict[str, list[Problem]] = {}
    query = select(log_problem.c.line, problem).join(problem, problem.c.id == log_problem.c.problem)
    for row in c.execute(query.where(log_problem.c.line.in_(list(lines))).order_by(problem.c.name)):
        found.setdefault(row.line, []).append(Problem(row.id, row.name, row.closed_at is not None))
    return found


def plays(c: Connection, squad: str, lines: Collection[str] | None = None, limit: int = 200) -> list[Play]:
    """What a squad has kept, or of some lines alone, the last first."""
    query = select(play, log_line.c.told, log.c.id.label("log"), log.c.member.label("author"), log.c.day)
    query = query.join(log_line, log_line.c.id == play.c.line).join(log, log.c.id == log_line.c.log)
    query = query.where(play.c.squad == squad)
    if lines is not None:
        query = query.where(play.c.line.in_(list(lines)))
    rows = c.execute(query.order_by(play.c.at.desc(), play.c.id).limit(limit)).all()
    people = feed.persons(c, {one for row in rows for one in (row.member, row.author)})
    return [_play(row, people) for row in rows]


def _play(row: Any, people: dict[str, Person]) -> Play:
    by, author = people[row.member], people[row.author]
    return Play(row.id, row.text, by, row.at, row.log, row.line, row.told or "", author, row.day)
