"""Keeps one server running for as long as somebody needs it.

`python guard.py WATCHED FOLDER UID STOP COMMAND...` starts COMMAND in FOLDER (as UID; -1: as ourselves),
writes its process id to FOLDER/pid, and ends it with signal STOP on SIGTERM or when the process WATCHED is
gone; in the latter case, when nobody is left to do it, it removes FOLDER too. It ends when the server ends.
Uses the standard library alone: it must start fast and must not depend on what it outlives.
"""

import os
import pwd
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

PATIENCE = 10.0
"""Seconds a server gets to stop by itself."""


def gone(watched: int, child: subprocess.Popen[bytes], asked: list[bool]) -> bool:
    """Waits; True when the watched process is gone, False when the child is, or when asked to stop."""
    try:
        handle = os.pidfd_open(watched) if hasattr(os, "pidfd_open") else -1
    except ProcessLookupError:
        return True
    while not asked and child.poll() is None:
        if handle >= 0:
            if select.select([handle], [], [], 0.25)[0]:
                return True
        else:
            select.select([], [], [], 0.25)
            try:
                os.kill(watched, 0)
            except ProcessLookupError:
                return True
    return False


def main(watched: int, folder: Path, uid: int, stop: int, command: list[str]) -> None:
    """The guard's whole life."""
    asked: list[bool] = []

    def ask(number: int, frame: FrameType | None) -> None:
        asked.append(True)

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the test run's business
    who = {"user": uid, "group": pwd.getpwuid(uid).pw_gid, "extra_groups": []} if uid >= 0 else {}
    with (folder / "log").open("ab") as log:
        child = subprocess.Popen(  # type: ignore[call-overload]
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            start_new_session=True,
            **who,
        )
    (folder / "pid").write_text(str(child.pid))
    alone = gone(watched, child, asked)
    if child.poll() is None:
        child.send_signal(stop)
        try:
            child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    if alone:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:])
