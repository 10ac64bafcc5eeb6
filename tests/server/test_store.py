"""Files at S3: the same store by another address, and nothing without the right key."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from obstore.exceptions import PermissionDeniedError

from server.schema import now
from server.store import CHUNK, Store
from tests.bed.ground import Ground, settings
from tests.bed.process import until

KEY = "access_key_id=muster&secret_access_key=a-long-secret"


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


@pytest.fixture
def bucket(ground: Ground) -> Iterator[str]:
    """The address of an empty bucket, without a key."""
    room = ground.room("s3")
    (room / "bucket").mkdir()
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    known = {"NANIO_ACCESS_KEY": "muster", "NANIO_SECRET_KEY": "a-long-secret"}
    command = [sys.executable, "-m", "nanio", "serve", "--data-dir", str(room)]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    with (room / "log").open("wb") as log:
        server = subprocess.Popen(command, env={**os.environ, **known}, stdout=log, stderr=log)
    until(lambda: answers(port), 20)
    yield f"s3://bucket/squads?endpoint=http://127.0.0.1:{port}&region=us-east-1&"
    server.terminate()
    server.wait()


@pytest.mark.anyio
async def test_files_lie_at_s3_as_in_a_folder(bucket: str, tmp_path: Path) -> None:
    """Put, read in pieces, listed by age, forgotten; what is not there is nothing."""
    store, file = Store(settings(files_url=bucket + KEY)), tmp_path / "file"
    file.write_bytes(os.urandom(3 * CHUNK))
    await store.ping()
    await store.put("name", file)
    pieces = await store.open("name")
    assert pieces is not None
    assert b"".join(pieces) == file.read_bytes()
    assert await store.older(now() + timedelta(hours=1)) == ["name"]
    assert await store.older(now() - timedelta(hours=1)) == []
    for _ in range(2):
        await store.remove("name")
    assert await store.open("name") is None


@pytest.mark.anyio
async def test_a_wrong_key_is_not_ready(bucket: str) -> None:
    """Said before anybody's photo is lost."""
    store = Store(settings(files_url=bucket + KEY + "-but-another"))
    with pytest.raises(PermissionDeniedError):
        await store.ping()
