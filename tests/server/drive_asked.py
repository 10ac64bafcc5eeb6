"""Every route about the drive, asked once with what is right and with what is wrong."""

from datetime import timedelta
from typing import Any

from server.schema import new_id, now
from tests.server.conftest import NOON, Town
from tests.server.drive import PDF


async def a_link(ask: Any, town: Town, here: dict[str, str]) -> str:
    """Every route about links: made, read, changed, refused, ended; its id."""
    path = "/drive/documents/{item}/links"
    form = {"id": new_id(), "customer": town.customers["hengtai"]}
    for _ in range(2):
        link = str((await ask("POST", path, here, json=form)).json()["id"])
    await ask("POST", path, here, json={**form, "id": new_id(), "customer": new_id()})
    about = {"link": link}
    day = (now() + timedelta(days=3)).date().isoformat()
    wrong = ({"code": "x"}, {"until": "2020-01-01"})
    changes = ({}, {"until": day, "code": "water 420"}, *wrong, {"code": None})
    for change in changes:
        await ask("PATCH", "/drive/links/{link}", about, json=change)
    for one in ("/drive/links", path, "/drive/links/{link}", "/drive/links/{link}/qr"):
        await ask("GET", one, {**here, **about})
    await ask("GET", "/drive/links?state=x")
    told = (await ask("GET", "/drive/links/{link}", about)).json()["address"]
    await ask.one.post(f"{told}/ask", data={"name": "Mr Hu", "text": "Which size?"})
    (question,) = (await ask("GET", "/drive/links/{link}", about)).json()["questions"]
    for _ in range(2):
        await ask("DELETE", "/drive/questions/{post}", {"post": question["id"]})
    for _ in range(2):
        await ask("DELETE", "/drive/links/{link}", about)
    assert (await ask("PATCH", "/drive/links/{link}", about, json={"code": None})).status_code == 409
    return link


async def a_drive(ask: Any, town: Town) -> dict[str, str]:
    """From the first folder to what comes out of the bin; answers what it was about.

    `ask` is test_openapi.py's `Checked`.
    """
    here = {"squad": town.squad}
    before, ask.one = ask.one, town["wang"]
    top = {"id": new_id(), "name": "Cases"}
    for _ in range(2):
        made = await ask("POST", "/drive/folders", json=top)
        await ask(
            "POST", "/squads/{squad}/drive/folders", here, json={**top, "id": new_id(), "name": "Quotes"}
        )
    here["folder"] = made.json()["id"]
    for name in ("Clinics", "Clinics", ""):
        await ask("POST", "/drive/folders/{folder}/folders", here, json={"id": new_id(), "name": name})
    await ask("PATCH", "/drive/folders/{folder}", here, json={"name": "Our cases", "rights": "view"})
    sent = {"data": {"id": new_id(), "kind": "case"}, "files": {"file": ("Harbour.pdf", PDF)}}
    for _ in range(2):
        one = await ask("POST", "/drive/folders/{folder}/documents", here, **sent)
    here["item"] = one.json()["id"]
    await ask("POST", "/drive/folders/{folder}/documents", here, data={"id": "x"})
    newer = {"data": {"id": new_id()}, "files": {"file": ("May.pdf", PDF + b"May")}}
    for _ in range(2):
        await ask("POST", "/drive/documents/{item}/versions", here, **newer)
    await ask("PUT", "/drive/documents/{item}/current", here, json={"n": 1})
    await ask("PUT", "/drive/documents/{item}/favourite", here)
    await ask("DELETE", "/drive/documents/{item}/favourite", here)
    said = {"name": "Harbour Clinic", "kind": "case", "tags": ["clinics"], "folder": here["folder"]}
    await ask("PATCH", "/drive/documents/{item}", here, json=said)
    await ask("PATCH", "/drive/documents/{item}", here, json={**said, "kind": "x"})
    for path in ("/drive", "/drive/folders/{folder}", "/drive/documents/{item}"):
        await ask("GET", path, here)
    shown = {"id": new_id(), "at": NOON}
    for sent in (shown, shown, {"id": "x", "at": NOON}):
        await ask("POST", "/drive/documents/{item}/shown", here, json=sent)
    await ask("GET", "/drive/pinned", params={"document": here["item"], "folder": here["folder"]})
    await ask("GET", "/drive/pinned", params={"document": "x"})
    here["link"] = await a_link(ask, town, here)
    await ask("DELETE", "/drive/documents/{item}", here)
    await ask("DELETE", "/drive/folders/{folder}", here)
    rows = (await ask("GET", "/drive/bin")).json()
    binned = {one["what"]: one["id"] for one in rows}
    await ask("PUT", "/drive/bin/{binned}/restore", {"binned": binned["document"]})
    for what in ("folder", "document"):
        await ask("PUT", "/drive/bin/{binned}/restore", {"binned": binned[what]})
    ask.one = before
    return {**here, "binned": binned["document"]}
