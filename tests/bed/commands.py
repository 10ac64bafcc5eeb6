"""`python -m server WORDS...`, run to its end by a warm Python: it has nothing to import any more."""

from config.settings import Settings
from tests.bed.ground import Ground
from tests.bed.served import environment
from tests.bed.warm import warm

ENOUGH = 120
"""Seconds that no command takes."""


def printed(ground: Ground, settings: Settings, *words: str) -> str:
    """What it prints. Raises AssertionError with its complaints when it fails."""
    folder = ground.room("command")
    child = warm(ground.folder).run(["-m", "server", *words], folder, environment(settings), out="printed")
    if child.process:
        child.process.wait(ENOUGH)
    assert (folder / "code").read_text() == "0", (folder / "log").read_text()
    return (folder / "printed").read_text()
