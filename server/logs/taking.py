"""A log to take along as a workbook: its lines, and what was said to them. No cell is a formula."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from server.access import ON_POST, Who
from server.answers import language
from server.errors import NotFound
from server.feed.views import Reply
from server.logs import actions, queries
from server.logs.views import Line, Log
from server.spreadsheets import XLSX, Row, as_xlsx
from web.render import N_, translate

router = APIRouter(include_in_schema=False)
LINES, WORDS = N_("Log"), N_("Replies")
HEAD = (N_("When"), N_("About"), N_("How it went"), N_("Words"), N_("Next step"), N_("Problems"))
SAID = (N_("When"), N_("Who"), N_("About"), N_("Words"))
SECTIONS = {
    "lesson": N_("What the squad should learn"),
    "stuck": N_("Where I am stuck"),
    "tomorrow": N_("Tomorrow"),
}
RESULTS = {
    "won": N_("Won"),
    "advanced": N_("Moving"),
    "no_decision": N_("No decision yet"),
    "nobody": N_("Nobody there"),
    "lost": N_("Not this time"),
}


@router.get("/logs/{post}.xlsx")
async def workbook(post: UUID, request: Request, who: Annotated[Who, Depends(ON_POST)]) -> Response:
    """The log as a workbook. Whoever takes it along has read it, which all in the squad see."""
    app, lang, id = request.app.state, language(request), str(post)
    if who.author != who.id:
        await app.db.write(actions.read, who, id)
    one = (await app.db.read(queries.some, [id])).get(id)
    if one is None:
        raise NotFound
    sheets = [(translate(lang, LINES), rows(one, lang)), (translate(lang, WORDS), said(one, lang))]
    made = await to_thread.run_sync(as_xlsx, sheets)
    name = f"log-{one.kind}-{one.day.isoformat()}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(made, media_type=XLSX, headers=headers)


def rows(one: Log, lang: str) -> Iterator[Row]:
    """What is told, line by line, in the order it is read."""
    yield [translate(lang, name) for name in HEAD]
    for line in one.lines:
        if line.told is None or not (line.visit or line.told):
            continue
        visit = line.visit
        yield [
            _at(one, visit.captured_at) if visit else one.day.isoformat(),
            _about(line, lang),
            translate(lang, RESULTS[visit.result]) if visit and visit.result else "",
            line.told,
            visit.next_step if visit else "",
            ", ".join(problem.name for problem in line.problems),
        ]


def said(one: Log, lang: str) -> Iterator[Row]:
    """What was said to its lines, then to the whole of it."""
    yield [translate(lang, name) for name in SAID]
    places = [(_about(line, lang), line.replies) for line in one.lines]
    for about, replies in (*places, ("", one.replies)):
        for reply in replies:
            for words in (reply, *reply.replies):
                yield _said(one, words, about)


def _said(one: Log, words: Reply, about: str) -> Row:
    return [_at(one, words.at), words.author.name, about, words.text]


def _about(line: Line, lang: str) -> str:
    if line.visit:
        return line.visit.customer
    if line.field:
        return line.field.name
    return line.day.isoformat() if line.day else translate(lang, SECTIONS[line.key])


def _at(one: Log, moment: datetime) -> str:
    return moment.astimezone(ZoneInfo(one.zone)).strftime("%Y-%m-%d %H:%M")
