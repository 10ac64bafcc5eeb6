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
