"""What was sent to a customer, and what was asked about it, in the customer's story: that it was is for their
squads, what it was called for who may see it.
"""

import pytest
from httpx2 import AsyncClient

from tests.server.conftest import Town
from tests.server.drive import bring, folder
from tests.server.test_customers import api, page
from tests.server.test_customers import share as to_south
from tests.server.test_drive_pages import leaflet
from tests.server.test_links import address, look, share

pytestmark = pytest.mark.anyio
NAME = "Quokka prices"


async def sent(town: Town, stranger: AsyncClient, rights: str, squad: bool = True) -> str:
    """A document Wang Fang, who leads, sent to Hengtai, opened there and asked about; its id."""
    place = await folder(town, "Ours", squad=town.squad if squad else "", rights=rights)
    document = await bring(town, "wang", place, f"{NAME}.pdf", leaflet())
    path = await address(town, "wang", await share(town, "wang", document["id"], town.customers["hengtai"]))
    await look(stranger, path, "1:2")
    await stranger.post(f"{path}/ask", data={"name": "Mr Hu", "text": "Is it hard?"})
    return str(document["id"])


async def told(town: Town, who: str) -> tuple[int, int, int]:
    """How often somebody reads the name, that it was sent and looked at, and what was asked."""
    text = (await town[who].get(page(town))).text
    assert "shared a document" in text
    assert "Opened 1 time" in text
    story = await town[who].get(api(town))
    assert NAME not in story.text
    assert "link" in {one["kind"] for one in story.json()["story"]}
    return text.count(NAME), text.count("Is it hard?"), text.count("Mr Hu")


async def test_named_where_it_may_be_seen(town: Town, stranger: AsyncClient) -> None:
    """A squad's own document, for the squad; another squad of the customer's reads that one was sent."""
    await sent(town, stranger, "add")
    await to_south(town)
    assert [await told(town, who) for who in ("wang", "li", "sun")] == [(2, 1, 1), (2, 1, 1), (0, 0, 0)]


@pytest.mark.parametrize("squad", [True, False])
async def test_a_managers_folder_is_named_to_them_alone(
    town: Town, stranger: AsyncClient, squad: bool
) -> None:
    """The squad's or the company's: the others do not read what it is called, and no less else."""
    await sent(town, stranger, "keep", squad)
    assert [await told(town, who) for who in ("wang", "li")] == [(2, 1, 1), (0, 1, 1)]


async def test_in_the_bin_it_has_no_name(town: Town, stranger: AsyncClient) -> None:
    """Not even for who sent it, until it is taken out."""
    document = await sent(town, stranger, "add")
    await town["wang"].delete(f"/api/v1/drive/documents/{document}")
    assert [await told(town, who) for who in ("wang", "li")] == [(0, 1, 1), (0, 1, 1)]
    binned = (await town["wang"].get("/api/v1/drive/bin")).json()[0]["id"]
    await town["wang"].put(f"/api/v1/drive/bin/{binned}/restore")
    assert (await told(town, "li"))[0] == 2
