"""What documents leave behind in the index goes, and nothing else."""

import pytest
from sqlalchemy import select

from server.drive import sweeping
from server.drive.models import drive_gram
from tests.server.conftest import Town
from tests.server.drive import bring, folder
from tests.server.test_drive_words import alone, names, read

__all__ = ["alone"]
pytestmark = pytest.mark.anyio


async def test_what_was_replaced_is_swept_out_of_the_index(town: Town) -> None:
    """Its words are in no row any more; what stands there now, and in other documents, is found as before."""
    cases, app = await folder(town), town.app.state
    await bring(town, "li", cases, "a.txt", b"asbestos everywhere")
    await bring(town, "li", cases, "b.txt", b"everywhere water")
    await read(town)
    await bring(town, "li", cases, "a.txt", b"water alone")
    await read(town)

    async def rows(word: str) -> list[str]:
        here = drive_gram.c.gram == f"t{word}*"
        return list(await app.db.read(lambda c: c.scalars(select(drive_gram.c.bits).where(here)).all()))

    before = await rows("everywhere")
    assert len(await rows("asbestos")) == 1
    await sweeping.sweep(app.db)
    assert await rows("asbestos") == []
    assert await rows("everywhere") != before
    kept = [await rows(word) for word in ("everywhere", "water", "alone")]
    await sweeping.sweep(app.db)
    assert [await rows(word) for word in ("everywhere", "water", "alone")] == kept
    assert await names(town, "li", "water") == [("a", 1), ("b", 1)]
    assert await names(town, "li", "everywhere") == [("b", 1)]
    assert await names(town, "li", "asbestos") == []
