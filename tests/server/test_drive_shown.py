"""Show mode: what was shown across the table is noted in the visit that was open, told where it may be."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx2 import Response

from server.schema import new_id
from tests.server.conftest import Town
from tests.server.drive import bring, folder

pytestmark = pytest.mark.anyio


def clock(minutes: float = 0) -> str:
    """So many minutes from now."""
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()


async def show(town: Town, who: str, document: str, minutes: float = 0, **more: Any) -> Response:
    """A phone says that a document is shown, or was."""
    sent = {"id": new_id(), "at": clock(minutes), **more}
    return await town[who].post(f"/api/v1/drive/documents/{document}/shown", json=sent)


async def entered(town: Town, who: str, minutes: float = 0) -> str:
    """A visit that began so many minutes from now; its id."""
    sent = {"id": new_id(), "customer_id": town.customers["hengtai"], "captured_at": clock(minutes)}
    answer = await town[who].post(f"/api/v1/squads/{town.squad}/checkins", json=sent)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_it_stands_in_the_visit_and_the_customers_story(town: Town) -> None:
    """Once for each document, with one entry by ids alone; on the visit, its thread, the customer's file."""
    quotes = await folder(town, "Quotes", squad=town.squad)
    one = await bring(town, "li", quotes, "Spring quote.pdf")
    visit = await entered(town, "li", -5)
    sent = {"id": new_id(), "at": clock()}
    answers = [await show(town, "li", one["id"], **sent) for _ in range(2)]
    answers.append(await show(town, "li", one["id"]))
    assert [(a.status_code, a.json()["visit"]) for a in answers] == [(201, visit), (200, visit), (200, visit)]
    entries = [entry for entry in await town.journal() if entry["kind"] == "shown"]
    assert [entry["data"]["document"] for entry in entries] == [one["id"]]
    assert "Spring" not in str(entries)
    customer = f"/customers/{town.customers['hengtai']}"
    for who, path in (("li", f"/visits/{visit}"), ("wang", f"/squads/{town.squad}/posts/{visit}")):
        assert "Spring quote" in (await town[who].get(path)).text, path
    assert "showed a document" in (await town["wang"].get(customer)).text
    told = (await town["wang"].get(f"/api/v1{customer}")).json()["story"]
    assert ("shown", town.ids["li"]) in {(moment["kind"], moment["member"]) for moment in told}


async def test_without_a_visit_nothing_is_noted(town: Town) -> None:
    """Nor before it, after its outcome, once it has timed out, or in a visit that was taken back."""
    one = await bring(town, "li", await folder(town), "Harbour.pdf")
    assert (await show(town, "li", one["id"])).json()["visit"] is None
    visit = await entered(town, "li", -300)
    assert (await show(town, "li", one["id"])).json()["visit"] is None
    assert (await show(town, "li", one["id"], -310)).json()["visit"] is None
    closed = {"result": "advanced", "closed_at": clock(-290)}
    assert (await town["li"].put(f"/api/v1/visits/{visit}/outcome", json=closed)).status_code == 200
    assert (await show(town, "li", one["id"], -280)).json()["visit"] is None
    late = await show(town, "li", one["id"], -295)  # it waited on the phone
    assert (late.status_code, late.json()["visit"]) == (201, visit)
    assert (await show(town, "wang", one["id"], -295)).json()["visit"] is None


async def test_who_may_not_see_it_is_not_told_what_it_is(town: Town) -> None:
    """A closed folder's document that its keeper showed: a colleague sees nothing of it, by any name."""
    shut = await folder(town, "Margins", squad=town.squad, rights="keep")
    one = await bring(town, "wang", shut, "Secret margins.pdf")
    visit = await entered(town, "wang", -5)
    assert (await show(town, "wang", one["id"])).status_code == 201
    assert (await show(town, "li", one["id"])).status_code == 404
    for path in (f"/squads/{town.squad}/posts/{visit}", f"/customers/{town.customers['hengtai']}"):
        assert "Secret margins" not in (await town["li"].get(path)).text
        assert "Secret margins" in (await town["wang"].get(path)).text


async def test_the_page_has_nothing_but_the_document(town: Town) -> None:
    """No bar, no socket, one way out; the plain form notes it and leads there."""
    one = await bring(town, "li", await folder(town), "Harbour.pdf")
    visit = await entered(town, "li", -5)
    there = f"/drive/documents/{one['id']}"
    went = await town["li"].post(f"{there}/show", data={"show_id": new_id()})
    assert (went.status_code, went.headers["location"]) == (303, f"{there}/show")
    page = (await town["li"].get(f"{there}/show")).text
    assert f"{there}/versions/1/pages/1" in page
    for word in ('id="wire"', "<nav", "Notices"):
        assert word not in page
    assert page.count("<a ") == 1
    assert "Harbour" in (await town["li"].get(f"/visits/{visit}")).text
    bad = await town["li"].post(f"{there}/show", data={"show_id": "x"})
    assert bad.status_code == 422
