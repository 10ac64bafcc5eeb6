"""Reads the words of a document that anybody may have sent. A program of its own.

Run by `reading.py` in a process that may be ended and has little memory: whatever a hostile file does to a
parser happens here. Writes `{"state", "pages"}` as JSON into the file given; a page is a title and its text.
`state` is `read`; `cut`: no more than so many signs were read; or why there are none: `locked`, `broken`,
`large`, `none`. It imports nothing of ours.
"""

import json
import os
import resource
import sys
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any
from xml.parsers import expat

MEMORY = 1 << 30
SECONDS = 60
PASSWORD = 4
"""What pdfium calls a document that asks for one."""
PART = 3000
"""Signs of a page of what has none of its own."""
SEALED = "EncryptedPackage".encode("utf-16-le")
"""Stands in an Office file that asks for a password."""
PIECE = 1 << 16
COLUMNS = 200
Page = tuple[str, str]


class Refused(Exception):
    """Nothing can be read in it."""


def main(source: str, target: str, kind: str, unpacked: str, words: str) -> int:
    """The program; `unpacked` is bytes, `words` signs, at most."""
    os.nice(10)  # nobody waits for it
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        state, pages = gathered(READERS[kind](source, int(unpacked)), int(words))
    except Refused as refused:
        state, pages = str(refused), []
    except MemoryError:
        state, pages = "large", []
    except Exception:  # parsers fail in every way there is
        state, pages = "broken", []
    Path(target).write_text(json.dumps({"state": state, "pages": pages}))
    return 0


def gathered(found: Iterator[Page], words: int) -> tuple[str, list[Page]]:
    """The pages as far as they are kept; none at all where no page has a word."""
    pages: list[Page] = []
    for title, text in found:
        title, text = shown(title)[:120], shown(text)
        if len(text) > words:
            return "cut", [*pages, (title, text[:words])]
        words -= len(text)
        pages.append((title, text))
    return ("read", pages) if any(text for _, text in pages) else ("none", [])


def shown(text: str) -> str:
    """Without signs that no page and no database shows."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (one for one in text if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs", "Cn"))
    return "".join(kept).strip("\n ")


def of_pdf(source: str, _: int) -> Iterator[Page]:
    """Page by page."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as wrong:
        raise Refused("locked" if wrong.err_code == PASSWORD else "broken") from None
    if not len(document):
        raise Refused("broken")
    for n in range(len(document)):
        page = document[n]
        words = page.get_textpage()
        yield "", words.get_text_bounded()
        words.close()
        page.close()


def opened(source: str, unpacked: int) -> zipfile.ZipFile:
    """The parts of an Office file. What it would unpack to is asked first: a bomb is not opened."""
    parts = zipfile.ZipFile(source)
    about = parts.infolist()
    if any(part.flag_bits & 1 for part in about):
        raise Refused("locked")
    if sum(part.file_size for part in about) > unpacked:
        raise Refused("large")
    return parts


def walked(
    parts: zipfile.ZipFile,
    name: str,
    begin: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] = lambda tag: None,
    said: Callable[[str], None] = lambda text: None,
) -> None:
    """One part, element by element. Ours have no document type: what has one wants to be expanded."""

    def refuse(*_: Any) -> None:
        raise Refused("broken")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, about: begin(tag.rpartition(":")[2], about)
    parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    parser.CharacterDataHandler = said
    with parts.open(name) as part:
        parser.ParseFile(part)


def paragraphs(parts: zipfile.ZipFile, name: str) -> list[str]:
    """The text of a part, cut where its pages end."""
    found: list[list[str]] = [[]]
    within: list[str] = []

    def begin(tag: str, about: dict[str, str]) -> None:
        within.append(tag)
        if tag == "lastRenderedPageBreak" or (tag == "br" and "page" in about.values()):
            found.append([])
        elif tag in ("tab", "br", "cr"):
            found[-1].append("\t" if tag == "tab" else "\n")

    def end(tag: str) -> None:
        within.pop()
        if tag == "p":
            found[-1].append("\t" if "tc" in within else "\n")
        elif tag == "tr":
            found[-1].append("\n")

    def said(text: str) -> None:
        if within and within[-1] == "t":
            found[-1].append(text)

    walked(parts, name, begin, end, said)
    return ["".join(one) for one in found]


def of_docx(source: str, unpacked: int) -> Iterator[Page]:
    """As Word broke it into pages when it was saved, or in parts."""
    with opened(source, unpacked) as parts:
        for text in paragraphs(parts, "word/document.xml"):
            if text.strip():
                yield from (("", part) for part in cut(text))


def of_pptx(source: str, unpacked: int) -> Iterator[Page]:
    """Slide by slide, in their order."""
    with opened(source, unpacked) as parts:
        where: dict[str, str] = {}
        order: list[str] = []
        walked(
            parts,
            "ppt/_rels/presentation.xml.rels",
            lambda tag, about: where.update({about.get("Id", ""): about.get("Target", "")}),
        )
        walked(
            parts,
            "ppt/presentation.xml",
            lambda tag, about: order.append(about.get("r:id", "")) if tag == "sldId" else None,
        )
        for one in order:
            target = where[one]
            name = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("ppt", target))
            yield "", "".join(paragraphs(parts, name))


def of_xlsx(source: str, unpacked: int) -> Iterator[Page]:
    """Sheet by sheet, a row a line."""
    from openpyxl import load_workbook

    with opened(source, unpacked) as parts:
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                walked(parts, name, lambda tag, about: None)
    with Path(source).open("rb") as content:  # a name without an end would not do
        for sheet in load_workbook(content, read_only=True, data_only=True).worksheets:
            sheet.reset_dimensions()
            yield from rows(sheet)


def rows(sheet: Any) -> Iterator[Page]:
    """A sheet in parts of some length, each of whole rows."""
    lines: list[str] = []
    size = 0
    for row in sheet.iter_rows(max_col=COLUMNS, values_only=True):
        line = "\t".join("" if cell is None else str(cell) for cell in row).rstrip("\t")
        if size and size + len(line) > PART:
            yield sheet.title, "\n".join(lines)
            lines, size = [], 0
        lines.append(line)
        size += len(line) + 1
    yield sheet.title, "\n".join(lines)


def of_text(source: str, _: int) -> Iterator[Page]:
    """In parts; in UTF-8, or as it is written in China."""
    content = Path(source).read_bytes()
    for encoding in ("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            yield from (("", part) for part in cut(text.replace("\r\n", "\n")))
            return
    raise Refused("broken")


def of_old(source: str, _: int) -> Iterator[Page]:
    """Office files from before 2007 are not read; a newer one with a password looks like them."""
    tail = b""
    with Path(source).open("rb") as content:
        while piece := content.read(PIECE):
            if SEALED in tail + piece:
                raise Refused("locked")
            tail = piece[-len(SEALED) :]
    raise Refused("none")
    yield


def cut(text: str) -> Iterator[str]:
    """In parts of some length, each ending with a paragraph, or a line, or where it must."""
    while len(text) > PART:
        for mark in ("\n\n", "\n", "。", ". ", " "):
            at = text.rfind(mark, PART // 2, PART)
            if at > 0:
                at += len(mark)
                break
        else:
            at = PART
        yield text[:at]
        text = text[at:]
    yield text


READERS = {
    "pdf": of_pdf,
    "docx": of_docx,
    "pptx": of_pptx,
    "xlsx": of_xlsx,
    "text": of_text,
    "old": of_old,
}

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
