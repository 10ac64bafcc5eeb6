"""Many watchers of one server: the Python end of `watchers.c`."""

from typing import Any

from tests.bench.machine import LOAD, Bench, Program


class Crowd(Program):
    """See `watchers.c` for the commands and the answers' fields; times are microseconds.

    `control` is the port that lines of `size` bytes are published on; `token` opens the real server's door.
    """

    def __init__(
        self, bench: Bench, port: int, *, control: int = 0, size: int = 400, token: str = ""
    ) -> None:
        header = f"Authorization: Bearer {token}" if token else ""
        words = (bench.compiled("watchers"), str(port), str(control), str(size), header)
        super().__init__(*words, core=LOAD)
        self.live = 0

    def open(self, watchers: int, path: str = "/live", at_once: int = 64) -> dict[str, Any]:
        """Connects so many more, at most `at_once` at a time; returns when all are live."""
        self.say(f"open {watchers} {at_once} {path}")
        opened = self.answer()
        self.live += watchers
        if opened["live"] < self.live:
            raise RuntimeError(f"only {opened['live']} of {self.live} watchers became live")
        return opened

    def publish(self, rounds: int, several: int = 1) -> dict[str, Any]:
        """`rounds` times `several` lines at once, each round when the last has arrived everywhere."""
        self.say(f"publish {rounds} {several}")
        return _whole(self.answer())

    def expect(self, marks: int) -> None:
        """From now on counts marks that somebody else publishes, from 0; `seen()` tells the result."""
        self.say(f"expect {marks}")
        self.answer()

    def seen(self) -> dict[str, Any]:
        """Returns when all that was expected has arrived everywhere."""
        return _whole(self.answer())

    def cut(self) -> None:
        """Every connection is reset at once."""
        self.say("cut")
        self.answer()
        self.live = 0


def _whole(told: dict[str, Any]) -> dict[str, Any]:
    if told["missing"] or told["doubled"]:
        raise RuntimeError(f"{told['missing']} deliveries missing, {told['doubled']} too many")
    return told
