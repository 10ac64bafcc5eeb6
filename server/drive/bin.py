"""The bin: what is thrown away lies there for a while, and can be taken out again to where it was."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from server import audit
from server.access import Who
from server.drive import attached, index
from server.drive.actions import twin
from server.drive.filing import check_free, layers_of
from server.drive.models import (
    drive_attachment,
    drive_bin,
    drive_card,
    drive_document,
    drive_folder,
    drive_link,
    drive_mark,
    drive_question,
    drive_shown,
    drive_tag,
    drive_upload,
    drive_version,
    drive_view,
)
from server.drive.telling import take, tell
from server.errors import Conflict, NotFound
from server.schema import new_id, now
from server.training.models import (
    training_done,
    training_outline,
    training_plan,
    training_step,
    training_topic,
)
from web.render import N_

AT_ONCE = 100
"""Places in the bin that are emptied in one transaction."""


def throw_folder(c: Connection, who: Who, id: str) -> str:
    """Into the bin, with all that is in it. Answers its place there."""
    within = [one for layer in layers_of(c, id) for one in layer]
    hung = attached.hung_in(c, within)
    at = take(c, who.squad, also=attached.squads_of(c, hung))[who.squad]
    row = c.execute(select(drive_folder).where(drive_folder.c.id == id)).one()
    if row.bin:
        raise NotFound
    place = _place(c, who, "folder", row.name)
    within = [one for layer in layers_of(c, id) for one in layer]
    inside = (drive_document.c.folder.in_(within), drive_document.c.bin.is_(None))
    c.execute(update(drive_document).where(*inside).values(bin=place))
    here = (drive_folder.c.id.in_(within), drive_folder.c.bin.is_(None))
    c.execute(update(drive_folder).where(*here).values(bin=place))
    tell(c, who, who.squad, "binned", at, folder=id)
    attached.renew(c, who, hung)
    return place


def throw(c: Connection, who: Who, id: str) -> str:
    """A document into the bin, with its versions. Answers its place there."""
    at = take(c, who.squad, also=attached.squads_of(c, [id]))[who.squad]
    row = c.execute(select(drive_document).where(drive_document.c.id == id)).one()
    if row.bin:
        raise NotFound
    place = _place(c, who, "document", row.name)
    c.execute(update(drive_document).where(drive_document.c.id == id).values(bin=place))
    tell(c, who, who.squad, "binned", at, folder=row.folder, document=id)
    attached.renew(c, who, [id])
    return place


def _place(c: Connection, who: Who, what: str, name: str) -> str:
    row = {"id": new_id(), "squad": who.squad, "what": what, "name": name, "by": who.id, "at": now()}
    c.execute(insert(drive_bin), row)
    return str(row["id"])


def restore(c: Connection, who: Who, binned: str) -> str:
    """Takes something out of the bin, to where it was. Answers the folder to look into."""
    back = list(c.scalars(select(drive_document.c.id).where(drive_document.c.bin == binned)))
    at = take(c, who.squad, also=attached.squads_of(c, back))[who.squad]
    place = c.execute(select(drive_bin).where(drive_bin.c.id == binned)).one_or_none()
    if place is None:
        raise NotFound
    row = _outermost(c, binned) if place.what == "folder" else None
    if row is not None:
        _check_there(c, row.parent)
        check_free(c, who.squad, row.parent, row.name)
        home = str(row.id)
    else:
        row = c.execute(select(drive_document).where(drive_document.c.bin == binned)).one()
        _check_there(c, row.folder)
        if twin(c, row.folder, row.name, _type(c, row)):
            raise Conflict(N_("There is a document of this name in its folder now: rename that first."))
        home = str(row.folder)
    c.execute(update(drive_document).where(drive_document.c.bin == binned).values(bin=None))
    c.execute(update(drive_folder).where(drive_folder.c.bin == binned).values(bin=None))
    c.execute(delete(drive_bin).where(drive_bin.c.id == binned))
    tell(c, who, who.squad, "restored", at, folder=home)
    attached.renew(c, who, back)
    return home


def _outermost(c: Connection, binned: str) -> Any:
    around = drive_folder.alias("around")
    inside = and_(around.c.id == drive_folder.c.parent, around.c.bin == binned)
    query = select(drive_folder).where(
        drive_folder.c.bin == binned, ~select(around.c.id).where(inside).exists()
    )
    return c.execute(query).one()


def _type(c: Connection, document: Any) -> str:
    here = (drive_version.c.document == document.id) & (drive_version.c.n == document.n)
    return str(c.scalar(select(drive_version.c.media_type).where(here)))


def _check_there(c: Connection, around: str | None) -> None:
    if around and c.scalar(select(drive_folder.c.bin).where(drive_folder.c.id == around)):
        raise Conflict(N_("The folder it was in is in the bin as well: take that out first."))


def forget(c: Connection, before: datetime, days: int) -> int:
    """Empties the bin of what has lain there since before that moment; how many places, 0: there is none."""
    aged = select(drive_bin.c.id).where(drive_bin.c.at < before).order_by(drive_bin.c.at, drive_bin.c.id)
    old = list(c.scalars(aged.limit(AT_ONCE)))
    if not old:
        return 0
    folders = list(c.scalars(select(drive_folder.c.id).where(drive_folder.c.bin.in_(old))))
    gone = or_(drive_document.c.bin.in_(old), drive_document.c.folder.in_(folders))
    documents = list(c.scalars(select(drive_document.c.id).where(gone)))
    here = drive_upload.c.folder.in_(folders) | drive_upload.c.document.in_(documents)
    c.execute(delete(drive_upload).where(here))
    links = select(drive_link.c.id).where(drive_link.c.document.in_(documents))
    c.execute(delete(drive_view).where(drive_view.c.link.in_(links)))
    c.execute(update(drive_question).where(drive_question.c.link.in_(links)).values(link=None))
    index.forget(c, documents)
    steps = select(training_step.c.id).where(training_step.c.document.in_(documents))
    c.execute(delete(training_done).where(training_done.c.step.in_(steps)))
    learnt = (training_step, training_plan, training_topic)
    about = (drive_mark, drive_tag, drive_version, drive_link, drive_shown, drive_card, drive_attachment)
    for table in (*learnt, *about):
        c.execute(delete(table).where(table.c.document.in_(documents)))
    c.execute(delete(drive_document).where(drive_document.c.id.in_(documents)))
    c.execute(delete(training_outline).where(training_outline.c.folder.in_(folders)))
    c.execute(delete(drive_folder).where(drive_folder.c.id.in_(folders)))
    c.execute(delete(drive_bin).where(drive_bin.c.id.in_(old)))
    audit.note(c, None, "forgot_bin", n=len(documents), days=days)
    return len(old)
