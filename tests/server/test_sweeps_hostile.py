"""Bad input at every door of a sweep: refused with a word at the field, and the sweep is as it was."""

import json
from typing import Any

import pytest

from server.schema import new_id
from tests.server.conftest import Town
from tests.server.sweeping import RALLY, hours, planned
from tests.server.test_hostile import bodies, caller

pytestmark = pytest.mark.anyio
SQUARE = {"type": "Polygon", "coordinates": [[[121.4, 31.2], [121.5, 31.2], [121.5, 31.3], [121.4, 31.2]]]}


async def test_no_door_breaks_over_what_is_sent(town: Town) -> None:
    """JSON of every wrong type in every field, from the lead, who may do everything."""
    sweep = await planned(town)
    made = await sweep.get()
    lane, stop = made["lanes"][1], made["lanes"][1]["stops"][0]
    offer = {"id": new_id(), "to": town.ids["zhang"]}
    await town["wang"].post(f"/api/v1/stops/{stop['id']}/handovers", json=offer)
    times = {"starts_at": hours(1), "rally_at": hours(2), "ends_at": hours(3)}
    says = {"name": "x", **times, "rally": RALLY, "mode": "bike", "speed_kmh": 9, "detour": 1.2, "pact": "x"}
    one = {"member": town.ids["li"], "name": "x", "area": SQUARE, "start": RALLY["position"], "stops": []}
    here = f"/sweeps/{sweep.id}"
    doors: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", f"/squads/{town.squad}/sweeps", {"id": new_id(), **says, "visit_minutes": 9}),
        ("PATCH", here, {"changed": 1, **says, "visit_minutes": 9}),
        ("POST", f"{here}/copies", {"id": new_id(), "starts_at": hours(9), "name": "x"}),
        ("PUT", f"{here}/plan", {"changed": made["changed"], "lanes": [one], "loose": []}),
        ("PUT", f"{here}/state", {"state": "running"}),
        ("PUT", f"{here}/pact", {"v": 1}),
        (
            "POST",
            f"{here}/stops",
            {"id": new_id(), "customer": "x", "position": RALLY["position"], "lane": None},
        ),
        ("PUT", f"{here}/arrival", {"at": hours(0)}),
        ("PUT", f"/lanes/{lane['id']}/stops", {"stops": [stop["customer"]]}),
        ("PUT", f"/stops/{stop['id']}", {"state": "skipped", "reason": "x"}),
        ("PUT", f"/stops/{stop['id']}/lane", {"lane": None, "place": 0}),
        ("POST", f"/stops/{stop['id']}/handovers", offer),
        ("PUT", f"/handovers/{offer['id']}/accept", {}),
        ("PUT", f"/handovers/{offer['id']}/decline", {}),
    ]
    rally = [{**RALLY, "position": {"lat": wrong, "lon": 1}} for wrong in ("NaN", 200, None, [])]
    lanes = [[{**one, name: wrong}] for name in one for wrong in (None, "x", 7, [[]], {"type": "Polygon"})]
    corners = ([[]], [[[1]] * 4], [[[1, 2, 3]] * 4], [[[1, 2]] * 3], [], [[["x", 1]] * 4], [[[0, 91]] * 4])
    lanes += [[{**one, "area": {"type": "Polygon", "coordinates": wrong}}] for wrong in corners]
    lanes += [[one] * 101]
    async with caller(town, "wang") as wang:
        for method, path, good in doors:
            sent = bodies(good)
            sent += [{**good, "rally": wrong} for wrong in rally if "rally" in good]
            sent += [{**good, "lanes": wrong} for wrong in lanes if "lanes" in good]
            for body in sent:
                answer = await wang.request(
                    method,
                    f"/api/v1{path}",
                    content=json.dumps(body).encode(),
                    headers={"Content-Type": "application/json"},
                )
                assert answer.status_code < 500, f"{method} {path} {str(body)[:300]}"
                if answer.is_error:
                    assert answer.json()["type"].startswith("urn:muster:problem:")
    entries = await town.journal()
    assert [one["offset"] for one in entries] == list(range(1, len(entries) + 1))
    assert (await sweep.get())["state"] in ("planned", "running")
