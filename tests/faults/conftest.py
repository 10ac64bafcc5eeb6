"""Installations of one's own, with servers that may be killed."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.bed.ground import Ground
from tests.bed.postgres import Postgres
from tests.bed.valkey import Valkey
from tests.faults.installation import Installation

LIVELY = {"live_beat": 1.0, "write_limit": "100000/minute"}
"""A lost last frame is found at the next beat; more is written than people write."""


@contextmanager
def one_server(ground: Ground) -> Iterator[Installation]:
    """The embedded default."""
    with ground.embedded(**LIVELY) as settings:
        yield Installation(ground, settings, None, None)


@contextmanager
def two_servers(ground: Ground) -> Iterator[Installation]:
    """PostgreSQL and Valkey behind two servers, none of them anybody else's."""
    postgres = Postgres(ground.room("postgres"), ground.owner, like=ground.migrated)
    valkey = Valkey(ground.room("valkey"), ground.owner)
    postgres.start()
    valkey.start()
    try:
        with ground.on(postgres, valkey) as settings:
            yield Installation(ground, settings.model_copy(update=LIVELY), postgres, valkey)
    finally:
        valkey.end()
        postgres.end()


@pytest.fixture
def single(ground: Ground) -> Iterator[Installation]:
    """One server on SQLite and memory."""
    with one_server(ground) as made:
        yield made


@pytest.fixture
def double(ground: Ground) -> Iterator[Installation]:
    """Two servers on PostgreSQL and Valkey."""
    with two_servers(ground) as made:
        yield made
