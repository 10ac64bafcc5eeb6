"""The demo company's drive: a newcomer finds it furnished, whichever language they read."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from config.settings import Settings
from server.app import create_app
from server.demo import shelves
from server.drive.actions import Content
from server.drive.kinds import KINDS
from server.drive.leaves import Leaves
from server.schema import now
from server.store import Store
from tests.server.test_demo import Demo, caller, demo, planted

pytestmark = pytest.mark.anyio
__all__ = ["demo", "planted"]


async def test_the_drive_is_furnished(demo: Demo) -> None:
    """In both languages: documents of every kind, read; a card, a link that was opened, a track."""
    made = demo.seeded
    app = create_app(demo.settings)
    async with app.router.lifespan_context(app):
        await app.state.jobs.stop()  # what it has begun would be done only later
        await app.state.jobs.run_due(now() + timedelta(minutes=2))
        for handle, words, customer in (
            ("li-na", "hard water", "Jinhe Hospital"),
            ("lin-xiao", "硬水", "南门医院"),
        ):
            async with caller(app, made.members[handle]["token"]) as api:
                parts = (await api.get("/api/v1/drive")).json()
                kinds = set()
                for part in parts[:2]:
                    for folder in part["folders"]:
                        inside = (await api.get(f"/api/v1/drive/folders/{folder['id']}")).json()
                        assert inside["documents"], folder["name"]
                        kinds |= {one["kind"] for one in inside["documents"]}
                        assert {one["words"] for one in inside["documents"]} <= {"read", "none"}
                        for one in inside["documents"]:
                            assert (await api.get(one["file"])).status_code == 200
                assert kinds == set(KINDS)
                asked = {"q": words, "kind": "document"}
                found = (await api.get("/api/v1/search", params=asked)).json()["results"]
                assert len(found) >= 3
                skill = next(one for one in parts[0]["folders"] if "Sales skills" in one["name"])
                cards = (await api.get(f"/api/v1/drive/folders/{skill['id']}")).json()["documents"]
                pages = [(await api.get(f"/drive/documents/{one['id']}")).text for one in cards]
                assert sum('id="card"' in page for page in pages) == 2
                here = made.members[handle]["squads"][0]
                listed = (await api.get(f"/api/v1/squads/{here}/customers")).json()
                there = next(one["id"] for one in listed if one["name"] == customer)
                assert "RO-400" in (await api.get(f"/customers/{there}")).text
                assert "一小时懂水" in (await api.get("/training")).text


async def test_a_card_is_written_alike_on_every_machine(
    embedded: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bytes are UTF-8, whatever the machine's own signs are."""
    said, kept = SimpleNamespace(text="硬水要换滤芯"), []
    plain = Path.write_text

    def as_there(path: Path, text: str, encoding: str | None = None) -> int:
        return plain(path, text, encoding=encoding or "gb18030")

    async def write(*args: Any) -> None:
        kept.append(next(one for one in args if isinstance(one, Content)))

    async def read(*_: Any) -> Any:
        return said

    monkeypatch.setattr(Path, "write_text", as_there)
    store, rep = Store(embedded), SimpleNamespace(squad=None)
    state, db = SimpleNamespace(store=store, leaves=Leaves(store)), SimpleNamespace(read=read, write=write)
    await shelves._card(cast(Any, db), state, embedded, cast(Any, rep), "")
    assert [one.hash for one in kept] == [sha256(said.text.encode()).hexdigest()]
