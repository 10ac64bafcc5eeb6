"""What a server is told before it starts."""

import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from config.settings import Settings
from tests.bed.ground import settings
from tests.bed.served import ROOT


def test_the_key_is_made_once_and_for_the_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that starts meanwhile signs with the same; invitations would be void otherwise."""
    here, real, others = tmp_path / "data", secrets.token_urlsafe, list[str]()

    def meanwhile(size: int) -> str:
        monkeypatch.setattr(secrets, "token_urlsafe", real)
        others.append(settings(data_dir=here, secret_key="").secret)
        return real(size)

    monkeypatch.setattr(secrets, "token_urlsafe", meanwhile)
    first = settings(data_dir=here, secret_key="").secret
    assert (others, len(first)) == ([first], 64)
    assert [path.name for path in here.iterdir()] == ["secret.key"]
    assert (here / "secret.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_an_address_as_providers_write_it_will_do(name: str) -> None:
    """The driver is ours to know."""
    made = settings(database_url=f"{name}://ann@db.example/muster")
    assert (made.database.drivername, made.embedded) == ("postgresql+asyncpg", False)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DATABASE_URL", "mysql://db.example/muster", "postgresql://"),
        ("PORT", "eighty", "integer"),
        ("MUSTER_WRITE_LIMIT", "a lot", "like 600/minute"),
        ("MUSTER_PROXIES", "caddy", "like 127.0.0.1"),
        ("MUSTER_SESSION_DAYS", "0", "at least 1"),
        ("MUSTER_LOG_LEVEL", "LOUD", "'DEBUG'"),
        ("MUSTER_MAP_DATUM", "bd09", "MUSTER_MAP_TILES_URL"),
        ("MUSTER_MAP_STYLE_URL", "https://a.example/;x", "semicolons"),
    ],
)
def test_what_cannot_work_is_said_at_the_start(tmp_path: Path, name: str, value: str, said: str) -> None:
    """By its name and in one line, not by the first person who needs it."""
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), name: value}
    run = [sys.executable, "-m", "server", "serve"]
    done = subprocess.run(run, env=env, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"{name}: ")
    assert said in line


def test_nobody_far_away_reaches_a_server_that_was_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It listens on the machine itself; whoever wants more says so."""
    monkeypatch.delenv("MUSTER_HOST", raising=False)
    assert Settings(_env_file=None).host == "127.0.0.1"  # type: ignore[call-arg]


def test_a_misspelt_database_is_not_taken_for_sqlite() -> None:
    """Nothing is written where nobody looks for it."""
    with pytest.raises(ValidationError):
        settings(database_url="postgre://db.example/muster")


PLAN = "PMTiles\x03 and so on"
TILES = "https://tiles.example/{z}/{x}/{y}.png"
STYLE = "https://tiles.example/style.json"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        *(
            (name, value, "spaces, quotation marks or semicolons")
            for name in ("map_style_url", "map_tiles_url")
            for value in (
                "https://a.example/{z}/{x}/{y}; script-src *",
                "https://a.example/{z}/{x}/{y}\nX-Evil: 1",
                "https://a.example/{z}/{x}/{y}\r",
                "https://a.example;script-src/{z}/{x}/{y}",
                "https://a.example/{z}/{x}/{y}'unsafe-inline'",
                'https://a.example/{z}/{x}/{y}"><script>',
                "https://a.example/{z}/{x}/{y}\\",
                "https://地图.example/{z}/{x}/{y}",
                " https://a.example/{z}/{x}/{y}",
            )
        ),
        *(
            ("map_tiles_url", value, said)
            for value, said in {
                "http://tiles.example/{z}/{x}/{y}": "begins with https://",
                "//tiles.example/{z}/{x}/{y}": "begins with https://",
                "tiles/{z}/{x}/{y}": "begins with https://",
                "javascript:alert(1)/{z}/{x}/{y}": "begins with https://",
                "file:///etc/{z}/{x}/{y}": "begins with https://",
                "http://127.0.0.1.evil.example/{z}/{x}/{y}": "begins with https://",
                "https://*.example/{z}/{x}/{y}": "plain name",
                "https://*/{z}/{x}/{y}": "plain name",
                "https:///{z}/{x}/{y}": "plain name",
                "https://ann:secret@tiles.example/{z}/{x}/{y}": "plain name",
                "https://{z}.example/{x}/{y}": "plain name",
                "https://tiles.example:port/{z}/{x}/{y}": "plain name",
                "https://tiles.example": "{z}/{x}/{y}",
                "https://tiles.example/{z}/{x}": "{z}/{x}/{y}",
                "https://tiles.example/{z}/{x}/{y}/{key}": "{z}/{x}/{y}",
                "https://tiles.example/{z}/{x}/{y}/{y}": "{z}/{x}/{y}",
                "https://{d-a}.example/{z}/{x}/{y}": "one to 32",
                "https://{a-z}{0-9}.example/{z}/{x}/{y}": "one to 32",
            }.items()
        ),
        ("map_style_url", TILES, "MUSTER_MAP_TILES_URL"),
        ("map_servers", "https://a.example/path", "servers are listed"),
        ("map_servers", "https://a.example, https://b.example", "plain name"),
        ("map_servers", "https://a.example; script-src *", "semicolons"),
        ("map_servers", "'self'", "quotation marks"),
        ("map_servers", "/here", "servers are listed"),
        ("map_servers", "*", "begins with https://"),
        ("map_datum", "gcj02", "goes with MUSTER_MAP_STYLE_URL or MUSTER_MAP_TILES_URL"),
        ("map_datum", "gcj-02", "'wgs84', 'gcj02' or 'bd09'"),
        ("map_tiles_zoom", "25", "less than or equal to 24"),
        ("map_pmtiles", "/nowhere/plan.pmtiles", "cannot be read: No such file"),
        ("map_pmtiles", str(ROOT), "cannot be read: Is a directory"),
        ("map_pmtiles", str(ROOT / "README.md"), "no PMTiles archive"),
    ],
)
def test_a_map_that_cannot_be_is_refused(name: str, value: str, said: str) -> None:
    """Above all what would open the content security policy to others."""
    with pytest.raises(ValidationError) as refused:
        settings(**{name: value})
    (wrong,) = refused.value.errors()
    assert said in wrong["msg"]


def test_a_map_comes_from_one_place(tmp_path: Path) -> None:
    """Of two nobody could say which is seen; and a file's datum is always the same."""
    plan = tmp_path / "plan.pmtiles"
    plan.write_text(PLAN)
    both = {"map_style_url": STYLE, "map_tiles_url": TILES, "map_pmtiles": str(plan)}
    for left_out in both:
        with pytest.raises(ValidationError, match="not from two of them"):
            settings(**{name: value for name, value in both.items() if name != left_out})
    with pytest.raises(ValidationError, match="MUSTER_MAP_STYLE_URL or MUSTER_MAP_TILES_URL"):
        settings(map_pmtiles=str(plan), map_datum="bd09")
    for name, value in both.items():
        assert getattr(settings(**{name: value}), name) == value
    assert settings(map_tiles_url=TILES, map_datum="bd09").map_datum == "bd09"
