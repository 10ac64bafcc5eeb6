"""What travels: journal entries between processes, JSON in WebSocket frames to watchers."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from channels.position import Position

PING = b"\x89\x00"

NORMAL, PROTOCOL_ERROR, DATA_REFUSED, NO_STATUS = 1000, 1002, 1003, 1005
NOT_ALLOWED, INTERNAL, RESTARTING, TOO_SLOW = 1008, 1011, 1012, 1013


@dataclass(frozen=True, slots=True)
class Entry:
    """One journal entry. Times are RFC 3339 UTC text, `data` is what JSON can hold."""

    stream: str
    epoch: str
    offset: int
    kind: str
    actor: str | None
    subject: str | None
    captured_at: str
    recorded_at: str
    data: dict[str, Any]

    def dump(self) -> bytes:
        """One line of JSON, for the relay."""
        return orjson.dumps(
            [
                self.stream,
                self.epoch,
                self.offset,
                self.kind,
                self.actor,
                self.subject,
                self.captured_at,
                self.recorded_at,
                self.data,
            ]
        )

    @classmethod
    def load(cls, line: bytes) -> Entry:
        """Read what `dump()` wrote; ValueError for anything else."""
        values = orjson.loads(line)
        if not isinstance(values, list) or len(values) != 9 or not isinstance(values[2], int):
            raise ValueError("not an entry")
        return cls(*values)


def public_name(stream: str) -> str:
    """The stream's name on the wire: a member's own stream is `me` to that member."""
    return "me" if stream.startswith("me:") else stream


def _open(entry: Entry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "stream": public_name(entry.stream),
        "epoch": entry.epoch,
        "offset": entry.offset,
        "at": entry.captured_at,
        "actor": entry.actor,
        "subject": entry.subject,
        "data": entry.data,
    }


def data_frame(entry: Entry) -> bytes:
    """The entry as a WebSocket frame, for `as=data`."""
    return text_frame(orjson.dumps(_open(entry)))


def html_frame(entry: Entry, content: str | None) -> bytes:
    """The same with the fragment to swap in; without `content` where there is none."""
    shown = _open(entry)
    if content is not None:
        shown["content"] = content
    return text_frame(orjson.dumps(shown))


def ready_frame(stream: str, head: Position) -> bytes:
    """The replay is done, live from `head`."""
    return _mark("ready", stream, head)


def beat_frame(stream: str, head: Position) -> bytes:
    """Nothing after `head` was sent until now."""
    return _mark("beat", stream, head)


def reset_frame(stream: str, head: Position) -> bytes:
    """The watcher cannot be brought up to date by frames: fetch the page again; live from `head`."""
    return _mark("reset", stream, head)


def presence_frame(stream: str, here: Sequence[str], count: int) -> bytes:
    """Who is connected; `here` is empty where `count` is a crowd. No offset, never replayed."""
    shown = {"kind": "presence", "stream": public_name(stream), "data": {"here": here, "count": count}}
    return text_frame(orjson.dumps(shown))


def shared_frame(stream: str, data: dict[str, Any]) -> bytes:
    """Where somebody is who shares it, or with `position` None no longer does. No offset, never replayed."""
    return text_frame(orjson.dumps({"kind": "shared", "stream": public_name(stream), "data": data}))


def _mark(kind: str, stream: str, head: Position) -> bytes:
    now = datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    place = {"epoch": head.epoch, "offset": head.offset}
    shown = {"kind": kind, "stream": public_name(stream), **place, "now": now}
    return text_frame(orjson.dumps(shown))


def text_frame(data: bytes) -> bytes:
    """An unmasked, unfragmented WebSocket text frame: the same bytes for every watcher."""
    return _header(0x81, len(data)) + data


def pong_frame(body: bytes) -> bytes:
    """The answer to a ping; at most 125 bytes."""
    return _header(0x8A, len(body)) + body


def close_frame(code: int, reason: str = "") -> bytes:
    """A close frame, for NO_STATUS one without a body; the reason has at most 123 bytes."""
    body = code.to_bytes(2, "big") + reason.encode() if code != NO_STATUS else b""
    return _header(0x88, len(body)) + body


def _header(first: int, size: int) -> bytes:
    if size < 126:
        return bytes((first, size))
    if size < 1 << 16:
        return bytes((first, 126)) + size.to_bytes(2, "big")
    return bytes((first, 127)) + size.to_bytes(8, "big")
