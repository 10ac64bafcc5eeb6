"""Where files lie, the same in a folder and at S3: whole or not there, and gone when forgotten."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from anyio import to_thread
from obstore.exceptions import BaseError

from config.settings import Settings
from server import doctor
from server.schema import now
from server.store import CHUNK, Store, Unusable
from tests.bed.ground import BUCKET, Ground, settings
from tests.bed.process import until
from tests.bed.s3 import ACCESS, KEY, USER
from tests.bed.served import environment
from tests.bed.wire import Wire

pytestmark = pytest.mark.anyio
PLACES = ("folder", "nanio", "seaweedfs")
LARGE = 300_000_000
PUT = """
import asyncio, pathlib, sys
from config.settings import Settings
from server import doctor
from server.store import Store
print("begins", flush=True)
asyncio.run(Store(Settings()).put("film", pathlib.Path(sys.argv[1])))
"""


@contextmanager
def nanio(ground: Ground) -> Iterator[str]:
    """The address of an empty bucket there."""
    room = ground.room("nanio")
    (room / BUCKET).mkdir()
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    command = [sys.executable, "-m", "nanio", "serve", "--data-dir", str(room)]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    known = {"NANIO_ACCESS_KEY": USER, "NANIO_SECRET_KEY": KEY}
    with (room / "log").open("wb") as log:
        server = subprocess.Popen(command, env={**os.environ, **known}, stdout=log, stderr=log)
    until(lambda: answers(port), 20)
    yield f"s3://{BUCKET}/squads?endpoint=http://127.0.0.1:{port}&region=us-east-1&{ACCESS}"
    server.terminate()
    server.wait()


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as line:
        line.settimeout(1)
        return line.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, ground: Ground) -> Iterator[Settings]:
    """An installation with no files yet, in each place there is for them."""
    if request.param == "nanio":
        with nanio(ground) as url:
            yield settings(data_dir=ground.room("data"), files_url=url)
    else:
        room = ground.room("data")
        far = ground.s3.url(BUCKET, room.name) if request.param == "seaweedfs" else ""
        yield settings(data_dir=room, files_url=far)


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """`file(size)`: one with no pattern in it."""

    def make(size: int = 3 * CHUNK + 5) -> Path:
        path = tmp_path / f"file-{size}"
        with path.open("wb") as target:
            for start in range(0, size, 1 << 20):
                target.write(os.urandom(min(1 << 20, size - start)))
        return path

    return make


async def content(store: Store, name: str, start: int = 0, end: int | None = None) -> bytes | None:
    """What is kept, in one piece."""
    pieces = await store.open(name, start, end)
    return None if pieces is None else await to_thread.run_sync(b"".join, pieces)


async def test_what_was_put_is_there(place: Settings, file: Callable[..., Path], tmp_path: Path) -> None:
    """Whole, in parts, copied to this machine; put again, the newer one; of no bytes too."""
    store, path = Store(place), file()
    whole = path.read_bytes()
    await store.ping()
    assert await store.older(now() + timedelta(hours=1)) == []
    await store.put("name", path)
    assert await content(store, "name") == whole
    assert await content(store, "name", 7, 7000) == whole[7:7000]
    assert await content(store, "name", len(whole) - 9) == whole[-9:]
    assert await store.fetch("name", tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == whole
    for size in (4000, 0):
        other = file(size)
        await store.put("name", other)
        assert await content(store, "name") == other.read_bytes()


async def test_what_is_not_there_is_nothing(
    place: Settings, file: Callable[..., Path], tmp_path: Path
) -> None:
    """Never put, or forgotten; to forget it once more is no mistake. By age only what is old enough."""
    store = Store(place)
    assert await store.open("name") is None
    assert not await store.fetch("name", tmp_path / "copy")
    for name in ("name", "name.p1", "part-1"):
        await store.put(name, file())
    assert sorted(await store.older(now() + timedelta(hours=1))) == ["name", "name.p1", "part-1"]
    assert await store.older(now() - timedelta(hours=1)) == []
    for _ in range(2):
        await store.remove("name")
    assert await store.open("name") is None
    assert await store.open("name.p1") is not None


async def test_a_film_goes_through_in_pieces(place: Settings, file: Callable[..., Path]) -> None:
    """300 MB in and out, and no more than a few of them in memory."""
    store, path = Store(place), file(LARGE)
    await store.put("film", path)
    pieces = await store.open("film")
    assert pieces is not None

    def read() -> tuple[str, int]:
        found, largest = hashlib.sha256(), 0
        for piece in pieces:
            found.update(piece)
            largest = max(largest, len(piece))
        return found.hexdigest(), largest

    hashed, largest = await to_thread.run_sync(read)
    with path.open("rb") as source:
        assert hashed == hashlib.file_digest(source, "sha256").hexdigest()
    assert largest < LARGE // 10


async def test_who_is_killed_while_putting_leaves_nothing(place: Settings, file: Callable[..., Path]) -> None:
    """No name, no part of one; what is left in the folder is swept up, and it can be put again."""
    store, path = Store(place), file(LARGE)
    await to_thread.run_sync(killed, place, path)
    assert await store.open("film") is None
    assert await store.older(now() + timedelta(hours=1)) == []
    await store.clear(now() - timedelta(hours=1))
    assert left(store) == ([] if place.files_url else ["film#1"]), "it may still be written"
    await store.clear(now() + timedelta(hours=1))
    assert left(store) == []
    await store.put("film", path)
    assert await content(store, "film", LARGE - 10) == path.read_bytes()[-10:]


def left(store: Store) -> list[str]:
    """What lies in the folder."""
    return sorted(os.listdir(store.folder)) if store.folder else []


def killed(place: Settings, path: Path) -> None:
    """Begins to put a film, and is no more."""
    command = [sys.executable, "-c", PUT, str(path)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment(place))
    assert child.stdout is not None
    assert child.stdout.readline() == b"begins\n"
    if folder := Store(place).folder:
        assert until(lambda: any(folder.iterdir()), 10, 0.0001)
    child.send_signal(signal.SIGKILL)
    child.wait()


async def test_a_cut_is_said_or_mended(ground: Ground, file: Callable[..., Path]) -> None:
    """The line to S3 breaks while a file is read: the rest comes all the same, or it is no file."""
    path = file(40_000_000)
    with Wire(ground.s3.ports["s3"]) as wire:
        folder = ground.room("cut").name
        store = Store(settings(files_url=ground.s3.url(BUCKET, folder, port=wire.port)))
        await store.put("film", path)
        pieces = await store.open("film")
        assert pieces is not None
        first = await to_thread.run_sync(next, pieces)
        await to_thread.run_sync(wire.cut)
        with pytest.raises((BaseError, OSError)):
            await to_thread.run_sync(b"".join, pieces)
        with pytest.raises((BaseError, OSError)):
            await store.put("other", file(30_000_000))
        with pytest.raises((BaseError, OSError)):
            await store.ping()
        wire.mend()
        assert await store.open("other") is None
        await store.ping()
        assert await content(store, "film", 0, len(first)) == first


@pytest.mark.parametrize("place", PLACES[1:], indirect=True)
@pytest.mark.parametrize(
    ("bucket", "access", "said"),
    [
        (BUCKET, f"{ACCESS}-but-another", "S3 refuses the key"),
        (BUCKET, ACCESS.replace(USER, "nobody"), "S3 refuses the key"),
        ("elsewhere", ACCESS, "no bucket of this name"),
        (BUCKET, f"{ACCESS}&colour=red", "no address of a bucket"),
        ("", ACCESS, "no address of a bucket"),
    ],
)
async def test_what_is_wrong_is_said_in_words(place: Settings, bucket: str, access: str, said: str) -> None:
    """Before anybody's photo is lost, and without the key."""
    with pytest.raises(Unusable, match=said) as told:
        await Store(elsewhere(place, bucket, access)).ping()
    assert KEY not in str(told.value)


@pytest.mark.parametrize("place", PLACES[2:], indirect=True)
@pytest.mark.parametrize("words", ["serve --port 0", "work", "backup x", "restore x"])
async def test_nothing_starts_where_files_cannot_be_kept(place: Settings, words: str) -> None:
    """It ends at once, with one line."""
    wrong = elsewhere(place, "elsewhere", ACCESS)
    command = [sys.executable, "-m", "server", *words.split()]
    ask = partial(subprocess.run, command, env=environment(wrong), capture_output=True, timeout=60)
    done = await to_thread.run_sync(ask)
    line = b"FILES_URL: there is no bucket of this name. Make it, or name another.\n"
    assert (done.returncode, done.stderr) == (2, line)


def elsewhere(place: Settings, bucket: str, access: str) -> Settings:
    """The same with another bucket, or another key."""
    address = place.files_url.replace(f"//{BUCKET}/", f"//{bucket}/").replace(ACCESS, access)
    return place.model_copy(update={"files_url": address})


async def test_the_doctor_says_what_s3_alone_sees(place: Settings) -> None:
    """Which rule the bucket needs; a folder needs none."""
    found = await doctor._files(place, [], False)
    assert found.state == "ok"
    assert ("AbortIncompleteMultipartUpload" in found.words) == bool(place.files_url)
