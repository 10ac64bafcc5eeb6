"""`python -m server ...` on a clock that was set: it starts at $FROZEN (RFC 3339), and runs on."""

import os
import time
from datetime import UTC, datetime, timedelta

from server import schema

BEGUN = datetime.fromisoformat(os.environ["FROZEN"])
STARTED = time.monotonic()


def now() -> datetime:
    """The set time and what has passed since."""
    return BEGUN.astimezone(UTC) + timedelta(seconds=time.monotonic() - STARTED)


if __name__ == "__main__":
    schema.now = now
    time.time = lambda: now().timestamp()

    from server.__main__ import app  # whoever imports `now` from here on gets the set one

    app()
