"""Calls in North Bank, as the tests of calls make and follow them."""

from typing import Any

from httpx2 import AsyncClient, Response

from server import journal
from server.members import actions as members
from server.schema import new_id
from server.squads import actions as squads
from tests.server.conftest import Town, client

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


async def joins(town: Town, key: str, name: str, role: str = "rep", squad: str | None = None) -> str:
    """Somebody more, with a token; in a squad or in none."""
    db = town.app.state.db
    id = await db.write(lambda c: members.add_member(c, name=name, role=role, zone="Asia/Shanghai"))
    if squad:
        await db.write(squads.join, squad, id)
    token = await db.write(members.new_token, id, "test")
    town.ids[key], town.clients[key] = id, client(town.app, {"Authorization": f"Bearer {token}"})
    return str(id)


class Call:
    """One of Li Na's, from within a visit, and what others do with it."""

    def __init__(self, town: Town, id: str, visit: str) -> None:
        self.town, self.id, self.visit = town, id, visit

    async def do(self, who: str, method: str, what: str = "", **body: Any) -> Response:
        """A request about it."""
        path = f"/api/v1/calls/{self.id}{what and '/' + what}"
        return await self.town[who].request(method, path, json=body or None)

    async def claim(self, who: str) -> Response:
        """Somebody takes it."""
        return await self.do(who, "PUT", "claim")

    async def answer(self, who: str, text: str = "Down to 6480 from 30 units") -> Response:
        """Somebody answers it."""
        return await self.do(who, "POST", "answers", id=new_id(), text=text)

    async def now(self, who: str = "li") -> dict[str, Any]:
        """How somebody sees it."""
        answer = await self.do(who, "GET")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def did(self, stream: str | None = None) -> list[str]:
        """What a stream says was done with it, in order."""
        entries = await self.town.app.state.db.read(journal.history, stream or self.town.squad, 0, 1000)
        return [one.data["did"] for one in entries if one.kind == "call" and one.subject == self.id]


async def called(town: Town, kind: str = "price", text: str = "30 units, they hold 7,100 against us") -> Call:
    """Li Na is at Hengtai Hardware and calls for help."""
    visit = (await town.check_in("li")).json()["id"]
    id = new_id()
    sent = {"id": id, "kind": kind, "text": text}
    answer = await town["li"].post(f"/api/v1/visits/{visit}/calls", json=sent)
    assert answer.status_code == 201, answer.text
    return Call(town, id, visit)


async def answered(helper: AsyncClient, call: str) -> str:
    """Somebody answers a call with a PDF; the document's id."""
    sent = {"data": {"id": (id := new_id())}, "files": {"file": ("case.pdf", PDF)}}
    await helper.post("/api/v1/documents", **sent)
    made = await helper.post(f"/api/v1/calls/{call}/answers", json={"id": new_id(), "files": [{"id": id}]})
    return str(made.json()["answers"][0]["files"][0]["id"])
