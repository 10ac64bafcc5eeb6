"""Names that were mistyped are found, the nearest first; words that begin alike are told apart."""

import pytest

from tests.server.conftest import Town
from tests.server.drive import bring, folder
from tests.server.test_drive_words import alone, names, read

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures(alone.__name__)]


async def test_a_name_may_be_mistyped(town: Town) -> None:
    """A sign wrong, missing, too many, or two that changed places; what is written must be right."""
    cases = await folder(town)
    await bring(town, "li", cases, "Harbour Clinic.txt", b"steriliser")
    await bring(town, "li", cases, "港口诊所案例.txt", b"boiler")
    await read(town)
    for q in ("harbuor", "habour", "harrbour", "harbpur clinic", "clnic"):
        assert await names(town, "sun", q) == [("Harbour Clinic", None)], q
    assert await names(town, "sun", "港口诊索") == [("港口诊所案例", None)]
    for q in ("sterilizer", "labour", "港口"[::-1], "hrb"):
        assert await names(town, "sun", q) == [], q


async def test_the_nearest_of_mistyped_names_comes_first(town: Town) -> None:
    """Before newer ones that have less of what was typed; of equal ones the newer."""
    cases = await folder(town)
    for name in ("Harbuer", "Harbour east", "Harbour west"):
        await bring(town, "li", cases, f"{name}.txt", name.encode())
    found = [name for name, _ in await names(town, "sun", "harbuor")]
    assert found == ["Harbuer", "Harbour west", "Harbour east"]


async def test_a_word_longer_than_its_longest_beginning(town: Town) -> None:
    """What differs after it is told apart."""
    cases = await folder(town)
    for end in ("isation", "ised"):
        await bring(town, "li", cases, f"{end}.txt", f"internationalise decompartmental{end}".encode())
    await read(town)
    for q, found in (("decompartmentalised", 1), ("decompartmentali", 2), ("decompartmentalisx", 0)):
        assert len(await names(town, "sun", q)) == found, q
