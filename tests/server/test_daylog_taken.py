"""A log to take along: what is told and what was said to it, for who may read it, without formulas."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from server.schema import new_id
from tests.server.conftest import Town
from tests.server.test_daylog import publish, visit, write

pytestmark = pytest.mark.anyio


def sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """A workbook's tables, by their titles; no cell of them is a formula."""
    book = load_workbook(BytesIO(content))
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


async def test_a_log_is_taken_along(town: Town) -> None:
    """In the reader's language; they have read it then. What is not told is not in it."""
    await visit(town, "2026-05-04T04:00:00Z", "=1+1", result="lost", next_step="Come back in May")
    log = await publish(town, lesson=("Carry the list", 0))
    await write(town, stuck=("Not told yet", 0))
    line = next(one["id"] for one in log["lines"] if one["key"] == "lesson")
    said = {"new_id": new_id(), "text": "Well seen", "line": line}
    await town["wang"].post(f"/logs/{log['id']}/replies", data=said)
    path = f"/logs/{log['id']}.xlsx"
    answer = await town["zhang"].get(path)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="log-day-2026-05-04.xlsx"'
    made = sheets(answer.content)
    assert made["Log"][1:] == [
        ("2026-05-04 12:00", "Hengtai Hardware", "Not this time", "'=1+1", "Come back in May", None),
        ("2026-05-04", "What the squad should learn", None, "Carry the list", None, None),
    ]
    assert [row[1:] for row in made["Replies"][1:]] == [
        ("Wang Fang", "What the squad should learn", "Well seen")
    ]
    read = (await town["li"].get(f"/api/v1/logs/{log['id']}")).json()["read"]
    assert town.ids["zhang"] in read
    await town.speak("zhang", "zh")
    assert "日志" in sheets((await town["zhang"].get(path)).content)
    assert (await town["sun"].get(path)).status_code == 404
    assert (await town["li"].get(f"/logs/{new_id()}.xlsx")).status_code == 404
