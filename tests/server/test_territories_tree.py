"""The tree, whatever is done to it: no rings, and every squad has the managers a plain walk finds."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, select

from config.settings import Settings
from server import db
from server.errors import Conflict, Invalid
from server.members import actions as members
from server.schema import new_id
from server.squads import actions as squads
from server.squads.models import membership, squad
from server.territories import actions, tree
from server.territories.actions import Limits
from server.territories.models import territory, territory_manager

LIMITS = Limits(most=9, levels=4)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("make", "move", "move", "appoint", "relieve", "place", "close", "join", "leave")),
        st.integers(0, 9),
        st.integers(0, 9),
    ),
    max_size=30,
)


@pytest.fixture(scope="module")
def engine(ground: Any) -> Iterator[Engine]:
    """Tables on SQLite that nothing is ever committed to."""
    with ground.embedded() as chosen:
        made = db.lite_engine(chosen, "BEGIN", pool=1)
        yield made
        made.dispose()


class Company:
    """Three squads, three people who may be anything, and a tree that steps change."""

    def __init__(self, c: Connection) -> None:
        c.info["told"] = []
        self.c, self.made = c, list[str]()
        self.boss = members.set_up_company(c, "Qinghe", "Wang Fang", "w@q.example", None, "en", "UTC")
        self.people = [members.add_member(c, name=f"Person {n}") for n in range(3)]
        self.squads = [squads.create_squad(c, self.boss, f"Squad {n}", "UTC") for n in range(3)]

    def step(self, what: str, one: int, other: int) -> None:
        """One thing an admin may try; what is refused changes nothing."""
        person, team = self.people[other % 3], self.squads[other % 3]
        where = self.made[one % len(self.made)] if self.made else None
        to = self.made[other % len(self.made)] if self.made and other else None
        if what == "make":
            self.made.append(actions.make(self.c, self.boss, new_id(), f"T {len(self.made)}", to, LIMITS).id)
        elif what == "place":
            actions.place(self.c, self.boss, team, where)
        elif what == "join":
            squads.join(self.c, team, self.people[one % 3])
        elif what == "leave":
            squads.leave(self.c, team, self.people[one % 3])
        elif where is None:
            return
        elif what == "move":
            name = self.c.scalar(select(territory.c.name).where(territory.c.id == where))
            actions.change(self.c, self.boss, where, str(name), to, LIMITS)
        elif what == "close":
            actions.close(self.c, self.boss, where)
            self.made.remove(where)
        else:
            getattr(actions, what)(self.c, self.boss, where, person)

    def parents(self) -> dict[str, str | None]:
        """The tree as it is stored."""
        rows = self.c.execute(select(territory).where(territory.c.closed_at.is_(None)))
        return {row.id: row.parent for row in rows}

    def walked(self) -> set[tuple[str, str]]:
        """Who manages which squad, found by climbing from each squad to the top."""
        posts: dict[str, set[str]] = {}
        for row in self.c.execute(select(territory_manager).where(territory_manager.c.to_at.is_(None))):
            posts.setdefault(row.territory, set()).add(row.member)
        parents, found = self.parents(), set[tuple[str, str]]()
        for row in self.c.execute(select(squad.c.id, squad.c.territory)):
            at, climbed = row.territory, 0
            while at is not None:
                climbed += 1
                assert climbed <= LIMITS.levels, "a ring, or too deep"
                found |= {(row.id, member) for member in posts.get(at, ())}
                at = parents[at]
        return found

    def kept(self) -> set[tuple[str, str]]:
        """The same as the memberships say it."""
        rows = self.c.execute(select(membership).where(membership.c.left_at.is_(None))).all()
        assert all(row.own or row.manages for row in rows)
        assert len({(row.squad, row.member) for row in rows}) == len(rows)
        return {(row.squad, row.member) for row in rows if row.manages}


@settings(max_examples=150)
@given(steps=STEPS)
def test_what_is_kept_is_what_a_plain_walk_finds(engine: Engine, steps: list[tuple[str, int, int]]) -> None:
    """After each step; and the feed tells every coming and going."""
    with engine.connect() as c, c.begin() as transaction:
        company = Company(c)
        for step in steps:
            before = company.kept()
            told = len(c.info["told"])
            try:
                with c.begin_nested():
                    company.step(*step)
            except (Invalid, Conflict):
                del c.info["told"][told:]
            parents = company.parents()
            assert all(len(list(tree.upward(parents, id))) <= LIMITS.levels for id in parents)
            assert company.kept() == company.walked()
            changed = before ^ company.kept()
            heard = [one for one in c.info["told"][told:] if getattr(one, "kind", "") == "member"]
            seen = {(one.stream, one.data["id"]) for one in heard if one.data["state"].startswith("manage")}
            assert seen == changed
        transaction.rollback()


@st.composite
def trees(draw: st.DrawFn) -> dict[str, str | None]:
    """Any tree of up to twelve, in any order."""
    count = draw(st.integers(1, 12))
    parents = {
        f"t{n}": draw(st.sampled_from([None, *(f"t{before}" for before in range(n))])) for n in range(count)
    }
    return dict(draw(st.permutations(list(parents.items()))))


@given(parents=trees())
def test_a_tree_is_walked_from_the_top(parents: dict[str, str | None]) -> None:
    """Each once, after the one above it and before anything beside that; with its level."""
    order = list(tree.walked(parents, lambda id: id))
    assert sorted(id for id, _ in order) == sorted(parents)
    place = {id: n for n, (id, _) in enumerate(order)}
    for id, level in order:
        assert level == len(list(tree.upward(parents, id))) - 1
        own = tree.branch(parents, id)
        assert sorted(place[one] for one in own) == list(range(place[id], place[id] + len(own)))


@given(parents=trees(), data=st.data())
def test_a_branch_is_all_from_which_one_climbs_through_it(
    parents: dict[str, str | None], data: st.DataObject
) -> None:
    """Down and up agree, in levels too."""
    root = data.draw(st.sampled_from(sorted(parents)))
    climbing = {id: list(tree.upward(parents, id)) for id in parents}
    assert tree.branch(parents, root) == {id: way.index(root) for id, way in climbing.items() if root in way}


def test_limits_are_kept(embedded: Settings) -> None:
    """How many, how deep, and how many levels come along."""

    def grow(c: Connection) -> None:
        company = Company(c)
        for level in range(LIMITS.levels):
            above = company.made[-1] if company.made else None
            company.made.append(actions.make(c, company.boss, new_id(), f"L {level}", above, LIMITS).id)
        with pytest.raises(Invalid) as deep:
            actions.make(c, company.boss, new_id(), "Below", company.made[-1], LIMITS)
        assert deep.value.fields.keys() == {"parent"}
        tops = [actions.make(c, company.boss, new_id(), f"Top {n}", None, LIMITS).id for n in range(5)]
        actions.make(c, company.boss, tops[0], "Again", None, LIMITS)
        with pytest.raises(Invalid) as many:
            actions.make(c, company.boss, new_id(), "One more", None, LIMITS)
        assert many.value.fields.keys() == {"name"}
        with pytest.raises(Invalid) as branch:
            actions.change(c, company.boss, company.made[0], "L 0", tops[0], LIMITS)
        assert branch.value.fields.keys() == {"parent"}

    db.directly(embedded, grow)
