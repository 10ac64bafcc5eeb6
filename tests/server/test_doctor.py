"""The doctor says what is well, finds what is not, and what to do."""

from pathlib import Path

import pytest
from anyio import to_thread

from server.doctor import Finding, examine
from server.schema import new_id
from tests.server.conftest import Town
from tests.server.pictures import bring, photo

pytestmark = pytest.mark.anyio


async def findings(town: Town, every: bool = False) -> dict[str, Finding]:
    """All of them, by what they are about."""
    settings = town.app.state.settings
    return {one.about: one for one in await to_thread.run_sync(lambda: list(examine(settings, every)))}


async def test_a_sound_installation(town: Town) -> None:
    """Nothing has failed; what could be better is a warning."""
    await town.check_in("zhang")
    await bring(town, "zhang", photo(), new_id())
    found = await findings(town)
    assert {one.about for one in found.values() if one.state != "ok"} <= {"address", "disk"}
    assert {"tables", "clock", "integrity", "journals", "files", "disk", "secret key"} <= found.keys()
    assert ("relay" in found) == bool(town.app.state.settings.redis_url)


async def test_a_hole_in_a_journal(town: Town) -> None:
    """An entry that is gone is found, and its stream named."""
    await town.say("li", "One")
    await town.say("li", "Two")
    gone = "DELETE FROM journal WHERE stream = '{}' AND \"offset\" = 2"
    await town.app.state.db.write(lambda c: c.exec_driver_sql(gone.format(town.squad)) and None)
    found = (await findings(town))["journals"]
    assert found.state == "failed"
    assert town.squad in found.words


def stored(folder: Path) -> list[Path]:
    """The files that are named by their hash; small copies have longer names."""
    return [path for path in folder.iterdir() if len(path.name) == 64]


async def test_a_file_that_is_gone_or_spoilt(town: Town) -> None:
    """By its hash."""
    await bring(town, "zhang", photo(), new_id())
    (kept,) = stored(town.app.state.settings.data_dir / "files")
    kept.write_bytes(b"something else")
    assert (await findings(town))["files"].state == "failed"
    kept.unlink()
    found = (await findings(town, every=True))["files"]
    assert found.state == "failed"
    assert kept.name in found.words


async def test_a_key_that_others_may_read(town: Town) -> None:
    """Said with the command that mends it."""
    settings = town.app.state.settings
    settings.secret_key = ""
    key = settings.data_dir / "secret.key"
    key.write_text("a key")
    key.chmod(0o644)
    found = (await findings(town))["secret key"]
    assert (found.state, "chmod 600" in found.words) == ("failed", True)
