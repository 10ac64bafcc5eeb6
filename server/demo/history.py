"""The days behind: steps done through the same actions as everywhere, each at the moment it happened.

The only place where the time of recording is set afterwards; a history seeded now would else look as if
every phone had been without signal for days.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, bindparam, update

from channels.frame import Entry
from server.access import Who
from server.calls import actions as calls
from server.calls.forms import Answer, Call
from server.calls.models import call
from server.demo.cast import CURRENCY
from server.demo.places import TODAY
from server.demo.scene import Scene
from server.demo.steps import Step, body
from server.feed import actions as feed
from server.feed.models import post, reaction
from server.journal import journal
from server.sweeps import arriving
from server.visits import actions as visits
from server.visits.forms import CheckIn, Outcome
from server.visits.models import visit

DAYS = 4
WAITS, SILENCE = dict.fromkeys(("price", "technical", "sample", "people"), 60), 600
"""Seconds, as the settings have them."""
TEXT_MAX = 8_000
Moments = list[tuple[datetime, str, Step]]
"""When, in which squad, what."""


def past(scene: Scene, day: date, zone: ZoneInfo) -> Moments:
    """One earlier working day of a squad: everybody out, two or three doors each."""
    rng, found = scene.rng, Moments()
    scene.new_day()
    morning = datetime.combine(day, time(8, 50), zone)
    for who in scene.walkers[: len(scene.walkers) - rng.randint(0, 1)]:
        at = morning + timedelta(minutes=rng.uniform(0, 70))
        for _ in range(rng.choice((1, 2, 2, 3))):
            late = rng.uniform(8, 35) if rng.random() < 0.05 else 0.0
            found += dated(scene, scene.visit(who, late, told=False), at)
            at += timedelta(minutes=rng.uniform(75, 140))
    for hour in (8.4, 12.3, 17.6):
        at = datetime.combine(day, time(0), zone) + timedelta(hours=hour + rng.uniform(0, 0.4))
        found += dated(scene, scene.message(), at)
    return found


def so_far(scene: Scene, now: datetime) -> tuple[Moments, list[list[Step]]]:
    """Today up to now, and the stories that are still going on. Early in the day it is squeezed together."""
    found, open_ = Moments(), []
    scene.new_day()
    pace = min(1.0, (now - begins(now)) / timedelta(minutes=270))
    plans = [
        (call.ago, scene.call(who, call)) for who, calls in TODAY[scene.team.key].items() for call in calls
    ]
    plans += [(ago, scene.message()) for ago in (250, 110, 31)]
    for ago, steps in plans:
        start = now - timedelta(minutes=ago * pace)
        paced = [replace(step, after=step.after * pace) for step in steps]
        found += [one for one in dated(scene, paced, start) if one[0] <= now]
        if rest := [step for step in steps if start + timedelta(minutes=step.after * pace) > now]:
            open_.append(rest)
    return found, open_


def begins(now: datetime) -> datetime:
    """When today's field day began."""
    return now.replace(hour=7, minute=30) if now.hour >= 9 else now.replace(hour=0, minute=0)


def dated(scene: Scene, steps: Iterable[Step], start: datetime) -> Moments:
    """A story's steps in their order: nobody answers what has not arrived yet."""
    found, minutes = Moments(), 0.0
    for step in steps:
        minutes = max(minutes, step.after + step.late)
        found.append((start + timedelta(minutes=minutes), scene.team.key, step))
    return found


def working_days(today: date, count: int) -> list[date]:
    """The working days before today, oldest first."""
    found: list[date] = []
    while len(found) < count:
        today -= timedelta(days=1)
        if today.weekday() < 5:
            found.insert(0, today)
    return found


def written(
    now: datetime,
    scenes: Iterable[Scene],
    zone: ZoneInfo,
    eve: Callable[[Scene, date], Moments],
) -> tuple[Moments, dict[str, Any]]:
    """Everything until now in the order it happened, and what is still going on in each squad; `eve` tells
    of the last working day before.
    """
    found, open_ = Moments(), {}
    for scene in scenes:
        *days, last = working_days(now.date(), DAYS)
        for day in days:
            found += past(scene, day, zone)
        found += eve(scene, last)
        today, open_[scene.team.key] = so_far(scene, now)
        found += today
    found.sort(key=lambda one: one[0])
    return found, open_


def tell(c: Connection, moments: Moments, people: Mapping[tuple[str, str], Who]) -> None:
    """Does it all in one transaction; `people`: (squad's key, handle) -> the caller there."""
    told: list[Any] = c.info["told"]
    when: list[tuple[datetime, Entry]] = []
    for moment, key, step in moments:
        before = len(told)
        do(c, people[key, step.who], step, moment)
        when += [(moment, entry) for entry in told[before:] if isinstance(entry, Entry)]
    date_back(c, when)


def do(c: Connection, who: Who, step: Step, moment: datetime) -> None:
    """One step as the action it is."""
    sent = body(step, moment)
    if step.do == "check_in":
        visits.check_in(c, who, CheckIn.model_validate(sent), TEXT_MAX)
    elif step.do == "close":
        visits.close(c, who, step.id, Outcome.model_validate(sent), TEXT_MAX, CURRENCY)
    elif step.do == "say":
        feed.say(c, who, step.id, sent["text"], TEXT_MAX)
    elif step.do == "ask":
        calls.ask(c, who, Call.model_validate(sent), step.to, WAITS, TEXT_MAX)
    elif step.do == "help":
        calls.answer(c, who, step.to, Answer.model_validate(sent), TEXT_MAX, SILENCE, CURRENCY)
    elif step.do == "arrive":
        arriving.arrive(c, who, step.id, moment)
    elif step.do == "reply":
        feed.reply(c, who, step.to, step.id, sent["text"], TEXT_MAX)
    else:
        feed.react(c, who, step.to, step.data["kind"], True)


def date_back(c: Connection, when: Iterable[tuple[datetime, Entry]]) -> None:
    """Sets the recording of each entry, and of the rows it is about, to its moment."""
    rows = [
        {
            "s_stream": entry.stream,
            "s_offset": entry.offset,
            "s_id": entry.subject,
            "s_by": entry.actor,
            "what": entry.data["did"] if entry.kind in ("call", "log") else entry.kind,
            "s_at": moment,
            "s_captured": min(moment, datetime.fromisoformat(entry.captured_at)),
        }
        for moment, entry in when
    ]
    times: dict[str, Any] = {"recorded_at": bindparam("s_at"), "captured_at": bindparam("s_captured")}
    here = and_(journal.c.stream == bindparam("s_stream"), journal.c.offset == bindparam("s_offset"))
    of: Any = bindparam("s_id")
    theirs = and_(reaction.c.post == of, reaction.c.member == bindparam("s_by"))
    said = [
        row
        for row in rows
        if row["what"] in ("checkin", "message", "reply", "member", "called", "published") and row["s_id"]
    ]
    met = [row for row in rows if row["what"] == "checkin"]
    shown = [row for row in rows if row["what"] == "reactions"]
    helped = {
        "opened_at": [row for row in rows if row["what"] == "called"],
        "claimed_at": [row for row in rows if row["what"] == "claimed"],
        "answered_at": [row for row in rows if row["what"] == "answered"],
        "ended_at": [row for row in rows if row["what"] == "closed"],
    }
    for statement, some in (
        (update(journal).where(here).values(**times), rows),
        (update(post).where(post.c.id == of).values(**times), said),
        (update(visit).where(visit.c.id == of).values(recorded_at=bindparam("s_at")), met),
        (update(reaction).where(theirs).values(at=bindparam("s_at")), shown),
        *(
            (update(call).where(call.c.id == of).values({name: bindparam("s_at")}), some)
            for name, some in helped.items()
        ),
    ):
        if some:
            c.execute(statement, some)
