"""The demo company's drive: what its people send, show and learn from, in both languages.

The files come by the way every file comes. Two brochures are kept beside this; the others are made here.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, NamedTuple
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from PIL import Image, ImageDraw
from sqlalchemy import Connection, func, select, update

from config.settings import Settings
from server.access import Who
from server.db import Database
from server.demo import shelf_words
from server.demo.shelf_words import COMPANY, LOANS, TRACK, Paper
from server.drive import actions, filing, intake, keeping, links, opened
from server.drive.actions import Content
from server.drive.leaves import Leaves
from server.drive.models import drive_card, drive_document, drive_folder, drive_version
from server.feed.models import post
from server.schema import new_id, now
from server.store import Store
from server.training import actions as training

PAPERS = Path(__file__).with_name("papers")
AGE = timedelta(days=12)
"""What is in the drive has been there so long."""
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{OFFICE}"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="word/document.xml"/></Relationships>',
}


class People(NamedTuple):
    """Who furnishes it: whoever runs the company, and in each squad whoever has a customer for a link."""

    admin: Who
    reps: dict[str, Who]
    customers: dict[str, str]


async def furnish(db: Database, settings: Settings, people: People) -> None:
    """Folders, documents, a card, links that customers opened, a track; all of it some days old."""
    settings = settings.model_copy(update={"drive_quota": 0})  # it is small, and has to be there
    store = Store(settings)
    state = SimpleNamespace(store=store, leaves=Leaves(store))
    made: dict[str, str] = {}
    for name, rights, papers in COMPANY:
        place = await db.write(_folder, people.admin, name, rights)
        for paper in papers:
            content = await _content(state, paper)
            made[paper.name] = await db.write(_bring, people.admin, place, content, paper, settings)
        if name == shelf_words.SKILLS:
            for rep in people.reps.values():
                await _card(db, state, settings, rep, place)
    for key, (name, paper) in LOANS.items():
        lead = replace(people.admin, squad=people.reps[key].squad, squad_name=people.reps[key].squad_name)
        place = await db.write(_folder, lead, name, "add")
        await db.write(_bring, lead, place, await _content(state, paper), paper, settings)
    await db.write(_date_back)
    for key, rep in people.reps.items():
        await db.write(_shared, rep, made[shelf_words.BROCHURES[key]], people.customers[key], settings)
    await db.write(_track, people.admin, people.reps["north"], made, settings)


def _folder(c: Connection, who: Who, name: str, rights: str) -> str:
    return filing.make(c, who, new_id(), name, rights).id


def _bring(c: Connection, who: Who, place: str, content: Content, paper: Paper, settings: Settings) -> str:
    id = actions.bring(c, who, place, new_id(), content, settings, paper.kind).document
    actions.describe(c, who, id, content.name, paper.kind, paper.tags, place)
    return id


async def _content(state: Any, paper: Paper) -> Content:
    """A paper's file, in the store."""
    with TemporaryDirectory(prefix="muster-") as folder:
        path = Path(folder) / "file"
        path.write_bytes(written(paper))
        return await intake.stored(state, path, f"{paper.name}.{paper.end}")


def written(paper: Paper) -> bytes:
    """The file itself."""
    if paper.end == "pdf":
        return (PAPERS / paper.said).read_bytes()
    if paper.end == "docx":
        return _docx(paper.said.split("\n"))
    if paper.end == "xlsx":
        return _xlsx(paper.sheets)
    return paper.said.encode() if paper.end == "md" else _picture()


def _docx(lines: Sequence[str]) -> bytes:
    """A Word file of paragraphs; the first is its title."""
    runs = []
    for n, line in enumerate(lines):
        size = '<w:rPr><w:sz w:val="40"/></w:rPr>' if n == 0 else ""
        runs.append(f'<w:p><w:r>{size}<w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>')
    body = f'<w:document xmlns:w="{WORD}"><w:body>{"".join(runs)}</w:body></w:document>'
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, part in {**PARTS, "word/document.xml": body}.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{part}')
    return made.getvalue()


def _xlsx(sheets: Sequence[tuple[str, Sequence[Sequence[str | int]]]]) -> bytes:
    book, made = Workbook(), BytesIO()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        sheet.column_dimensions["A"].width = 34
    book.save(made)
    return made.getvalue()


def _picture() -> bytes:
    """A unit to try, on a table."""
    image, made = Image.new("RGB", (1200, 1500), "#e8dcc6"), BytesIO()
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 1150, 1200, 1500), fill="#b79c74")
    draw.rounded_rectangle((380, 330, 820, 1190), 60, fill="#fffefb", outline="#cdc3ae", width=6)
    draw.rounded_rectangle((450, 430, 620, 1080), 70, fill="#205a66")
    draw.rounded_rectangle((650, 430, 750, 1080), 50, fill="#bfe0df")
    draw.ellipse((560, 240, 640, 340), fill="#77695a")
    draw.rectangle((590, 120, 610, 260), fill="#77695a")
    draw.ellipse((520, 1115, 545, 1140), fill="#5f9e54")
    image.save(made, "JPEG", quality=82)
    return made.getvalue()


async def _card(db: Database, state: Any, settings: Settings, rep: Who, place: str) -> None:
    """The longest answer of the squad is worth keeping."""
    id = await db.read(_longest, rep.squad)
    said = await db.read(keeping.said, id)
    name = " ".join(said.text.split())[:40].strip()
    content = await intake.written(state, said.text, f"{name}.txt")
    await db.write(keeping.keep, rep, id, new_id(), place, name, content, settings)


def _longest(c: Connection, squad: str | None) -> str:
    there = (post.c.squad == squad) & (post.c.kind == "reply") & post.c.deleted_at.is_(None)
    return str(c.scalar(select(post.c.id).where(there).order_by(func.length(post.c.text).desc()).limit(1)))


def _date_back(c: Connection) -> None:
    moment = now() - AGE
    c.execute(update(drive_folder).values(made_at=moment))
    c.execute(update(drive_document).values(made_at=moment, changed_at=moment))
    c.execute(update(drive_version).values(at=moment))
    c.execute(update(drive_card).values(at=moment))


def _shared(c: Connection, rep: Who, document: str, customer: str, settings: Settings) -> None:
    """A link for a customer, who looked twice and at the prices longest."""
    link = links.make(c, rep, document, new_id(), settings, customer).id
    there = opened.look_up(c, links.token(settings.secret, link))
    if there:
        for pages in ({"1": 4, "2": 9}, {"2": 7, "3": 6}):
            opened.seen(c, there, new_id(), pages)


def _track(c: Connection, admin: Who, rep: Who, made: dict[str, str], settings: Settings) -> None:
    """One that everybody goes through; somebody is at its second step."""
    track = training.make(c, admin, new_id(), TRACK.name, "all").id
    first = ""
    for name, last, text in TRACK.steps:
        pages = ("1", last) if last else ("", "")
        typed = training.Typed(made[name] if name else "", *pages, text)
        step = training.add(c, admin, track, new_id(), typed, settings).id
        first = first or step
    training.mark(c, rep, track, first, True)
