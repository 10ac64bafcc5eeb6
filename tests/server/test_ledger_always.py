"""Any series of deeds: sums are entries, each entry's thing is there, and what one gave another got."""

from collections import Counter
from typing import Any

import pytest
from anyio import from_thread, to_thread
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.ledger.rules import MUTUAL
from server.schema import new_id, now
from server.visits.queries import today
from tests.server.cast import ZONE
from tests.server.conftest import Town
from tests.server.test_ledger import ledger

pytestmark = pytest.mark.anyio
PEOPLE = ("wang", "zhang", "li")
DOORS = ("hengtai", "lotus")
Deed = tuple[str, str, int]
deeds = st.lists(
    st.tuples(
        st.sampled_from(
            (
                "visit",
                "visit",
                "undo",
                "won",
                "fact",
                "correct",
                "confirm",
                "person",
                "call",
                "call",
                "answer",
                "say",
            )
        ),
        st.sampled_from(PEOPLE),
        st.integers(0, 1000),
    ),
    min_size=1,
    max_size=14,
)


class Book:
    """A second book, kept by hand while it happens: who did what, and for whom."""

    def __init__(self, town: Town) -> None:
        self.town, self.visits, self.facts, self.calls, self.logs = town, {}, {}, {}, {}  # type: ignore[var-annotated]
        self.people: set[tuple[str, str, str]] = set()
        self.confirmed: set[tuple[str, str]] = set()
        self.answers: set[tuple[str, str]] = set()
        self.replies: set[tuple[str, str]] = set()
        self.read: set[str] = set()

    async def play(self, series: list[Deed]) -> None:
        """One after the other; what may not be is refused, and stands in no book."""
        for what, who, n in series:
            await getattr(self, what)(who, n)

    @staticmethod
    def one(of: Any, n: int) -> Any:
        """One of several, the same for the same number."""
        return sorted(of)[n % len(of)] if of else None

    async def visit(self, who: str, n: int) -> None:
        """A check-in."""
        door = DOORS[n % 2]
        moment = now().isoformat()
        made = await self.town.check_in(who, customer_id=self.town.customers[door], captured_at=moment)
        self.visits[made.json()["id"]] = {"who": who, "door": door, "won": False}

    async def undo(self, who: str, n: int) -> None:
        """Takes the last check-in back."""
        mine = [id for id, it in self.visits.items() if it["who"] == who]
        if mine and (await self.town[who].delete(f"/api/v1/visits/{mine[-1]}")).status_code == 204:
            del self.visits[mine[-1]]

    async def won(self, who: str, n: int) -> None:
        """A visit is won."""
        id = self.one([id for id, it in self.visits.items() if it["who"] == who], n)
        if id:
            sent = {"result": "won", "closed_at": now().isoformat(), "note": "Signed"}
            answer = await self.town[who].put(f"/api/v1/visits/{id}/outcome", json=sent)
            self.visits[id]["won"] |= answer.status_code == 200

    async def fact(self, who: str, n: int) -> None:
        """Something found out."""
        id, door = new_id(), DOORS[n % 2]
        sent = {"id": id, "kind": "has", "text": f"{n} of them"}
        path = f"/api/v1/customers/{self.town.customers[door]}/facts"
        assert (await self.town[who].post(path, json=sent)).status_code == 201
        self.facts[id] = {"who": who, "door": door, "counts": True, "stands": True}

    async def correct(self, who: str, n: int) -> None:
        """Something put right."""
        old = self.one([id for id, it in self.facts.items() if it["stands"]], n)
        if old:
            known, id = self.facts[old], new_id()
            path = f"/api/v1/customers/{self.town.customers[known['door']]}/facts/{old}"
            await self.town[who].put(path, json={"id": id, "text": f"now {n}"})
            known["stands"] = False
            self.facts[id] = {**known, "who": who, "counts": who != known["who"], "stands": True}

    async def confirm(self, who: str, n: int) -> None:
        """Something said to be still true."""
        id = self.one([id for id, it in self.facts.items() if it["stands"]], n)
        if id:
            door = self.town.customers[self.facts[id]["door"]]
            await self.town[who].put(f"/api/v1/customers/{door}/facts/{id}/confirmation")
            self.confirmed.add((id, who))

    async def person(self, who: str, n: int) -> None:
        """Somebody there."""
        id, door = new_id(), DOORS[n % 2]
        path = f"/api/v1/customers/{self.town.customers[door]}/contacts"
        await self.town[who].post(path, json={"id": id, "name": f"Luo {n}"})
        self.people.add((id, who, door))

    async def call(self, who: str, n: int) -> None:
        """Help is asked for from a visit."""
        within = self.one([id for id, it in self.visits.items() if it["who"] == who], n)
        if within:
            sent = {"id": new_id(), "kind": ("price", "entry", "care")[n % 3], "text": "Please"}
            made = await self.town[who].post(f"/api/v1/visits/{within}/calls", json=sent)
            if made.status_code == 201:
                self.calls[sent["id"]] = {"who": who, "kind": sent["kind"], "visit": within}

    async def answer(self, who: str, n: int) -> None:
        """Somebody answers a call, perhaps once more."""
        id = self.one(self.calls, n)
        if id and self.calls[id]["who"] != who:
            sent = {"id": new_id(), "text": "Here"}
            made = await self.town[who].post(f"/api/v1/calls/{id}/answers", json=sent)
            if made.status_code == 201:
                self.answers.add((id, who))

    async def say(self, who: str, n: int) -> None:
        """Today's log is told, and others say something to the logs there are."""
        day = {"day": today(ZONE).isoformat()}
        lines = {"lines": {"lesson": {"text": f"Lesson {n}", "base": n}}}
        told = await self.town[who].post(f"/api/v1/squads/{self.town.squad}/logs", json=day | lines)
        if told.status_code in (200, 201):
            self.logs[told.json()["id"]] = who
        id = self.one(self.logs, n)
        if id and self.logs[id] != who:
            await self.town[who].post(f"/api/v1/logs/{id}/replies", json={"id": new_id(), "text": "Seen"})
            self.replies.add((id, who))

    def sums(self, who: str) -> dict[str, Counter[str]]:
        """One member's account by this book."""
        gave, got = Counter[str](), Counter[str]()
        went = {it["door"] for it in self.visits.values() if it["who"] == who}
        gave["visit"] = sum(it["who"] == who for it in self.visits.values())
        for it in self.facts.values():
            gave["fact"] += it["counts"] and it["who"] == who
            got["fact"] += it["counts"] and it["who"] != who and it["door"] in went
        for _, by, door in self.people:
            gave["contact"] += by == who
            got["contact"] += by != who and door in went
        for id, by in self.confirmed:
            if (giver := self.facts[id]["who"]) != by:
                gave["confirm"] += by == who
                got["confirm"] += giver == who
        for id, by in self.answers:
            it = self.calls[id]
            gave["answer"] += by == who
            kind = {"entry": "intel", "care": "care"}.get(it["kind"], "support")
            got[kind] += it["who"] == who
        helped = {(self.calls[id]["visit"], by) for id, by in self.answers}
        for id, by in helped:
            if id in self.visits and self.visits[id]["won"]:
                gave["win"] += by == who
                got["win"] += self.visits[id]["who"] == who
        for id, by in self.replies:
            gave["reply"] += by == who
            got["reply"] += self.logs[id] == who
        return {"gave": +gave, "got": +got}


async def entries(town: Town, who: str) -> list[dict[str, Any]]:
    """Every entry of one's own account, page by page."""
    found: list[dict[str, Any]] = []
    while True:
        page = await ledger(town, who, after=len(found))
        found += page["entries"]
        if not page["entries"]:
            assert len(found) == page["count"]
            return found


async def holds(town: Town, book: Book) -> None:
    """The accounts are as the book has them; sums are entries, things are there, both sides agree."""
    between: dict[str, Counter[tuple[str, str, str]]] = {"gave": Counter(), "got": Counter()}
    for who in PEOPLE:
        shown, all_of_it = await ledger(town, who), await entries(town, who)
        for side in ("gave", "got"):
            rows = Counter(one["kind"] for one in all_of_it if one["side"] == side)
            assert {kind: n for kind, n in shown[side].items() if n} == rows == book.sums(who)[side], (
                who,
                side,
            )
        assert len({(one["side"], one["kind"], one["id"], one["other"]) for one in all_of_it}) == len(
            all_of_it
        )
        for one in all_of_it:
            if one["other"] and one["kind"] not in ("fact", "contact"):
                ends = (town.ids[who], one["other"])
                pair = ends if one["side"] == "gave" else ends[::-1]
                kind = next(given for given, as_ in MUTUAL.items() if one["kind"] in (given, *as_))
                between[one["side"]][(*pair, kind)] += 1
        for path in {one["path"].partition("#")[0] for one in all_of_it} - book.read:
            assert (await town[who].get(path)).status_code == 200, path
            book.read.add(path)
    assert between["gave"] == between["got"]


async def test_any_series_of_deeds(town: Town) -> None:
    """One company goes on and on, and after every series of deeds its accounts are right."""
    book = Book(town)

    async def after(series: list[Deed]) -> None:
        await book.play(series)
        await holds(town, book)

    @settings(max_examples=8, suppress_health_check=list(HealthCheck), database=None)
    @given(deeds)
    def always(series: list[Deed]) -> None:
        from_thread.run(after, series)

    await to_thread.run_sync(always)
