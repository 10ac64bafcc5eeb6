"""What a client may say. Clients only listen: control frames are read, and at the header of anything else
the connection ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from channels.frame import DATA_REFUSED, NO_STATUS, PROTOCOL_ERROR

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
MOST = 125
"""Bytes in the body of a control frame."""


@dataclass(slots=True)
class Heard:
    """What was in some bytes of a client's. Nothing is read after the frame that ends the connection."""

    pings: list[bytes] = field(default_factory=list)
    """Bodies, each to be answered by a pong."""
    hung_up: int | None = None
    """The client closes: the code of the answer."""
    refused: int | None = None
    """The client said what it may not say: the code to close with."""
    rest: bytes = b""
    """The beginning of a frame that has not arrived whole."""


def listen(data: bytes) -> Heard:
    """Read the frames in `data`, which begins with the last `rest`."""
    heard, at = Heard(), 0
    while len(data) - at >= 2:
        first, second = data[at], data[at + 1]
        kind, size = first & 15, second & 127
        if first & 0x70 or not second & 0x80:
            heard.refused = PROTOCOL_ERROR
            return heard
        if kind in (TEXT, BINARY):
            heard.refused = DATA_REFUSED
            return heard
        if kind not in (CLOSE, PING, PONG) or not first & 0x80 or size > MOST:
            heard.refused = PROTOCOL_ERROR
            return heard
        start, end = at + 6, at + 6 + size
        if len(data) < end:
            break
        if kind == CLOSE:
            heard.hung_up = answer(unmasked(data[start:end], data[at + 2 : start]))
            return heard
        if kind == PING:
            heard.pings.append(unmasked(data[start:end], data[at + 2 : start]))
        at = end
    heard.rest = data[at:]
    return heard


def unmasked(body: bytes, mask: bytes) -> bytes:
    """A control frame's body; at most 125 bytes."""
    size = len(body)
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(body, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")


def answer(body: bytes) -> int:
    """The code to answer a close frame with: its own, 1005 where it has none, 1002 where it is malformed."""
    if not body:
        return NO_STATUS
    code = int.from_bytes(body[:2], "big")
    valid = code in {1000, 1001, 1002, 1003, *range(1007, 1015)} or 3000 <= code < 5000
    if len(body) == 1 or not valid:
        return PROTOCOL_ERROR
    try:
        body[2:].decode()
    except UnicodeDecodeError:
        return PROTOCOL_ERROR
    return code
