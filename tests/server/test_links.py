"""Links to documents: made by a member, opened by a customer without an account, seen by whom it concerns."""

import re
from typing import Any

import pytest
from httpx2 import AsyncClient, Response

from server.schema import new_id
from tests.server.conftest import Town
from tests.server.drive import bring, folder
from tests.server.test_drive_pages import colour, leaflet

pytestmark = pytest.mark.anyio


async def share(town: Town, who: str, document: str, customer: str = "") -> str:
    """Makes a link as the page does; its id."""
    form = {"new_id": new_id(), "customer": customer}
    answer = await town[who].post(f"/drive/documents/{document}/links", data=form)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rpartition("/")[2]


async def address(town: Town, who: str, link: str) -> str:
    """What is sent to the customer, as its maker's sheet says it."""
    sheet = (await town[who].get(f"/drive/links/{link}")).text
    found = re.search(r'value="http://testserver(/s/[\w-]{43})"', sheet)
    assert found, sheet
    return found[1]


async def look(one: AsyncClient, path: str, pages: str, view: str = "") -> Response:
    """What a customer's browser says of a visit."""
    return await one.post(f"{path}/seen", data={"view": view or new_id(), "pages": pages})


async def leaf(town: Town, who: str = "li") -> Any:
    """A document of seven pages in a folder of North Bank's."""
    return await bring(town, who, await folder(town, "Cases", squad=town.squad), "Leaflet.pdf", leaflet())


async def test_a_link_is_made_opened_and_seen(town: Town, stranger: AsyncClient) -> None:
    """In one tap; the customer reads it without an account; its maker sees which pages and how long."""
    document = await leaf(town)
    link = await share(town, "li", document["id"], town.customers["hengtai"])
    path = await address(town, "li", link)
    page = await stranger.get(path)
    assert page.status_code == 200
    assert "Li Na sent you this." in page.text
    assert (page.headers["referrer-policy"], page.headers["x-robots-tag"]) == (
        "no-referrer",
        "noindex, nofollow",
    )
    assert colour((await stranger.get(f"{path}/pages/2")).content) == (0, 2, 2)
    assert "Not opened yet" in (await town["li"].get(f"/drive/links/{link}")).text
    view = new_id()
    assert (await look(stranger, path, "1:2", view)).status_code == 204
    await look(stranger, path, "1:2,4:9", view)
    sheet = (await town["li"].get(f"/drive/links/{link}")).text
    assert "Opened 1 time" in sheet
    assert "2 of 7 pages, longest on page 4" in sheet
    assert "0:11" in sheet
