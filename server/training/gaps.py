"""What the company's product knowledge lacks, product by product, and what its people's problems ask for."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, and_, func, select

from config.settings import Settings
from server.access import Who
from server.drive import queries as drive
from server.drive.models import drive_document, drive_version
from server.drive.queries import Document, Folder
from server.logs.models import log, log_line, log_problem, problem
from server.schema import now
from server.training import outline
from server.training.models import training_topic
from server.training.suggesting import about
from server.training.topics import TOPICS

FILLED, MISSING, STARTER, OLD = "filled", "missing", "starter", "old"
ASKED = 12


class Gap(NamedTuple):
    """A topic of a product: its document, and whether it is filled, missing, still the starter's words alone,
    or old.
    """

    topic: str
    title: str
    document: Document | None
    state: str


class Product(NamedTuple):
    """A product's folder, and what there is about each of the nine topics."""

    folder: Folder
    gaps: tuple[Gap, ...]

    @property
    def filled(self) -> int:
        """Topics with nothing to be done."""
        return sum(one.state == FILLED for one in self.gaps)

    @property
    def missing(self) -> int:
        """Topics that nobody has begun."""
        return sum(one.state == MISSING for one in self.gaps)


class Wanted(NamedTuple):
    """A problem no document answers, and at how many lines of logs it stood lately."""

    name: str
    lines: int


def check(c: Connection, who: Who, old_days: int) -> list[Product]:
    """Every product of the outline. Old is whose version came more than `old_days` ago; 0: nothing."""
    begun = _begun(c)
    before = now() - timedelta(days=old_days)
    found = []
    for folder in outline.products(c, who):
        known = outline.known(c, who, folder.id)
        came = _came(c, [one.id for one in known.values()])
        gaps = []
        for key, topic in TOPICS.items():
            one = known.get(key)
            if one is None:
                state = MISSING
            elif begun.get(one.id) == one.hash:
                state = STARTER
            else:
                state = OLD if old_days and came[one.id] < before else FILLED
            gaps.append(Gap(key, topic.title, one, state))
        found.append(Product(folder, tuple(gaps)))
    return found


def _begun(c: Connection) -> dict[str, str]:
    """By document the hash of the questions it began with."""
    return {row.document: row.hash for row in c.execute(select(training_topic))}


def _came(c: Connection, ids: list[str]) -> dict[str, datetime]:
    newest = and_(drive_version.c.document == drive_document.c.id, drive_version.c.n == drive_document.c.n)
    query = select(drive_document.c.id, drive_version.c.at).join(drive_version, newest)
    return {row.id: row.at for row in c.execute(query.where(drive_document.c.id.in_(ids)))}


def wanted(c: Connection, who: Who, settings: Settings) -> list[Wanted]:
    """The problems of the last weeks that no document of the company's answers which all may see, the most
    frequent first. Only what stands in logs that were told, and only problems of at least as many people as
    `training_floor` says: a count must not point at anybody.
    """
    since = now() - timedelta(weeks=settings.training_weeks)
    lines, people = func.count(), func.count(log.c.member.distinct())
    query = select(problem.c.name, lines.label("lines")).join(
        log_problem, log_problem.c.problem == problem.c.id
    )
    query = query.join(log_line, log_line.c.id == log_problem.c.line).join(log, log.c.id == log_line.c.log)
    query = query.where(
        log_problem.c.at >= since, log.c.published_at.is_not(None), log_line.c.told.is_not(None)
    )
    query = query.group_by(problem.c.id, problem.c.name).having(people >= settings.training_floor)
    rows = c.execute(query.order_by(lines.desc(), problem.c.name).limit(ASKED)).all()
    begun = _begun(c)
    shut = {one.id for one in drive.all_folders(c, who) if one.rights == "keep"}
    return [
        Wanted(row.name, row.lines)
        for row in rows
        if not any(
            one.folder not in shut and begun.get(one.id) != one.hash
            for one in about(c, who, row.name, "").values()
        )
    ]
