"""The house's walls: what may import what, and how large a file may grow."""

import subprocess
import sys

from tests.house.files import ROOT, lines, source

LONGEST = 300
"""Lines. At 250 a file is asking to be two; at 300 it has to be."""


def test_layers_are_kept() -> None:
    """server -> {channels, web} -> config; never back, never sideways."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.house.layers"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_files_stay_small() -> None:
    """What one cannot read in one sitting is two things."""
    assert {path: lines(path) for path in source() if lines(path) > LONGEST} == {}
