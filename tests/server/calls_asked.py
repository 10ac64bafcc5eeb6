"""Calls through every route of the API about them, each answer compared with the document."""

from datetime import timedelta
from typing import Any

from server.journal import stamp
from server.schema import new_id, now
from tests.server.conftest import Town


async def a_call(ask: Any, town: Town, here: dict[str, str]) -> dict[str, str]:
    """From within the visit and with a deadline; taken, handed on, answered, asked again, ended.

    `ask` is test_openapi.py's `Checked`; its caller has the open visit of `here`.
    """
    price = {"id": new_id(), "kind": "price", "text": "30 units"}
    about = here | {"call": str(price["id"])}
    for _ in range(2):
        await ask("POST", "/visits/{visit}/calls", about, json=price)
    await ask("POST", "/visits/{visit}/calls", about, json=price | {"id": new_id(), "kind": "magic"})
    care = {"id": new_id(), "kind": "care", "customer_id": town.customers["lotus"]}
    care["due_at"] = stamp(now() + timedelta(days=1))
    for _ in range(2):
        await ask("POST", "/squads/{squad}/calls", about, json=care)
    assert (await ask("PUT", "/calls/{call}/claim", about)).status_code == 403
    was, ask.one = ask.one, town["wang"]
    for method in ("PUT", "GET", "DELETE"):
        await ask(method, "/desk/duty")
    for path in ("/calls", "/desk/figures", "/squads/{squad}/calls", "/calls/{call}"):
        await ask("GET", path, about)
    for _ in range(2):
        await ask("PUT", "/calls/{call}/looked", about)
    await ask("PUT", "/calls/{call}/claim", about)
    ask.one = town["li"]
    assert (await ask("PUT", "/calls/{call}/claim", about)).status_code == 409
    ask.one = town["wang"]
    await ask("PUT", "/calls/{call}/owner", about, json={"member": town.ids["li"]})
    await ask("DELETE", "/calls/{call}/claim", about)
    document = {"data": {"id": new_id()}, "files": {"file": ("case.pdf", b"%PDF-1.4\n%%EOF\n")}}
    for _ in range(2):
        kept = await ask("POST", "/documents", **document)
    given = {"id": new_id(), "text": "6480", "files": [{"id": kept.json()["id"]}]}
    given["authority"] = {"amount": "6480", "until": stamp(now() + timedelta(hours=1))}
    given["person"] = {"member": town.ids["li"], "eta_at": stamp(now())}
    for _ in range(2):
        await ask("POST", "/calls/{call}/answers", about, json=given)
    await ask("POST", "/calls/{call}/replies", about, json={"id": new_id(), "text": "In writing"})
    ask.one = was
    (answer,) = (await ask("GET", "/calls/{call}", about)).json()["answers"]
    await ask("PUT", "/calls/{call}/seen", about, json={"answer": answer["id"]})
    await ask("PUT", "/calls/{call}/use", about, json={"answer": answer["id"]})
    await ask("PUT", "/calls/{call}/again", about)
    await ask("PUT", "/calls/{call}/close", about)
    assert (await ask("DELETE", "/calls/{call}", about)).status_code == 204
    return {"call": about["call"]}
