"""Many values go to the database as one."""

import re

import pytest
from sqlalchemy import Connection, insert, select

from server.among import among
from server.drive.models import PIECE, drive_gram
from server.schema import new_id
from server.squads.models import squad
from tests.server.conftest import Town

pytestmark = pytest.mark.anyio

SQUADS = select(squad.c.id).where(among(squad.c.id, "ids"))
LONG = "x" * PIECE


async def test_those_that_are_among_them_are_found(town: Town) -> None:
    """By id, by number, by text; of none nothing is found, and no text is cut to one that is there."""

    def asked(c: Connection) -> None:
        every = c.scalars(select(squad.c.id)).all()
        assert every
        assert set(c.scalars(SQUADS, {"ids": every})) == set(every)
        assert c.scalars(SQUADS, {"ids": [every[0], new_id()]}).all() == every[:1]
        assert c.scalars(SQUADS, {"ids": []}).all() == []
        kept = [{"head": 1, "gram": gram, "block": n, "bits": ""} for n, gram in enumerate(("\"'", LONG))]
        c.execute(insert(drive_gram), kept)
        numbers = select(drive_gram.c.gram).where(among(drive_gram.c.block, "some"))
        assert c.scalars(numbers, {"some": [2**31 - 1, 7, 1]}).all() == [LONG]
        said = select(drive_gram.c.block).where(among(drive_gram.c.gram, "some"))
        assert c.scalars(said, {"some": [f"{LONG}y", "\"'"]}).all() == [0]

    await town.app.state.db.write(asked)


async def test_the_index_is_asked(town: Town) -> None:
    """Not each row; of so few PostgreSQL would rather read all, unless it is told not to."""

    def planned(c: Connection) -> str:
        explain = "EXPLAIN QUERY PLAN"
        if c.dialect.name == "postgresql":
            c.exec_driver_sql("SET LOCAL enable_seqscan = off")
            explain = "EXPLAIN"
        plan = c.exec_driver_sql(f"{explain} {SQUADS.compile(c)}", ("[]" if "QUERY" in explain else [],))
        return " ".join(str(row[-1]) for row in plan)

    assert re.search(r"SEARCH squad USING|Index Cond", await town.app.state.db.read(planned))
