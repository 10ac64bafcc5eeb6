"""The end of a field day: one after the other reaches the rally point, the last of them at its time."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from server.demo.steps import Step
from server.demo.voice import Voice

WINDOW = timedelta(minutes=9)
"""Before the rally: the first is there."""


class Rally:
    """Brings a squad home from the sweep that runs, whenever it is to meet. `handles`: by member.

    `there`: who has arrived and goes nowhere else before it is over.
    """

    def __init__(self, voice: Voice, handles: Mapping[str, str]) -> None:
        self.voice, self.handles = voice, handles
        self.there: set[str] = set()

    async def next(self, moment: datetime) -> Step | None:
        """Whose turn it is to arrive, if it is anybody's."""
        sweep = await self.voice.sweep()
        arrived = {one["member"] for one in sweep["arrived"]} if sweep else set()
        self.there = {self.handles[id] for id in arrived if id in self.handles}
        going = [lane["member"] for lane in sweep["lanes"]] if sweep else []
        for left, member in enumerate(reversed(going)):
            due = datetime.fromisoformat(sweep["rally_at"]) - WINDOW * (left / len(going))
            if member not in arrived and member in self.handles and moment >= due:
                return Step(0.0, self.handles[member], "arrive", sweep["id"])
        return None
