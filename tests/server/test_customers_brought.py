"""Customers from a table: however it is written, each row with a verdict first, and each made once."""

import asyncio
import io
import subprocess
import sys
import zipfile
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from anyio import to_thread
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy import func, select

from server.customers import imported, importing, reading
from server.customers.columns import guess
from server.customers.models import customer
from server.errors import Invalid
from server.jobs import task
from server.schema import now
from server.worker import Effect
from tests.bed.served import ROOT, environment
from tests.server.conftest import Town
from tests.server.test_customers import page
from tests.server.work import soon, worker

here = pytest.mark.anyio
HEAD = ["客户名称", "地址", "联系电话", "联系人", "年销售额", "标签"]


def table(rows: list[list[str]], encoding: str = "utf-8", line: str = "\r\n") -> bytes:
    """A CSV with a head."""
    return line.join(",".join(row) for row in [HEAD, *rows]).encode(encoding)


def book(rows: list[list[Any]]) -> bytes:
    """A workbook."""
    made = Workbook()
    for row in rows:
        made.active.append(row)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def read(content: bytes, unpacked: int = 10**7) -> list[tuple[int, list[str]]]:
    """All of its rows."""
    return list(reading.rows(io.BytesIO(content), unpacked))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_however_it_is_written(encoding: str) -> None:
    """Chinese in every encoding that spreadsheets write; empty rows count in the numbers, and are none."""
    rows = read(
        table([["恒泰五金", "江宁区", "", "", "", ""], ["", "", "", "", "", ""], ["金帆医院"]], encoding)
    )
    assert rows == [(1, HEAD), (2, ["恒泰五金", "江宁区"]), (4, ["金帆医院"])]


def test_a_workbook_is_read_as_one_would_type_it() -> None:
    """Numbers without a point, days as days; semicolons and tabs are seen by themselves."""
    assert read(book([["Name", "Phone"], ["Old Bridge", 13900001234]]))[1] == (
        2,
        ["Old Bridge", "13900001234"],
    )
    assert read(b"Name;Phone\nOld Bridge;139")[1] == (2, ["Old Bridge", "139"])
    assert read(b"Name\tPhone\nOld Bridge\t139")[1] == (2, ["Old Bridge", "139"])


def bomb() -> bytes:
    """A workbook that would unpack to a hundred times its size."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/worksheets/sheet1.xml", b"0" * 10**8)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"\n\n,,\n", b"\x00\x01\x02", b"\xff\xfe\x00", b"PK\x03\x04 and no more", bomb()),
        b'Name\n"Old Bridge\nnever closed',
        book([["Name"], ["x"]])[:-300],
    ],
)
def test_what_cannot_be_read_is_said_so(content: bytes) -> None:
    """Nothing, no text, half a workbook, a bomb, a quotation mark that never ends."""
    with pytest.raises(Invalid):
        read(content)


@given(st.binary(max_size=300))
def test_no_file_is_too_strange(content: bytes) -> None:
    """Rows, or a clear word."""
    for start in (b"", b"PK\x03\x04"):
        with suppress(Invalid):
            assert all(any(cells) for _, cells in read(start + content))


def test_columns_are_guessed_by_their_heads() -> None:
    """In both languages, each meaning once, our own list among them."""
    assert guess(HEAD) == ["name", "address", "phone", "contact", "value", "tags"]
    assert guess(["Name", "Name", "Chinese name", "How far we are", "Shoe size"]) == [
        "name",
        "",
        "zh",
        "stage",
        "",
    ]


async def bring(town: Town, content: bytes, name: str = "list.csv") -> str:
    """Wang Fang brings a table; where it is."""
    path = f"/squads/{town.squad}/customers/imports"
    answer = await town["wang"].post(path, files={"file": (name, content)})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def look(town: Town, path: str, mapping: list[str]) -> str:
    """Her columns mean this; what the page says once each row was looked at."""
    chosen = {f"column-{n}": name for n, name in enumerate(mapping)}
    assert (await town["wang"].post(f"{path}/check", data=chosen)).status_code == 303
    await work(town)
    return (await town["wang"].get(path)).text


async def work(town: Town) -> None:
    """What is to be done is done, by whichever process."""
    waiting = select(task.c.id).where(task.c.kind == importing.JOB)

    async def over() -> bool:
        return await town.app.state.db.read(lambda c: c.scalar(waiting)) is None

    await soon(over)


async def rest(town: Town) -> None:
    """No process does any more work."""
    for app in (town.app, getattr(town.app.state, "twin", None)):
        if app is not None:
            await app.state.jobs.stop()


async def run(town: Town, at: Any) -> None:
    """Two processes do what is due by then, both at once."""
    db = town.app.state.db
    kinds = {importing.JOB: Effect(lambda data: imported.go_on(db, data))}
    await asyncio.gather(*(worker(db, kinds).run_due(at) for _ in range(2)))


async def names(town: Town) -> list[str]:
    """All that is in the files."""
    query = select(customer.c.name).order_by(customer.c.name)
    return list(await town.app.state.db.read(lambda c: c.scalars(query).all()))


ROWS = [
    ["恒泰五金有限公司", "江宁区", "", "罗敏", "86400", "重点"],
    ["Hengtai Hardware Ltd", "8 Quay Road", "", "", "", ""],
    ["恒泰五金", "", "", "", "", ""],
    ["", "nowhere", "", "", "", ""],
    ["金帆医院", "", "", "", "a lot", ""],
    ["=HYPERLINK(1)", "", "", "", "", ""],
]
MEANT = ["name", "address", "phone", "contact", "value", "tags"]


@here
async def test_each_row_has_a_verdict_before_anything_is_made(town: Town) -> None:
    """New, known by name, twice in the table, wrong by row and column; then what was chosen is made, once."""
    path = await bring(town, table(ROWS, "gbk"), "客户.csv")
    assert "客户名称" in (await town["wang"].get(path)).text
    shown = await look(town, path, MEANT)
    assert "Put 2 customers in the files" in shown
    assert "E Worth a year" in shown
    assert "A Name of the customer" in shown
    doubles = (await town["wang"].get(f"{path}?show=double")).text
    assert f'href="{page(town)}"' in doubles
    assert "The same as row 2" in (await town["wang"].get(f"{path}?show=repeated")).text
    assert len(await names(town)) == 2
    await town["wang"].post(f"{path}/choose", data={"row": "3", "choice": "make"})
    assert (await town["wang"].post(f"{path}/choose", data={"row": "5", "choice": "make"})).status_code == 404
    for _ in range(2):
        await town["wang"].post(f"{path}/run")
    await work(town)
    assert "3 new customers are in the files" in (await town["wang"].get(path)).text
    there = [
        "=HYPERLINK(1)",
        "Hengtai Hardware",
        "Hengtai Hardware Ltd",
        "Lotus Pharmacies",
        "恒泰五金有限公司",
    ]
    assert await names(town) == there
    await town["wang"].post(f"{path}/run")
    await work(town)
    assert await names(town) == there
    id = await town.app.state.db.read(
        lambda c: c.scalar(select(customer.c.id).where(customer.c.name == "恒泰五金有限公司"))
    )
    file = (await town["li"].get(f"/api/v1/customers/{id}")).json()
    assert (file["value"], file["tags"], file["contacts"][0]["name"]) == ("86400", ["重点"], "罗敏")
    assert file["created_by"] == town.ids["wang"]
    assert "put 3 customers from a table" in (await town["li"].get(f"/squads/{town.squad}/audit")).text
    taken = (await town["wang"].get(f"/squads/{town.squad}/customers.csv")).content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in taken
    await town["wang"].post(f"{path}/forget")
    assert (await town["wang"].get(path)).status_code == 404
    assert await names(town) == there


@here
async def test_whoever_does_not_lead_brings_nothing(town: Town) -> None:
    """And another squad's table is none; what is wrong with a file or its columns is said."""
    path = await bring(town, book([["Name"], ["Old Bridge"]]), "list.xlsx")
    assert (await town["li"].get(path)).status_code == 403
    assert (await town["sun"].get(path)).status_code == 404
    other = path.replace(town.squad, town.other)
    assert (await town["sun"].get(other)).status_code == 404
    assert (await town["sun"].post(f"{other}/run")).status_code == 404
    assert (await town["wang"].post(f"{path}/run")).status_code == 409
    for mapping in ({}, {"column-0": "name", "column-1": "name"}, {"column-0": "shoe", "column-1": "name"}):
        assert (await town["wang"].post(f"{path}/check", data=mapping)).status_code == 422
    home = f"/squads/{town.squad}/customers/imports"
    for file in (b"\x00", b"Name", bomb()):
        answer = await town["wang"].post(home, files={"file": ("x.csv", file)})
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text
    assert (await town["wang"].post(home, data={})).status_code == 422
    assert (await town["wang"].get(f"{path}?after={10**30}&show=%00")).status_code == 200


KILLED = """
import asyncio, os, signal, sys
from config.settings import Settings
from server.customers import imported
from server.db import Database
from server.schema import now
from server.worker import Effect, Worker

def last(c, id):
    made = imported.make(c, id)
    os.kill(os.getpid(), signal.SIGKILL)

async def dies(db, data):
    await db.write(imported.make, data["import"])
    await db.write(last, data["import"])

async def main():
    imported.MADE = 7
    db = Database(Settings())
    await db.start()
    work = Effect(lambda data: dies(db, data))
    await Worker(db, {sys.argv[1]: work}, poll=1, lease=60, ran=print).run_due(now())

asyncio.run(main())
"""


@here
async def test_killed_midway_it_goes_on_and_no_row_is_made_twice(town: Town) -> None:
    """kill -9 with some rows made and some made and not committed: the next server makes the others."""
    dice = [f"{a}{b}{c}五金" for a in "东南西北中" for b in "河山林海湖" for c in "安康宁泰丰"]
    path = await bring(town, table([[name] for name in dice], "gbk"))
    assert "Put 125 customers in the files" in await look(town, path, ["name"])
    await rest(town)
    await town["wang"].post(f"{path}/run")
    command = [sys.executable, "-c", KILLED, importing.JOB]
    env = environment(town.app.state.settings)
    died = await to_thread.run_sync(lambda: subprocess.run(command, env=env, cwd=ROOT, check=False))
    assert died.returncode == -9
    assert len(await names(town)) == 2 + 7
    assert "7 of 125 customers" in (await town["wang"].get(path)).text
    await run(town, now() + timedelta(minutes=2))
    assert sorted(await names(town)) == sorted([*dice, "Hengtai Hardware", "Lotus Pharmacies"])
    assert await town.app.state.db.read(lambda c: c.scalar(select(func.count()).select_from(customer))) == 127


@here
async def test_stopped_it_stays_as_it_is_until_one_goes_on(town: Town) -> None:
    """What is made is made; the rest follows when it is wanted."""
    path = await bring(town, table([["东河五金"], ["南山诊所"]]))
    await look(town, path, ["name"])
    await rest(town)
    await town["wang"].post(f"{path}/run")
    await town["wang"].post(f"{path}/stop")
    await run(town, now())
    assert len(await names(town)) == 2
    assert "Go on" in (await town["wang"].get(path)).text
    await town["wang"].post(f"{path}/run")
    await run(town, now())
    assert len(await names(town)) == 4
