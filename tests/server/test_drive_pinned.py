"""What a phone may keep of the drive: what its member may see now, and nothing of it once they may not."""

from typing import Any

import pytest

from server.schema import new_id
from tests.server.conftest import Town
from tests.server.drive import PDF, bring, folder

pytestmark = pytest.mark.anyio
API = "/api/v1/drive"


async def kept(town: Town, who: str, documents: list[str], folders: list[str]) -> dict[str, Any]:
    """The answer a phone gets."""
    answer = await town[who].get(f"{API}/pinned", params={"document": documents, "folder": folders})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_folder_with_what_is_below_it(town: Town) -> None:
    """And a document by itself; the version that counts, whatever it was when it was wanted."""
    top = await folder(town, "Cases")
    made = await town["wang"].post(f"{API}/folders/{top}/folders", json={"id": new_id(), "name": "Clinics"})
    inner = await bring(town, "li", made.json()["id"], "Harbour.pdf")
    alone = await bring(town, "li", await folder(town, "Prices"), "May.pdf")
    sent = {"data": {"id": new_id()}, "files": {"file": ("June.pdf", PDF + b"June")}}
    await town["li"].post(f"{API}/documents/{alone['id']}/versions", **sent)
    found = await kept(town, "sun", [alone["id"]], [top])
    assert found["folders"] == [{"id": top, "name": "Cases", "documents": [inner["id"]]}]
    assert [(one["name"], one["version"]) for one in found["documents"]] == [("Harbour", 1), ("May", 2)]
    page = (await town["li"].get(f"/drive/folders/{top}")).text
    assert f'data-pin="folders" data-id="{top}"' in page


async def test_what_may_not_be_seen_any_more_is_not_there(town: Town) -> None:
    """A closed folder, the bin, another squad's: not by a word."""
    quotes = await folder(town, "Quotes", squad=town.squad)
    one = await bring(town, "li", quotes, "Secret quote.pdf")
    wanted: tuple[list[str], list[str]] = [one["id"]], [quotes]
    assert len((await kept(town, "li", *wanted))["documents"]) == 1
    assert await kept(town, "sun", *wanted) == {"folders": [], "documents": []}
    closed = {"name": "Quotes", "rights": "keep"}
    await town["wang"].patch(f"{API}/folders/{quotes}", json=closed)
    assert await kept(town, "li", *wanted) == {"folders": [], "documents": []}
    assert len((await kept(town, "wang", *wanted))["documents"]) == 1
    await town["wang"].delete(f"{API}/documents/{one['id']}")
    assert await kept(town, "wang", *wanted) == {
        "folders": [{"id": quotes, "name": "Quotes", "documents": []}],
        "documents": [],
    }


async def test_to_keep_is_not_to_open(town: Town) -> None:
    """What a phone takes to keep is not among what was shown lately; the next sign-in gets none of it."""
    one = await bring(town, "li", await folder(town), "Harbour.pdf")
    answer = await town["sun"].get(one["file"], params={"keep": "1"})
    assert answer.content == PDF
    assert "Cookie" in answer.headers["vary"]
    assert "Shown lately" not in (await town["sun"].get("/drive")).text
    await town["sun"].get(one["file"])
    assert "Shown lately" in (await town["sun"].get("/drive")).text


async def test_too_much_at_once_is_refused(town: Town) -> None:
    """A phone asks in slices."""
    ids = [new_id() for _ in range(101)]
    assert (await town["li"].get(f"{API}/pinned", params={"document": ids})).status_code == 422
