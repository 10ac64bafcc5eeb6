"""A squad's day that plays by itself: some stories at a time, a step every few seconds, without an end."""

import asyncio
import random
from collections import deque
from typing import Any

from server.demo.rally import Rally
from server.demo.scene import Scene
from server.demo.steps import Step
from server.demo.voice import Voice
from server.schema import now

AT_ONCE = 3
"""Stories told side by side."""
ANSWERED = ("checkin", "message", "outcome", "reply")
WAITING = 3
"""Answers to visitors that may wait their turn; who says more than that is listened to in silence."""
LIVELY = 20
"""Stories that are mostly visits; after them people talk more than they walk, or the map would fill up."""
RARELY = 10
"""Then one story in so many is a visit."""
PAUSE = (1.9, 3.4)
BREATH = (0.25, 0.7)


class Day:
    """Tells the stories of one squad. `speed`: 1 as people are, 0 without any pause."""

    def __init__(self, scene: Scene, voice: Voice, going_on: list[list[Step]], speed: float = 1.0) -> None:
        self.scene, self.voice, self.speed = scene, voice, speed
        self.rng: random.Random = scene.rng
        self.handles = {id: handle for handle, id in scene.ids.items()}
        self.stories = [deque(steps) for steps in going_on]
        self.answers: list[deque[Step]] = []
        self.begun = 0
        self.rally = Rally(voice, self.handles)

    async def run(self, turns: int | None = None) -> None:
        """Goes on for so many turns, or until it is cancelled."""
        self._answer(await self.voice.news())
        while turns is None or turns > 0:
            arrival = await self.rally.next(now())
            await self._turn(deque([arrival]) if arrival else self._next_story())
            self._answer(await self.voice.news())
            await self._pause(PAUSE)
            if turns is not None:
                turns -= 1

    async def _turn(self, story: deque[Step]) -> None:
        """The story's next step, with those that follow at once."""
        while story:
            step = story.popleft()
            if not await self.voice.act(step) and step.do != "react":
                story.clear()  # somebody took back what it was about, or nobody is there to hear it
            if not (story and story[0].quick):
                break
            await self._pause(BREATH)
        self.stories = [one for one in self.stories if one]
        self.answers = [one for one in self.answers if one]

    async def _pause(self, seconds: tuple[float, float]) -> None:
        await asyncio.sleep(self.speed * self.rng.uniform(*seconds))

    def _next_story(self) -> deque[Step]:
        """Visitors first; else one of those being told, or a new one where there are too few."""
        if self.answers:
            return self.answers[0]
        if len(self.stories) < AT_ONCE:
            self.stories.append(deque(self._begin()))
            return self.stories[-1]
        return self.rng.choice(self.stories)

    def _begin(self) -> list[Step]:
        self.begun += 1
        inside = {step.who for story in self.stories for step in story if step.do == "close"}
        who = self.scene.next_walker(inside | self.rally.there)
        talking = bool(self.begun % RARELY) if self.begun > LIVELY else self.begun % 4 == 0
        if who is None or talking:
            return self.scene.message()
        late = self.rng.uniform(7, 16) if self.rng.random() < 0.06 else 0.0
        return self.scene.visit(who, late)

    def _answer(self, entries: list[dict[str, Any]]) -> None:
        """A visitor who plays along is heard like everybody else."""
        for entry in entries:
            author = self.handles.get(entry["actor"] or "")
            if entry["kind"] not in ANSWERED or author is None or len(self.answers) >= WAITING:
                continue
            if not entry["data"].get("redacted"):
                result = (entry["data"].get("outcome") or {}).get("result", "")
                steps = self.scene.answer(entry["kind"], entry["subject"], author, result)
                self.answers.append(deque(steps))
