"""Bringing one watcher of one stream from its cursor to the live end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from channels.channel import Channel, Unshowable
from channels.frame import ready_frame, reset_frame
from channels.position import Position
from channels.resume import Step, plan
from channels.socket import Live

CHUNK = 64
"""Frames sent before waiting for the watcher to have taken them."""
NOWHERE = Position("", 0)
"""The journal does not have what follows the cursor: only a reset helps."""


async def follow(
    live: Live,
    channel: Channel,
    cursor: Position | None,
    check: Callable[[], Awaitable[object]],
    greet: Callable[[], bytes],
) -> None:
    """Replay, `ready`, live. Whatever happens meanwhile, the watcher gets each entry once and in order.

    `check` asks the journal for the head, because the cursor may know more than this process; `greet` is
    called in the step that goes live and gives what follows `ready`. Raises what the source raises.
    """
    try:
        await replay(live, channel, cursor, check, greet)
    except Unshowable:
        await replay(live, channel, NOWHERE, check, greet)


async def replay(
    live: Live,
    channel: Channel,
    cursor: Position | None,
    check: Callable[[], Awaitable[object]],
    greet: Callable[[], bytes],
) -> None:
    """One step after the other, as `plan` says; Unshowable where the frames on the way cannot be made."""
    stream, limits, checked = channel.stream, channel.stream.common.limits, False
    while not live.closing:
        step = plan(cursor, stream.position, stream.oldest, limits.window, limits.far)
        if step is Step.RESET and not checked:
            checked = True
            await check()
            await stream.filled()
        elif cursor is None or step is Step.RESET:
            if step is Step.RESET:
                stream.common.counts.resets += 1
                live.send(reset_frame(stream.name, channel.start))
            enter(live, channel, [], greet)
            break
        elif step is Step.WIDEN:
            if not await stream.widen(cursor.offset):
                cursor = NOWHERE
        elif step is Step.PAGE:
            frames = await stream.pages.after(cursor.offset, channel.rep)
            cursor = await advance(live, cursor, frames) if frames else NOWHERE
        elif cursor.offset > channel.taken:
            await channel.settle()
        else:
            frames = channel.cached(cursor.offset, CHUNK)
            if cursor.offset + len(frames) == channel.taken:
                enter(live, channel, frames, greet)
                break
            if frames:
                cursor = await advance(live, cursor, frames)
            else:
                await channel.fill(cursor.offset)


async def advance(live: Live, cursor: Position, frames: list[bytes]) -> Position:
    """Send old frames and wait until the watcher has taken them: a slow link is not a slow watcher."""
    live.send(b"".join(frames))
    await live.drained()
    return Position(cursor.epoch, cursor.offset + len(frames))


def enter(live: Live, channel: Channel, frames: list[bytes], greet: Callable[[], bytes]) -> None:
    """Send the last of the replay and subscribe, in one step of the loop: nothing is missed or doubled."""
    if live.closing:
        return
    live.topics += (channel.topic,)
    channel.topic.add(live)
    live.send(b"".join((*frames, ready_frame(channel.stream.name, channel.start), greet())))
