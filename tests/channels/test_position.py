"""Positions and frames: what is written is what is read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Close, Frame, Opcode

from channels.control import unmasked
from channels.frame import (
    Entry,
    close_frame,
    data_frame,
    html_frame,
    pong_frame,
    presence_frame,
    text_frame,
)
from channels.position import Position

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.from_regex(r"[0-9A-Za-z_-]{1,64}", fullmatch=True), st.integers(0, 10**15 - 1))
def test_a_position_survives_writing(epoch: str, offset: int) -> None:
    """Every position reads back as itself."""
    assert Position.parse(str(Position(epoch, offset))) == Position(epoch, offset)


@pytest.mark.parametrize(
    "text",
    ["", ".", "e", "e.", ".1", "e.-1", "e.01", "e.1 ", "e.٣", "e.1\n", "e f.1", "e.1.2.", "e.1" + "0" * 15],
)
def test_other_text_is_no_position(text: str) -> None:
    """Anything but `<epoch>.<offset>` is refused."""
    with pytest.raises(ValueError, match="not a position"):
        Position.parse(text)


@given(st.text(), st.dictionaries(st.text(), JSON, max_size=4), st.text() | st.none())
def test_an_entry_survives_the_relay(kind: str, data: dict[str, Any], actor: str | None) -> None:
    """On one line, whatever it holds."""
    entry = Entry("s", "e", 7, kind, actor, None, "2026-05-01T09:00:00Z", "2026-05-01T09:00:01Z", data)
    line = entry.dump()
    assert b"\n" not in line
    assert Entry.load(line) == entry


@pytest.mark.parametrize("line", [b"", b"{}", b"[1,2]", b'["s","e","1","k",null,null,"","",{}]', b"\xff"])
def test_other_lines_are_no_entry(line: bytes) -> None:
    """What another version might send is refused, not half understood."""
    with pytest.raises(ValueError, match=r".*"):
        Entry.load(line)


@pytest.mark.parametrize("size", [0, 125, 126, 127, 65535, 65536, 70000])
def test_frames_are_those_of_the_standard(size: int) -> None:
    """The same bytes that the `websockets` library makes."""
    assert text_frame(b"x" * size) == Frame(Opcode.TEXT, b"x" * size).serialize(mask=False)


def test_control_frames_are_those_of_the_standard() -> None:
    """Close with and without a reason, and pong."""
    for code, reason in ((1008, "no longer allowed"), (1012, "")):
        body = Close(code, reason).serialize()
        assert close_frame(code, reason) == Frame(Opcode.CLOSE, body).serialize(mask=False)
    assert pong_frame(b"hey") == Frame(Opcode.PONG, b"hey").serialize(mask=False)


@given(st.binary(max_size=125), st.binary(min_size=4, max_size=4))
def test_unmasking_undoes_masking(body: bytes, mask: bytes) -> None:
    """For every length a control frame may have."""
    masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(body))
    assert unmasked(masked, mask) == body


def read(frame: bytes) -> Any:
    return json.loads(frame[frame.index(b"{") :])


def test_what_watchers_read() -> None:
    """One's own stream is `me`; content only where there is some; presence has no offset."""
    entry = Entry("me:ada", "e", 1, "notice", "ben", "s1", "T1", "T2", {"id": 1})
    shown = {
        "kind": "notice",
        "stream": "me",
        "epoch": "e",
        "offset": 1,
        "at": "T1",
        "actor": "ben",
        "subject": "s1",
        "data": {"id": 1},
    }
    assert read(data_frame(entry)) == shown
    assert html_frame(entry, None) == data_frame(entry)
    assert read(html_frame(entry, "<p>")) == shown | {"content": "<p>"}
    here = {"kind": "presence", "stream": "north", "data": {"here": ["ada"], "count": 1}}
    assert read(presence_frame("north", ["ada"], 1)) == here
