"""The day's log: drafted from the visits, kept while it is written, told to the squad, read by all of it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server import live
from server.members import actions as members
from server.schema import new_id
from server.visits.queries import today
from tests.server.cast import PEOPLE
from tests.server.conftest import Town, client

pytestmark = pytest.mark.anyio
DAY = "2026-05-04"
ZONE = "Asia/Shanghai"


async def visit(town: Town, at: str, note: str = "", name: str = "li", said: str = "", **outcome: Any) -> str:
    """A check-in at that time (UTC) and how it went, with words `said` about that; its id."""
    made = await town.check_in(name, captured_at=at, note=note)
    id = str(made.json()["id"])
    if outcome:
        await town[name].put(f"/api/v1/visits/{id}/outcome", json={"closed_at": at, "note": said, **outcome})
    return id


async def draft(town: Town, name: str = "li", day: str = DAY) -> dict[str, Any]:
    """A member's own day as they have it."""
    answer = await town[name].get(f"/api/v1/squads/{town.squad}/logs/{day}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def write(town: Town, name: str = "li", device: str = "", **lines: tuple[str, int]) -> Any:
    """Lines written from revisions: `lesson=("text", 0)`; a visit's with its id as the name."""
    said = {key.removeprefix("v"): {"text": text, "base": base} for key, (text, base) in lines.items()}
    path = f"/api/v1/squads/{town.squad}/logs/{DAY}"
    return await town[name].patch(path, json={"lines": said, "device": device})


async def publish(town: Town, name: str = "li", **lines: tuple[str, int]) -> dict[str, Any]:
    """Told to the squad; the log."""
    said = {key: {"text": text, "base": base} for key, (text, base) in lines.items()}
    answer = await town[name].post(f"/api/v1/squads/{town.squad}/logs", json={"day": DAY, "lines": said})
    assert answer.status_code in (200, 201), answer.text
    return dict(answer.json())


def words(page: str) -> str:
    """What a page says, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


async def test_five_visits_are_five_lines_in_ones_own_zone(town: Town) -> None:
    """In the order they went, each with its time where its author lives; other days stay out."""
    await visit(town, "2026-05-03T15:59:00Z", "Too early")
    await visit(town, "2026-05-04T16:00:00Z", "Too late")
    await visit(town, "2026-05-04T07:10:00Z", "Third", result="lost", said="They compare by price")
    await visit(town, "2026-05-03T16:00:00Z", "First")
    await visit(
        town, "2026-05-04T06:20:00Z", "Second", result="won", said="Signed 4", amount="6480", currency="CNY"
    )
    await visit(town, "2026-05-04T08:00:00Z", "Fourth", result="advanced", next_step="Trial in July")
    await visit(town, "2026-05-04T15:59:00Z", "", result="nobody")
    lines = [line for line in (await draft(town))["lines"] if line["visit"]]
    assert [line["text"] for line in lines] == [
        "First",
        "Second\nSigned 4",
        "Third\nThey compare by price",
        "Fourth",
        "",
    ]
    page = (await town["li"].get(f"/squads/{town.squad}/logs/{DAY}")).text
    assert re.findall(r'class="when"><time[^>]*>([\d:]+)<', page) == [
        "00:00",
        "14:20",
        "15:10",
        "16:00",
        "23:59",
    ]
    said = words(page)
    assert "5 visits, 1 won" in said
    for outcome in ("Won ¥6,480", "Not this time", "Moving", "Trial in July", "Nobody there"):
        assert outcome in said
    assert "Too early" not in said
    assert "Too late" not in said


async def test_a_member_far_away_has_their_own_day(town: Town) -> None:
    """The squad's midnight is not theirs."""
    await visit(town, "2026-05-04T23:30:00Z", "Evening in Berlin is the fifth, in New York the fourth")
    change = members.change_profile
    for zone, count in (("Europe/Berlin", 0), ("America/New_York", 1)):
        await town.app.state.db.write(
            lambda c, zone=zone: change(
                c, town.ids["li"], name=PEOPLE["li"], initials="", colour=1, locale="en", zone=zone
            )
        )
        one = await draft(town)
        assert (one["zone"], sum(bool(line["visit"]) for line in one["lines"])) == (zone, count)
    assert ">19:30<" in (await town["li"].get(f"/squads/{town.squad}/logs/{DAY}")).text


async def test_a_draft_is_its_authors_alone_until_it_is_sent(town: Town) -> None:
    """Then it is in the squad's feed and list, and an outsider is told nothing of it."""
    id = await visit(town, "2026-05-04T04:00:00Z", "Owner is in")
    saved = await write(town, lesson=("Carry the **test report**", 0), **{f"v{id}": ("Owner was in", 0)})
    assert saved.status_code == 200, saved.text
    assert [one for one in await town.journal() if one["kind"] == "log"] == []
    for name in ("wang", "zhang"):
        assert "test report" not in (await town[name].get(f"/squads/{town.squad}/logs")).text
        assert (await draft(town, name))["id"] is None
        assert (await town[name].get(f"/logs/{saved.json()['id']}")).status_code == 404
    log = await publish(town)
    told = [line["told"] for line in log["lines"]]
    assert told == ["Owner was in", "Carry the **test report**", None, None]
    feed = (await town["wang"].get(f"/squads/{town.squad}")).text
    assert "wrote the day’s log" in feed
    assert "<strong>test report</strong>" in feed
    page = await town["wang"].get(f"/logs/{log['id']}")
    assert "Owner was in" in page.text
    assert (await town["wang"].get("/logs/" + new_id())).status_code == 404
    for path in (f"/logs/{log['id']}", f"/api/v1/logs/{log['id']}", f"/squads/{town.squad}/logs/{DAY}"):
        answer = await town["sun"].get(path)
        assert answer.status_code == 404
        assert "test report" not in answer.text
    posts = (await town["wang"].get(f"/api/v1/squads/{town.squad}/posts")).json()
    assert posts[0]["kind"] == "log"


async def test_told_twice_is_told_once(town: Town) -> None:
    """The same day has one log; what changed in it is told anew, and what it said before stays to be seen."""
    await visit(town, "2026-05-04T04:00:00Z", "Owner is in")
    first = await publish(town, lesson=("One", 0))
    again = await publish(town, lesson=("One", 1))
    assert again["id"] == first["id"]
    assert [one["data"]["did"] for one in await town.journal() if one["kind"] == "log"] == ["published"]
    await write(town, lesson=("Two", 1))
    told = (await town["wang"].get(f"/api/v1/logs/{first['id']}")).json()
    assert told["lines"][1]["told"] == "One"
    await publish(town)
    page = words((await town["wang"].get(f"/logs/{first['id']}")).text)
    assert "Two What it said before" in page
    assert page.count("One") == 1
    did = [one["data"]["did"] for one in await town.journal() if one["kind"] == "log"]
    assert did == ["published", "updated", "read"]


async def test_a_visit_added_later_is_offered(town: Town) -> None:
    """To its author alone, with one press; the squad has it then."""
    await visit(town, "2026-05-04T04:00:00Z", "First")
    log = await publish(town)
    await visit(town, "2026-05-04T05:00:00Z", "Second")
    mine = (await town["li"].get(f"/logs/{log['id']}")).text
    assert "1 visit came after you sent it" in mine
    theirs = (await town["wang"].get(f"/logs/{log['id']}")).text
    assert "came after" not in theirs
    assert "Second" not in theirs
    sent = await town["li"].post(f"/squads/{town.squad}/logs/{DAY}", data={"send": "1"})
    assert (sent.status_code, sent.headers["location"]) == (303, f"/logs/{log['id']}")
    assert "Second" in (await town["wang"].get(f"/logs/{log['id']}")).text
    assert "came after" not in (await town["li"].get(f"/logs/{log['id']}")).text


async def test_two_devices_lose_nothing(town: Town) -> None:
    """Different lines go side by side; on the same line both versions are shown, and one is chosen."""
    phone, tablet = new_id(), new_id()
    assert (await write(town, device=phone, lesson=("From the phone", 0))).status_code == 200
    assert (await write(town, device=tablet, stuck=("From the tablet", 0))).status_code == 200
    late = await write(town, device=tablet, lesson=("From the tablet", 0), tomorrow=("Plan", 0))
    assert late.status_code == 409
    assert late.json()["now"] == {"lesson": {"text": "From the phone", "revision": 1}}
    kept = {line["key"]: line["text"] for line in (await draft(town))["lines"]}
    assert kept == {"lesson": "From the phone", "stuck": "From the tablet", "tomorrow": ""}
    chosen = await write(town, device=tablet, lesson=("Both of them", 1), tomorrow=("Plan", 0))
    assert chosen.status_code == 200
    assert (await write(town, device=tablet, lesson=("An answer was lost", 0))).status_code == 200
    assert (await write(town, device=phone, lesson=("Too late", 1))).status_code == 409
    said = {"t-lesson": "On paper", "r-lesson": "1"}
    both = await town["li"].post(f"/squads/{town.squad}/logs/{DAY}", data=said)
    assert both.status_code == 409
    assert "On paper</textarea>" in both.text
    assert "An answer was lost" in both.text
    revision = re.findall(r'name="r-lesson" value="(\d+)"', both.text)
    again = await town["li"].post(f"/squads/{town.squad}/logs/{DAY}", data={**said, "r-lesson": revision[0]})
    assert again.status_code == 303
    assert (await draft(town))["lines"][0]["text"] == "On paper"


@pytest.mark.parametrize("text", ["\x00", "x" * 4001])
async def test_what_cannot_be_kept_comes_back_as_typed(town: Town, text: str) -> None:
    """With a word at its field, and what else was typed."""
    most = town.app.state.settings.text_max
    text = text if len(text) == 1 else "x" * (most + 1)
    answer = await write(town, lesson=(text, 0))
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["t-lesson"]
    page = await town["li"].post(
        f"/squads/{town.squad}/logs/{DAY}", data={"t-lesson": text, "t-stuck": "Kept", "send": "1"}
    )
    assert page.status_code == 422
    assert page.text.count('aria-invalid="true"') == 1
    assert "Kept</textarea>" in page.text


async def test_no_log_of_days_that_are_none(town: Town) -> None:
    """Nothing to tell is said so; the future is still to come; another's visit is no line of mine."""
    path = f"/squads/{town.squad}/logs"
    empty = await town["li"].post(f"{path}/{DAY}", data={"send": "1", "t-lesson": " "})
    assert empty.status_code == 422
    assert "Write a line first" in empty.text
    later = (today(ZONE) + timedelta(days=2)).isoformat()
    assert (await town["li"].post(f"/api/v1{path}", json={"day": later})).status_code == 422
    for day in ("0001-01-01", "9999-12-31"):
        assert (await town["li"].get(f"{path}/{day}")).status_code == 404
        assert (await town["li"].get(f"/api/v1{path}/{day}")).status_code == 404
    assert (await town["li"].get(f"{path}/never")).status_code == 404
    theirs = await visit(town, "2026-05-04T04:00:00Z", "Mine", "zhang")
    assert (await write(town, **{f"v{theirs}": ("Taken", 0)})).status_code == 404
    assert (await write(town, anything=("Taken", 0))).status_code == 404


async def test_who_has_read_it_is_seen_by_all_alike(town: Town) -> None:
    """Opening it is reading it, once; its author need not."""
    await visit(town, "2026-05-04T04:00:00Z", "Owner is in")
    log = await publish(town)
    assert (log["read"], len(log["missing"])) == ([], 2)
    for _ in range(2):
        await town["wang"].get(f"/logs/{log['id']}")
        await town["li"].get(f"/logs/{log['id']}")
    assert len([one for one in await town.journal() if one["kind"] == "log"]) == 2
    said = words((await town["li"].get(f"/logs/{log['id']}")).text)
    assert "Read by 1 of 2 Read by: Wang Fang Not yet: Zhang Wei" in said
    assert (await town["zhang"].put(f"/api/v1/logs/{log['id']}/read")).status_code == 204
    assert (await town["zhang"].get(f"/api/v1/logs/{log['id']}")).json()["missing"] == []


async def test_whom_it_names_is_told(town: Town) -> None:
    """Once, also when it is told anew."""
    await publish(town, stuck=("Where is the price list, @Wang Fang?", 0))
    again = await publish(town, stuck=("Where is the price list, @Wang Fang? Urgent", 1))
    bell = (await town["wang"].get("/api/v1/me/notices")).json()
    assert [one["kind"] for one in bell].count("mention") == 1
    page = (await town["wang"].get(f"/logs/{again['id']}")).text
    assert f'<b class="mention" data-member="{town.ids["wang"]}">@Wang Fang</b>' in page


async def test_nothing_written_becomes_a_script(town: Town) -> None:
    """Markdown, and nothing else."""
    hostile = "<script>alert(1)</script> [x](javascript:alert(1)) ![i](https://else.where/p.png) **bold**"
    log = await publish(town, lesson=(hostile, 0))
    page = (await town["wang"].get(f"/logs/{log['id']}")).text
    assert "<strong>bold</strong>" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert '<img src="https://else' not in page


async def test_frames_bring_what_a_fresh_page_shows(town: Town) -> None:
    """Row, receipts and lines: a resumed page equals a reloaded one."""
    await visit(town, "2026-05-04T04:00:00Z", "Owner is in")
    log = await publish(town, lesson=("Learn", 0))
    await town["wang"].get(f"/logs/{log['id']}")
    source = live.Source(town.app.state.db)
    entries = await source.history(town.squad, 0, 1000)
    content = "".join(one or "" for one in await source.contents(entries, "en"))
    page = (await town["zhang"].get(f"/logs/{log['id']}")).text
    line = log["lines"][0]["id"]
    for part in (f'id="lr-{log["id"]}"', f'id="lt-{line}"', f'id="lm-{line}"', f'id="lg-{log["id"]}"'):
        assert part in content
        assert part in page
    assert re.findall(r'<div class="prose">.*?</div>', content)[-2:] == re.findall(
        r'<div class="prose">.*?</div>', page
    )


async def test_today_is_one_press_away(town: Town) -> None:
    """From the list, in one's own day."""
    now = datetime.now(UTC).isoformat()
    await visit(town, now, "Just now")
    assert "Draft, 1 visit" in words((await town["li"].get(f"/squads/{town.squad}/logs")).text)
    page = await town["li"].get(f"/squads/{town.squad}/logs/today")
    assert "Just now</textarea>" in page.text
    stranger = client(town.app)
    assert (await stranger.get(f"/squads/{town.squad}/logs/today")).status_code == 303
    await stranger.aclose()
