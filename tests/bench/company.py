"""A company large enough to measure with, made through the same actions as everywhere."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection

from config.settings import Settings
from server.access import Who, digest, find
from server.customers.actions import add as add_customer
from server.db import Database
from server.members import actions as members
from server.squads import actions as squads
from server.visits.place import Position

ZONE = "Asia/Shanghai"


@dataclass
class Company:
    """Members by number, with their tokens; `inside` says which squad a member is in."""

    squads: list[str] = field(default_factory=list)
    customers: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    inside: list[int] = field(default_factory=list)

    def turns(self) -> Iterator[tuple[str, str, str]]:
        """(token, squad, customer) of one member after the other, for ever."""
        while True:
            for token, place in zip(self.tokens, self.inside, strict=True):
                yield token, self.squads[place], self.customers[place]


def found(settings: Settings, *, squads: int, members: int, others: int = 0) -> Company:
    """So many squads with so many members and one customer each; others that only the first member is in."""
    return asyncio.run(_write(settings, squads, members, others))


async def _write(settings: Settings, squads: int, members: int, others: int) -> Company:
    db = Database(settings)
    await db.start()
    try:
        return await db.write(_found, squads, members, others)
    finally:
        await db.stop()


def _found(c: Connection, count: int, each: int, others: int) -> Company:
    made, first = Company(), ""
    members.set_up_company(c, "Qinghe", "Wang Fang", "wang@qinghe.example", None, "en", ZONE)
    for number in range(count):
        people = [members.add_member(c, name=f"Rep {number}-{one}", zone=ZONE) for one in range(each)]
        first = first or people[0]
        tokens = [members.new_token(c, one, "bench") for one in people]
        made.squads.append(squads.create_squad(c, people[0], f"Squad {number}", ZONE))
        for one in people[1:]:
            squads.join(c, made.squads[-1], one)
        made.tokens += tokens
        made.inside += [number] * each
        lead = find(c, (digest(tokens[0]), True), "squad", made.squads[-1])
        assert isinstance(lead, Who)
        spot = Position(lat=31.2, lon=121.4)
        made.customers.append(add_customer(c, lead, f"Hengtai Hardware {number}", spot))
    made.squads += [squads.create_squad(c, first, f"Other {number}", ZONE) for number in range(others)]
    return made
