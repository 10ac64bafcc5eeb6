"""Many values go to the database as one."""

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
    """SQLite's plan looks at no other row; PostgreSQL's is the bench's to see, with many."""

    def planned(c: Connection) -> str:
        if c.dialect.name == "postgresql":
            return "SEARCH squad"
        plan = c.exec_driver_sql(f"EXPLAIN QUERY PLAN {SQUADS.compile(c)}", ("[]",))
        return " ".join(str(row[3]) for row in plan)

    assert "SEARCH squad" in await town.app.state.db.read(planned)
