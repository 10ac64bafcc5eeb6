"""What people do, step by step: one visit with its talk, one message with its answers."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from server.demo.story import Talk

METRES_PER_DEGREE = 111_195.0


@dataclass(slots=True)
class Step:
    """One thing somebody does, `after` so many minutes of its story.

    `id` is the visit's or the post's own, or the sweep's, `to` what is replied or reacted to, the
    visit one asks from, the call one helps with. `quick` ones
    follow at once.
    """

    after: float
    who: str
    do: Literal["check_in", "close", "say", "reply", "react", "arrive", "ask", "help"]
    id: str = ""
    to: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    late: float = 0.0  # minutes a check-in waited on the phone
    quick: bool = False


def body(step: Step, moment: datetime) -> dict[str, Any]:
    """The step as the API takes it, done at that moment."""
    if step.do == "check_in":
        captured = moment - timedelta(minutes=step.late)
        sent = {"id": step.id, "captured_at": captured.isoformat(), **step.data}
        if place := step.data["position"]:
            fix_at = captured - timedelta(seconds=place["age"])
            sent["position"] = {k: v for k, v in place.items() if k != "age"} | {"fix_at": fix_at.isoformat()}
        return sent
    if step.do == "arrive":
        return {"at": moment.isoformat()}
    if step.do == "close":
        return {**step.data, "closed_at": moment.isoformat()}
    return {"id": step.id, **step.data} if step.do in ("say", "reply", "ask", "help") else {}


def made_id(rng: random.Random) -> str:
    """An id as a phone would make it."""
    return str(UUID(int=rng.getrandbits(128), version=4))


def near(
    rng: random.Random, lat: float, lon: float, kind: str, away: tuple[float, float] | None = None
) -> dict[str, Any] | None:
    """A phone's idea of where it is, not far from a door: gps, network, hand, or none at all."""
    accuracy = {"gps": rng.uniform(4, 26), "network": rng.uniform(45, 150)}.get(kind, 0.0)
    if kind == "none":
        return None
    metres = rng.uniform(*away) if away else abs(rng.gauss(4, accuracy * 0.5 + 4))
    turn = rng.uniform(0, math.tau)
    return {
        "lat": round(lat + metres * math.sin(turn) / METRES_PER_DEGREE, 6),
        "lon": round(lon + metres * math.cos(turn) / METRES_PER_DEGREE / math.cos(math.radians(lat)), 6),
        "accuracy": round(accuracy, 1) or None,
        "source": kind,
        "age": round(rng.uniform(1, 25)),
    }


def talk(
    rng: random.Random,
    start: float,
    root: str,
    author: str,
    others: Sequence[str],
    lines: Talk,
) -> list[Step]:
    """Replies under a post, each by another team-mate, some answered by the post's author."""
    steps, at = [], start
    for (said, answer), speaker in zip(lines, others, strict=False):
        at += rng.uniform(0.8, 2.5)
        first = made_id(rng)
        steps.append(Step(at, speaker, "reply", first, root, {"text": said}))
        if rng.random() < 0.3:
            liked = rng.choice(("smile", "thanks", "heart"))
            steps.append(Step(at + 0.3, author, "react", to=first, data={"kind": liked}, quick=True))
        if answer:
            at += rng.uniform(0.8, 2.0)
            steps.append(Step(at, author, "reply", made_id(rng), first, {"text": answer}))
    return steps


FELT: dict[str, tuple[str, tuple[int, int], tuple[str, ...]]] = {
    "won": ("cheer", (3, 9), ("fire", "handshake", "heart")),
    "lost": ("encourage", (2, 5), ("handshake", "heart")),
    "nobody": ("encourage", (0, 2), ("smile",)),
    "no_decision": ("encourage", (1, 3), ("eyes",)),
    "advanced": ("encourage", (0, 3), ("fire", "eyes", "handshake")),
    "said": ("thanks", (0, 3), ("smile", "heart", "eyes")),
}


def felt(rng: random.Random, start: float, post: str, others: Sequence[str], about: str) -> list[Step]:
    """How the squad feels about it: the named reaction first, now and then another beside it."""
    kind, (least, most), beside = FELT[about]
    count = min(rng.randint(least, most), len(others))
    steps = [
        Step(start + 0.2 * n, who, "react", to=post, data={"kind": kind}, quick=n > 0)
        for n, who in enumerate(others[:count])
    ]
    late = list(others[count:])[: rng.randint(0, 2)]
    if count and rng.random() < 0.4:
        late.append(others[0])
    for who in late:
        more = {"kind": rng.choice(beside)}
        steps.append(Step(start + 0.3 * len(steps), who, "react", to=post, data=more, quick=True))
    return steps
