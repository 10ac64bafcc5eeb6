"""The starter outline of product knowledge, and what is there of it.

A product is a folder: the outline's own, and each folder directly in it. It knows a topic by a document that
was begun for it there, or that has the topic's name, in any language, as its own or as a tag: also a PDF that
was brought. One document may stand for several topics.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from config.settings import Settings
from server import journal
from server.access import Who
from server.drive import actions as drive_actions
from server.drive import filing, intake, queries
from server.drive.actions import Content
from server.drive.models import drive_folder
from server.drive.queries import Document, Folder
from server.errors import NotFound
from server.schema import new_id, now
from server.training import actions
from server.training.models import training_outline, training_topic, training_track
from server.training.topics import FOLDER, TOPICS, names, starter
from web.render import translate

COMPANY = "company"


class Starter(NamedTuple):
    """A topic's questions, in the store; `name` is what its document is called."""

    topic: str
    name: str
    content: Content


async def starters(state: Any, lang: str, *topics: str) -> list[Starter]:
    """The questions of some topics in a language, put into the store; `state` is the application's."""
    found = []
    for key in topics:
        name = translate(lang, TOPICS[key].title)
        content = await intake.written(state, starter(lang, key), f"{name}.md")
        found.append(Starter(key, name, content))
    return found


def root(c: Connection) -> str | None:
    """The folder of the company's outline, unless it is in the bin."""
    query = select(training_outline.c.folder).join(
        drive_folder, drive_folder.c.id == training_outline.c.folder
    )
    return c.scalar(query.where(training_outline.c.space == "", drive_folder.c.bin.is_(None)))


def products(c: Connection, who: Who) -> list[Folder]:
    """The folders that are products: the outline's own first; none where there is no outline."""
    if (top := root(c)) is None:
        return []
    return [queries.path(c, top)[-1], *queries.folders(c, who, top)]


def known(c: Connection, who: Who, folder: str) -> dict[str, Document]:
    """By topic the document that stands for it in a product's folder, the one changed last."""
    found: dict[str, Document] = {}
    documents = queries.documents(c, who, folder)
    begun = training_topic.c.document.in_([one.id for one in documents])
    rows = c.execute(select(training_topic.c.document, training_topic.c.topic).where(begun))
    topics = {row.document: row.topic for row in rows}
    for one in sorted(documents, key=lambda it: it.changed_at):
        called = {word.casefold() for word in (one.name, *one.tags)}
        for key in TOPICS:
            if topics.get(one.id) == key or called & names(key):
                found[key] = one
    return found


def begin(c: Connection, who: Who, starters: Sequence[Starter], settings: Settings) -> str:
    """The company's outline: a folder, a document for each topic it lacks, a track through them. Answers the
    folder's id; where all is there nothing is made.
    """
    who = replace(who, squad=None)
    journal.hold(c, [COMPANY])  # of two at once the second finds what the first has made
    folder = root(c)
    if folder is None:
        folder = _folder(c, who)
        track = _track(c) or actions.make(c, who, new_id(), translate(who.locale, FOLDER), "new").id
        row = {"folder": folder, "track": track, "made_by": who.id, "at": now()}
        here = training_outline.c.space == ""
        if not c.execute(update(training_outline).where(here).values(**row)).rowcount:
            c.execute(insert(training_outline), {"space": "", **row})
    start(c, who, folder, starters, settings)
    return folder


def start(c: Connection, who: Who, folder: str, starters: Sequence[Starter], settings: Settings) -> None:
    """Documents for the topics a product lacks, of those that are brought; the outline's own are steps of its
    track, as long as that has room.
    """
    who = replace(who, squad=None)
    journal.hold(c, [COMPANY])
    if folder not in {one.id for one in products(c, who)}:
        raise NotFound
    there = known(c, who, folder)
    for one in starters:
        if one.topic in there:
            continue
        content = one.content._replace(name=one.name)
        made = drive_actions.bring(c, who, folder, new_id(), content, settings, "product").document
        c.execute(insert(training_topic), {"document": made, "topic": one.topic, "hash": one.content.hash})
        there[one.topic] = queries.some(c, who, [made])[made]
        if folder == root(c) and (track := _track(c)) and actions.room(c, track, settings):
            actions.add(c, who, track, made, actions.Typed(made), settings)


def add_product(c: Connection, who: Who, id: str, name: str) -> filing.Made:
    """Another product: a folder in the outline's. The same id: the same."""
    who = replace(who, squad=None)
    if (top := root(c)) is None:
        raise NotFound
    return filing.make(c, who, id, name, "add", top)


def _folder(c: Connection, who: Who) -> str:
    """The company's top folder of that name; made where there is none."""
    name = translate(who.locale, FOLDER)
    for one in queries.folders(c, who):
        if one.squad is None and one.name.casefold() == name.casefold():
            return one.id
    return filing.make(c, who, new_id(), name, "add").id


def _track(c: Connection) -> str | None:
    """The outline's track, unless it has ended."""
    query = select(training_track.c.id).join(
        training_outline, training_outline.c.track == training_track.c.id
    )
    return c.scalar(query.where(training_outline.c.space == "", training_track.c.ended_at.is_(None)))
