"""Fills an empty database with the demo company, its last days, and today so far."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select, update

from channels.frame import Entry
from config.settings import Settings
from server.access import Who
from server.customers import actions as customers
from server.customers.models import customer
from server.db import Database
from server.demo import diaries, eve, files, history, land, news, shelves, sights, sweeps
from server.demo.cast import COMPANY, CURRENCY, MANAGER, TEAMS, Person, Team
from server.demo.places import PLACES
from server.demo.scene import Scene
from server.demo.steps import Step
from server.feed.models import read_mark
from server.hall import actions as hall
from server.journal import journal as entries
from server.members import actions as members
from server.members.models import company, member
from server.members.queries import company as the_company
from server.schema import now
from server.search import keeping
from server.squads import actions as squads
from server.squads.models import membership, squad
from server.territories.models import territory, territory_manager
from server.visits.place import Position
from web.town import place as on_earth

ZONE = "Asia/Shanghai"
FOUNDED = timedelta(days=21)
AWAY = timedelta(minutes=75)
"""Since when nobody has looked: there is something to catch up with."""


class NotEmpty(SystemExit):
    """The database belongs to somebody already; ends a command with this sentence."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """The demo company as the commands tell it, and what its squads are in the middle of."""

    members: dict[str, dict[str, Any]]
    squads: dict[str, str]
    scenes: list[Scene]
    going_on: dict[str, list[list[Step]]]


async def seed_demo(settings: Settings) -> dict[str, Any]:
    """The demo company's members with their tokens: `{"members": {handle: {id, role, token, squads}}}`."""
    return {"members": (await plant(settings)).members}


async def plant(settings: Settings, seed: int = 1) -> Seeded:
    """Writes it all in one transaction, and the drive after it; raises `NotEmpty` where a company exists."""
    db = Database(settings)
    await db.start()
    try:
        if await db.read(the_company) is not None:
            raise NotEmpty("The demo company needs an empty database, and this one has a company already.")
        seeded = await db.write(_plant, seed, settings)
        await keeping.fill_up(db)
        await shelves.furnish(db, settings, await db.read(_with_links, seeded))
        return seeded
    finally:
        await db.stop()


def _plant(c: Connection, seed: int, settings: Settings) -> Seeded:
    today = now().astimezone(ZoneInfo(ZONE))
    people = dict(_people(c))
    founded: dict[str, str] = {}
    who: dict[tuple[str, str], Who] = {}
    scenes = []
    for team in TEAMS:
        lead = team.people[0].handle
        founded[team.key] = here = squads.create_squad(c, people[lead].id, team.name, ZONE)
        for handle in _handles(team)[1:]:
            if handle != MANAGER.handle:
                squads.join(c, here, people[handle].id)
        for handle in _handles(team):
            who[team.key, handle] = _inside(people[handle], here, team.name, handle == lead)
        known = dict(_customers(c, team, who[team.key, lead]))
        scenes.append(Scene(team, random.Random(f"{team.key} {seed}"), people, known))  # noqa: S311
        hall.show(c, people[lead].id, here, hall.Shown(True, True, team is TEAMS[0]))
    land.lay_out(c, people[TEAMS[0].people[0].handle].id, founded, people[MANAGER.handle].id)
    for team in TEAMS:  # what one joined last is where one begins, but guests are at home elsewhere
        theirs = member.c.handle.in_([person.handle for person in team.people])
        c.execute(update(member).where(theirs).values(last_squad=founded[team.key]))
    _founded(c, today - FOUNDED)
    last = history.working_days(today.date(), 1)[0]
    eves = {scene.team.key: eve.plant(c, scene, who, last, settings) for scene in scenes}

    def evening(scene: Scene, day: date) -> history.Moments:
        return eve.afternoon(scene, eves[scene.team.key], day, ZoneInfo(ZONE))

    moments, going_on = history.written(today, scenes, ZoneInfo(ZONE), evening)
    for scene in scenes:
        sweeps.plant(c, scene, who, today, settings)
    sent = diaries.evening(last, ZONE)
    history.tell(c, [one for one in moments if one[0] < sent], who)
    diaries.list_problems(c, people[TEAMS[0].people[0].handle])
    for scene in scenes:
        diaries.tell(c, scene, who, last, sent)
    history.tell(c, [one for one in moments if one[0] >= sent], who)
    for team in TEAMS:
        news.tell(c, team, who, today)
        sights.tell(c, team, who, today)
    for scene in scenes:
        sweeps.plant_next(c, scene, who, today, settings)
    for scene in scenes:
        diaries.begin(c, scene, who, today.date())
        files.plant(c, scene.team.key, people, scene.customers, today)
    for here in founded.values():
        _out_for_a_while(c, here, today - AWAY)
    told = {handle: _told(c, person, handle, founded) for handle, person in people.items()}
    return Seeded(told, founded, scenes, going_on)


def _with_links(c: Connection, seeded: Seeded) -> shelves.People:
    """Who furnishes the drive: whoever knows one customer best has sent them something."""
    people: dict[str, Who] = {}
    reps: dict[str, Who] = {}
    for row in c.execute(select(member)):
        people[row.handle] = Who(
            row.id, row.name, row.handle, row.role, row.locale, ZONE, row.colour, "", None, True
        )
    customers = {}
    for scene in seeded.scenes:
        key, known = scene.team.key, files.FILES[scene.team.key]
        there = seeded.squads[key]
        reps[key] = _inside(people[known.touch[0]], there, scene.team.name, lead=False)
        customers[key] = scene.customers[known.name]
    admin = next(person.handle for person in TEAMS[0].people if person.role == "admin")
    return shelves.People(people[admin], reps, customers)


def _handles(team: Team) -> list[str]:
    return [*(person.handle for person in team.people), *team.guests]


def _people(c: Connection) -> Iterator[tuple[str, Who]]:
    """The company with everybody in it."""
    admin = next(person for team in TEAMS for person in team.people if person.role == "admin")
    first = members.set_up_company(c, COMPANY, admin.name, "", None, "en", ZONE, CURRENCY)
    c.execute(update(company).values(demo=True))
    for team in TEAMS:
        for one in team.people:
            id = first if one is admin else _member(c, one, team.locale)
            yield one.handle, _person(c, one, id, team.locale)
    yield MANAGER.handle, _person(c, MANAGER, _member(c, MANAGER, "en"), "en")


def _person(c: Connection, one: Person, id: str, locale: str) -> Who:
    members.change_profile(c, id, name=one.name, initials="", colour=one.colour, locale=locale, zone=ZONE)
    return Who(id, one.name, one.handle, one.role, locale, ZONE, one.colour, "", None, True)


def _member(c: Connection, one: Person, locale: str) -> str:
    return members.add_member(c, name=one.name, role=one.role, locale=locale, zone=ZONE, handle=one.handle)


def _inside(person: Who, here: str, name: str, lead: bool) -> Who:
    """The caller as the admission to that squad would find them."""

    return replace(
        person,
        squad=here,
        squad_name=name,
        squad_zone=ZONE,
        lead=lead,
        inside=True,
        manages=person.handle == MANAGER.handle,
    )


def _customers(c: Connection, team: Team, by: Who) -> Iterator[tuple[str, str]]:
    """The squad's customers by name."""
    for place in PLACES[team.key]:
        lat, lon = on_earth(place.x, place.y)
        yield place.name, customers.add(c, by, place.name, Position(lat=lat, lon=lon, source="hand"))


def _founded(c: Connection, moment: datetime) -> None:
    """All of this happened some weeks ago."""
    for table, column in (
        (company, "created_at"),
        (member, "created_at"),
        (squad, "created_at"),
        (membership, "joined_at"),
        (customer, "created_at"),
        (territory, "created_at"),
        (territory_manager, "from_at"),
    ):
        c.execute(update(table).values({column: moment}))
    history.date_back(c, [(moment, entry) for entry in c.info["told"] if isinstance(entry, Entry)])


def _out_for_a_while(c: Connection, here: str, moment: datetime) -> None:
    """All of the squad have read what there was at that moment."""
    before = entries.c.stream == here, entries.c.recorded_at <= moment
    seen = c.scalar(select(func.max(entries.c.offset)).where(*before)) or 0
    c.execute(update(read_mark).where(read_mark.c.stream == here).values(offset=seen, at=moment))


def _told(c: Connection, person: Who, handle: str, founded: dict[str, str]) -> dict[str, Any]:
    token = members.new_token(c, person.id, "demo")
    inside = [founded[team.key] for team in TEAMS if handle in _handles(team)]
    return {"id": person.id, "role": person.role, "token": token, "squads": inside}
