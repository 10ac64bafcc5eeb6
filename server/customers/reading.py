"""A table somebody brings, row by row: CSV in the encodings it is written in, or a workbook. No database:
nothing is in memory but the row that is read and, of a workbook, its shared words.
"""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

from server.errors import Invalid
from web.render import N_

COLUMNS, CELL = 60, 2000
"""Of a row so many columns are read, of a cell so many signs."""
ENCODINGS = ("utf-8", "gb18030")
"""Tried in this order: what is no UTF-8 is GBK, or its larger sister."""
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
PIECE = 1 << 16
NOT_READ = N_("This file cannot be read. Save it as CSV or as XLSX, without a password, and bring it again.")
EMPTY = N_("There are no rows in this file.")
TOO_LARGE = N_("This workbook is too large once it is unpacked. Save the sheet alone, or as CSV.")
BROKEN = N_(
    "Row %(row)s cannot be read: a quotation mark may be missing. Put it right, and bring the file again."
)


def rows(file: BinaryIO, unpacked: int) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, the head first: (number in the file from 1, cells). Raises `Invalid`.

    A workbook may be as large as `unpacked` bytes once it is.
    """
    file.seek(0)
    found = _workbook(file, unpacked) if file.read(4) == b"PK\x03\x04" else _text(file)
    some = False
    for n, cells in enumerate(found, 1):
        row = [cell.strip() for cell in cells[:COLUMNS]]
        while row and not row[-1]:
            row.pop()
        if any(row):
            some = True
            yield n, [cell[:CELL] for cell in row]
    if not some:
        raise Invalid({"file": EMPTY})


def _text(file: BinaryIO) -> Iterator[list[str]]:
    encoding = _encoding(file)
    file.seek(0)
    words = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        head = words.readline(1 << 16)
        words.seek(0)
        write = max(",;\t", key=head.count)
        reader = csv.reader(words, delimiter=write, strict=True)
        try:
            yield from reader
        except csv.Error:
            raise Invalid({"file": BROKEN}, {"row": reader.line_num}) from None
    finally:
        words.detach()


def _encoding(file: BinaryIO) -> str:
    """How a text is written: as it says itself, or the first encoding in which all of it is text."""
    file.seek(0)
    start = file.read(4)
    for mark, name in MARKS.items():
        if start.startswith(mark):
            if _decodes(file, name):
                return name
            raise Invalid({"file": NOT_READ})
    for name in ENCODINGS:
        if _decodes(file, name):
            return name
    raise Invalid({"file": NOT_READ})


def _decodes(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    decode = codecs.getincrementaldecoder(encoding)().decode
    try:
        while piece := file.read(PIECE):
            if "\0" in decode(piece):
                return False
        decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def _workbook(file: BinaryIO, unpacked: int) -> Iterator[list[str]]:
    """The first sheet. What it would unpack to is asked first: a bomb is not opened."""
    from openpyxl import load_workbook  # a second of every start, for what few bring

    try:
        with zipfile.ZipFile(file) as parts:
            if sum(part.file_size for part in parts.infolist()) > unpacked:
                raise Invalid({"file": TOO_LARGE})
        file.seek(0)
        book = load_workbook(file, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        yield from _cells(sheet.iter_rows(max_col=COLUMNS, values_only=True))
    except Invalid:
        raise
    except Exception:  # whatever a broken or lying workbook makes the library raise
        raise Invalid({"file": NOT_READ}) from None


def _cells(found: Iterable[Iterable[Any]]) -> Iterator[list[str]]:
    for row in found:
        yield [_written(value) for value in row]


def _written(value: Any) -> str:
    """A cell as one would type it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\0", "")
