"""Tables to take along as spreadsheets open them: no cell is a formula, whoever wrote it."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from server.text import cell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs that no XML file can hold."""
Row = Sequence[Any]


def as_csv(rows: Iterable[Row]) -> bytes:
    """A table as a spreadsheet opens it: UTF-8 that says so, no cell a formula."""
    paper = io.StringIO()
    write = csv.writer(paper).writerow
    for row in rows:
        write(["" if one is None else cell(one) if isinstance(one, str) else one for one in row])
    return b"\xef\xbb\xbf" + paper.getvalue().encode()


def as_xlsx(sheets: Iterable[tuple[str, Iterable[Row]]]) -> bytes:
    """Tables as the sheets of one workbook. Text is written as text, never as a formula."""
    from openpyxl import Workbook  # a second of every start, for what few ask for

    book = Workbook(write_only=True)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for row in rows:
            sheet.append([_written(sheet, one) for one in row])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _written(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    from openpyxl.cell import WriteOnlyCell

    made = WriteOnlyCell(sheet, UNWRITABLE.sub("", cell(value)))
    made.data_type = "s"
    return made
