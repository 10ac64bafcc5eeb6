"""The words of documents: read by a job, found by who may see the document, marked, at their page."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import delete

from server.drive import reading
from server.drive.models import drive_gram, drive_head, drive_page, drive_reading
from server.schema import now
from tests.server.conftest import Town
from tests.server.drive import PDF, bring, folder
from tests.server.packed import unpacked
from tests.server.papers import docx, packed, pdf, pptx, xlsx

pytestmark = pytest.mark.anyio
API = "/api/v1/drive"


async def read(town: Town) -> None:
    """Whatever waits to be read is."""
    await town.app.state.jobs.run_due(now())


@pytest.fixture(autouse=True)
async def alone(town: Town) -> None:
    """Nobody does jobs by themselves: one that was begun and broken off would be done only a minute later."""
    for state in (town.app.state, getattr(town.app.state, "twin", town.app).state):
        await state.jobs.stop()


async def find(town: Town, who: str, q: str, **asked: Any) -> list[dict[str, Any]]:
    """The documents somebody finds."""
    answer = await town[who].get("/api/v1/search", params={"q": q, "kind": "document", **asked})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"])


async def names(town: Town, who: str, q: str, **asked: Any) -> list[tuple[str, int | None]]:
    """What they are called, and at which page."""
    return [(one["title"], one["page"]) for one in await find(town, who, q, **asked)]


@pytest.mark.parametrize(
    ("name", "content", "page"),
    [
        ("a.pdf", pdf(["Contents\n目录", "Ward water here is 硬水 at 420 ppm"]), 2),
        ("a.docx", docx(["Contents\n目录", "Ward water here is 硬水 at 420 ppm"]), 2),
        ("a.pptx", pptx(["Contents\n目录", "Ward water here is 硬水 at 420 ppm"]), 2),
        ("a.xlsx", xlsx({"目录": [["Contents"]], "Water": [["Ward water", "硬水", 420], [None, "ppm"]]}), 2),
        ("a.txt", "Ward water here is 硬水 at 420 ppm".encode(), 1),
        ("a.md", "# Water\n\nWard water here is **硬水** at 420 ppm".encode(), 1),
        ("gbk.txt", "诊所锅炉: Ward water here is 硬水 at 420 ppm".encode("gb18030"), 1),
    ],
)
async def test_every_kind_is_read(town: Town, name: str, content: bytes, page: int) -> None:
    """And found by words and by signs, at the page where they stand, marked; the page is opened there."""
    one = await bring(town, "li", await folder(town), name, content)
    await read(town)
    for q in ("硬水", "水", "water 硬", "ward 420"):
        (hit,) = await find(town, "zhang", q)
        assert (hit["id"], hit["page"]) == (one["id"], page), q
        assert any(piece["hit"] for piece in hit["snippet"])
        assert "*" not in "".join(piece["text"] for piece in hit["snippet"])
        assert hit["path"].startswith(f"/drive/documents/{one['id']}?page={page}&q=")
        assert hit["path"].endswith(f"#page-{page}")
        shown = (await town["zhang"].get(hit["path"])).text
        assert f'id="page-{page}"' in shown
        assert "hit 1 of 1" in shown
        assert "<mark>" in shown
    assert await find(town, "zhang", "水硬") == []
    assert await find(town, "zhang", "ard") == []


async def test_the_best_comes_first(town: Town) -> None:
    """By name, then by tag, then by what is written; of these the newer."""
    cases = await folder(town)
    for n, (name, words) in enumerate((("Old", "硬水"), ("New", "硬水"), ("硬水", "x"), ("Tagged", "y"))):
        one = await bring(town, "li", cases, f"{name}.txt", f"{words} {n}".encode())
        if name == "Tagged":
            said = {"name": name, "kind": "case", "tags": ["硬水"], "folder": cases}
            await town["li"].patch(f"{API}/documents/{one['id']}", json=said)
    await read(town)
    assert await names(town, "sun", "硬水") == [("硬水", None), ("Tagged", None), ("New", 1), ("Old", 1)]
    assert await names(town, "sun", "tagged 硬水") == [("Tagged", None)]
    assert await names(town, "sun", "old 硬水") == [("Old", 1)]
    found = await town["sun"].get("/api/v1/search", params={"q": "硬水", "kind": "document", "after": 2})
    assert [one["title"] for one in found.json()["results"]] == ["New", "Old"]


async def test_the_newest_of_all_parts_comes_first(town: Town) -> None:
    """Whoever’s they are; and page by page the same as all at once."""
    places = [await folder(town, "All"), await folder(town, "Ours", squad=town.squad)]
    for n in range(30):
        await bring(town, "wang", places[n % 7 < 2], f"{n}.txt", f"{'heron ' * 9}ibis {n}".encode())
    await read(town)
    newest = [(str(n), 1) for n in reversed(range(30))]
    found = [one for after in (0, 20) for one in await names(town, "li", "ibis", after=after)]
    assert found == newest
    assert await names(town, "sun", "ibis heron") == [one for one in newest if int(one[0]) % 7 > 1][:20]


async def test_only_what_counts_is_found(town: Town) -> None:
    """Not an earlier version, not what is in the bin, not under an old name; taken out it is found again."""
    cases = await folder(town)
    one = await bring(town, "li", cases, "Sheet.pdf", pdf(["heron 苍鹭"]))
    await read(town)
    assert await names(town, "sun", "苍鹭") == [("Sheet", 1)]
    await bring(town, "li", cases, "Sheet.pdf", pdf(["stork", "egret"]))
    assert await names(town, "sun", "heron") == []
    assert await names(town, "sun", "sheet") == [("Sheet", None)]
    await read(town)
    assert await names(town, "sun", "heron") == []
    assert await names(town, "sun", "egret") == [("Sheet", 2)]
    await town["li"].put(f"{API}/documents/{one['id']}/current", json={"n": 1})
    await read(town)
    assert await names(town, "sun", "egret") == []
    assert await names(town, "sun", "heron") == [("Sheet", 1)]
    said = {"name": "Birds", "kind": "case", "tags": ["waders"], "folder": cases}
    await town["li"].patch(f"{API}/documents/{one['id']}", json=said)
    assert await names(town, "sun", "sheet") == []
    assert await names(town, "sun", "birds") == await names(town, "sun", "waders") == [("Birds", None)]
    assert await names(town, "sun", "waders heron") == [("Birds", 1)]
    await town["li"].delete(f"{API}/documents/{one['id']}")
    assert await names(town, "li", "heron") == await names(town, "li", "birds") == []
    binned = (await town["li"].get(f"{API}/bin")).json()[0]["id"]
    await town["li"].put(f"{API}/bin/{binned}/restore")
    assert await names(town, "sun", "heron") == [("Birds", 1)]


async def test_nobody_finds_what_they_may_not_see(town: Town) -> None:
    """Walks everybody through everything: who finds a document is who may open it, on every way to it."""
    places = {
        "company": await folder(town, "All"),
        "kept": await folder(town, "Kept", rights="keep"),
        "squad": await folder(town, "Ours", squad=town.squad),
        "margins": await folder(town, "Margins", squad=town.squad, rights="keep"),
        "others": await folder(town, "Theirs", who="sun", squad=town.other),
    }
    known = {}
    for where, at in places.items():
        who = "sun" if where == "others" else "wang"
        one = await bring(town, who, at, f"pelican {where}.pdf", pdf([f"ibis {where}"]))
        known[one["id"]] = where
    await read(town)
    for who in town.clients:
        may = {id for id in known if (await town[who].get(f"{API}/documents/{id}")).status_code == 200}
        for q in ("pelican", "ibis", "pelicna"):
            assert {one["id"] for one in await find(town, who, q)} == may, (who, q)
            page = (await town[who].get("/drive/search", params={"q": q})).text
            both = page + (await town[who].get("/search", params={"q": q})).text
            both += unpacked(await town[who].get("/search.xlsx", params={"q": q, "kind": "document"})).decode(
                errors="replace"
            )
            for id, where in known.items():
                assert (f"pelican {where}" in both) == (id in may), (who, q, where)
    moved = next(id for id, where in known.items() if where == "company")
    said = {"name": "pelican", "kind": "case", "tags": [], "folder": places["margins"]}
    assert (await town["wang"].patch(f"{API}/documents/{moved}", json=said)).status_code == 200
    await read(town)
    assert moved not in {one["id"] for q in ("pelican", "ibis") for one in await find(town, "sun", q)}
    assert moved in {one["id"] for one in await find(town, "wang", "ibis")}


BOMB = docx(["x"], '<!DOCTYPE z [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>')
LOCKED = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 99
)
SEALED_PDF = pdf(["ibis"]).replace(
    b"trailer<<",
    b"trailer<</ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>" % (b"a1" * 32, b"b2" * 32),
)


def huge() -> bytes:
    """A small file of a picture with too many pixels."""
    made = BytesIO()
    Image.new("1", (20_000, 10_000)).save(made, "PNG")
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("bomb.docx", BOMB, "It cannot be read"),
        ("half.docx", docx(["ibis"])[:-40], "It cannot be read"),
        ("empty.pptx", packed({"[Content_Types].xml": "ppt/", "ppt/presentation.xml": ""}), None),
        ("locked.docx", LOCKED, "It asks for a password"),
        ("locked.pdf", SEALED_PDF, "It asks for a password"),
        ("huge.png", huge(), "too many pixels"),
        ("broken.pdf", pdf(["ibis"])[:90], "It cannot be read"),
        ("large.docx", docx(["ibis " * 40_000]), "It is too large"),
        ("scan.pdf", PDF, "There are no words in it"),
        ("long.txt", b"ibis " * 1000, "It is very long"),
    ],
)
async def test_what_cannot_be_read_says_why(town: Town, name: str, content: bytes, why: str | None) -> None:
    """It is kept, found by its name, can be downloaded; what is beside it is found as ever."""
    settings, cases = town.app.state.settings, await folder(town)
    settings.drive_unpacked, settings.drive_words = 100_000, 4000
    beside = await bring(town, "li", cases, "Beside.pdf", pdf(["ibis"]))
    one = await bring(town, "li", cases, f"pelican {name}", content)
    await read(town)
    assert [hit["id"] for hit in await find(town, "sun", "pelican")] == [one["id"]]
    assert beside["id"] in [hit["id"] for hit in await find(town, "sun", "ibis")]
    page = await town["sun"].get(f"/drive/documents/{one['id']}")
    assert page.status_code == 200
    assert why is None or why in page.text
    assert (await town["sun"].get(one["file"])).content == content


async def test_a_reading_that_was_killed_begins_anew(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it had written is found nowhere, and nothing twice."""
    state, cases = town.app.state, await folder(town)
    one = await bring(town, "li", cases, "Long.pdf", pdf([f"ibis {n}" for n in range(30)]))
    await bring(town, "li", cases, "Other.pdf", pdf(["ibis"]))
    monkeypatch.setattr(reading, "AT_ONCE", 50)
    monkeypatch.setattr(reading.index, "turn", None)
    with pytest.raises(TypeError):
        await reading.read(state.db, state.store, state.settings, {"document": one["id"]})
    assert await names(town, "sun", "ibis") == []
    monkeypatch.undo()
    await read(town)
    assert await names(town, "sun", "ibis") == [("Other", 1), ("Long", 1)]
    assert await names(town, "sun", "ibis 29") == [("Long", 30)]
    page = (await town["sun"].get(f"/drive/documents/{one['id']}?q=ibis&page=30")).text
    assert "hit 30 of 30" in page


async def test_what_was_there_before_is_read(town: Town) -> None:
    """Documents from before there was an index come into it, the oldest first."""
    state, cases = town.app.state, await folder(town)
    for name in ("Old", "New"):
        await bring(town, "li", cases, f"{name}.pdf", pdf(["ibis"]))
    for table in (drive_page, drive_reading, drive_gram, drive_head):
        await state.db.write(lambda c, table: c.execute(delete(table)), table)
    assert await names(town, "sun", "ibis") == []
    await reading.fill_up(state.db)
    assert await names(town, "sun", "old") == [("Old", None)]
    await read(town)
    assert await names(town, "sun", "ibis") == [("New", 1), ("Old", 1)]


async def test_what_is_shown_is_harmless(town: Town) -> None:
    """Words of others are words, whatever they look like."""
    cases, bad = (
        await folder(town),
        "<script>alert(1)</script>\n[x](javascript:alert(1))\n\n![y](https://a/b.png)",
    )
    for name, content in (
        ("a.txt", bad.encode()),
        ("a.md", bad.encode()),
        ("a.docx", docx([bad])),
        ("a.xlsx", xlsx({"<b>": [[bad, "=1+1"]]})),
    ):
        one = await bring(town, "li", cases, name, content)
        await read(town)
        page = (await town["sun"].get(f"/drive/documents/{one['id']}?page=1&q=alert")).text
        assert "<script>alert" not in page, name
        assert 'href="javascript' not in page, name
        assert '<img src="https://a' not in page, name
        assert "&lt;script&gt;" in page, name


async def test_to_go_through_ones_documents_is_a_look(town: Town) -> None:
    """Also where nothing is found."""
    assert await find(town, "wang", "heron", person=town.ids["li"]) == []
    (seen,) = (await town["li"].get("/api/v1/me/looks")).json()
    assert (seen["viewer"], seen["kind"]) == (town.ids["wang"], "search")
