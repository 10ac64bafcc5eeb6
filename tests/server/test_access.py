"""Every route with every role: what they may, what they may not, and what they are not told.

The squad is North Bank. Li Na, a rep, wrote the post, made the visit, has the lane and offers the stop the
routes are about.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from httpx2 import AsyncClient
from sqlalchemy import update
from starlette.requests import Request

from server import access
from server.access import COOKIE, Rule
from server.errors import Refused
from server.members import actions as members
from server.members.models import member, session
from server.schema import new_id, now
from server.squads import actions as squads
from tests.server import drive, land
from tests.server.calling import answered
from tests.server.conftest import Town, client
from tests.server.pictures import shown_by
from tests.server.sweeping import planned
from tests.server.training import track

pytestmark = pytest.mark.anyio

NO_RULE = {"/live", "/static", "/api/openapi.json"}
"""The socket decides for itself (its tests say so); the others are the same for everybody."""
NAMES_PEOPLE = {"/audit", "/audit.csv"}
"""Who administered whom is an admin's to see; what people of the squad wrote or did is not in it."""
NOBODY = ("stranger", "expired", "closed", "revoked")
OUTSIDE = ("other", "removed", "admin outside", "manager elsewhere", "manager before", "desk outside")
MANAGERS = ("manager", "manager above")
INSIDE = ("rep", "colleague", "lead", "desk", "admin inside", *MANAGERS)


def expected(rule: Any, role: str) -> int:
    """What a rule must say to a role, written down a second time on purpose: 0 is yes."""
    if rule in (access.ANYONE, access.OPEN):
        return 0
    if role in NOBODY:
        return 401
    if rule.about == "win":
        return 404  # it is not in the hall: for nobody; tests/server/test_hall.py has one that is
    if (
        rule.about
        and role not in INSIDE
        and not (rule.about in ("call", "document", "customer") and role == "desk outside")
    ):
        return 0 if rule.name == "steward" and role == "admin outside" else 404
    if rule.about == "upload":
        return 0 if role == "lead" else 404  # the sender's alone
    if rule.about == "binned" and role not in ("rep", "lead", *MANAGERS):
        return 404  # what is in the bin is there for who threw it away, and for who manages the place
    may = {
        "signed in": (*OUTSIDE, *INSIDE),
        "admin": ("admin outside", "admin inside"),
        "in squad": INSIDE,
        **dict.fromkeys(("on post", "on photo", "on visit"), INSIDE),
        "lead": ("lead", *MANAGERS),
        "steward": ("lead", "admin inside", *MANAGERS),
        **dict.fromkeys(("on announcement", "on track"), INSIDE),
        **dict.fromkeys(("announcer", "trainer"), ("lead", *MANAGERS)),
        "author": ("rep",),
        **dict.fromkeys(("own visit", "own link"), ("rep",)),
        "on sweep": INSIDE,
        "planner": ("lead", *MANAGERS),
        "own in sweep": ("rep", "lead", *MANAGERS),
        "offered": tuple(role for role in INSIDE if role != "rep"),
        "on call": (*INSIDE, "desk outside"),
        "on document": (*INSIDE, "desk outside"),
        "on customer": (*INSIDE, "desk outside"),  # somebody called about it
        "own call": ("rep",),
        "helper": (*(role for role in INSIDE if role != "rep"), "desk outside"),
        "holder": ("colleague", "lead", *MANAGERS),
        "party": ("rep", "colleague"),
        "on folder": INSIDE,
        "adds": ("lead", *MANAGERS),
        "keeps": ("lead", *MANAGERS),
        "on item": INSIDE,
        **dict.fromkeys(("keeps item", "ends link", "clears"), ("rep", "lead", *MANAGERS)),
        "in bin": ("rep", "lead", *MANAGERS),
    }
    return 0 if role in may[rule.name] else 403


@dataclass
class World:
    """The town with somebody in every role, and the subjects of the routes."""

    town: Town
    clients: dict[str, AsyncClient]
    about: dict[str, str]

    def path(self, route: RouteContext, **other: str) -> str:
        """A route's path about our subjects, or others."""
        given = {name: self.about.get(name, "x") for name in route.param_convertors} | other
        return route.path_format.format(**given)


@pytest.fixture
async def world(town: Town) -> AsyncIterator[World]:
    """One person per role."""
    db, zone = town.app.state.db, "Asia/Shanghai"

    async def add(name: str, role: str = "rep", squad: str | None = None) -> str:
        id = await db.write(lambda c: members.add_member(c, name=name, role=role, zone=zone))
        if squad:
            await db.write(squads.join, squad, id)
        return str(id)

    ids = {"rep": town.ids["li"], "lead": town.ids["zhang"], "other": town.ids["sun"]}
    ids["colleague"] = await add("Zhao Lei", squad=town.squad)
    ids["desk"] = await add("He Jing", "desk", town.squad)
    ids["admin inside"] = await add("Lin Xiao", "admin", town.squad)
    ids["admin outside"] = await add("Luo Dan", "admin")
    ids["desk outside"] = await add("Tao Min", "desk")
    for gone in ("removed", "closed", "expired", "revoked"):
        ids[gone] = await add(gone, squad=town.squad)
    await db.write(squads.make_lead, town.ids["wang"], town.squad, ids["lead"], True)
    for role in (*MANAGERS, "manager elsewhere", "manager before"):
        ids[role] = await add(role.title())
    territory = await land.managed(town, ids)
    clients = {"stranger": client(town.app)}
    for role, id in ids.items():
        opened = await db.write(members.open_session, id, "test", 60)
        clients[role] = client(town.app, {"Cookie": f"{COOKIE}={opened.token}"})
    token = await db.write(members.new_token, ids["revoked"], "test")
    clients["revoked"] = client(town.app, {"Authorization": f"Bearer {token}"})
    await db.write(squads.remove, town.ids["wang"], town.squad, ids["removed"])
    await db.write(lambda c: c.execute(_at(session.c.expires_at, session.c.member, ids["expired"])) and None)
    await db.write(lambda c: c.execute(_at(member.c.deactivated_at, member.c.id, ids["closed"])) and None)
    await db.write(members.close, ids["revoked"])
    said, visited = await town.say("li", "About the pump"), await town.check_in("li")
    about = {"squad": town.squad, "post": said["id"], "visit": visited.json()["id"], "kind": "cheer"}
    about |= {"member": ids["colleague"], "session": new_id(), "key": new_id()}
    about["territory"], about["customer"] = territory, town.customers["hengtai"]
    about["photo"] = await shown_by(town, "li")
    about["win"] = about["visit"]
    about["day"] = "2026-05-04"
    sent = {"id": new_id(), "title": "Prices", "text": "For the squad alone"}
    announced = await town["wang"].post(f"/api/v1/squads/{town.squad}/announcements", json=sent)
    about["announcement"] = announced.json()["id"]
    about["track"] = await track(town, "wang", town.squad)
    sweep = await planned(town, {"li": ["hotel"], "zhang": ["school"]})
    stop = await sweep.stop("hotel")
    about |= {"sweep": sweep.id, "stop": stop["id"], "lane": stop["lane"], "handover": new_id()}
    await town["li"].post(f"/api/v1/stops/{stop['id']}/handovers", json={"id": about["handover"]})
    asked = {"id": new_id(), "kind": "price"}
    await town["li"].post(f"/api/v1/visits/{about['visit']}/calls", json=asked)
    about["call"] = str(asked["id"])
    about["document"] = await answered(clients["colleague"], about["call"])
    about |= await drive.filed(town)
    yield World(town, clients, about)
    for one in clients.values():
        await one.aclose()


def _at(column: Any, key: Any, id: str) -> Any:
    return update(column.table).where(key == id).values({column: now() - timedelta(seconds=1)})


def routes(town: Town) -> list[RouteContext]:
    """Every HTTP route of the application, as it answers: with its routers' prefixes and rules."""
    known = iter_route_contexts(town.app.routes)
    found = [route for route in known if isinstance(route.original_route, APIRoute)]
    assert len(found) > 40
    return found


def rules(dependant: Dependant) -> Iterator[Any]:
    """The rules a route names, wherever."""
    for one in dependant.dependencies:
        if isinstance(one.call, Rule) or one.call in (access.ANYONE, access.OPEN):
            yield one.call
        yield from rules(one)


async def test_every_route_names_its_rule(town: Town) -> None:
    """One, and about something that is in its path."""
    known = iter_route_contexts(town.app.routes)
    assert {route.path for route in known if not isinstance(route.original_route, APIRoute)} == NO_RULE
    for route in routes(town):
        named = set(rules(route.dependant))
        assert len(named) == 1, f"{route.path} names {len(named)} rules"
        (rule,) = named
        if rule in (access.ANYONE, access.OPEN):
            assert "{squad}" not in route.path, f"{route.path} is open to anyone"
        elif rule.about:
            assert f"{{{rule.about}}}" in route.path, route.path


async def test_every_role_on_every_route(world: World) -> None:
    """Refusals over HTTP; what is allowed is asked of the rule alone, so that nothing happens."""
    wrong = []
    for route in routes(world.town):
        (rule,) = set(rules(route.dependant))
        for role, one in world.clients.items():
            for method in sorted(route.methods):
                want = expected(rule, role)
                got = await refusal(world, route, method, rule, one, want)
                if got != want:
                    wrong.append(f"{method} {route.path} as {role}: {got}, not {want}")
    assert wrong == []


async def refusal(
    world: World, route: RouteContext, method: str, rule: Any, one: AsyncClient, want: int
) -> int:
    """The status of a refusal, 0 for none."""
    path = world.path(route)
    if want:
        answer = await one.request(method, path, headers={"Accept": "application/json"})
        return answer.status_code
    sent = [(name.lower().encode(), value.encode()) for name, value in one.headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": sent, "query_string": b""}
    given = {name: world.about.get(name, "x") for name in route.param_convertors}
    try:
        await rule(Request({**scope, "path_params": given, "app": world.town.app}))
    except Refused as refused:
        return refused.status
    return 0


async def test_people_who_are_not_signed_in_are_led_to_the_door(world: World) -> None:
    """Every page, not only some; nothing of the squad stands on the way."""
    for route in routes(world.town):
        (rule,) = set(rules(route.dependant))
        if not expected(rule, "stranger") or "GET" not in route.methods or route.path.startswith("/api/"):
            continue
        for role in NOBODY:
            answer = await world.clients[role].get(world.path(route))
            assert answer.status_code == 303, route.path
            assert answer.headers["location"].startswith("/signin?next=/"), route.path
            assert answer.content == b""


async def test_what_one_may_not_see_looks_like_nothing(world: World) -> None:
    """The same words, byte for byte, for what is there and for what was never there."""
    for route in routes(world.town):
        (rule,) = set(rules(route.dependant))
        for role in OUTSIDE:
            if expected(rule, role) == 404:
                await same_as_nothing(world, route, rule.about, role)


async def same_as_nothing(world: World, route: RouteContext, about: str, role: str) -> None:
    """By each method, for a program and for a browser."""
    one = world.clients[role]
    for method in sorted(route.methods):
        for accept in ("application/json", "text/html"):
            there = await one.request(method, world.path(route), headers={"Accept": accept})
            invented = world.path(route, **{about: new_id()})
            nothing = await one.request(method, invented, headers={"Accept": accept})
            assert (there.status_code, there.text) == (404, nothing.text), f"{route.path} as {role}"


async def test_another_squads_things_are_not_reached_through_ones_own(world: World) -> None:
    """The lead of North Bank names somebody and something of South Gate in every path."""
    town = world.town
    answer = await town["sun"].post(
        f"/api/v1/squads/{town.other}/messages", json={"id": new_id(), "text": "Ours"}
    )
    theirs = {"post": answer.json()["id"], "member": town.ids["sun"]}
    for route in routes(town):
        named = {name: id for name, id in theirs.items() if f"{{{name}}}" in route.path}
        if "{squad}" not in route.path or not named:
            continue
        for method in sorted(route.methods):
            got = await town["wang"].request(method, world.path(route, **named))
            assert got.status_code == 404, f"{method} {route.path}"
            assert "Sun Yue" not in got.text
            assert "Ours" not in got.text


async def test_an_outsider_is_told_nothing_of_a_squad(world: World) -> None:
    """No page or answer that is open to them names it or its people; for an admin it is the name alone, and
    for all who are signed in where it stands among the territories.
    """
    secrets = ("North Bank", "Zhang Wei", "Zhao Lei", "About the pump", "Hengtai", world.town.squad)
    name = ("North Bank", world.town.squad)
    elsewhere = [("other", ()), ("stranger", ()), ("admin outside", name), ("manager elsewhere", ())]
    for role, known in elsewhere:
        for route in routes(world.town):
            if "GET" not in route.methods or any(f"{{{about}}}" in route.path for about in world.about):
                continue
            if role == "admin outside" and route.path in NAMES_PEOPLE:
                continue
            answer = await world.clients[role].get(world.path(route))
            placed = name if "/territories" in route.path and role != "stranger" else known
            told = [word for word in secrets if word in answer.text and word not in placed]
            assert told == [], f"{route.path} tells {role} {told}"
