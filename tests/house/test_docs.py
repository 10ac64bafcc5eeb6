"""The documents against the code: all there is, and nothing there is not."""

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import iter_route_contexts

from channels import frame
from config.settings import Settings
from server import asyncapi, live
from server.__main__ import app as commands
from server.app import create_app
from server.metrics import Metrics
from tests.bed.ground import settings
from tests.house.files import ROOT, source, text
from web import vendor

README, CONTRIBUTING = text("README.md"), text("CONTRIBUTING.md")
BOTH = README + CONTRIBUTING


def table(head: str) -> list[list[str]]:
    """The rows of the README's table that begins with this column, cells without their marks."""
    after = README.split(f"| {head} |")[1].split("\n")[2:]
    rows = []
    for line in after:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    assert rows
    return rows


def spoken(value: object) -> str:
    """A default as the table says it."""
    return f"`{value}`" if value != "" else "empty"


def test_every_setting_is_in_the_readme() -> None:
    """By its name, its default and what it does, in the order of the code; and no other."""
    known = []
    for field in Settings.model_fields.values():
        name = getattr(field.validation_alias, "choices", [""])[0]
        known.append([f"`{name}`", spoken(field.default), field.description])
    assert table("setting") == known


def test_every_setting_does_something() -> None:
    """A knob that turns nothing is worse than none."""
    code = [text(path) for path in source() if path.startswith(("server/", "channels/", "web/", "config/"))]
    used = set(re.findall(r"\b(?:settings|self)\.(\w+)", "".join(code)))
    assert set(Settings.model_fields) - used == set()


def test_no_document_speaks_of_a_setting_there_is_not() -> None:
    """A name that was changed would mislead."""
    known = {str(name) for one in Settings.model_fields.values() for name in one.validation_alias.choices}  # type: ignore[union-attr]
    spoken_of = set(re.findall(r"\b(?:MUSTER_[A-Z_]+|[A-Z]+_URL)\b", BOTH + text("CHANGELOG.md")))
    assert spoken_of - known == set()


def test_every_command_is_in_the_readme() -> None:
    """Of `make` and of `python -m server`; and each with some words."""
    said = {word for cells in table("command") for word in re.findall(r"`([^`]+)`", cells[0])}
    assert all(len(cells[1]) > 5 for cells in table("command"))
    targets = set(re.findall(r"^([a-z]+):.*## ", text("Makefile"), re.MULTILINE)) - {"help"}
    assert {word.split()[1] for word in said if word.startswith("make ")} == targets
    named = {one.name or one.callback.__name__ for one in commands.registered_commands if one.callback}
    assert {word.split()[3] for word in said if word.startswith("python -m server ")} == named
    assert set(re.findall(r"`make (\w+)", BOTH)) <= targets
    assert set(re.findall(r"python -m server (\w+)", BOTH + text("Procfile"))) <= named


TELLING = {"journal.append": 2, "_post": 2, "tell": 1, "telling.tell": 1}
"""What appends to a journal, and which of its arguments is the kind."""


def written() -> Iterator[str]:
    """The kinds of entries that the source appends to a journal."""
    for path in source():
        if not path.startswith("server/") or not path.endswith(".py"):
            continue
        for node in ast.walk(ast.parse(text(path))):
            if not isinstance(node, ast.Call) or len(node.args) < 3:
                continue
            at = TELLING.get(ast.unparse(node.func))
            if at and isinstance(kind := node.args[at], ast.Constant):
                yield str(kind.value)


def test_every_row_of_the_bench_is_in_the_readme() -> None:
    """By the name it is measured alone by."""
    rows = re.findall(r'^    "(\w+)": \w+\.run,$', text("tests/bench/__main__.py"), re.MULTILINE)
    assert len(rows) > 10
    told = README.split("python -m tests.bench")[1].split("\n\n")[0]
    assert [row for row in rows if f"`{row}`" not in told] == []


def test_every_kind_of_event_is_described() -> None:
    """What is written to a journal, what the page shows of it, and the signs between."""
    assert set(written()) == set(asyncapi.ABOUT)
    assert set(live.KINDS) <= set(asyncapi.ABOUT)
    said = Path(frame.__file__).read_text()
    signs = set(re.findall(r'_mark\("(\w+)"', said)) | set(re.findall(r'\{"kind": "(\w+)"', said))
    assert signs == set(asyncapi.SIGNS)
    messages = asyncapi.document()["components"]["messages"]
    assert set(messages) == set(asyncapi.ABOUT) | signs
    assert all(len(message["summary"]) > 10 for message in messages.values())


def test_every_figure_is_in_the_readme() -> None:
    """Under the name Prometheus gives it, and with a help text of its own."""
    figures = Metrics()
    lines = figures.text({"connections": 0}, {}, None).decode().splitlines()
    named = {line.split()[2] for line in lines if line.startswith("# TYPE") and "_created" not in line}
    assert {cells[0].strip("`") for cells in table("figure")} == named
    assert all(len(line.split(" ", 3)[3]) > 5 for line in lines if line.startswith("# HELP"))


def test_every_address_in_the_documents_is_one() -> None:
    """Routes by their path, files and folders by theirs."""
    routes = {
        route.path for route in iter_route_contexts(create_app(settings(data_dir=ROOT / "data")).routes)
    }
    for said in re.findall(r"`([\w./-]+)`", BOTH) + re.findall(r"\]\(([\w./-]+)\)", BOTH):
        if said.startswith("/"):
            assert said in routes or any(route.startswith(f"{said}/") for route in routes), said
        elif re.match(r"[a-z]+/", said) and said != "data/":  # which is made when it is needed
            assert (ROOT / said).exists(), said


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The static files at another place, where they may be spoilt."""
    static = tmp_path / "static"
    shutil.copytree(vendor.STATIC, static)
    monkeypatch.setattr(vendor, "STATIC", static)
    monkeypatch.setattr(vendor, "MANIFEST", static / "vendor" / "manifest.json")
    return static


def test_vendored_files_are_as_listed() -> None:
    """Every one of them, and each with its licence."""
    names = vendor.check()
    assert "vendor/htmx.min.js" in names
    for package in vendor.PACKAGES:
        assert f"vendor/LICENSES/{package.name}.txt" in names


@pytest.mark.parametrize(
    "name", ["vendor/htmx.min.js", "vendor/LICENSES/maplibre-gl.txt", "icons.svg", "map/world.json"]
)
def test_a_changed_byte_is_found(copied: Path, name: str) -> None:
    """Whoever patches a vendored file by hand is told."""
    spoilt = bytearray((copied / name).read_bytes())
    spoilt[len(spoilt) // 2] ^= 1
    (copied / name).write_bytes(spoilt)
    with pytest.raises(vendor.MismatchError, match=re.escape(name)):
        vendor.check()


def test_what_is_missing_and_what_is_not_listed_is_found(copied: Path) -> None:
    """Both are changes."""
    (copied / "vendor" / "htmx.min.js").unlink()
    (copied / "vendor" / "more.js").write_text("alert(1)")
    with pytest.raises(vendor.MismatchError, match=r"vendor/htmx\.min\.js, vendor/more\.js"):
        vendor.check()
    assert vendor.main([]) == 1
