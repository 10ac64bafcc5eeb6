"""`/api/openapi.json` against what the API really does."""

from typing import Any

import pytest
from httpx2 import AsyncClient, Response
from jsonschema_rs import Draft202012Validator

from server.openapi import ANSWERS, FILES
from server.schema import new_id
from tests.bed.receivers import Hooks
from tests.server.calls_asked import a_call
from tests.server.channels_asked import channels
from tests.server.conftest import NOON, Town
from tests.server.contract import CONTRACT
from tests.server.customers_asked import a_customer
from tests.server.drive_asked import a_drive
from tests.server.noticing import Device
from tests.server.pictures import photo
from tests.server.sweep_asked import a_sweep
from tests.server.test_territories_area import POLYGON
from tests.server.training import a_training

pytestmark = pytest.mark.anyio


async def document(one: AsyncClient) -> dict[str, Any]:
    """As it is served, to everybody alike."""
    return dict((await one.get("/api/openapi.json")).json())


def operations(made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The API's operations by method and path."""
    return {
        f"{method.upper()} {path.removeprefix('/api/v1')}": operation
        for path, known in made["paths"].items()
        if path.startswith("/api/v1/")
        for method, operation in known.items()
    }


async def test_every_route_is_described(stranger: AsyncClient) -> None:
    """All of the contract and no other: words, a key, an answer, and problem details for what is refused."""
    made = await document(stranger)
    known = operations(made)
    assert sorted(known) == sorted(CONTRACT)
    assert made["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    for name, operation in known.items():
        assert operation["description"], name
        assert operation["security"] == [{"token": []}], name
        answers = operation["responses"]
        assert ("204" in answers) != (name in ANSWERS or name in FILES), name
        assert "401" in answers, name
        assert ("404" in answers) == ("{" in name), name
        for status, answer in answers.items():
            kind = "application/problem+json" if status >= "400" else FILES.get(name, "application/json")
            assert status == "204" or answer["content"][kind]["schema"], f"{name} {status}"


async def test_what_is_said_of_the_others_too(stranger: AsyncClient) -> None:
    """Those for whoever runs the server need no key."""
    made = await document(stranger)
    others = {path: known for path, known in made["paths"].items() if not path.startswith("/api/v1/")}
    assert sorted(others) == ["/api/asyncapi.json", "/healthz", "/metrics", "/readyz"]
    assert all(known["get"]["description"] and "security" not in known["get"] for known in others.values())
    assert "503" in others["/readyz"]["get"]["responses"]


async def logged(ask: "Checked", here: dict[str, str]) -> None:
    """The lead's own day: kept, contradicted by another device, told, read."""
    here["day"] = "2026-05-04"
    await ask("GET", "/squads/{squad}/logs/{day}", here)
    lines = {"lesson": {"text": "Ask first"}}
    assert (await ask("PATCH", "/squads/{squad}/logs/{day}", here, json={"lines": lines})).is_success
    other = {"lines": {"lesson": {"text": "Ask twice"}}}
    assert (await ask("PATCH", "/squads/{squad}/logs/{day}", here, json=other)).status_code == 409
    for _ in range(2):
        told = await ask("POST", "/squads/{squad}/logs", here, json={"day": "2026-05-04"})
    await ask("GET", "/squads/{squad}/logs", here)
    await ask("GET", "/squads/{squad}/weeks/{day}", here)
    assert (await ask("PATCH", "/squads/{squad}/weeks/{day}", here, json={"lines": lines})).is_success
    await ask("GET", "/logs/{post}", {"post": told.json()["id"]})
    log = {"post": told.json()["id"]}
    await ask("PUT", "/logs/{post}/read", log)
    await ask("GET", "/squads/{squad}/log-answers", here)
    for name in ("Price", "Price", ""):
        here["problem"] = here.get("problem", new_id())
        await ask("POST", "/problems", json={"id": here["problem"], "name": name})
    first = next(line["id"] for line in told.json()["lines"] if line["id"])
    await ask("PUT", "/logs/{post}/problems", log, json={"line": first, "problems": [here["problem"]]})
    kept = {"id": new_id(), "line": first}
    for _ in range(2):
        await ask("POST", "/logs/{post}/plays", log, json=kept)
    await ask("GET", "/squads/{squad}/plays", here)
    await ask("GET", "/problems")
    await ask("DELETE", "/problems/{problem}", here)
    filed = {"id": new_id(), "line": first, "kind": "fact", "text": "Closed on Thursdays"}
    for _ in range(2):
        await ask("POST", "/logs/{post}/file", log, json=filed)
    for text in ("Well seen", "Well seen", ""):
        said = {"id": here["post"], "text": text}
        await ask("POST", "/logs/{post}/replies", log, json=said)
    for line in told.json()["lines"]:
        task = {"id": new_id(), "line": line["id"] or new_id(), "kind": "price", "due": "2036-01-01"}
        for _ in range(2):
            await ask("POST", "/logs/{post}/calls", log, json=task)


class Checked:
    """A caller whose every answer is compared with the document."""

    def __init__(self, one: AsyncClient, made: dict[str, Any]) -> None:
        self.one, self.made, self.seen = one, made, set[str]()

    async def __call__(
        self, method: str, path: str, about: dict[str, str] | None = None, **sent: Any
    ) -> Response:
        """`path` with its placeholders; `about` fills them."""
        answer = await self.one.request(method, "/api/v1" + path.format(**about or {}), **sent)
        name = f"{method} {path.partition('?')[0]}"
        self.seen.add(name)
        described = operations(self.made)[name]["responses"].get(str(answer.status_code))
        assert described is not None, f"{name} answers {answer.status_code}: {answer.text}"
        if answer.status_code != 204:
            kind = answer.headers["content-type"]
            schema = described["content"][kind]["schema"] | {"components": self.made["components"]}
            if kind not in FILES.values():
                Draft202012Validator(schema).validate(answer.json())
        return answer


async def test_what_is_described_is_what_comes(town: Town, stranger: AsyncClient) -> None:
    """A day of Zhang Wei's through every route, with its mistakes; then what an outsider gets."""
    ask = Checked(town["zhang"], await document(stranger))
    here = {"squad": town.squad, "kind": "cheer", "photo": new_id()}
    place = {"lat": 31.21, "lon": 121.41, "accuracy": 9, "fix_at": NOON, "source": "gps"}
    shop = {"id": new_id(), "name": "Old Bridge Tools", "position": place}
    picture = new_id()
    visit = {
        "id": new_id(),
        "customer_id": shop["id"],
        "captured_at": NOON,
        "position": place,
        "note": "Here",
        "photos": [picture, new_id()],
    }
    said = {"id": new_id(), "text": "Morning", "photos": [picture]}
    here |= {"visit": str(visit["id"]), "post": said["id"], "member": town.ids["zhang"]}
    for _ in range(2):
        sent = {"data": {"id": picture}, "files": {"file": ("p.jpg", photo())}}
        await ask("POST", "/photos", **sent)
        await ask("POST", "/squads/{squad}/customers", here, json=shop)
        await ask("POST", "/squads/{squad}/checkins", here, json=visit)
        await ask("POST", "/squads/{squad}/messages", here, json=said)
    reply = {"id": new_id(), "text": "On my way"}
    await ask("POST", "/posts/{post}/replies", here, json=reply)
    await ask("POST", "/posts/{post}/replies", {"post": reply["id"]}, json={"id": new_id(), "text": "Good"})
    await ask("PATCH", "/visits/{visit}", here, json={"note": "Back door", "position": place})
    here |= await a_customer(ask, here | {"customer": str(shop["id"])})
    here |= await a_call(ask, town, here)
    here |= await a_drive(ask, town)
    here |= await a_training(ask, town, here)
    here["win"] = here["visit"]
    assert (await ask("PUT", "/squads/{squad}/hall", here, json={"on": True})).status_code == 403
    ask.one = town["wang"]
    await ask("PUT", "/squads/{squad}/hall", here, json={"on": True})
    news = {"id": new_id(), "title": "Prices", "text": "From Monday"}
    here["announcement"] = str(news["id"])
    for _ in range(2):
        await ask("POST", "/squads/{squad}/announcements", here, json=news)
        await ask("POST", "/announcements", json=news | {"id": new_id()})
    await ask("POST", "/announcements", json=news | {"id": new_id(), "title": ""})
    await ask("PATCH", "/announcements/{announcement}", here, json={"title": "Prices", "text": "Tuesday"})
    here |= await channels(ask, here)
    await logged(ask, here)
    for day in ("?date=2026-05-04", "?date=x", ""):
        await ask("GET", f"/squads/{{squad}}/members/{{member}}/day{day}", here)
    ask.one = town["zhang"]
    assert (await ask("GET", "/me/looks")).json()
    assert (await ask("GET", "/search?q=old+bridge")).json()["results"]
    await ask("GET", f"/search?q=owner&person={here['member']}")
    assert (await ask("GET", "/me/ledger")).json()["count"]
    await ask("GET", "/squads/{squad}/members/{member}/ledger", here)
    await ask("GET", "/me/export")
    here |= await told(ask)
    await ask("PUT", "/announcements/{announcement}/read", here)
    for path in ("/announcements", "/squads/{squad}/announcements", "/announcements/{announcement}"):
        await ask("GET", path, here)
    await ask("GET", "/squads/{squad}/hall", here)
    await ask("PUT", "/hall/{win}/cheer", here)
    won = {"result": "won", "amount": "86400", "closed_at": NOON}
    await ask("PUT", "/visits/{visit}/outcome", here, json=won)
    await ask("PUT", "/visits/{visit}/outcome", here, json={"result": "hm", "closed_at": NOON})
    await ask("PUT", "/posts/{post}/reactions/{kind}", here)
    await ask("PUT", "/posts/{post}/reactions/{kind}", here | {"kind": "boo"})
    await ask("PATCH", "/posts/{post}", here, json={"text": "Good morning"})
    for about in (here, here | {"post": here["visit"]}):
        assert (await ask("GET", "/posts/{post}/revisions", about)).json()
    await ask("PUT", "/squads/{squad}/read-mark", here, json={"offset": 1})
    await ask("PUT", "/hall/{win}/cheer", here)
    await ask("GET", "/hall")
    await ask("GET", "/hall?limit=0")
    await ask("DELETE", "/hall/{win}/cheer", here)
    ask.one = town["wang"]
    await ask("PUT", "/squads/{squad}/hall", here, json={"on": False})
    await ask("DELETE", "/announcements/{announcement}", here)
    assert (await ask("DELETE", "/announcements/{announcement}", here)).status_code == 409
    ask.one = town["zhang"]
    await ask("PUT", "/squads/{squad}/mute", here, json={"until": "2036-01-01T00:00:00Z"})
    await ask("GET", "/squads")
    await ask("DELETE", "/squads/{squad}/mute", here)
    await ask("DELETE", "/photos/{photo}", here)
    for path in ("/me", "/squads", "/visits/{visit}", "/posts/{post}/replies"):
        await ask("GET", path, here)
    for part in (
        "members",
        "customers",
        "customers?near=31.2,121.4",
        "customers?near=x",
        "map",
        "posts",
        "posts?limit=0",
    ):
        await ask("GET", f"/squads/{{squad}}/{part}", here)
    here |= await a_sweep(ask, town)
    here |= await a_territory(ask, town)
    for part in ("journal", "journal?after=gone.1", "journal?after=x"):
        await ask("GET", f"/squads/{{squad}}/{part}", here)
    await ask("DELETE", "/posts/{post}/reactions/{kind}", here)
    assert (await ask("DELETE", "/visits/{visit}", here)).status_code == 409
    await ask("DELETE", "/posts/{post}", here)
    assert ask.seen == set(CONTRACT)
    for caller in (town["sun"], stranger):
        ask.one = caller
        for name in CONTRACT:
            method, _, path = name.partition(" ")
            answer = await ask(method, path, here, json={} if method in ("POST", "PUT", "PATCH") else None)
            assert "North Bank" not in answer.text


async def a_territory(ask: Checked, town: Town) -> dict[str, str]:
    """Made, drawn, given a manager and a squad, emptied and closed; answers what they were about."""
    here = {"territory": new_id(), "squad": town.squad, "member": town.ids["zhang"]}
    city, squad = "/territories/{territory}", "/territories/{territory}/squads/{squad}"
    manager = "/territories/{territory}/managers/{member}"
    assert (await ask("PUT", manager, here)).status_code == 403
    was, ask.one = ask.one, town["wang"]
    for _ in range(2):
        await ask("POST", "/territories", json={"id": here["territory"], "name": "City"})
    assert (await ask("POST", "/territories", json={"id": new_id(), "name": "City"})).status_code == 422
    await ask("PATCH", city, here, json={"area": POLYGON})
    assert (await ask("PATCH", city, here, json={"area": {}})).status_code == 422
    await ask("PUT", squad, here)
    await ask("PUT", manager, here)
    assert (await ask("DELETE", city, here)).status_code == 409
    ask.one = was
    for path in ("/territories", city):
        await ask("GET", path, here)
    ask.one = town["wang"]
    for path in (manager, squad, city):
        assert (await ask("DELETE", path, here)).status_code == 204
    ask.one = was
    return here


async def told(ask: Any) -> dict[str, str]:
    """What the caller was told, and wants to be told of; one of it."""
    (one, *_) = (await ask("GET", "/me/notices")).json()
    await ask("GET", "/me/notices?limit=0")
    await ask("PUT", "/me/notices/{notice}/seen", {"notice": one["id"]})
    await ask("PUT", "/me/notices/{notice}/seen", {"notice": new_id()})
    await ask("PUT", "/me/notices/seen")
    for hours in ({"quiet_from": "22:00", "quiet_to": "07:00", "muted": True}, {"quiet_from": "x"}, {}):
        await ask("PUT", "/me/notices/calm", json=hours)
    assert (await ask("GET", "/me/notices/calm")).json()["quiet_from"] is None
    await ask("GET", "/me/notices/settings")
    for kind in ("mention", "gossip"):
        await ask("PUT", "/me/notices/settings", json={"kinds": {kind: {"app": True}}})
    own = {"endpoint": "https://push.example/a", "keys": Device(Hooks()).subscription["keys"]}
    made = (await ask("PUT", "/me/notices/devices", json=own)).json()
    await ask("PUT", "/me/notices/devices", json=own | {"keys": {}})
    await ask("GET", "/me/notices/devices")
    await ask("DELETE", "/me/notices/devices/{device}", {"device": made["id"]})
    return {"notice": one["id"], "device": made["id"]}
