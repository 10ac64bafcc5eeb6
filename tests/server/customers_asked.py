"""A customer's file through every route of the API, with the mistakes one makes."""

from typing import Any

from server.schema import new_id


async def a_customer(ask: Any, here: dict[str, str]) -> dict[str, str]:
    """Learned, corrected, confirmed and ended, a contact, the next touch; what it was about."""
    file = "/customers/{customer}"
    here |= {"fact": new_id(), "contact": new_id()}
    for _ in range(2):
        told = {"id": here["fact"], "kind": "decides", "text": "Ms. Luo", "visit": here["visit"]}
        await ask("POST", f"{file}/facts", here, json=told)
        await ask("POST", f"{file}/contacts", here, json={"id": here["contact"], "name": "Luo Min"})
    await ask("POST", f"{file}/facts", here, json={"id": new_id(), "kind": "gossip", "text": "x"})
    await ask("POST", f"{file}/contacts", here, json={"id": new_id(), "name": "He", "birthday": "02-30"})
    await ask("PUT", f"{file}/facts/{{fact}}/confirmation", here)
    await ask("PATCH", file, here, json={"stage": "talks", "names": {"zh": ["老桥工具"]}, "tags": ["key"]})
    await ask("PATCH", file, here, json={"stage": "nowhere"})
    await ask("PUT", f"{file}/touch", here, json={"day": "2026-06-12", "note": "Filters due"})
    await ask("GET", file, here)
    await ask("DELETE", f"{file}/touch", here)
    better = {"id": new_id(), "text": "Ms. Luo and the chief nurse"}
    await ask("PUT", f"{file}/facts/{{fact}}", here, json=better)
    assert (
        await ask("PUT", f"{file}/facts/{{fact}}", here, json=better | {"id": new_id()})
    ).status_code == 409
    await ask("DELETE", f"{file}/facts/{{fact}}", here | {"fact": better["id"]})
    whom = here | {"contact": new_id()}
    changed = {"id": whom["contact"], "name": "Luo Min", "part": "decides"}
    await ask("PUT", f"{file}/contacts/{{contact}}", here, json=changed)
    await ask("DELETE", f"{file}/contacts/{{contact}}", whom)
    await ask("GET", file, here)
    for asked in ("name=Old Bridge Tools&phone=13900001234&lat=31.21&lon=121.41", "name=x&lat=200"):
        await ask("GET", f"/squads/{{squad}}/customers/alike?{asked}", here)
    twin = {"id": new_id(), "name": "Old Bridge Tools Ltd"}
    await ask("POST", "/squads/{squad}/customers", here, json=twin)
    here["other"] = str(twin["id"])
    for _ in range(2):
        await ask("PUT", f"{file}/parts/{{other}}", here)
    await ask("DELETE", f"{file}/parts/{{other}}", here)
    for _ in range(2):
        await ask("PUT", f"{file}/hold", here)
    await ask("GET", file, here)
    await ask("PUT", f"{file}/hold/asked", here)
    await ask("PUT", f"{file}/hold/shared/{{member}}", here)
    await ask("DELETE", f"{file}/hold", here)
    await ask("GET", "/squads/{squad}/members/{member}/customers", here)
    await ask("GET", "/squads/{squad}/members/{member}/customers?after=-1", here)
    for kind in ("csv", "xlsx"):
        await ask("GET", f"/squads/{{squad}}/customers.{kind}", here)
    return here
