"""Folders and documents for the stories of the drive."""

from typing import Any

from server.schema import new_id
from tests.server.conftest import Town

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 90 120]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
"""Of one empty page."""


async def folder(town: Town, name: str = "Cases", who: str = "wang", squad: str = "", **more: Any) -> str:
    """A top folder of the company's, or of a squad's; its id."""
    sent = {"id": new_id(), "name": name, **more}
    path = f"/api/v1/squads/{squad}/drive/folders" if squad else "/api/v1/drive/folders"
    answer = await town[who].post(path, json=sent)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def bring(town: Town, who: str, folder: str, name: str, content: bytes = PDF, **more: str) -> Any:
    """A file into a folder; the document it is, or the problem."""
    sent = {"id": new_id(), **more}
    path = f"/api/v1/drive/folders/{folder}/documents"
    answer = await town[who].post(path, data=sent, files={"file": (name, content)})
    return {**answer.json(), "status_code": answer.status_code}


async def filed(town: Town) -> dict[str, str]:
    """A folder nobody but who leads may add to now; a document of Li Na's in it, and one she threw away; an
    upload of Zhang Wei's, who leads; a link of Li Na's.
    """
    top = await folder(town, squad=town.squad)
    item = await bring(town, "li", top, "prices.pdf")
    gone = await bring(town, "li", top, "old prices.pdf")
    await town["li"].delete(f"/api/v1/drive/documents/{gone['id']}")
    binned = (await town["li"].get("/api/v1/drive/bin")).json()[0]["id"]
    said = {"Tus-Resumable": "1.0.0", "Upload-Length": "9", "Upload-Metadata": "filename eA=="}
    begun = await town["zhang"].post(f"/drive/folders/{top}/uploads", headers=said)
    upload = begun.headers["location"].rpartition("/")[2]
    await town["wang"].patch(f"/api/v1/drive/folders/{top}", json={"name": "Prices", "rights": "view"})
    shared = await town["li"].post(f"/drive/documents/{item['id']}/links", data={"new_id": new_id()})
    link = shared.headers["location"].rpartition("/")[2]
    return {"folder": top, "item": item["id"], "binned": binned, "upload": upload, "n": "1"} | {
        "leaf": "1",
        "link": link,
    }
