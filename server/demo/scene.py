"""One squad's day as it is told: who is where, who goes on next, and what has not been said yet."""

import math
import random
from collections.abc import Mapping

from server.access import Who
from server.demo.cast import CURRENCY, Team
from server.demo.lanes import SWEEPS
from server.demo.places import PLACES, Call, Place
from server.demo.steps import Step, felt, made_id, near, talk
from server.demo.story import Deck, Story, Words
from server.demo.words_en import WORDS as ENGLISH
from server.demo.words_zh import WORDS as CHINESE
from web.town import place as on_earth

WORDS: dict[str, Words] = {"en": ENGLISH, "zh": CHINESE}
REACH = 260.0
"""Pixels of the drawing that somebody walks to a new door; one is ten metres."""
ASKED_FOR = ("won", "advanced")
"""Visits that end so may have had help."""
HOWS = ("gps", "gps", "gps", "gps", "gps", "gps", "network", "network", "hand", "none")


def apart(one: Place, other: Place) -> float:
    """Pixels of the drawing between two doors."""
    return math.hypot(one.x - other.x, one.y - other.y)


class Scene:
    """What a squad does next. `people`: handle -> member; `customers`: name -> id."""

    def __init__(
        self, team: Team, rng: random.Random, people: Mapping[str, Who], customers: Mapping[str, str]
    ) -> None:
        self.team, self.rng, self.customers = team, rng, customers
        self.walkers = [person.handle for person in team.people]
        self.everybody = [*self.walkers, *team.guests]
        self.names = {handle: people[handle].name for handle in self.everybody}
        self.ids = {handle: people[handle].id for handle in self.everybody}
        self.places = {place.name: place for place in PLACES[team.key]}
        self.lanes = {handle: side.then for handle, side in SWEEPS[team.key].sides.items()}
        self.now_at: dict[str, Place] = {}
        self.seen: set[str] = set()
        self.rested = {handle: n for n, handle in enumerate(self.walkers)}
        self.turns = len(self.walkers)
        words = WORDS[team.locale]
        self.once = {story.at: story for story in words.stories if story.at}
        self.stories = Deck(rng, [story for story in words.stories if not story.at])
        self.cheers, self.comfort = Deck(rng, words.cheers), Deck(rng, words.comfort)
        self.messages, self.far = Deck(rng, words.messages), Deck(rng, words.far)
        self.calls = Deck(random.Random(team.key), words.calls)  # noqa: S311 - a tale
        self.arrived, self.heard = Deck(rng, words.arrived), Deck(rng, words.heard)

    def new_day(self) -> None:
        """Everybody at home again, nothing visited yet."""
        self.now_at.clear()
        self.seen.clear()

    def others(self, *but: str) -> list[str]:
        """The rest of the squad, in any order."""
        rest = [handle for handle in self.everybody if handle not in but]
        self.rng.shuffle(rest)
        return rest

    def next_walker(self, busy: set[str]) -> str | None:
        """Whoever has been at it least lately; None when all are with a customer."""
        free = sorted((handle for handle in self.walkers if handle not in busy), key=self.rested.__getitem__)
        return self.rng.choice(free[:2]) if free else None

    def next_place(self, who: str) -> Place:
        """The next stop of their lane, then a door near by; rather than across the town, one they know."""
        for name in self.lanes.get(who, ()):
            if name not in self.seen:
                return self.places[name]
        here, taken = self.now_at.get(who), self.now_at.values()
        left = [place for place in self.places.values() if place.name not in self.seen]
        if here is None:
            return self.rng.choice(left or list(self.places.values()))
        near = sorted(self.places.values(), key=lambda place: apart(place, here))
        fresh = [place for place in near if place in left and apart(place, here) < REACH]
        return self.rng.choice(fresh[:2] or [place for place in near if place not in taken][:3])

    def call(self, who: str, call: Call) -> list[Step]:
        """A visit of today as it was planned: at that door, with that end."""
        return self._visit(who, self.places[call.place], call.result, "gps", 0.0, True)

    def past_visit(self, who: str, place: str, result: str, late: float = 0.0) -> list[Step]:
        """A visit of another day at that door, with that end; what is told of today stays untold."""
        return self._visit(who, self.places[place], result, "gps", late, False)

    def visit(self, who: str, late: float = 0.0, told: bool = True) -> list[Step]:
        """A visit wherever the way leads; `told` when a place's own story may be used up by it."""
        return self._visit(who, self.next_place(who), "", self.rng.choice(HOWS), late, told)

    def _story(self, place: Place, result: str, told: bool) -> Story:
        if told and place.name in self.once:
            return self.once.pop(place.name)
        return self.stories.draw(lambda story: story.fits(place.kind, result))

    def _visit(self, who: str, place: Place, result: str, how: str, late: float, told: bool) -> list[Step]:
        rng, visit = self.rng, made_id(self.rng)
        story = self._story(place, result, told)
        self.now_at[who] = place
        self.seen.add(place.name)
        self.turns += 1
        self.rested[who] = self.turns
        note, reason, away = story.note, None, None
        if how != "gps" and story.result != "nobody" and rng.random() < 0.2:
            reason, note = self.far.draw()
            how, away = ("network" if reason == "gps" else "gps"), (420.0, 1700.0)
        position = near(rng, *on_earth(place.x, place.y), how, away)
        data = {"customer_id": self.customers[place.name], "position": position, "note": note}
        steps = [Step(0.0, who, "check_in", visit, data=data | {"reason": reason}, late=late)]
        others = self.others(who)
        steps += talk(rng, 2.0, visit, who, others, story.during)
        if not story.during and rng.random() < 0.35:
            steps.append(
                Step(2.0, others[0], "react", to=visit, data={"kind": rng.choice(("eyes", "encourage"))})
            )
        if told and story.result in ASKED_FOR and self.turns % 3 == 0:
            steps += self._help(steps[-1].after + 1.0, who, visit)
        end = steps[-1].after + rng.uniform(9, 16)
        steps.append(Step(end, who, "close", visit, data=self._outcome(story)))
        steps += felt(rng, end + 0.7, visit, self.others(who), story.result)
        steps += talk(rng, end + 2.5, visit, who, self.others(who), story.after)
        more = {"won": self.cheers, "lost": self.comfort}.get(story.result)
        if more is not None and (not story.after or rng.random() < 0.7):
            steps += talk(rng, steps[-1].after, visit, who, self.others(who), ((more.draw(), ""),))
        return steps

    def _help(self, at: float, who: str, visit: str) -> list[Step]:
        """A call from within the visit, which a team-mate answers."""
        kind, asked, answer = self.calls.draw()
        call, helper = made_id(self.calls.rng), self.walkers[0] if who != self.walkers[0] else self.walkers[1]
        said = {"kind": kind, "text": asked}
        return [
            Step(at, who, "ask", call, visit, said),
            Step(at + 2.2, helper, "help", made_id(self.calls.rng), call, {"text": answer}),
        ]

    def _outcome(self, story: Story) -> dict[str, str]:
        told = {"result": story.result, "note": story.said, "next_step": story.next_step}
        if story.amount:
            more = 0 if story.at else 800 * self.rng.randint(-6, 9)
            told |= {"amount": str(story.amount + more), "currency": CURRENCY}
        return told

    def message(self) -> list[Step]:
        """Somebody says something to all, and is answered."""
        text, lines = self.messages.draw()
        author, *others = self.others()
        id = made_id(self.rng)
        said = text.replace("{name}", self.names[others[0]])
        steps = [Step(0.0, author, "say", id, data={"text": said})]
        steps += felt(self.rng, 0.8, id, others[1:], "said")
        return steps + talk(self.rng, 1.5, id, author, others, lines)

    def answer(self, kind: str, post: str, author: str, result: str) -> list[Step]:
        """What the squad says to something that came from outside the tale."""
        others = self.others(author)
        if kind == "outcome":
            deck = {"won": self.cheers, "lost": self.comfort}.get(result, self.heard)
            line = talk(self.rng, 1.0, post, author, others, ((deck.draw(), ""),))
            return felt(self.rng, 0.3, post, others, result) + line
        deck = self.arrived if kind == "checkin" else self.heard
        feeling = Step(
            0.3, others[1], "react", to=post, data={"kind": "eyes" if kind == "checkin" else "thanks"}
        )
        return [feeling, Step(1.0, others[0], "reply", made_id(self.rng), post, {"text": deck.draw()})]
