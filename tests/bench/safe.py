"""Backup and restore of a gigabyte of photos and of many rows, by the commands; beside a plain copy."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from config.settings import Settings
from server.db import directly
from server.feed.models import post
from server.members.models import member
from server.photos.models import file
from server.schema import new_id, now
from tests.bed.served import ROOT, environment
from tests.bench.company import found
from tests.bench.machine import SERVER, Bench, on
from tests.bench.table import Figure

SIZE, PHOTO, POSTS = 1 << 30, 1 << 19, 100_000
"""Bytes of photos in all, bytes of one, and messages."""
TEXT = "Spoke to the owner about the price of the spring order. " * 4


def run(bench: Bench) -> Iterator[Figure]:
    """Seconds of each, Python's start included; the floor copies the data folder and waits for the disk."""
    with bench.ground.embedded() as full, bench.ground.embedded(empty=True) as fresh:
        town = found(full, squads=1, members=20)
        filled(full, town.squads[0])
        folder = bench.ground.room("safe")
        archive = folder / "muster.backup"
        copying = copied(full.data_dir, folder / "copy")
        made = timed(full, "backup", archive)
        weight = archive.stat().st_size
        back = timed(fresh, "restore", archive)
        shutil.rmtree(folder)
    what = f"{SIZE / 2**30:.2g} GB of photos and {POSTS:,} messages"
    for name, seconds in (("backup", made), ("restore", back)):
        yield Figure(
            f"{name} of {what}",
            seconds,
            "s",
            120,
            copying,
            "s, plain copy",
            note=f"the archive weighs {weight / 2**20:,.0f} MB" if name == "backup" else "",
        )


def filled(settings: Settings, squad: str) -> None:
    """Photos that nothing makes smaller, and messages."""
    photos = settings.data_dir / "files"
    photos.mkdir(exist_ok=True)
    hashes = [stored(photos) for _ in range(SIZE // PHOTO)]
    directly(settings, lambda c: written(c, squad, hashes))


def stored(photos: Path) -> str:
    """A photo under its name."""
    content = os.urandom(PHOTO)
    name = hashlib.sha256(content).hexdigest()
    (photos / name).write_bytes(content)
    return name


def written(c: Connection, squad: str, hashes: list[str]) -> None:
    """The rows of both."""
    who, at = c.scalars(select(member.c.id)).first(), now()
    by: dict[str, Any] = {"made_by": who, "made_at": at, "kind": "photo", "media_type": "image/jpeg"}
    c.execute(
        insert(file),
        [{**by, "id": new_id(), "client_id": new_id(), "hash": one, "size": PHOTO} for one in hashes],
    )
    said: dict[str, Any] = {"squad": squad, "kind": "message", "author": who, "text": TEXT}
    said |= {"captured_at": at, "recorded_at": at}
    for start in range(0, POSTS, 1000):
        some = range(start, min(POSTS, start + 1000))
        rows = [{**said, "id": new_id(), "client_id": new_id(), "feed_offset": number} for number in some]
        c.execute(insert(post), rows)


def timed(settings: Settings, *words: str | Path) -> float:
    """Seconds that one of the server's commands takes; raises RuntimeError with its words if it fails."""
    command = [sys.executable, "-m", "server", *map(str, words)]
    with on(SERVER):
        begun = time.perf_counter()
        done = subprocess.run(command, env=environment(settings), cwd=ROOT, capture_output=True, text=True)
        seconds = time.perf_counter() - begun
    if done.returncode:
        raise RuntimeError(done.stderr)
    return seconds


def copied(folder: Path, to: Path) -> float:
    """Seconds for the same bytes, on the disk."""
    begun = time.perf_counter()
    shutil.copytree(folder, to)
    os.sync()
    return time.perf_counter() - begun
