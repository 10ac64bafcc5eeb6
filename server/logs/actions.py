"""Writing a day's log: kept line by line, told to the squad, put right, read."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select, update

from server import jobs, journal
from server.access import Who
from server.errors import Conflict, Invalid, NotFound
from server.feed.actions import name_people
from server.feed.models import mention, post
from server.logs import adding, queries, talk, templates
from server.logs.forms import Words, Written
from server.logs.models import log, log_line, log_read, log_revision
from server.logs.views import Line
from server.members.models import member
from server.schema import new_id, now
from server.text import checked
from server.visits.queries import today
from web.render import N_


def save(c: Connection, who: Who, day: date, form: Written, text_max: int, kind: str = "day") -> None:
    """Keeps lines of the caller's own day, or of the week it is in.

    Raises `Conflict` where another device has written the same line meanwhile, with what it wrote as `now`,
    by key: nothing is kept then, and nothing lost. Lines that differ are kept side by side.
    """
    assert who.squad
    _fits(form, text_max)
    if day > today(who.zone):
        raise Invalid({"day": N_("This day is still to come.")})
    # Of two devices at once the second waits here; who only points at the member need not wait.
    c.execute(select(member.c.id).where(member.c.id == who.id).with_for_update(key_share=True))
    row = _begun(c, who, queries.begins(day, kind), kind)
    shown = {line.key: line for line in queries.draft(c, who, day, kind).lines}
    theirs: dict[str, Any] = {}
    for key, words in form.lines.items():
        if (line := shown.get(key)) is None:
            raise NotFound
        if words.text == line.text:
            continue
        _answers(line, words.text)
        if line.id is None:
            _insert(c, row.id, line, words.text, form.device)
            continue
        last = c.scalar(select(log_line.c.device).where(log_line.c.id == line.id))
        own = form.device and form.device == last
        if words.base != line.revision and not own:
            theirs[key] = {"text": line.text, "revision": line.revision}
        change = {"text": words.text, "revision": line.revision + 1, "device": form.device}
        c.execute(update(log_line).where(log_line.c.id == line.id).values(**change))
    if theirs:
        raise Conflict(N_("Another device has written here meanwhile. Both are below: keep one."), now=theirs)
    adding.put(c, who, row.id, form, shown, row.published_at is not None)
    c.execute(update(log).where(log.c.id == row.id).values(saved_at=now()))


def _answers(line: Line, text: str) -> None:
    if line.field:
        try:
            templates.checked(line.field, text)
        except Invalid as wrong:
            raise Invalid({f"t-{line.key}": next(iter(wrong.fields.values()))}) from None


def _fits(form: Written, text_max: int) -> None:
    refused: dict[str, str] = {}
    values: dict[str, object] = {}
    for key, words in form.lines.items():
        try:
            checked(f"t-{key}", words.text, text_max)
        except Invalid as wrong:
            refused |= wrong.fields
            values |= wrong.values
    if refused:
        raise Invalid(refused, values)


def _begun(c: Connection, who: Who, day: date, kind: str) -> Any:
    mine = (log.c.member == who.id) & (log.c.squad == who.squad) & (log.c.kind == kind) & (log.c.day == day)
    if (row := c.execute(select(log).where(mine)).one_or_none()) is None:
        made = {"id": new_id(), "squad": who.squad, "member": who.id, "day": day, "zone": who.zone}
        fields = templates.as_data(templates.fields(c, who.squad))
        c.execute(insert(log), {**made, "kind": kind, "saved_at": now(), "fields": fields})
        row = c.execute(select(log).where(mine)).one()
    return row


def _insert(c: Connection, id: str, line: Line, text: str, device: str) -> None:
    words = {"text": text, "told": None, "revision": 1, "device": device}
    visit = line.visit.id if line.visit else None
    c.execute(insert(log_line), {"id": new_id(), "log": id, "key": line.key, "visit": visit, **words})


def publish(
    c: Connection, who: Who, day: date, form: Written, text_max: int, kind: str = "day"
) -> tuple[str, bool]:
    """Tells the squad the caller's day or week, or what has changed in it since. Its id, and if it is new."""
    save(c, who, day, form, text_max, kind)
    assert who.squad
    draft = queries.draft(c, who, day, kind)
    assert draft.id
    if not draft.visits and not any(line.text.strip() for line in draft.lines):
        raise Invalid({"t-lesson": N_("Nothing happened yet that could be told. Write a line first.")})
    first = draft.published_at is None
    changed = [line for line in draft.lines if line.changed or (line.told is None and line.photos)]
    if not first and not changed and not adding.untold(c, draft.id):
        return draft.id, False
    moment = now()
    for line in changed:
        if line.id is None:
            _insert(c, draft.id, line, line.text, form.device)
        elif line.told is not None:
            earlier = {"id": new_id(), "line": line.id, "text": line.told, "replaced_at": moment}
            c.execute(insert(log_revision), earlier)
        same = (log_line.c.log == draft.id) & (log_line.c.key == line.key)
        said = {"text": line.text, "told": line.text, "revision": max(1, line.revision)}
        c.execute(update(log_line).where(same).values(**said))
    _tell(c, who, draft.id, draft.day, [line.text for line in draft.lines], first)
    return draft.id, first


def _tell(c: Connection, who: Who, id: str, day: date, words: list[str], first: bool) -> None:
    """The post in the feed, whom it names, and the entry."""
    assert who.squad
    at, moment = journal.take(c, who.squad), now()
    lesson = (log_line.c.log == id) & (log_line.c.key == "lesson")
    text = c.scalar(select(log_line.c.told).where(lesson)) or ""
    if first:
        line = {"id": id, "squad": who.squad, "kind": "log", "author": who.id, "client_id": id, "text": text}
        times = {"feed_offset": at.offset, "captured_at": moment, "recorded_at": moment}
        c.execute(insert(post), line | times)
        c.execute(update(log).where(log.c.id == id).values(published_at=moment))
    else:
        c.execute(update(post).where(post.c.id == id).values(text=text))
        c.execute(update(log).where(log.c.id == id).values(updated_at=moment))
    adding.tell(c, who, id)
    did = "published" if first else "updated"
    data = {"id": id, "day": day.isoformat(), "did": did}
    journal.append(c, who.squad, "log", data, actor=who.id, subject=id, at=at)
    if first:
        jobs.later(c, talk.WAITS, f"{talk.WAITS}:{id}", {"id": id}, moment + talk.PATIENCE)
    known = set(c.scalars(select(mention.c.member).where(mention.c.post == id)))
    c.execute(mention.delete().where(mention.c.post == id))
    name_people(c, who, id, "\n".join(words), known)


def read(c: Connection, who: Who, id: str) -> None:
    """The caller has the log before them: an entry, once. Its author need not."""
    assert who.squad
    mine = (log_read.c.log == id) & (log_read.c.member == who.id)
    if who.author == who.id or c.scalar(select(log_read.c.member).where(mine)) is not None:
        return
    if c.scalar(select(log.c.id).where(log.c.id == id)) is None:
        raise NotFound
    # The stream's row is locked before the readers are read, so that the last entry tells the last state.
    at = journal.take(c, who.squad)
    if c.scalar(select(log_read.c.member).where(mine)) is None:
        c.execute(insert(log_read), {"log": id, "member": who.id, "at": now()})
    readers = select(log_read.c.member).where(log_read.c.log == id).order_by(log_read.c.at, log_read.c.member)
    data = {"id": id, "did": "read", "read": list(c.scalars(readers))}
    journal.append(c, who.squad, "log", data, actor=who.id, subject=id, at=at)


def replaced(words: dict[str, Words], theirs: dict[str, Any]) -> dict[str, str]:
    """The revisions from which a form goes on once its author has seen what another device wrote."""
    return {
        key: str(theirs[key]["revision"]) if key in theirs else str(one.base) for key, one in words.items()
    }
