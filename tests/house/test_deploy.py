"""What is deployed: the files name only what there is, and give no more rights than are needed."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.settings import Settings
from server.__main__ import app
from server.app import create_app
from tests.bed.ground import settings
from tests.house.files import ROOT, text, tracked

FOLDER = ROOT / "config/deploy"
UNITS = sorted(FOLDER.glob("*.service"))
FILES = [path for path in tracked() if path.startswith("config/deploy/") and not path.endswith(".lock")]
OURS = re.compile(r"\b(MUSTER_[A-Z_]+|PORT|DATABASE_URL|REDIS_URL|FILES_URL)\b")
GIVEN = {"SITE": "muster.example", "POSTGRES_PASSWORD": "p", "MUSTER_SECRET_KEY": "k", "FILES_URL": ""}
"""What somebody writes into `.env`."""


def filled(value: str) -> str:
    """With the variables of `.env`; one that is not in `compose.env` is a KeyError."""
    return re.sub(r"\$\{(\w+)[^}]*\}", lambda found: GIVEN[found[1]], value)


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    """Those of the compose file."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(text("config/deploy/compose.yaml"))["services"]
    return found


def named(setting: str) -> str:
    """The environment variable of a setting."""
    return str(Settings.model_fields[setting].validation_alias.choices[0])  # type: ignore[union-attr]


@pytest.mark.parametrize("path", FILES)
def test_they_name_settings_and_commands_that_exist(path: str) -> None:
    """A misspelt one would be passed over in silence."""
    said = text(path)
    assert set(OURS.findall(said)) <= {named(one) for one in Settings.model_fields}
    commands = {one.name or one.callback.__name__ for one in app.registered_commands if one.callback}
    words = re.sub(r'[",]', "", said)
    assert set(re.findall(r"-m server ([a-z]+)", words)) <= commands


def test_what_is_to_be_filled_in_is_what_is_asked_for() -> None:
    """Neither more nor less."""
    asked = set(re.findall(r"(?<!\$)\$\{(\w+)", text("config/deploy/compose.yaml")))
    assert asked == set(re.findall(r"^(\w+)=", text("config/deploy/compose.env"), re.MULTILINE)) == set(GIVEN)


def test_every_process_has_settings_that_work_together(services: dict[str, dict[str, Any]]) -> None:
    """All of ours get the same ones, on PostgreSQL and Valkey, as the Procfile's processes."""
    processes = ("release", "web1", "web2", "worker")
    (one,) = {tuple(services[name]["environment"].items()) for name in processes}
    made = settings(**{name: filled(value) for name, value in one})
    assert (made.embedded, made.redis_url) == (False, "redis://valkey:6379/0")
    assert made.database.host in services
    assert made.proxies == f"{services['caddy']['networks']['default']['ipv4_address']}/32"
    kinds = {line.partition(": python -m server ")[::2] for line in text("Procfile").splitlines()}
    ran = {(name, services[name]["command"][-1]) for name in processes if "command" in services[name]}
    assert ran | {("web", "serve")} == kinds


def test_nobody_has_more_rights_than_are_needed(services: dict[str, dict[str, Any]]) -> None:
    """No process is root, writes anywhere but in its volumes, or wins rights."""
    for name, one in services.items():
        assert one["read_only"], name
        assert one["cap_drop"] == ["ALL"], name
        assert "cap_add" not in one, name
        assert one["security_opt"] == ["no-new-privileges:true"], name
        users = re.findall(r"^ *USER (\S+)", one.get("build", {}).get("dockerfile_inline", ""), re.MULTILINE)
        users += [one["user"]] if "user" in one else []
        assert users or one["image"] == "muster", name
        assert not {"root", "0"} & set(users), name
    assert re.findall(r"^USER (\S+)", text("config/deploy/Dockerfile"), re.MULTILINE)[-1] == "muster"


def test_the_proxy_asks_what_the_server_answers(services: dict[str, dict[str, Any]]) -> None:
    """Health is asked where there is a route, and sought where a server is."""
    said = text("config/deploy/Caddyfile")
    paths = {getattr(one, "path", "") for one in create_app(settings(data_dir=ROOT / "data")).routes}
    (inside,) = re.findall(r"@inside path (.+)", said)
    assert {*re.findall(r"health_uri (\S+)", said), *inside.split()} <= paths
    there = services["caddy"]["environment"]["UPSTREAMS"].split()
    assert {one.partition(":")[0] for one in there} == {one for one in services if one.startswith("web")}
    assert set(re.findall(r"\{\$(\w+)", said)) == set(services["caddy"]["environment"])


def pinned(path: str) -> dict[str, tuple[str, ...]]:
    """A lock's packages: version and hashes of each."""
    found = re.findall(r"^(\S+)==(\S+).*\\\n((?:    --hash.+\n)+)", text(path), re.MULTILINE)
    return {name: (version, *re.findall("sha256:[0-9a-f]+", hashes)) for name, version, hashes in found}


def test_the_image_has_what_is_tested_and_no_tests() -> None:
    """The same versions with the same hashes; whoever changes one makes both: `make lock`."""
    image = pinned("config/deploy/requirements.lock")
    assert image.items() <= pinned("requirements.lock").items()
    assert {"pytest", "playwright"}.isdisjoint(image)
    project = tomllib.loads(text("pyproject.toml"))["project"]
    assert {re.split(r"[\[=<>;]", one)[0].lower() for one in project["dependencies"]} <= set(image)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd to ask")
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_has_nothing_to_say(unit: Path, tmp_path: Path) -> None:
    """Every word is one it knows, and little of the machine is open to the process."""
    said = unit.read_text().replace("/opt/muster/.venv/bin/python", sys.executable)
    said = said.replace("/usr/bin/curl", sys.executable)
    (tmp_path / unit.name).write_text(said)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / unit.name], capture_output=True, text=True
    )
    assert [line for line in done.stderr.splitlines() if unit.stem.rstrip("@") in line] == []
    rated = subprocess.run(
        [
            "systemd-analyze",
            "security",
            "--offline=true",
            "--threshold=20",
            "--no-pager",
            tmp_path / unit.name,
        ],
        capture_output=True,
        text=True,
    )
    assert rated.returncode == 0, rated.stdout
