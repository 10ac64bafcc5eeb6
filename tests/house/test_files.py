"""What must never be in the repository."""

import re

import pytest

from tests.house.files import MADE, ROOT, text, tracked

BINARY = (".png", ".jpg", ".webp", ".pdf", ".ico", ".woff2", ".pmtiles", ".gz", ".sqlite")

PLACES = re.compile(
    r"""(?x)
    (?<![\w.~$}/-]) / (?: home/(?!you\b)\w+ | root | Users/\w+ | work | opt/[\w-]+/venv ) / # a folder
    | \b (?: [\w-]+\.)* (?: pypi\.org | pythonhosted\.org | registry\.npmjs\.org | deb\.debian\.org ) \b
    | -----BEGIN\ [A-Z ]*PRIVATE\ KEY
    """
)
HERE = "tests/house/test_files.py"


def test_no_machine_of_anybody_is_named() -> None:
    """No folder of one machine, no address of a package registry, no private key."""
    files = [path for path in tracked() if not path.endswith(BINARY) and not path.startswith(MADE)]
    found = {path: PLACES.search(text(path)) for path in files if path != HERE}
    assert {path: match.group() for path, match in found.items() if match} == {}


@pytest.mark.parametrize(
    ("line", "bad"),
    [
        ('open("/home/' + 'ann/x")', True),
        ("cp /root/" + "key .", True),
        ("index = https://pypi" + ".org/simple", True),
        ("the page /squads/1/work/", False),
        ("tests/root/x", False),
        ("/usr/bin/chromium", False),
    ],
)
def test_the_search_finds_what_it_should(line: str, bad: bool) -> None:
    """And leaves alone what only looks alike."""
    assert bool(PLACES.search(line)) is bad


def test_nothing_large_slips_in() -> None:
    """A megabyte is a mistake, but for what is vendored."""
    large = [path for path in tracked() if (ROOT / path).stat().st_size > 1_000_000]
    assert [path for path in large if not path.startswith(MADE)] == []
