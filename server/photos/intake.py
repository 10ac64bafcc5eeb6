"""From a file that somebody sent to a photo in the store: checked, made anew, named by its hash.

The small copy is made with it, while its pixels are at hand: a tenth of the work. A job for it would decode
anew in a process of its own, at three times the cost, and the squad would first see a photo without one.
"""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import DEVNULL
from tempfile import TemporaryDirectory
from typing import BinaryIO

import anyio
from anyio import CapacityLimiter, to_thread
from starlette.datastructures import UploadFile

from config.settings import Settings
from server.access import Who
from server.db import Database
from server.errors import Invalid
from server.photos import actions, picture
from server.photos.actions import Arrived, Picture
from server.store import Store
from web.render import N_

PATIENCE = 30.0
"""Seconds a picture may take."""
AT_ONCE = 2
SMALL = ".small"
"""Follows the name of a photo in that of its small copy."""
REASONS = {
    "type": N_("This is not a photo we can read. JPEG, PNG, WebP and HEIC work."),
    "pixels": N_("This photo has too many pixels: at most %(pixels)s megapixels."),
    "broken": N_("This photo is damaged or did not come through whole. Choose it again."),
    "size": N_("This photo is too large: at most %(most)s MB."),
    "none": N_("Choose a photo."),
}


def reason(why: str, settings: Settings) -> Invalid:
    """A refusal in words."""
    values: dict[str, object] = {
        "pixels": settings.photo_pixels // 1_000_000,
        "most": settings.photo_max // 1_000_000,
    }
    return Invalid({"file": REASONS.get(why, REASONS["broken"])}, values)


class Intake:
    """Takes photos in, a few at once: each costs as much as a hundred check-ins."""

    def __init__(self, settings: Settings, db: Database, store: Store) -> None:
        self.settings, self.db, self.store = settings, db, store
        self.turns = CapacityLimiter(AT_ONCE)

    async def take(self, who: Who, id: str, sent: UploadFile) -> Arrived:
        """The photo, noted under the caller's id; the same id again answers with the first result."""
        if known := await self.db.read(actions.arrived, who, id):
            return Arrived(known, False)
        if (sent.size or 0) > self.settings.photo_max:
            raise reason("size", self.settings)
        with TemporaryDirectory(prefix="muster-") as folder:
            made = await self.keep(sent.file, Path(folder))
        return await self.db.write(actions.arrive, who, id, made)

    async def keep(self, source: BinaryIO, folder: Path) -> Picture:
        """Makes picture and small copy in the folder and puts both into the store."""
        width, height = await self.made(source, folder)
        full = folder / "full.jpg"
        with full.open("rb") as content:
            name = await to_thread.run_sync(digest, content)
        await self.store.put(name + SMALL, folder / "small.jpg")
        await self.store.put(name, full)
        return Picture(name, full.stat().st_size, width, height)

    async def made(self, source: BinaryIO, folder: Path) -> tuple[int, int]:
        """Width and height of the picture made; whatever goes wrong with it goes wrong elsewhere."""
        if hasattr(source, "rollover"):
            await to_thread.run_sync(source.rollover)  # a process reads from a file, not from our memory
        source.seek(0)
        command = [sys.executable, "-I", picture.__file__, str(folder), str(self.settings.photo_pixels)]
        async with self.turns:
            try:
                with anyio.fail_after(PATIENCE):
                    done = await anyio.run_process(command, stdin=source, stderr=DEVNULL, check=False)
            except TimeoutError:
                raise reason("broken", self.settings) from None
        said = done.stdout.decode().split()
        if done.returncode:
            raise reason(said[0] if said else "broken", self.settings)
        return int(said[0]), int(said[1])

    async def small(self, name: str) -> Iterator[bytes] | None:
        """The small copy in pieces; made again where it is missing, None where the photo itself is."""
        if (pieces := await self.store.open(name + SMALL)) is not None:
            return pieces
        with TemporaryDirectory(prefix="muster-") as folder:
            here = Path(folder)
            if not await self.store.fetch(name, here / "source"):
                return None
            with (here / "source").open("rb") as source:
                await self.made(source, here)
            await self.store.put(name + SMALL, here / "small.jpg")
        return await self.store.open(name + SMALL)


def digest(content: BinaryIO) -> str:
    """The hash of a file from its beginning."""
    content.seek(0)
    return hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
