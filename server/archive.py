"""A backup's form: a tar of parts, and last a manifest with the hash of each: damage is found first."""

import gzip
import hashlib
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import Any, BinaryIO

import orjson

MANIFEST = "manifest.json"
FORM = 1
"""Of the archive; a newer one is not understood."""
PIECE = 1 << 18


class Damaged(Exception):
    """The archive is not what its manifest says, or no backup at all."""


class Archive:
    """One being written. It gets its name once it is whole, and nobody else may read it."""

    def __init__(self, path: Path) -> None:
        self.path, self.part = path, path.with_name(f".{path.name}.part")
        self.part.unlink(missing_ok=True)
        self.file: BinaryIO = os.fdopen(os.open(self.part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "wb")
        self.tar = tarfile.open(fileobj=self.file, mode="w:gz", compresslevel=1)  # noqa: SIM115 - see finish
        self.hashes: dict[str, str] = {}

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """One part, of any size: it waits on the disk until its length is known."""
        found = hashlib.sha256()
        with TemporaryFile(dir=self.path.parent) as waiting:
            for piece in pieces:
                found.update(piece)
                waiting.write(piece)
            about = tarfile.TarInfo(name)
            about.size, about.mode = waiting.tell(), 0o600
            waiting.seek(0)
            self.tar.addfile(about, waiting)
        self.hashes[name] = found.hexdigest()

    def finish(self, **about: Any) -> dict[str, Any]:
        """Writes the manifest, and lets the archive have its name."""
        manifest = {"form": FORM, **about, "sha256": self.hashes}
        self.add(MANIFEST, [orjson.dumps(manifest)])
        self.tar.close()
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        self.part.replace(self.path)
        return manifest

    def abandon(self) -> None:
        """Leaves nothing behind."""
        self.file.close()
        self.part.unlink(missing_ok=True)


def _take_out(tar: tarfile.TarFile, part: tarfile.TarInfo, room: Path) -> None:
    """One part as a plain file inside the folder; ours are nothing else. By hand: the first Pythons 3.11,
    which Debian 12 has, know no filters for what a tar brings.
    """
    name = PurePosixPath(part.name)
    source = tar.extractfile(part) if part.isreg() else None
    if source is None or name.is_absolute() or ".." in name.parts:
        raise tarfile.TarError(f"{part.name} is no part of a backup")
    target = room / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with source, target.open("wb") as file:
        shutil.copyfileobj(source, file, PIECE)


def unpack(path: Path, room: Path) -> dict[str, Any]:
    """Everything into a folder, and the manifest; raises `Damaged` unless every part is as it was written."""
    try:
        with gzip.open(path) as whole:
            with tarfile.open(fileobj=whole, mode="r:") as tar:
                for part in tar:
                    _take_out(tar, part, room)
            while whole.read(PIECE):  # the sum over all of it comes after what a tar's reader wants
                pass
        manifest: dict[str, Any] = orjson.loads((room / MANIFEST).read_bytes())
        expected = dict(manifest["sha256"])
        form = manifest["form"]
    except (tarfile.TarError, zlib.error, OSError, EOFError, ValueError, KeyError, TypeError) as failure:
        raise Damaged(f"{path} is not a whole backup: {failure}") from None
    if form != FORM:
        raise Damaged(f"{path} was made by a newer Muster")
    there = {str(file.relative_to(room)) for file in room.rglob("*") if file.is_file()} - {MANIFEST}
    if wrong := sorted(there ^ set(expected)):
        raise Damaged(f"{path} lacks or has too much: {', '.join(wrong[:3])}")
    for name, hashed in expected.items():
        with (room / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != hashed:
                raise Damaged(f"{path} is damaged: {name}")
    return manifest
