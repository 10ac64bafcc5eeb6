"""The files of the project: what is tracked, or would be."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = (".py", ".js", ".mjs", ".css", ".html")
MADE = ("web/static/vendor/", "web/static/map/", "server/migrations/versions/", "tests/browser/axe.")
"""Not written by hand, or never changed once written."""


def tracked() -> list[str]:
    """Paths of all files that are in the repository or are about to be, sorted; '/' between the parts."""
    git = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return sorted(path for path in done.stdout.splitlines() if (ROOT / path).is_file())
    hidden = {".git", ".venv", "data", "__pycache__"}  # an unpacked archive has no repository
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return sorted(str(path) for path in found if not hidden & set(path.parts))


def source() -> list[str]:
    """Paths of the source files written by hand."""
    return [path for path in tracked() if path.endswith(SOURCE) and not path.startswith(MADE)]


def text(path: str) -> str:
    """A file's content."""
    return (ROOT / path).read_text(encoding="utf-8")


def lines(path: str) -> int:
    """How many lines a file has."""
    return len(text(path).splitlines())
