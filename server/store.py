"""Where files lie: in a folder, or at S3 by address. Their names are hashes of their content."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from anyio import to_thread
from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url

from config.settings import Settings

CHUNK = 1 << 18
"""Bytes that are in memory at once."""
HALF = re.compile(r"#[0-9]+$")
"""Ends the names of files in the folder that are being written: where somebody was killed, they stay."""
NOWHERE, REFUSED = "NoSuchBucket", ("SignatureDoesNotMatch", "InvalidAccessKeyId", "AccessDenied", "403 Forb")
"""What S3 says of a bucket that is not there, and of a wrong key."""


class Unusable(Exception):
    """Files cannot be kept where the settings say; says why, and what to do."""


class Store:
    """Named files, written whole or not at all. Obstore's sync API, in threads."""

    def __init__(self, settings: Settings) -> None:
        self.folder = None if settings.files_url else (settings.data_dir / "files").resolve()
        self.inner: Any
        if self.folder is not None:
            self.inner = LocalStore(self.folder, mkdir=True)
        else:
            self.inner = _named(settings.files_url)

    async def put(self, name: str, file: Path) -> None:
        """Keeps a copy of the file; one of that name is replaced."""
        await to_thread.run_sync(lambda: self.inner.put(name, file))

    async def open(self, name: str, start: int = 0, end: int | None = None) -> Iterator[bytes] | None:
        """The file in pieces, to be read in a thread; None where there is none. From byte `start` up to
        `end`, which is not one of them.
        """
        asked = (start, end) if end is not None and end > start else {"offset": start} if start else None
        options: Any = {"range": asked} if asked else None
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

    async def clear(self, than: datetime) -> None:
        """Removes what was begun before that moment and never became whole. S3 does that by itself, where
        the bucket has a rule for it.
        """
        if self.folder is not None:
            await to_thread.run_sync(_clear, self.folder, than.timestamp())

    async def remove(self, name: str) -> None:
        """Forgets a file, which may be gone already."""

        def remove() -> None:
            try:
                self.inner.delete(name)
            except FileNotFoundError:
                return

        await to_thread.run_sync(remove)

    async def ping(self) -> None:
        """Raises when nothing can be kept there; `Unusable` until a setting is changed."""
        await to_thread.run_sync(self._ping, abandon_on_cancel=True)

    def _ping(self) -> None:
        if self.folder is not None:
            if not os.access(self.folder, os.W_OK):
                raise Unusable(f"The folder of the files cannot be written to: {self.folder}")
            return
        try:
            self.inner.get("ping")  # what is said of a HEAD has no words
        except (FileNotFoundError, BaseError) as failure:
            words = str(failure)
            if NOWHERE in words:
                raise Unusable(
                    "FILES_URL: there is no bucket of this name. Make it, or name another."
                ) from None
            if any(said in words for said in REFUSED):
                raise Unusable(
                    "FILES_URL: S3 refuses the key. Check access_key_id, secret_access_key and region, and "
                    "that the key may read, write, list and delete in this bucket."
                ) from None
            if not isinstance(failure, FileNotFoundError):
                raise


def _named(url: str) -> Any:
    try:
        return _remote(url)
    except (BaseError, ValueError) as failure:
        why = str(failure).partition("\n")[0]
        raise Unusable(f"FILES_URL: this is no address of a bucket, like s3://bucket/folder: {why}") from None


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


def _clear(folder: Path, than: float) -> None:
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # whoever writes it may be done
            if HALF.search(path.name) and path.stat().st_mtime < than:
                path.unlink()
