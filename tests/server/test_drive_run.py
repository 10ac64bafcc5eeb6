"""Words of several signs are found where the signs stand together, whichever of a document has which word."""

import pytest

from tests.server.conftest import Town
from tests.server.drive import bring, folder
from tests.server.test_drive_words import alone, names, read

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures(alone.__name__)]


async def test_signs_that_stand_together(town: Town) -> None:
    """Not what has each two of them apart; words may be in the name, the tags, the pages, wide or narrow."""
    cases = await folder(town)
    await bring(town, "li", cases, "Whole.txt", "本店的净水设备，ＲＯ型。".encode())
    await bring(town, "li", cases, "Apart.txt", "净水，水设，设备。".encode())
    await bring(town, "li", cases, "净水设备.txt", "港口诊所的报价".encode())
    said = {"name": "Tagged", "kind": "case", "tags": ["滤芯报价"], "folder": cases}
    tagged = await bring(town, "li", cases, "Tagged.txt", "净水设备在此".encode())
    assert (await town["li"].patch(f"/api/v1/drive/documents/{tagged['id']}", json=said)).status_code == 200
    await read(town)
    assert [name for name, _ in await names(town, "sun", "净水设备")] == ["净水设备", "Tagged", "Whole"]
    assert await names(town, "sun", "净水设备 ro") == [("Whole", 1)]
    assert await names(town, "sun", "净水设备 港口诊所") == [("净水设备", 1)]
    assert await names(town, "sun", "净水设备 滤芯报价") == [("Tagged", 1)]
    assert await names(town, "sun", "净水设备 港口诊院的") == []
