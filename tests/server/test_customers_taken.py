"""A list of customers to take along: without formulas, for who leads alone, and the squad sees it."""

import csv
import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from server.customers.models import customer
from server.schema import new_id
from tests.server.conftest import Town
from tests.server.test_customers import api

pytestmark = pytest.mark.anyio


async def test_a_table_without_formulas(town: Town) -> None:
    """All that stands at the head of each file; what begins like a formula is text."""
    await town["li"].patch(
        api(town),
        json={"address": "=1+1", "names": {"zh": ["恒泰五金"]}, "value": "86400", "tags": ["Anchor", "VIP"]},
    )
    luo = {"id": new_id(), "name": "Luo Min", "role": "@SUM(A1)"}
    await town["li"].post(api(town, "contacts"), json=luo)
    path = f"/squads/{town.squad}/customers"
    text = (await town["wang"].get(f"{path}.csv")).content.decode("utf-8-sig")
    first, second = csv.DictReader(io.StringIO(text))
    assert (first["Name"], first["Address"], first["Chinese name"]) == (
        "Hengtai Hardware",
        "'=1+1",
        "恒泰五金",
    )
    assert (first["Worth a year"], first["How far we are"], second["Name"]) == (
        "86400",
        "New",
        "Lotus Pharmacies",
    )
    assert (first["People there"], first["Tags"]) == ("Luo Min @SUM(A1)", "Anchor, VIP")
    assert (second["People there"], second["Tags"], second["Chinese name"]) == ("", "", "")
    book = load_workbook(io.BytesIO((await town["wang"].get(f"{path}.xlsx")).content))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert any(str(cell.value).endswith("=1+1") for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}


async def test_who_took_it_is_seen(town: Town) -> None:
    """By everybody in the squad; who does not lead takes nothing along."""
    path = f"/squads/{town.squad}/customers.csv"
    refused = await town["li"].get(path)
    assert refused.status_code == 403
    assert "Hengtai" not in refused.text
    assert (await town["sun"].get(path)).status_code == 404
    assert "took the list" not in (await town["li"].get(f"/squads/{town.squad}/audit")).text
    await town["wang"].get(path)
    assert "took the list of 2 customers along" in (await town["li"].get(f"/squads/{town.squad}/audit")).text


async def test_a_part_goes_along_with_its_whole(town: Town) -> None:
    """Whoever is known at one of two that are the same, and what it is called, stands in the one row."""
    part = f"/api/v1/customers/{town.customers['lotus']}"
    await town["li"].patch(part, json={"names": {"alias": ["Hengtai Tools"]}})
    await town["li"].post(f"{part}/contacts", json={"id": new_id(), "name": "Chen Bo"})
    path = f"/squads/{town.squad}/customers.csv"
    await town.app.state.db.write(
        lambda c: (
            c.execute(
                update(customer)
                .where(customer.c.id == town.customers["lotus"])
                .values(merged_into=town.customers["hengtai"])
            )
            and None
        )
    )
    (only,) = csv.DictReader(io.StringIO((await town["wang"].get(path)).content.decode("utf-8-sig")))
    assert (only["Name"], only["Also called"], only["People there"]) == (
        "Hengtai Hardware",
        "Hengtai Tools",
        "Chen Bo",
    )
