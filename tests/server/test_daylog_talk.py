"""No log without a conversation: words at a line, a line that becomes a call, and who owes an answer."""

from datetime import timedelta
from typing import Any

import pytest

from server import live
from server.schema import new_id, now
from tests.server.conftest import Town
from tests.server.test_daylog import publish, visit, words

pytestmark = pytest.mark.anyio


async def told(town: Town, name: str = "li") -> dict[str, Any]:
    """One visit and a lesson, told to North Bank."""
    await visit(town, "2026-05-04T04:00:00Z", "They ask for a bakery that uses ours", name)
    return await publish(town, name, lesson=("Bring the list", 0))


async def say(town: Town, log: dict[str, Any], name: str, text: str, **more: Any) -> Any:
    """Words to a log."""
    sent = {"id": new_id(), "text": text, **more}
    return await town[name].post(f"/api/v1/logs/{log['id']}/replies", json=sent)


async def bell(town: Town, name: str) -> list[str]:
    """The kinds of notices somebody has not seen."""
    notices = (await town[name].get("/api/v1/me/notices")).json()
    return [one["kind"] for one in notices if not one["seen"]]


async def test_words_stand_at_their_line(town: Town) -> None:
    """For all of the squad; those to the whole log under it; a reply to a reply inside."""
    log = await told(town)
    line = log["lines"][0]["id"]
    first = await say(town, log, "wang", "True, we have **none**.", line=line)
    assert first.status_code == 201, first.text
    await say(town, log, "li", "Could marketing make one?", to=first.json()["id"], line=line)
    await say(town, log, "zhang", "A good day")
    page = (await town["zhang"].get(f"/logs/{log['id']}")).text
    beside = page.partition(f'id="lm-{line}"')[2].partition("</aside>")[0]
    assert "True, we have **none**." in beside
    assert "Could marketing make one?" in beside
    assert "A good day" not in beside
    assert "A good day" in page.partition('id="talk"')[2]
    assert (await town["li"].get(f"/api/v1/logs/{log['id']}")).json()["lines"][0]["replies"] == [
        first.json()["id"]
    ]
    assert (await say(town, log, "sun", "Hm", line=line)).status_code == 404
    assert "reply" in await bell(town, "li")


async def test_words_go_nowhere_else(town: Town) -> None:
    """Not to another log's line, not to a reply elsewhere, not to what is no log; nothing is left behind."""
    log = await told(town)
    other = await told(town, "zhang")
    message = await town.say("wang", "Good morning")
    for wrong in ({"line": other["lines"][0]["id"]}, {"line": new_id()}, {"to": message["id"]}):
        assert (await say(town, log, "wang", "Where?", **wrong)).status_code == 404
    assert (await say(town, {"id": message["id"]}, "wang", "Where?")).status_code == 404
    page = await town["wang"].get(f"/logs/{other['id']}")
    assert "Where?" not in page.text


async def test_the_same_words_twice_are_said_once(town: Town) -> None:
    """A phone that did not hear the answer sends again."""
    log = await told(town)
    id = new_id()
    sent = {"id": id, "text": "Well seen", "line": log["lines"][0]["id"]}
    answers = [await town["wang"].post(f"/api/v1/logs/{log['id']}/replies", json=sent) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 200]
    assert (await town["li"].get(f"/logs/{log['id']}")).text.count("Well seen") == 1


async def test_who_owes_an_answer_hears_of_it(town: Town) -> None:
    """The lead, on their bell and their page, until somebody who owes one has given it."""
    log = await told(town)
    assert "log" in await bell(town, "wang")
    assert "log" not in await bell(town, "zhang")
    listed = words((await town["wang"].get(f"/squads/{town.squad}/logs")).text)
    assert "Waiting for your answer Li Na" in " ".join(listed.replace("LN ", "").split())
    assert "Waiting for your answer" not in (await town["zhang"].get(f"/squads/{town.squad}/logs")).text
    await say(town, log, "zhang", "Well seen")
    assert (await town["zhang"].get(f"/api/v1/logs/{log['id']}")).json()["waits"]
    await say(town, log, "wang", "Well seen")
    assert not (await town["zhang"].get(f"/api/v1/logs/{log['id']}")).json()["waits"]
    assert "Waiting for your answer" not in (await town["wang"].get(f"/squads/{town.squad}/logs")).text


async def test_reading_it_takes_it_from_the_bell(town: Town) -> None:
    """Seen is not answered: after a night it comes again, once, if nobody has answered."""
    log = await told(town)
    await town["wang"].get(f"/logs/{log['id']}")
    assert await bell(town, "wang") == []
    jobs = town.app.state.jobs
    await jobs.run_due(now() + timedelta(hours=17))
    assert await bell(town, "wang") == []
    await jobs.run_due(now() + timedelta(hours=19))
    await jobs.run_due(now() + timedelta(hours=40))
    assert await bell(town, "wang") == ["log_waits"]
    assert await bell(town, "zhang") == []


async def test_an_answered_log_is_not_asked_for_again(town: Town) -> None:
    """Nor one whose only lead wrote it."""
    log = await told(town)
    await say(town, log, "wang", "Well seen")
    await town["wang"].get(f"/logs/{log['id']}")
    await told(town, "wang")
    await town.app.state.jobs.run_due(now() + timedelta(hours=19))
    assert "log_waits" not in await bell(town, "wang")


async def test_the_answered_share_is_no_secret(town: Town) -> None:
    """All in the squad see the same, nobody outside."""
    log = await told(town)
    await told(town, "zhang")
    await say(town, log, "wang", "Well seen")
    for name in ("wang", "li", "zhang"):
        page = words((await town[name].get(f"/squads/{town.squad}/logs")).text)
        assert "Answered in the last four weeks Wang Fang: 1 of 2 logs" in page
    shares = (await town["li"].get(f"/api/v1/squads/{town.squad}/log-answers")).json()
    assert shares["shares"] == [{"member": town.ids["wang"], "answered": 1, "logs": 2}]
    assert len(shares["waiting"]) == 1
    assert (await town["sun"].get(f"/api/v1/squads/{town.squad}/log-answers")).status_code == 404


async def test_a_line_becomes_a_call_with_owner_and_deadline(town: Town) -> None:
    """It is that person's from the start; once it is closed the log says so, live."""
    log = await told(town)
    line = log["lines"][0]["id"]
    due = (now() + timedelta(days=3)).date().isoformat()
    sent = {"new_id": new_id(), "line": line, "kind": "sample", "text": "One bakery", "due": due}
    sent["owner"] = town.ids["zhang"]
    made = await town["wang"].post(f"/logs/{log['id']}/calls", data=sent)
    assert (made.status_code, made.headers["location"]) == (303, f"/logs/{log['id']}#le-{line}")
    again = await town["wang"].post(f"/logs/{log['id']}/calls", data=sent)
    assert again.status_code == 303
    (task,) = (await town["li"].get(f"/api/v1/logs/{log['id']}")).json()["lines"][0]["tasks"]
    call = (await town["li"].get(f"/api/v1/calls/{task}")).json()
    assert (call["owner"], call["state"], call["asker"]) == (town.ids["zhang"], "claimed", town.ids["wang"])
    assert call["due_at"].startswith(f"{due}T15:59")
    assert "Zhang Wei is on it" in words((await town["li"].get(f"/logs/{log['id']}")).text)
    assert "passed" in await bell(town, "zhang")
    before = len(await town.journal())
    said = {"id": new_id(), "text": "The bakery at the north gate"}
    await town["zhang"].post(f"/api/v1/calls/{task}/answers", json=said)
    await town["wang"].put(f"/api/v1/calls/{task}/close")
    source = live.Source(town.app.state.db)
    entries = await source.history(town.squad, before, 100)
    last = (await source.contents(entries, "en"))[-1] or ""
    assert f'hx-target="#lm-{line}"' in last
    assert "<b>Done</b>" in last


async def test_what_cannot_become_a_call_comes_back(town: Town) -> None:
    """With what was typed; a lesson is nobody's customer."""
    log = await told(town)
    line, lesson = log["lines"][0]["id"], log["lines"][1]["id"]
    sent = {"new_id": new_id(), "line": line, "kind": "sample", "text": "One bakery", "owner": ""}
    for due in ("", "never", "2020-01-01", "9999-01-01"):
        page = await town["wang"].post(f"/logs/{log['id']}/calls", data={**sent, "due": due})
        assert page.status_code == 422, due
        assert "One bakery</textarea>" in page.text
        assert page.text.count('class="hint"') >= 1
    day = (now() + timedelta(days=3)).date().isoformat()
    path = f"/api/v1/logs/{log['id']}/calls"
    task = {"id": new_id(), "line": lesson, "kind": "sample", "due": day}
    assert (await town["wang"].post(path, json=task)).status_code == 409
    mine = {**task, "line": line, "owner": town.ids["wang"]}
    assert (await town["wang"].post(path, json=mine)).status_code == 422
    outside = {**task, "line": line, "owner": town.ids["sun"]}
    assert (await town["wang"].post(path, json=outside)).status_code == 422
    assert [one for one in await town.journal() if one["kind"] == "call"] == []
    empty = await town["wang"].post(f"/logs/{log['id']}/replies", data={"new_id": new_id(), "text": " "})
    assert empty.status_code == 422
