"""`python -m server.sweeps.planning DEADLINE`: one problem in, one proposal out, in a process one can kill.

In: a problem as one line of JSON; then the pipe stays open, and when it closes whoever asked is gone. Out:
lines of JSON, {"progress": …} now and then and {"proposal": …} at the end. The deadline is one of the
machine's monotonic clock: the start of this process is no excuse.
"""

import os
import sys
import threading
import time

import orjson
from pydantic import TypeAdapter

from server.sweeps.planning.problem import Problem, Progress
from server.sweeps.planning.propose import propose

EVERY = 0.1
"""Seconds between two lines of progress."""


def main(deadline: float) -> None:
    """Plans, with whoever serves people going first."""
    os.nice(10)
    line = bytearray()
    while not line.endswith(b"\n"):
        piece = os.read(0, 1 << 16)
        if not piece:
            return
        line += piece
    threading.Thread(target=_end_with_the_asker, daemon=True).start()
    problem = TypeAdapter(Problem).validate_json(bytes(line))
    told = time.monotonic()

    def tell(progress: Progress) -> None:
        nonlocal told
        if time.monotonic() - told >= EVERY:
            told = time.monotonic()
            _say({"progress": progress})

    _say({"proposal": propose(problem, tell, deadline)})


def _say(said: dict[str, object]) -> None:
    sys.stdout.buffer.write(orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


def _end_with_the_asker() -> None:
    while os.read(0, 1 << 10):
        pass
    os._exit(1)


main(float(sys.argv[1]))
