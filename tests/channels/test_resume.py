"""Resuming: any cut, any loss, any order, and the watcher has the journal."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels import join
from channels.hub import Hub
from channels.position import Position
from channels.relay import Bus, MemoryRelay
from channels.resume import Step, plan
from tests.channels import clock
from tests.channels.peer import Peer
from tests.channels.town import ADA, NORTH, Journal, until

HEAD = Position("e", 100)


def test_the_way_from_a_cursor() -> None:
    """By how far behind it is, and by what is in memory."""
    ways = {
        None: Step.LIVE,
        Position("e", 100): Step.WINDOW,
        Position("e", 89): Step.WINDOW,
        Position("e", 88): Step.WIDEN,
        Position("e", 80): Step.WIDEN,
        Position("e", 79): Step.PAGE,
        Position("e", 50): Step.PAGE,
        Position("e", 49): Step.RESET,
        Position("e", 101): Step.RESET,
        Position("other", 100): Step.RESET,
    }
    for cursor, step in ways.items():
        assert plan(cursor, HEAD, oldest=90, window=20, far=50) is step, cursor


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 20), st.integers(1, 20), st.integers(20, 40))
def test_every_way_is_possible(at: int, head: int, held: int, window: int, far: int) -> None:
    """A step never asks for what is not there, and a cursor in reach is never reset."""
    oldest = max(1, head + 1 - min(held, window))
    step = plan(Position("e", at), Position("e", head), oldest, window, far)
    assert (step is Step.RESET) == (at > head or head - at > far)
    if step is Step.WINDOW:
        assert all(oldest <= offset <= head for offset in range(at + 1, head + 1))
    if step is Step.WIDEN:
        assert at + 1 < oldest
        assert head - at <= window


SIGNS = ["tick", "wait", "poll", "resubscribe", "age", "forget", "restart", "down", "up", "dismiss"]
ACTION = st.one_of(
    st.tuples(st.sampled_from(SIGNS), st.just(0)),
    st.tuples(st.just("commit"), st.sampled_from(["here", "there", "nowhere", "late", "twice"])),
    st.tuples(st.just("delete"), st.integers(0, 30)),
    st.tuples(st.just("deliver"), st.integers(0, 30)),
    st.tuples(st.just("restore"), st.integers(0, 30)),
    st.tuples(st.just("join"), st.tuples(st.integers(0, 40), st.sampled_from(["data", "html:en"]))),
    st.tuples(st.just("cut"), st.integers(0, 30)),
    st.tuples(st.just("answers take"), st.sampled_from([0, 0.001, 0.003])),
)
ACTIONS = st.lists(ACTION, min_size=15, max_size=50)


@settings(max_examples=200)
@given(past=st.integers(0, 30), actions=ACTIONS, slices=st.integers(1, 3))
def test_any_history_ends_with_the_journal(past: int, actions: list[tuple[str, Any]], slices: int) -> None:
    """Entries announced here, in another process, late, twice or never; watchers from any cursor, cut at any
    time; a journal that is slow, away or restored, a process that starts anew: every watcher ends with each
    entry after its cursor, once, in order, or is told to fetch the page; and gets nothing that was deleted.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(join, "CHUNK", 3)
        clock.run(play(past, actions, slices))


async def play(past: int, actions: list[tuple[str, Any]], slices: int) -> None:
    scene = Scene(slices)
    for _ in range(past):
        scene.journal.append()
    await scene.begin()
    try:
        for name, how in actions:
            await scene.act(name, how)
        await scene.end()
    finally:
        await scene.hub.stop()
        for watcher in scene.watchers:
            watcher.peer.hang_up()
        await asyncio.sleep(0)


class Scene:
    """Plays the actions."""

    def __init__(self, slices: int) -> None:
        self.journal, self.bus, self.slices = Journal(), Bus(), slices
        self.journal.streams[NORTH] = []
        self.other = MemoryRelay(self.bus)
        self.late: list[Any] = []
        self.watchers: list[Watcher] = []
        self.troubles = 0
        """Outages and restorations: each may cost a watcher a reset more."""

    async def begin(self) -> None:
        await self.other.start(lambda *_: None, lambda *_: None)
        await self.start()

    async def start(self) -> None:
        times: dict[str, Any] = {"poll": 3600, "presence": 3600, "grace": 0.0, "pauses": (0.001, 0.002)}
        self.hub = Hub(self.journal, MemoryRelay(self.bus), window=8, far=20, **times)
        self.hub._common.fanout.size = self.slices
        await self.hub.start()

    async def act(self, name: str, how: Any) -> None:
        journal, stream = self.journal, self.hub.streams.get(NORTH)
        if name == "commit":
            entry = journal.append()
            if how in ("here", "twice"):
                self.hub.announce([entry])
            if how in ("there", "twice"):
                self.other.publish(NORTH, b"e" + entry.dump())
            if how == "late":
                self.late.append(entry)
        elif name == "delete":
            self.hub.announce([journal.delete(how)])
        elif name == "deliver" and self.late:
            self.hub.announce([self.late.pop(how % len(self.late))])
        elif name == "join":
            self.watchers.append(watcher := Watcher(journal.at(how[0]), how[1]))
            await watcher.connect(self.hub, journal)
        elif name == "cut" and self.watchers:
            watcher = self.watchers[how % len(self.watchers)]
            watcher.read(journal)
            watcher.peer.hang_up()
            await watcher.connect(self.hub, journal)
        elif name == "answers take":
            journal.slow = how
        elif name == "tick":
            await asyncio.sleep(0)
        elif name == "wait":
            await asyncio.sleep(0.002)
        elif name in ("poll", "resubscribe"):
            self.hub.check_heads([NORTH])
        elif name == "forget":
            self.hub.forget(NORTH)
        elif name == "age" and stream is not None:
            stream.age()
        elif name in ("down", "up"):
            journal.down = name == "down"
            self.troubles += 1
        elif name == "restore":
            journal.restore(how)
            self.troubles += 1
        elif name == "dismiss":
            self.hub.dismiss(ADA)
        elif name == "restart":
            await self.hub.stop()
            await self.start()

    async def end(self) -> None:
        """Everything works again, one more entry, and whoever was closed comes back."""
        journal = self.journal
        journal.down, journal.slow = False, 0
        self.hub.announce([journal.append()])
        async with asyncio.timeout(20):
            while not all([await watcher.arrived(self.hub, journal) for watcher in self.watchers]):
                self.hub.check_heads([NORTH])
                await asyncio.sleep(0.001)
        await self.settled()
        for watcher in self.watchers:
            watcher.read(journal)
            assert watcher.ready
            assert watcher.at == journal.head()
            assert watcher.resets <= watcher.reasons + 2 * self.troubles

    async def settled(self) -> None:
        """Nothing that could still be sent."""
        stream = self.hub.streams.get(NORTH)
        if stream is not None:
            await until(lambda: all(c.start == self.journal.head() for c in stream.channels.values()))
        await asyncio.sleep(0.001)


class Watcher:
    """Does as the page does: the next offset is applied, a reset fetches the page at what it names."""

    def __init__(self, cursor: Position, rep: str) -> None:
        self.at = cursor
        self.rep = rep
        self.ready = False
        self.resets = self.reasons = 0
        self.peer: Peer

    async def connect(self, hub: Hub, journal: Journal) -> None:
        stream = hub.streams.get(NORTH)
        known = stream.position if stream is not None else Position("", 0)
        self.gone = journal.deleted_before(known)
        self.ready = False
        self.reasons += self.at.offset > journal.head().offset
        self.peer = await Peer.join(hub, self.at, self.rep)

    async def arrived(self, hub: Hub, journal: Journal) -> bool:
        """Whether it is at the journal's head; one that was closed begins again at its cursor."""
        self.read(journal)
        if self.peer.live.closing:
            self.peer.hang_up()
            await self.connect(hub, journal)
        return self.ready and self.at == journal.head()

    def read(self, journal: Journal) -> None:
        for frame in self.peer.frames("message", "deleted", "ready", "reset"):
            here = Position(frame["epoch"], frame["offset"])
            if frame["kind"] == "reset":
                behind = here.offset - self.at.offset
                far = behind > (20 if self.rep == "data" else 8)
                self.reasons += here.epoch != self.at.epoch or far or here == self.at
                self.resets += 1
                self.at = here
            elif frame["kind"] == "ready":
                assert here == self.at, "not where the replay ended"
                assert not self.ready
                self.ready = True
            else:
                assert here == Position(self.at.epoch, self.at.offset + 1), "not the next"
                assert (here in self.gone) <= (frame["data"] == {}), "deleted long before"
                self.at = here
