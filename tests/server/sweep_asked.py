"""A sweep through every route of the API about sweeps, each answer compared with the document."""

from typing import Any

from server.schema import new_id
from tests.server.conftest import Town
from tests.server.sweeping import hours
from tests.server.test_proposals import over


async def a_proposal(ask: Any, town: Town, here: dict[str, str]) -> None:
    """Asked for, waited for, taken, and once more thrown away."""
    path = "/sweeps/{sweep}/proposal"
    assert (await ask("GET", path, here)).status_code == 404
    wanted = {"id": new_id(), "keep": [new_id()]}
    for _ in range(2):
        await ask("POST", path, here, json=wanted)
    await ask("POST", path, here, json={"id": new_id(), "customers": [new_id()]})
    await ask("GET", path, here)
    await over(town)
    assert (await ask("GET", path, here)).json()["state"] == "ready"
    for _ in range(2):
        taken = await ask("PUT", path, here, json={"id": wanted["id"]})
        assert taken.status_code == 200, taken.text
    await ask("DELETE", path, here)


async def a_sweep(ask: Any, town: Town) -> dict[str, str]:
    """From its plan to the meeting through every route about sweeps; answers what they were about.

    `ask` is test_openapi.py's `Checked`.
    """
    here = {"squad": town.squad, "sweep": new_id(), "handover": new_id()}
    hengtai, lotus = town.customers["hengtai"], town.customers["lotus"]
    body = {
        "id": here["sweep"],
        "name": "Linjiang sweep",
        "starts_at": hours(0),
        "rally_at": hours(2),
        "rally": {"customer_id": lotus},
    }
    ask.one = town["wang"]
    for sent in (body, body, {**body, "id": new_id(), "name": ""}):
        await ask("POST", "/squads/{squad}/sweeps", here, json=sent)
    await ask("PATCH", "/sweeps/{sweep}", here, json={"changed": 1, "name": "Harbour sweep"})
    await ask("PATCH", "/sweeps/{sweep}", here, json={"changed": 1, "name": "Other"})
    area = {"type": "Polygon", "coordinates": [[[121.4, 31.2], [121.5, 31.2], [121.5, 31.3], [121.4, 31.2]]]}
    lanes = [
        {"member": town.ids["zhang"], "name": "East", "area": area, "stops": [hengtai]},
        {"member": town.ids["li"], "start": {"lat": 31.2, "lon": 121.3}},
    ]
    for changed in (2, 2, 1):
        plan = {"changed": changed, "lanes": lanes, "loose": [lotus]}
        saved = await ask("PUT", "/sweeps/{sweep}/plan", here, json=plan)
    here |= {"lane": saved.json()["lanes"][0]["id"], "stop": saved.json()["lanes"][0]["stops"][0]["id"]}
    await ask("PUT", "/sweeps/{sweep}/plan", here, json={"changed": 2, "lanes": []})
    await a_proposal(ask, town, here)
    for state in ("paused", "running"):
        await ask("PUT", "/sweeps/{sweep}/state", here, json={"state": state})
    ask.one = town["zhang"]
    await ask("GET", "/squads/{squad}/sweeps", here)
    for v in (1, 2):
        await ask("PUT", "/sweeps/{sweep}/pact", here, json={"v": v})
    shop = {"id": new_id(), "customer": "South Gate Tea"}
    for _ in range(2):
        await ask("POST", "/sweeps/{sweep}/stops", here, json=shop)
    await ask("PUT", "/lanes/{lane}/stops", here, json={"stops": [hengtai]})
    added = (await ask("GET", "/sweeps/{sweep}", here)).json()["lanes"][0]["stops"][1]
    await ask("PUT", "/lanes/{lane}/stops", here, json={"stops": [added["customer"], hengtai]})
    for sent in ({"state": "skipped"}, {"state": "skipped", "reason": "Closed"}, {"state": "planned"}):
        await ask("PUT", "/stops/{stop}", here, json=sent)
    for to in (None, town.ids["li"]):
        await ask("POST", "/stops/{stop}/handovers", here, json={"id": here["handover"], "to": to})
    other = {"id": new_id(), "to": town.ids["li"]}
    await ask("DELETE", "/handovers/{handover}", here)
    await ask("POST", "/stops/{stop}/handovers", here, json=other)
    await ask("GET", "/sweeps/{sweep}", here)
    ask.one = town["li"]
    await ask("PUT", "/handovers/{handover}/accept", here)
    await ask("PUT", "/handovers/{handover}/decline", {"handover": str(other["id"])})
    await ask("PUT", "/sweeps/{sweep}/arrival", here, json={"at": hours(0)})
    for part in ("convergence", "next"):
        await ask("GET", f"/sweeps/{{sweep}}/{part}", here)
    await ask("DELETE", "/sweeps/{sweep}/arrival", here)
    await ask("PUT", "/sweeps/{sweep}/sharing", here)
    await ask("PUT", "/sweeps/{sweep}/position", here, json={"position": {"lat": 31.2, "lon": 121.4}})
    for method in ("GET", "DELETE"):
        await ask(method, "/sweeps/{sweep}/sharing", here)
    ask.one = town["wang"]
    await ask("GET", "/sweeps/{sweep}/next", here)
    await ask("GET", "/sweeps/{sweep}/replay", here)
    await ask("PUT", "/stops/{stop}/lane", here, json={"lane": None})
    await ask("PUT", "/sweeps/{sweep}/state", here, json={"state": "ended"})
    await ask("POST", "/sweeps/{sweep}/copies", here, json={"id": new_id(), "starts_at": hours(24)})
    ask.one = town["zhang"]
    return here
