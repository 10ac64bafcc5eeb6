"""Own fields of logs, which a log keeps as they were, and the week that is drafted from its days."""

import re
from datetime import date
from typing import Any

import pytest

from server.schema import new_id
from tests.server.conftest import Town
from tests.server.test_daylog import DAY, draft, publish, visit, words, write

pytestmark = pytest.mark.anyio
WEEK = "2026-05-06"
"""A day of the week that began on that Monday."""


async def field(
    town: Town, name: str, form: str, kind: str = "text", choices: str = "", by: str = "wang"
) -> Any:
    """One more that North Bank's logs ask."""
    sent = {"new_id": new_id(), "name": name, "form": form, "kind": kind, "choices": choices}
    return await town[by].post(f"/squads/{town.squad}/log-fields", data=sent)


def own(log: dict[str, Any]) -> dict[str, str]:
    """The keys of a log's own fields by their names, the last of a name."""
    return {line["field"]["name"]: line["key"] for line in log["lines"] if line["field"]}


async def test_a_squad_asks_for_what_it_needs(town: Town) -> None:
    """Its lead and an admin say what; the squad's own is asked there alone, the company's everywhere."""
    assert (await field(town, "Kilometres", "day", "number")).status_code == 303
    assert (await field(town, "Samples left", "visit", "choice", "none\none\nmore")).status_code == 303
    assert (await field(town, "Mine", "day", by="li")).status_code == 403
    assert (await town["li"].get("/log-fields")).status_code == 403
    assert (await town["sun"].get(f"/squads/{town.squad}/log-fields")).status_code == 404
    everywhere = {"new_id": new_id(), "name": "Mood", "form": "day", "kind": "text"}
    assert (await town["wang"].post("/log-fields", data=everywhere)).status_code == 303
    assert "lets logs ask for “Mood”" in (await town["wang"].get("/audit")).text
    for one in ({"name": ""}, {"kind": "colour"}, {"kind": "choice", "choices": "only one"}):
        wrong = await town["wang"].post("/log-fields", data={**everywhere, "new_id": new_id(), **one})
        assert wrong.status_code == 422
    page = words((await town["wang"].get(f"/squads/{town.squad}/log-fields")).text)
    assert "Each day Kilometres A number" in page
    assert "Each visit Samples left One of several: none / one / more" in page
    await visit(town, "2026-05-04T04:00:00Z", "Owner is in")
    assert list(own(await draft(town))) == ["Samples left", "Mood", "Kilometres"]
    other = (await town["sun"].get(f"/api/v1/squads/{town.other}/logs/{DAY}")).json()
    assert list(own(other)) == ["Mood"]


async def test_each_kind_is_answered_as_it_is(town: Town) -> None:
    """What is no number or none of the choices comes back with a word at its field."""
    await field(town, "Kilometres", "day", "number")
    await field(town, "Samples left", "visit", "choice", "none\none")
    await visit(town, "2026-05-04T04:00:00Z", "Owner is in")
    keys = own(await draft(town))
    km, samples = keys["Kilometres"], keys["Samples left"]
    for key, text in ((km, "far"), (km, "NaN"), (samples, "many")):
        answer = await write(town, **{f"v{key}": (text, 0)})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [f"t-{key}"])
        path = f"/squads/{town.squad}/logs/{DAY}"
        page = await town["li"].post(path, data={f"t-{key}": text, "send": "1"})
        assert page.status_code == 422
        assert 'role="alert"' in page.text
    assert (await write(town, **{f"v{km}": ("41.5", 0), f"v{samples}": ("one", 0)})).status_code == 200
    log = await publish(town)
    page = words((await town["wang"].get(f"/logs/{log['id']}")).text)
    assert "Samples left: one" in page
    assert "Kilometres 41.5" in page


async def test_a_log_keeps_the_fields_it_was_begun_with(town: Town) -> None:
    """Whatever the squad asks afterwards; the next log has what is asked now."""
    await field(town, "Kilometres", "day", "number")
    km = own(await draft(town))["Kilometres"]
    await write(town, **{f"v{km}": ("12", 0)})
    assert (await town["wang"].post(f"/squads/{town.squad}/log-fields/{km}/close")).status_code == 303
    assert (await town["wang"].post(f"/squads/{town.squad}/log-fields/{km}/close")).status_code == 404
    assert (
        "Wang Fang lets logs no longer ask for" in (await town["li"].get(f"/squads/{town.squad}/audit")).text
    )
    await field(town, "Litres", "day", "number")
    assert list(own(await draft(town))) == ["Kilometres"]
    assert list(own(await draft(town, "zhang"))) == ["Litres"]
    log = await publish(town)
    assert "Kilometres 12" in words((await town["wang"].get(f"/logs/{log['id']}")).text)


async def week(town: Town, name: str = "li") -> dict[str, Any]:
    """A member's own week as they have it."""
    answer = await town[name].get(f"/api/v1/squads/{town.squad}/weeks/{WEEK}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_week_is_drafted_from_its_days(town: Town) -> None:
    """Each day what its visits say, then what was learned; it follows them until somebody writes in it."""
    await visit(town, "2026-05-03T04:00:00Z", "Sunday before")
    await visit(town, "2026-05-04T04:00:00Z", "Owner is in")
    await visit(town, "2026-05-06T04:00:00Z", "Signed", result="won", said="Four units")
    await write(town, lesson=("Carry the list", 0), tomorrow=("The bakery", 0))
    one = await week(town)
    assert (one["kind"], one["day"], one["id"]) == ("week", "2026-05-04", None)
    assert [(line["key"], line["text"]) for line in one["lines"]] == [
        ("2026-05-04", "- **Hengtai Hardware**: Owner is in"),
        ("2026-05-06", "- **Hengtai Hardware**: Signed Four units"),
        ("lesson", "Carry the list"),
        ("stuck", ""),
        ("tomorrow", "The bakery"),
    ]
    path = f"/api/v1/squads/{town.squad}/weeks/{WEEK}"
    said = {"stuck": {"text": "Prices", "base": 0}}
    assert (await town["li"].patch(path, json={"lines": said})).status_code == 200
    await visit(town, "2026-05-05T04:00:00Z", "Came later")
    assert "2026-05-05" in [line["key"] for line in (await week(town))["lines"]]


async def test_a_week_is_told_beside_its_days(town: Town) -> None:
    """One log of each; the squad reads it, an outsider never; in the feed and the list it says what it is."""
    await visit(town, "2026-05-04T04:00:00Z", "Owner is in")
    day = await publish(town)
    form = {"send": "1", "t-stuck": "Where are the prices, @Wang Fang?", "r-stuck": "0"}
    sent = await town["li"].post(f"/squads/{town.squad}/weeks/{WEEK}", data=form)
    assert sent.status_code == 303, sent.text
    id = sent.headers["location"].removeprefix("/logs/")
    assert id != day["id"]
    again = await town["li"].post(f"/squads/{town.squad}/weeks/2026-05-08", data={"send": "1"})
    assert again.headers["location"] == f"/logs/{id}"
    page = (await town["wang"].get(f"/logs/{id}")).text
    assert "Week of " in page
    assert "<strong>Hengtai Hardware</strong>" in page
    assert "Next week" not in words(page)
    assert "wrote the week’s log" in (await town["wang"].get(f"/squads/{town.squad}")).text
    heads = (await town["wang"].get(f"/api/v1/squads/{town.squad}/logs")).json()
    assert [(one["kind"], one["day"]) for one in heads] == [("week", "2026-05-04"), ("day", "2026-05-04")]
    assert (await town["sun"].get(f"/logs/{id}")).status_code == 404
    assert (await town["sun"].get(f"/squads/{town.squad}/weeks/{WEEK}")).status_code == 404
    assert date.fromisoformat(heads[0]["day"]).weekday() == 0


async def test_a_week_says_how_many_visits_it_had(town: Town) -> None:
    """From its Monday to its Sunday there, as they were when it was told; counted anew when told anew."""
    for at in ("2026-05-03T04:00:00Z", "2026-05-03T17:00:00Z", "2026-05-10T17:00:00Z"):
        await visit(town, at)
    await visit(town, "2026-05-10T15:00:00Z", "Signed", result="won")
    path, said = f"/squads/{town.squad}/weeks/{WEEK}", {"send": "1", "r-stuck": "0", "r-lesson": "0"}
    told = await town["li"].post(path, data={**said, "t-stuck": "Prices"})

    async def shown() -> tuple[set[str], int]:
        pages = [f"/squads/{town.squad}/logs", f"/squads/{town.squad}", told.headers["location"]]
        seen = [
            re.findall(r"[1-9] visits?(?:, \d won)?", words((await town["wang"].get(one)).text))
            for one in pages
        ]
        head = (await town["wang"].get(f"/api/v1/squads/{town.squad}/logs")).json()[0]
        return {one for some in seen for one in some}, head["visits"]

    assert await shown() == ({"2 visits, 1 won"}, 2)
    await visit(town, "2026-05-06T04:00:00Z")
    assert await shown() == ({"2 visits, 1 won"}, 2)
    assert (await town["li"].post(path, data={**said, "t-lesson": "Ask"})).status_code == 303
    assert await shown() == ({"3 visits, 1 won"}, 3)
