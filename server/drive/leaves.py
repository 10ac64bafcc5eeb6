"""Pages of documents as pictures: the first drawn when a document comes, others when they are asked for."""

import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import DEVNULL
from tempfile import TemporaryDirectory
from typing import NamedTuple

import anyio
from anyio import CapacityLimiter, to_thread

from server.drive.kinds import OFFICE
from server.store import Store

LEAF = Path(__file__).with_name("leaf.py")
"""The program that draws: what it needs is not loaded here."""
PATIENCE = 30.0
"""Seconds that drawing may take."""
AT_ONCE = 2
AHEAD = 3
"""Pages that are drawn with the one asked for: whoever reads it turns it."""
PDF = "application/pdf"
DRAWN = (PDF, "image/jpeg", "image/png", "image/webp", "image/gif", "image/heic")
"""Types of which there is something to be drawn."""
WHYS = ("locked", "pixels", "broken")


class Drawn(NamedTuple):
    """How many pages there are; none: `why`, one of `WHYS`, or empty where nothing is drawn of it. `cover`:
    whether the first can be seen all the same, as the file brings a picture of it.
    """

    pages: int
    why: str = ""
    cover: bool = False


class Leaves:
    """Draws a few at once, each in a process of its own; what is drawn lies in the store by its document."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.turns = CapacityLimiter(AT_ONCE)

    async def first(self, source: Path, hash: str, media_type: str) -> Drawn:
        """Draws the first page of a file of this machine."""
        if media_type.startswith(OFFICE):
            brought = await self._draw(source, hash, media_type, 1, 1)
            return Drawn(0, cover=brought.pages > 0)
        if media_type not in DRAWN:
            return Drawn(0)
        return await self._draw(source, hash, media_type, 1, 1)

    async def page(self, hash: str, media_type: str, n: int) -> Iterator[bytes] | None:
        """A page in pieces, drawn if it was not; None where there is none."""
        if (pieces := await self.store.open(_name(hash, n))) is not None:
            return pieces
        with TemporaryDirectory(prefix="muster-") as folder:
            source = Path(folder) / "source"
            if not await self.store.fetch(hash, source):
                return None
            await self._draw(source, hash, media_type, n, n + AHEAD)
        return await self.store.open(_name(hash, n))

    async def signs(self, hash: str, media_type: str, n: int) -> bytes | None:
        """Where on its picture each sign of a page stands, as `leaf.py` writes it; None: nobody knows."""
        if media_type != PDF:
            return None
        if (pieces := await self.store.open(_signs(hash, n))) is None:
            with TemporaryDirectory(prefix="muster-") as folder:
                source = Path(folder) / "source"
                if not await self.store.fetch(hash, source):
                    return None
                await self._run(source, hash, "signs", n, n + AHEAD)
            pieces = await self.store.open(_signs(hash, n))
        return None if pieces is None else await to_thread.run_sync(b"".join, pieces)

    async def _draw(self, source: Path, hash: str, media_type: str, first: int, last: int) -> Drawn:
        what = "pdf" if media_type == PDF else "office" if media_type.startswith(OFFICE) else "picture"
        return await self._run(source, hash, what, first, last)

    async def _run(self, source: Path, hash: str, what: str, first: int, last: int) -> Drawn:
        with TemporaryDirectory(prefix="muster-") as folder:
            words = [str(source), folder, what, str(first), str(last)]
            command = [sys.executable, "-I", str(LEAF), *words]
            async with self.turns:
                try:
                    with anyio.fail_after(PATIENCE):
                        done = await anyio.run_process(command, stderr=DEVNULL, check=False)
                except TimeoutError:
                    return Drawn(0, "broken")
            if done.returncode:
                said = done.stdout.decode().strip()
                return Drawn(0, said if said in WHYS else "broken")
            end, name = ("json", _signs) if what == "signs" else ("webp", _name)
            for n in range(first, last + 1):
                if (made := Path(folder) / f"{n}.{end}").exists():
                    await self.store.put(name(hash, n), made)
            return Drawn(int(done.stdout))


def _name(hash: str, n: int) -> str:
    return f"{hash}.p{n}"


def _signs(hash: str, n: int) -> str:
    return f"{hash}.s{n}"
