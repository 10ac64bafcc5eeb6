"""Where files lie: in a folder, or at S3 by address. Their names are hashes of their content."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from anyio import to_thread
from obstore.store import LocalStore, from_url

from config.settings import Settings

CHUNK = 1 << 18
"""Bytes that are in memory at once."""


class Store:
    """Named files, written whole or not at all. Obstore's sync API, in threads."""

    def __init__(self, settings: Settings) -> None:
        self.folder = None if settings.files_url else (settings.data_dir / "files").resolve()
        self.inner: Any
        if self.folder is not None:
            self.inner = LocalStore(self.folder, mkdir=True)
        else:
            self.inner = _remote(settings.files_url)

    async def put(self, name: str, file: Path) -> None:
        """Keeps a copy of the file; one of that name is replaced."""
        await to_thread.run_sync(lambda: self.inner.put(name, file))

    async def open(self, name: str, start: int = 0, end: int | None = None) -> Iterator[bytes] | None:
        """The file in pieces, to be read in a thread; None where there is none. From byte `start` up to
        `end`, which is not one of them.
        """
        options: Any = {"range": (start, end)} if end is not None and end > start else None
        try:
            found = await to_thread.run_sync(lambda: self.inner.get(name, options=options))
        except FileNotFoundError:
            return None
        return (bytes(piece) for piece in found.stream(min_chunk_size=CHUNK))

    async def fetch(self, name: str, to: Path) -> bool:
        """Copies a file to a path of this machine; False where there is none."""
        pieces = await self.open(name)
        if pieces is None:
            return False
        await to_thread.run_sync(_write, to, pieces)
        return True

    async def older(self, than: datetime) -> list[str]:
        """The names of all that was put before that moment."""

        def names() -> list[str]:
            return [one["path"] for some in self.inner.list() for one in some if one["last_modified"] < than]

        return await to_thread.run_sync(names)

    async def remove(self, name: str) -> None:
        """Forgets a file, which may be gone already."""

        def remove() -> None:
            try:
                self.inner.delete(name)
            except FileNotFoundError:
                return

        await to_thread.run_sync(remove)

    async def ping(self) -> None:
        """Raises when nothing can be kept there."""
        await to_thread.run_sync(self._ping, abandon_on_cancel=True)

    def _ping(self) -> None:
        if self.folder is not None:
            if not os.access(self.folder, os.W_OK):
                raise OSError("the folder of the files cannot be written to")
            return
        try:
            self.inner.head("ping")
        except FileNotFoundError:
            return


def _remote(url: str) -> Any:
    """What an address leaves open is taken from the environment; its query may name any of the options."""
    options: Any = dict(parse_qsl(urlsplit(url).query))
    if options.get("endpoint", "").startswith("http://"):
        options["client_options"] = {"allow_http": True}
    retry: Any = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}
    return from_url(url.partition("?")[0], retry_config=retry, **options)


def _write(to: Path, pieces: Iterator[bytes]) -> None:
    with to.open("wb") as file:
        file.writelines(pieces)
