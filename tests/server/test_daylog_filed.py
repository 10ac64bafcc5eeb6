"""A log's lines go into the customers' files, one press each: facts, people, the next touch."""

import re
from typing import Any

import pytest

from server.schema import new_id
from tests.server.conftest import Town
from tests.server.test_daylog import publish, visit, words

pytestmark = pytest.mark.anyio


async def offered(town: Town, log: dict[str, Any], name: str = "li") -> list[tuple[str, str]]:
    """What the log's page offers somebody: kind and words."""
    page = (await town[name].get(f"/logs/{log['id']}")).text
    found = re.findall(r'name="kind" value="(\w+)"><input type="hidden" name="text" value="([^"]*)"', page)
    return [(kind, text) for kind, text in found]


async def told(town: Town) -> dict[str, Any]:
    """A visit with somebody named in it, and a next step."""
    note = "Ms. Luo says: closed on Thursdays. 王经理 decides."
    await visit(town, "2026-05-04T04:00:00Z", note, result="advanced", next_step="Bring the trial unit")
    return await publish(town)


async def test_a_line_offers_what_it_holds(town: Town) -> None:
    """To its author; each offer is gone once it is in the file."""
    log = await told(town)
    line = log["lines"][0]["id"]
    fact = "Ms. Luo says: closed on Thursdays. 王经理 decides."
    assert await offered(town, log) == [
        ("fact", fact),
        ("contact", "Ms. Luo"),
        ("contact", "王经理"),
        ("touch", "Bring the trial unit"),
    ]
    assert await offered(town, log, "wang") == []
    path = f"/logs/{log['id']}/file"
    for kind, text, more in (
        ("fact", fact, {"about": "decides"}),
        ("contact", "Ms. Luo", {}),
        ("touch", "Bring the trial unit", {"day": "2036-05-11"}),
    ):
        sent = {"new_id": new_id(), "line": line, "kind": kind, "text": text, **more}
        done = await town["li"].post(path, data=sent)
        assert (done.status_code, done.headers["location"]) == (303, f"/logs/{log['id']}#le-{line}")
    assert await offered(town, log) == [("contact", "王经理")]
    customer = (await town["wang"].get(f"/customers/{town.customers['hengtai']}")).text
    for known in ("closed on Thursdays", "Ms. Luo", "Bring the trial unit"):
        assert known in customer
    said = words((await town["zhang"].get(f"/logs/{log['id']}")).text)
    assert "Fact added to the file: Ms. Luo says" in said


async def test_pressed_twice_is_filed_once(town: Town) -> None:
    """And by nobody outside, from no other line, with no day that is none."""
    log = await told(town)
    line = log["lines"][0]["id"]
    path = f"/api/v1/logs/{log['id']}/file"
    sent = {"id": new_id(), "line": line, "kind": "fact", "text": "Closed on Thursdays"}
    answers = [await town["li"].post(path, json=sent) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 200]
    entries = [one for one in await town.journal() if one["kind"] == "file"]
    assert [one["data"]["did"] for one in entries] == ["learned"]
    assert (await town["sun"].post(path, json={**sent, "id": new_id()})).status_code == 404
    other = {**sent, "id": new_id(), "line": new_id()}
    assert (await town["li"].post(path, json=other)).status_code == 404
    for wrong in (
        {"kind": "touch"},
        {"about": "nothing"},
        {"text": " "},
        {"kind": "touch", "day": "0001-01-01"},
    ):
        refused = await town["li"].post(path, json={**sent, "id": new_id(), **wrong})
        assert refused.status_code == 422, wrong
    form = {"new_id": new_id(), "line": line, "kind": "touch", "text": "Again", "day": "never"}
    back = await town["li"].post(f"/logs/{log['id']}/file", data=form)
    assert back.status_code == 422
    assert "This does not look right." in back.text
