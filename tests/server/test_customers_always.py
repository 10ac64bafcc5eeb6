"""Whatever is merged, taken apart and written in between: nothing is lost, everybody stays named, and taken
apart each has again exactly what was its own.
"""

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from server.access import Who, digest, find
from server.calls import actions as calls
from server.calls.forms import Call
from server.customers import actions, contacts, facts, file, merging
from server.customers.contacts import Contact
from server.customers.models import contact, customer, fact
from server.errors import Conflict, NotFound
from server.schema import new_id, now
from server.visits import actions as visits
from server.visits.forms import CheckIn
from server.visits.models import visit
from tests.server.conftest import Town

here = pytest.mark.anyio
SHOPS, PEOPLE = 3, ("li", "zhang", "wang")
STEP = st.tuples(
    st.sampled_from(
        ("merge", "merge", "part", "fact", "correct", "retire", "confirm", "met", "gone", "visit")
    ),
    st.integers(0, SHOPS - 1),
    st.integers(0, SHOPS - 1),
    st.sampled_from(PEOPLE),
)
"""What is done, at which customer, with which other, by whom."""


class Done(Exception):
    """All went well; what was written for it is taken back."""


@dataclass
class Own:
    """What was said at one customer: ids, each with who gave it."""

    facts: dict[str, str] = field(default_factory=dict)
    past: dict[str, str] = field(default_factory=dict)
    contacts: dict[str, str] = field(default_factory=dict)
    visits: dict[str, str] = field(default_factory=dict)
    calls: dict[str, str] = field(default_factory=dict)


@dataclass
class Book:
    """A squad's customers as they have to be: each one's own, and in whose file it is shown."""

    c: Connection
    people: dict[str, Who]
    waits: dict[str, int]
    shops: list[str]
    own: list[Own]
    into: dict[int, int] = field(default_factory=dict)

    def family(self, n: int) -> list[Own]:
        """What is shown in one's file: its own, and that of those merged into it."""
        return [self.own[n], *(self.own[part] for part, whole in self.into.items() if whole == n)]

    def has(self, n: int, kind: str) -> dict[str, str]:
        """All of a kind that its file shows."""
        return {id: by for one in self.family(n) for id, by in getattr(one, kind).items()}

    def take(self, step: tuple[str, int, int, str]) -> None:
        """Does it, to the files and to the book; what cannot be is refused, and changes nothing."""
        did, n, other, name = step
        if did in ("merge", "part"):
            self.joined(did, n, other, name)
        else:
            n = self.into.get(n, n)
            getattr(self, did)(n, self.shops[n], self.people[name])

    def joined(self, did: str, n: int, other: int, name: str) -> None:
        """Made one, or taken apart."""
        by, (one, two) = self.people[name].id, (self.shops[n], self.shops[other])
        free = n != other and not {n, other} & self.into.keys() and other not in self.into.values()
        try:
            if did == "merge":
                merging.merge(self.c, by, [self.people[name].squad or ""], one, two)
                assert free or self.into.get(other) == n
                self.into[other] = n
            else:
                merging.part(self.c, by, one, two)
                assert self.into.pop(other) == n
        except (Conflict, NotFound):
            assert not free if did == "merge" else self.into.get(other) != n

    def fact(self, n: int, shop: str, who: Who) -> None:
        """Somebody tells something."""
        self.own[n].facts[facts.add(self.c, who.id, shop, "has", f"It is {new_id()}")] = who.id

    def _of(self, n: int, kind: str) -> tuple[Own, str] | None:
        return next(((one, id) for one in self.family(n) for id in sorted(getattr(one, kind))), None)

    def correct(self, n: int, shop: str, who: Who) -> None:
        """Put right it stays where it stood, and so does what follows."""
        if found := self._of(n, "facts"):
            one, id = found
            one.past[id] = one.facts.pop(id)
            one.facts[facts.correct(self.c, who.id, shop, id, f"Rather {new_id()}")] = who.id

    def retire(self, n: int, shop: str, who: Who) -> None:
        """True no more."""
        if found := self._of(n, "facts"):
            facts.retire(self.c, who.id, shop, found[1])
            found[0].past[found[1]] = found[0].facts.pop(found[1])

    def confirm(self, n: int, shop: str, who: Who) -> None:
        """Still true: its giver stays."""
        if found := self._of(n, "facts"):
            facts.confirm(self.c, who.id, shop, found[1])

    def met(self, n: int, shop: str, who: Who) -> None:
        """Somebody is there."""
        self.own[n].contacts[contacts.add(self.c, who.id, shop, Contact(name="Luo Min"))] = who.id

    def gone(self, n: int, shop: str, who: Who) -> None:
        """And no longer."""
        if found := self._of(n, "contacts"):
            contacts.end(self.c, who.id, shop, found[1])
            found[0].contacts.pop(found[1])

    def visit(self, n: int, shop: str, who: Who) -> None:
        """A visit with a photo on its way, and a call from within."""
        said = CheckIn.model_validate(
            {"id": new_id(), "customer_id": shop, "captured_at": now(), "photos": [new_id()]}
        )
        made = visits.check_in(self.c, who, said, 1000, 9).visit
        self.own[n].visits[made["id"]] = who.id
        call = Call.model_validate({"id": new_id(), "kind": "price", "text": "Down?", "photos": []})
        self.own[n].calls[calls.ask(self.c, who, call, made["id"], self.waits, 1000).id] = who.id
        assert len(made["photos"]) == 1

    def check(self, seen: dict[str, Any]) -> None:
        """Each file shows all of its family and nothing else, with who gave it; no row is another's now."""
        for n, shop in enumerate(self.shops):
            if n in self.into:
                continue
            it = file.whole(self.c, self.people["li"], shop)
            shown = {
                "facts": {one.id: one.by.id for one in it.facts},
                "past": {one.id: one.by.id for one in it.past},
                "contacts": {one.id: one.by.id for one in it.contacts},
                "visits": {one.id: one.person.id for one in it.story if one.kind == "visit"},
                "calls": {one.id: one.person.id for one in it.story if one.kind == "call"},
            }
            for kind, seen_there in shown.items():
                assert seen_there == self.has(n, kind), kind
            assert {one.id for one in it.parts} == {
                self.shops[part] for part, whole in self.into.items() if whole == n
            }
        rows = {
            row.id: tuple(row)
            for table, whose in ((fact, fact.c.by), (contact, contact.c.by), (visit, visit.c.member))
            for row in self.c.execute(select(table.c.id, table.c.customer, whose))
        }
        assert seen.items() <= rows.items()
        seen |= rows


@here
async def test_nothing_is_lost_whatever_is_merged_and_undone(town: Town) -> None:
    """Any series of merges and undos, with what people do in between."""
    waits = town.app.state.settings.calls

    def series(c: Connection) -> None:
        people = {}
        for name in PEOPLE:
            token = town[name].headers["authorization"].removeprefix("Bearer ")
            who = find(c, (digest(token), True), "squad", town.squad)
            assert who
            people[name] = who

        @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(st.lists(STEP, min_size=8, max_size=24))
        def told(steps: list[tuple[str, int, int, str]]) -> None:
            with c.begin_nested() as pause:
                shops = [actions.add(c, people["li"], f"Shop {n}", None) for n in range(SHOPS)]
                book = Book(c, people, waits, shops, [Own() for _ in shops])
                seen: dict[str, Any] = {}
                for step in steps:
                    book.take(step)
                    book.check(seen)
                for part, whole in [*book.into.items()]:
                    book.joined("part", whole, part, "wang")
                book.check(seen)
                apart = select(customer.c.id).where(customer.c.merged_into.is_not(None))
                assert c.execute(apart).all() == []
                pause.rollback()

        told()
        raise Done

    with pytest.raises(Done):
        await town.app.state.db.write(series)
