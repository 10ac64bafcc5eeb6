"""Who administered what: nothing is done for others without a row, and those it concerns see it."""

import csv
import io
from typing import Any

import pytest
from anyio import to_thread
from sqlalchemy import Connection, func, select

from config.settings import Settings
from server import audit
from server.access import COOKIE
from server.administration.queries import Asked, acts
from server.archive import unpack
from server.audit import KINDS
from server.backup import back_up
from server.db import directly
from server.errors import Conflict
from server.hall import actions as hall
from server.members import actions as members
from server.restore import restore
from server.schema import new_id
from server.squads import actions as squads
from tests.server.conftest import Town, client
from tests.server.test_access import World, routes, rules, world

__all__ = ["world"]
pytestmark = pytest.mark.anyio

ADMINISTRATIVE = {"admin", "lead", "steward", "announcer", "trainer"}
SQUAD = "/squads/{squad}"
ONE = f"{SQUAD}/people/{{member}}"
GROUP = {"name": "Another group", "url": "json://example.com/x"}
STEPS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("POST", f"{ONE}/lead", "lead", {"on": "1"}),
    ("POST", f"{ONE}/reset", "lead", {}),
    ("POST", f"{ONE}/close", "admin inside", {}),
    ("POST", f"{ONE}/remove", "lead", {}),
    ("POST", "/members/{member}/erase", "admin inside", {}),
    ("POST", f"{SQUAD}/channels", "lead", {"name": "Our group", "url": "json://example.com/x"}),
    ("POST", "/channels", "admin inside", {"name": "All of us", "url": "json://example.com/x"}),
    ("POST", f"/api/v1{SQUAD}/channels", "lead", {"id": new_id(), **GROUP}),
    ("POST", "/api/v1/channels", "admin inside", {"id": new_id(), **GROUP}),
    ("POST", f"{SQUAD}/settings", "lead", {"squad": "North Shore", "zone": "Asia/Shanghai"}),
    ("POST", f"{SQUAD}/invite", "lead", {}),
    ("POST", f"{SQUAD}/invite/revoke", "lead", {}),
    ("POST", f"{SQUAD}/hall", "lead", {"on": "1"}),
    ("PUT", f"/api/v1{SQUAD}/hall", "lead", {"on": False}),
    ("POST", f"{SQUAD}/join", "admin outside", {}),
    ("POST", "/setup/squad", "new admin", {"squad": "East", "zone": "UTC", "currency": "EUR"}),
    ("POST", "/squads/new", "lead", {"squad": "West", "zone": "UTC"}),
    ("POST", "/problems", "admin inside", {"name": "Price"}),
    ("POST", "/api/v1/problems", "admin inside", {"id": new_id(), "name": "Missing material"}),
    ("POST", f"{SQUAD}/log-fields", "lead", {"form": "day", "kind": "text", "name": "Weather"}),
    ("POST", "/log-fields", "admin inside", {"form": "day", "kind": "number", "name": "Calls made"}),
    ("POST", f"{SQUAD}/log-due", "lead", {"hour": "18:30"}),
    ("POST", "/me/tokens", "lead", {"name": "A script"}),
]
"""What is done, by whom, with what; `{member}` is somebody new each time."""
NO_ROW = {
    "channels/{key}": "a test decides nothing; removing leaves one: test_notices_channels.py",
    "drive": "folders and documents are entries, seen by all; a change of rights leaves one: test_drive.py",
    "problems/{problem}": "taking one off the list leaves one: test_daylog_marks.py",
    "log-fields/{field}": "closing one leaves one: test_daylog_templates.py",
    "customers/imports": "what is made of a table leaves one: test_customers_brought.py",
    "handover": "what goes to somebody leaves one: test_customers_leaving.py",
    "announcements": "they stand there for all, with author, readers and earlier versions",
    "training": "tracks and their steps are entries, seen by all they are for",
    "knowledge": "its folders, texts and its track are entries like others",
    "territories": "they leave some: test_territories_pages.py goes through them",
    "sweeps": "a plan and every change of it is an entry of the squad's journal, on all its screens",
}
"""Routes by a word of their path, and why they need none."""


def last(c: Connection) -> tuple[Any, int]:
    """The newest row, and how many there are."""
    newest = select(audit.audit).order_by(audit.audit.c.id.desc()).limit(1)
    return c.execute(newest).one_or_none(), c.scalar(select(func.count()).select_from(audit.audit)) or 0


async def added(town: Town, name: str, role: str = "rep") -> str:
    """Somebody new in North Bank; an admin in no squad."""

    def add(c: Connection) -> str:
        id = members.add_member(c, name=name, role=role, zone="UTC")
        if role == "rep":
            squads.join(c, town.squad, id)
        return id

    return str(await town.app.state.db.write(add))


async def test_every_act_of_administration_leaves_a_row(world: World) -> None:
    """Each route by which leads, admins or stewards alone change something."""
    town, db = world.town, world.town.app.state.db
    there = {
        (method, route.path)
        for route in routes(town)
        for method in route.methods - {"GET", "HEAD"}
        if {getattr(rule, "name", "") for rule in rules(route.dependant)} & ADMINISTRATIVE
    }
    tried = {(method, path) for method, path, _, _ in STEPS}
    left = [path for _, path in sorted(there - tried) if not any(word in path for word in NO_ROW)]
    assert left == [], f"take a step there, or say why it needs no row: {left}"
    opened = await db.write(members.open_session, await added(town, "Gu Yan", "admin"), "test", 60)
    world.clients["new admin"] = client(town.app, {"Cookie": f"{COOKIE}={opened.token}"})
    for n, (method, path, role, body) in enumerate(STEPS):
        address = path.format(squad=town.squad, member=await added(town, f"New {n}"))
        _, before = await db.read(last)
        sent: dict[str, Any] = {"json": body} if path.startswith("/api/") else {"data": body}
        answer = await world.clients[role].request(method, address, **sent)
        assert answer.status_code < 400, (path, answer.text)
        row, after = await db.read(last)
        assert after > before, f"{method} {path} leaves no row"
        assert row.actor == (await world.clients[role].get("/api/v1/me")).json()["id"], path
        assert row.squad == town.squad or "{squad}" not in path, path


async def told(town: Town, name: str, path: str) -> str:
    """A page as text."""
    answer = await town[name].get(path)
    assert answer.status_code == 200, path
    return str(answer.text)


async def test_a_squad_sees_who_administers_it(town: Town) -> None:
    """Every member, in their language; nobody of another squad. Their own page leads there."""
    li, path = town.ids["li"], f"/squads/{town.squad}"
    await town["wang"].post(f"{path}/people/{li}/lead", data={"on": "1"})
    await town["wang"].post(f"{path}/people/{town.ids['zhang']}/reset")
    await town["wang"].post(f"{path}/hall", data={"on": "1"})
    assert f'href="{path}/audit"' in await told(town, "zhang", f"{path}/people")
    page = await told(town, "zhang", f"{path}/audit")
    said = (
        "Wang Fang opened the squad’s wins to the company",
        "Wang Fang made a link to a new password for Zhang Wei",
        "Wang Fang made Li Na a lead",
        "Wang Fang founded the squad North Bank",
    )
    assert all(words in page for words in said)
    assert [page.index(words) for words in said] == sorted(page.index(words) for words in said)
    await town.speak("zhang", "zh")
    assert "Wang Fang 让 Li Na 当了队长" in await told(town, "zhang", f"{path}/audit")
    assert (await town["sun"].get(f"{path}/audit")).status_code == 404
    assert "Wang Fang" not in await told(town, "sun", f"/squads/{town.other}/audit")


async def test_an_admin_who_comes_in_uninvited_is_seen(world: World) -> None:
    """Written before they see a word; once, however often the button is pressed."""
    town = world.town
    for _ in range(2):
        await world.clients["admin outside"].post(f"/squads/{town.squad}/join")
    page = await told(town, "li", f"/squads/{town.squad}/audit")
    assert page.count("Luo Dan came into the squad as an admin, uninvited") == 1


async def test_admins_look_through_all_of_it(town: Town) -> None:
    """By kind, by person, page by page; for nobody else."""
    for name in ("zhang", "li", "sun"):
        assert (await town[name].get("/audit")).status_code == 403
        assert (await town[name].get("/audit.csv")).status_code == 403
    await town["wang"].post(f"/squads/{town.squad}/people/{town.ids['li']}/lead", data={"on": "1"})
    everything = await told(town, "wang", "/audit")
    assert "Sun Yue founded the squad South Gate" in everything
    assert "Wang Fang set up the company" in everything
    leads = await told(town, "wang", "/audit?kind=lead_given")
    assert "made Li Na a lead" in leads
    assert "founded the squad" not in leads
    sun = await told(town, "wang", f"/audit?person={town.ids['sun']}")
    assert "Sun Yue founded the squad South Gate" in sun
    assert "made Li Na a lead" not in sun
    assert "Nothing of this kind yet" in await told(town, "wang", "/audit?kind=restored")
    for nonsense in ("kind=x", "person=x", "before=x", "kind=lead_given&person=&before="):
        await told(town, "wang", f"/audit?{nonsense}")


async def test_page_by_page_nothing_is_missing_or_twice(town: Town) -> None:
    """As many as there are, newest first."""
    db = town.app.state.db
    for n in range(7):
        await db.write(squads.rename, town.ids["wang"], town.squad, f"North {n}", "Asia/Shanghai")
    found, before = [], None
    while some := await db.read(acts, Asked(before=before), 3):
        found += some
        before = some[-1].id
    whole = await db.read(acts, Asked(), 100)
    assert [one.id for one in found] == [one.id for one in whole]
    town.app.state.settings.feed_page = 3
    page = await told(town, "li", f"/squads/{town.squad}/audit")
    assert "North 6" in page
    assert "North 3" not in page
    assert "North 3" in await told(town, "li", page.split('btn quiet" href="')[1].split('"')[0])


async def test_a_table_for_a_spreadsheet(town: Town) -> None:
    """With what the page shows; a name that looks like a formula computes nothing."""
    db = town.app.state.db
    await db.write(squads.rename, town.ids["wang"], town.squad, "=1+1", "Asia/Shanghai")
    answer = await town["wang"].get("/audit.csv?kind=squad_changed")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    head, row = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert head[:3] == ["Time (UTC)", "Who", "Kind"]
    assert row[1:5] == ["Wang Fang", "squad_changed", "", "'=1+1"]
    assert all(not cell.startswith(("=", "+", "-", "@")) for cell in row)


async def test_no_secret_is_in_it(town: Town) -> None:
    """Neither a link's token, an invitation's code, nor an API token."""
    page = await told(town, "wang", f"/squads/{town.squad}/people")
    await town["wang"].post(f"/squads/{town.squad}/invite")
    page = await told(town, "wang", f"/squads/{town.squad}/people")
    link = page.split("/join/")[1][:43]
    reset = (await town["wang"].post(f"/squads/{town.squad}/people/{town.ids['li']}/reset")).text
    token = await town.app.state.db.write(members.new_token_for, "li-na", "script")
    whole = await told(town, "wang", "/audit") + (await town["wang"].get("/audit.csv")).text
    assert "The server’s console made an API token for Li Na: script" in whole
    for secret in (link, reset.split("/reset/")[1][:43], token):
        assert len(secret) == 43
        assert secret not in whole


async def test_what_did_not_happen_is_not_told(town: Town) -> None:
    """An act that was refused, or that changed nothing, leaves no row."""
    db, wang = town.app.state.db, town.ids["wang"]
    _, before = await db.read(last)
    with pytest.raises(Conflict):
        await db.write(squads.make_lead, wang, town.squad, wang, False)  # the last lead
    await db.write(squads.make_lead, wang, town.squad, wang, True)
    await db.write(hall.show, wang, town.squad, hall.Shown(False, True, True))
    await town["wang"].post(f"/squads/{town.squad}/invite/revoke")
    assert (await db.read(last))[1] == before


async def test_backup_and_restore_are_acts_too(
    town: Town, setup: Settings, embedded: Settings, tmp_path: Any
) -> None:
    """The backup holds the row of its own making; where it was brought back, that is told."""
    path = tmp_path / "muster.backup"
    await to_thread.run_sync(back_up, setup, path)
    assert (await town.app.state.db.read(last))[0].kind == "backup_made"
    made = unpack(path, tmp_path / "room")["made"]
    (embedded.data_dir / "muster.db").unlink()
    await to_thread.run_sync(restore, embedded, path)
    kinds = [one.kind for one in await to_thread.run_sync(directly, embedded, acts_of)]
    assert kinds[:2] == ["restored", "backup_made"]
    assert made


def acts_of(c: Connection) -> list[Any]:
    """All of them."""
    return acts(c, Asked(), 100)


def test_every_kind_has_words_that_can_be_filled() -> None:
    """With names, and what `note` was given."""
    for kind, words in KINDS.items():
        assert len(kind) <= 24
        assert words.title
    with pytest.raises(KeyError):
        audit.note(None, None, "squad_founded")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no words"):
        audit.note(None, None, "made up")  # type: ignore[arg-type]
