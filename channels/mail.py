"""What the hubs of several processes tell each other, as lines for the relay."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

import orjson
import structlog

from channels.frame import Entry
from channels.relay import Relay
from channels.source import Dismissal

if TYPE_CHECKING:
    from channels.hub import Hub

log = structlog.get_logger(__name__)

CONTROL = "*"
"""The channel that every process hears."""
REPEAT = 60.0
"""Seconds after which a process tells again who is connected to it."""
HEARTBEAT = 5.0
"""Seconds between two signs of life."""


class Mail:
    """A line begins with a letter: e(ntry), d(ismissal), r(edaction), p(resence), s(hared position),
    n(o longer shared), a(live), g(oodbye).
    """

    def __init__(self, relay: Relay, hub: Hub) -> None:
        self.process = uuid.uuid4().hex
        self._relay = relay
        self._hub = hub
        self._next_sign = 0.0
        self._next_repeat = 0.0

    def tell_entry(self, entry: Entry) -> None:
        """Somebody watches that stream elsewhere, perhaps."""
        self._relay.publish(entry.stream, b"e" + entry.dump())

    def tell_dismissal(self, dismissal: Dismissal) -> None:
        """The member may be connected elsewhere."""
        line = orjson.dumps([dismissal.member, dismissal.stream, dismissal.ticket])
        self._relay.publish(CONTROL, b"d" + line)

    def tell_redaction(self, stream: str) -> None:
        """Others may have redacted entries in memory."""
        self._relay.publish(stream, b"r")

    def tell_presence(self, stream: str, members: Sequence[str]) -> None:
        """Who is connected to this process."""
        self._relay.publish(stream, b"p" + orjson.dumps([self.process, members]))

    def tell_all(self, line: bytes) -> None:
        """Every process is to know, whoever watches what there."""
        self._relay.publish(CONTROL, line)

    def heartbeat(self, now: float) -> None:
        """Called often: a sign of life, a repetition of the sets, an eye on the others' signs, when due."""
        if now >= self._next_sign:
            self._next_sign = now + HEARTBEAT
            self._relay.publish(CONTROL, b"a" + self.process.encode())
            self._hub.presence.expire(now)
        if now >= self._next_repeat:
            self._next_repeat = now + REPEAT
            self._repeat()

    def goodbye(self) -> None:
        """Whoever was connected here is gone."""
        self._relay.publish(CONTROL, b"g" + self.process.encode())

    def confirmed(self, channels: Sequence[str]) -> None:
        """The relay hears these from now on; what was said before is unknown, on both sides."""
        self._hub.check_heads(channels)
        self._hub.presence.repeat(channels)
        if CONTROL in channels:
            self._hub.sharing.repeat()

    def _repeat(self) -> None:
        self._hub.presence.repeat()
        self._hub.sharing.repeat()

    def receive(self, channel: str, lines: Sequence[bytes]) -> None:
        """Lines of another process."""
        entries: list[Entry] = []
        for line in lines:
            try:
                if line[:1] == b"e":
                    entries.append(Entry.load(line[1:]))
                else:
                    self._receive(channel, line[:1], line[1:])
            except (ValueError, TypeError) as error:
                log.warning("unreadable line", channel=channel, error=repr(error))
        self._hub.take(channel, [entry for entry in entries if entry.stream == channel])

    def _receive(self, channel: str, kind: bytes, body: bytes) -> None:
        presence, now = self._hub.presence, self._hub.loop.time()
        if kind == b"d":
            self._hub.close(Dismissal(*orjson.loads(body)))
        elif kind == b"r":
            self._hub.drop_memory(channel)
        elif kind == b"p":
            process, members = orjson.loads(body)
            new = presence.heard_of(process, now)
            if channel in self._hub.streams:  # the relay may go on for a moment after the last watcher
                presence.heard(channel, process, members)
            if new:
                self._repeat()
        elif kind == b"s":
            self._hub.sharing.heard(body)
        elif kind == b"n":
            self._hub.sharing.heard_end(body)
        elif kind == b"a":
            if presence.heard_of(body.decode(), now):
                self._repeat()
        elif kind == b"g":
            presence.gone(body.decode())
