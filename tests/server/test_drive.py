"""The drive: who sees and may do what, versions, names, the bin, room; over the API."""

from typing import Any

import pytest

from server import journal
from server.administration import retention
from server.photos import sweeping
from server.schema import new_id, now
from tests.server.conftest import Town
from tests.server.drive import PDF, bring, folder

pytestmark = pytest.mark.anyio
API = "/api/v1/drive"


async def inside(town: Town, who: str, id: str) -> dict[str, Any]:
    """A folder as somebody sees it."""
    return dict((await town[who].get(f"{API}/folders/{id}")).json())


async def test_the_companys_folder_is_everybodys(town: Town) -> None:
    """An admin makes it, a rep of another squad adds to it, all find it; an outsider less."""
    cases = await folder(town, "Cases")
    quotes = await folder(town, "Quotes", squad=town.squad)
    brought = await bring(town, "sun", cases, "Harbour Clinic.pdf", kind="case")
    assert (brought["status_code"], brought["name"], brought["kind"]) == (201, "Harbour Clinic", "case")
    assert (brought["type"], brought["size"], brought["version"]) == ("application/pdf", len(PDF), 1)
    parts = {one["name"]: one for one in (await town["li"].get(API)).json()}
    assert [(name, [f["name"] for f in one["folders"]]) for name, one in parts.items()] == [
        ("", ["Cases"]),
        ("North Bank", ["Quotes"]),
    ]
    assert parts[""]["folders"][0]["files"] == 1
    page = (await town["sun"].get("/drive")).text
    assert "Cases" in page
    assert "Quotes" not in page
    assert (await town["sun"].get(f"{API}/folders/{quotes}")).status_code == 404
    assert (await bring(town, "sun", quotes, "x.pdf"))["status_code"] == 404
    file = await town["li"].get(brought["file"])
    assert (file.content, file.headers["content-type"]) == (PDF, "application/pdf")
    assert "inline; filename*=UTF-8''Harbour%20Clinic.pdf" in file.headers["content-disposition"]


async def test_who_may_only_look_adds_nothing(town: Town) -> None:
    """And what is for its keepers alone is nowhere to be seen for others, also not by name in a frame."""
    open_ = await folder(town, "Prices", squad=town.squad, rights="view")
    shut = await folder(town, "Margins", squad=town.squad, rights="keep")
    one = await bring(town, "wang", shut, "Secret margins.pdf")
    assert (await bring(town, "li", open_, "x.pdf"))["status_code"] == 403
    assert (await bring(town, "li", shut, "x.pdf"))["status_code"] == 404
    assert (await town["li"].get(one["file"])).status_code == 404
    assert (await town["wang"].get(one["file"])).status_code == 200
    for page in ("/drive", f"/drive/folders/{open_}"):
        assert "Margins" not in (await town["li"].get(page)).text
        assert "Margins" in (await town["wang"].get(page)).text
    entries = [entry for entry in await town.journal() if entry["kind"] == "drive"]
    done = [entry["data"]["did"] for entry in entries if entry["data"]["did"] != "read"]  # whenever it was
    assert done == ["made", "made", "brought"]
    assert "argins" not in str(entries)


async def test_a_file_of_the_same_name_is_a_new_version(town: Town) -> None:
    """It keeps its address; an earlier one can count again, and nothing of what was is lost."""
    cases = await folder(town)
    first = await bring(town, "li", cases, "RO-400 sheet.pdf")
    second = await bring(town, "zhang", cases, "ro-400 SHEET.pdf", PDF + b"May")
    assert (second["id"], second["version"], second["by"]) == (first["id"], 2, town.ids["zhang"])
    words = await bring(town, "zhang", cases, "RO-400 sheet.txt", b"Not the same at all")
    assert words["id"] != first["id"]
    path = f"{API}/documents/{first['id']}"
    assert (await town["zhang"].put(f"{path}/current", json={"n": 1})).status_code == 403
    back = (await town["li"].put(f"{path}/current", json={"n": 1})).json()
    assert [(one["n"], one["size"]) for one in back["versions"]] == [
        (3, len(PDF)),
        (2, len(PDF) + 3),
        (1, len(PDF)),
    ]
    again = (await town["li"].put(f"{path}/current", json={"n": 3})).json()
    assert again["version"] == 3
    assert (await town["li"].get(back["versions"][1]["file"])).content == PDF + b"May"
    assert (await town["li"].get(f"/drive/documents/{first['id']}/versions/9/file")).status_code == 404


async def test_the_same_id_again_brings_nothing_twice(town: Town) -> None:
    """Whatever is in it; and a form that is sent twice neither."""
    cases, id = await folder(town), new_id()
    one = await bring(town, "li", cases, "Case.pdf", id=id)
    again = await bring(town, "li", cases, "Other.pdf", id=id)
    assert (again["status_code"], again["id"], again["version"]) == (200, one["id"], 1)
    form = {"new_id": new_id(), "kind": "brochure"}
    files = [("file", ("a.pdf", PDF + b"a")), ("file", ("b.txt", b"words"))]
    for _ in range(2):
        answer = await town["li"].post(f"/drive/folders/{cases}/documents", data=form, files=files)
        assert answer.status_code == 303
    known = {one["name"]: one["version"] for one in (await inside(town, "li", cases))["documents"]}
    assert known == {"Case": 1, "a": 1, "b": 1}


@pytest.mark.parametrize(
    ("name", "content", "type", "shown"),
    [
        ("page.pdf", b"<html><script>alert(1)</script>", "text/plain", True),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "text/plain", True),
        ("run.pdf", b"MZ\x90\x00" + b"\0" * 300, "application/octet-stream", False),
        ("资料.md", "# 硬水".encode(), "text/plain", True),
        ("cut.txt", "水".encode()[:2], "application/octet-stream", False),
    ],
)
async def test_content_says_what_it_is(town: Town, name: str, content: bytes, type: str, shown: bool) -> None:
    """Not its name; nothing a browser would run is ever handed to one."""
    brought = await bring(town, "li", await folder(town), name, content)
    assert brought["type"] == type
    file = await town["li"].get(brought["file"])
    assert file.headers["content-type"].partition(";")[0] == type
    assert file.headers["content-disposition"].startswith("inline" if shown else "attachment")
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.content == content


async def test_thrown_away_and_taken_out(town: Town) -> None:
    """A folder goes with all in it; what went before it comes back only after it, or under another name."""
    top = await folder(town, squad=town.squad)
    inner = (
        await town["li"].post(f"{API}/folders/{top}/folders", json={"id": new_id(), "name": "Inner"})
    ).json()
    one = await bring(town, "li", inner["id"], "One.pdf")
    two = await bring(town, "li", inner["id"], "Two.pdf")
    assert (await town["li"].delete(f"{API}/documents/{one['id']}")).status_code == 204
    assert (await town["zhang"].delete(f"{API}/documents/{two['id']}")).status_code == 403
    assert (await town["li"].delete(f"{API}/folders/{top}")).status_code == 403
    assert (await town["wang"].delete(f"{API}/folders/{top}")).status_code == 204
    for gone in (f"{API}/folders/{inner['id']}", f"{API}/documents/{two['id']}", two["file"]):
        assert (await town["wang"].get(gone)).status_code == 404
    assert (await town["zhang"].get(f"{API}/bin")).json() == []
    (mine,) = (await town["li"].get(f"{API}/bin")).json()
    assert (mine["what"], mine["name"]) == ("document", "One")
    assert (await town["zhang"].put(f"{API}/bin/{mine['id']}/restore")).status_code == 404
    assert (await town["li"].put(f"{API}/bin/{mine['id']}/restore")).status_code == 409
    both = (await town["wang"].get(f"{API}/bin")).json()
    assert [one["name"] for one in both] == ["Cases", "One"]
    assert (await town["wang"].put(f"{API}/bin/{both[0]['id']}/restore")).status_code == 204
    assert (await town["li"].get(two["file"])).status_code == 200
    await bring(town, "li", inner["id"], "One.pdf")
    assert (await town["li"].put(f"{API}/bin/{mine['id']}/restore")).status_code == 409
    page = await town["li"].post(f"/drive/bin/{mine['id']}/restore")
    assert (page.status_code, "of this name" in page.text) == (409, True)


async def test_the_bin_is_emptied_in_time(town: Town) -> None:
    """Then rows and content are gone; what another document has too stays."""
    app, cases = town.app.state, await folder(town)
    one, two = await bring(town, "li", cases, "One.pdf"), await bring(town, "li", cases, "Two.pdf")
    three = await bring(town, "li", cases, "Three.pdf", PDF + b"alone")
    for gone in (one, three):
        await town["li"].delete(f"{API}/documents/{gone['id']}")
    hashes = {name.partition(".")[0] for name in await app.store.older(now())}
    await retention.keep_no_longer(app.db, now())
    assert len((await town["li"].get(f"{API}/bin")).json()) == 2
    later = now() + retention.timedelta(days=app.settings.drive_bin_days + 1)
    await retention.keep_no_longer(app.db, later)
    assert (await town["li"].get(f"{API}/bin")).json() == []
    gone_now = await app.db.read(sweeping.actions.unknown, sorted(hashes))
    assert len(hashes) == 2
    assert len(gone_now) == 1
    assert (await town["li"].get(two["file"])).content == PDF
    assert "in the bin: documents (2)" in (await town["wang"].get("/audit")).text


async def test_moved_between_parts(town: Town) -> None:
    """By who brought it, to where they may add; both streams hear it, and who may see it changes."""
    mine, all_ = await folder(town, "Quotes", squad=town.squad), await folder(town, "Cases")
    only_view = await folder(town, "Views", rights="view")
    one = await bring(town, "li", mine, "Quote.pdf")
    path = f"{API}/documents/{one['id']}"
    said = {"name": "Quote, May", "kind": "prices", "tags": ["Clinics", "clinics ", "hotels"], "folder": all_}
    assert (await town["li"].patch(path, json={**said, "folder": only_view})).status_code == 403
    theirs = await folder(town, "Theirs", who="sun", squad=town.other)
    assert (await town["li"].patch(path, json={**said, "folder": theirs})).status_code == 404
    assert (await town["sun"].get(path)).status_code == 404
    moved = (await town["li"].patch(path, json=said)).json()
    assert (moved["squad"], moved["name"], moved["tags"]) == (None, "Quote, May", ["Clinics", "hotels"])
    assert (await town["sun"].get(path)).json()["name"] == "Quote, May"
    company = await town.app.state.db.read(journal.history, "company", 0, 20)
    assert [one.data["did"] for one in company if one.kind == "drive"] == ["made", "made", "changed"]
    tagged = (await town["sun"].get(f"/drive/folders/{all_}?tag=hotels")).text
    assert "Quote, May" in tagged
    assert "Quote, May" not in (await town["sun"].get(f"/drive/folders/{all_}?tag=schools")).text


async def test_folders_move_but_not_into_themselves(town: Town) -> None:
    """And they have the rights of the folder they are in."""
    a, b = await folder(town, "A"), await folder(town, "B", rights="keep")
    inner = (
        await town["li"].post(f"{API}/folders/{a}/folders", json={"id": new_id(), "name": "Inner"})
    ).json()["id"]
    assert (await town["li"].get(f"{API}/folders/{inner}")).json()["rights"] == "add"
    into = await town["wang"].patch(f"{API}/folders/{a}", json={"name": "A", "parent": inner})
    assert list(into.json()["errors"]) == ["parent"]
    assert (await town["wang"].patch(f"{API}/folders/{a}", json={"name": "b"})).status_code == 422
    moved = await town["wang"].patch(f"{API}/folders/{a}", json={"name": "A", "parent": b})
    assert moved.json()["rights"] == "keep"
    assert (await town["li"].get(f"{API}/folders/{inner}")).status_code == 404
    await town["wang"].patch(f"{API}/folders/{a}", json={"name": "A", "rights": "view"})
    assert (await inside(town, "li", inner))["rights"] == "view"
    assert "changed who may see or add to the folder A" in (await town["wang"].get("/audit")).text
    assert (await inside(town, "wang", b))["folders"] == []


async def test_there_is_only_so_much_room(town: Town) -> None:
    """Also for what is in the bin, for every version; and one file is no larger than allowed."""
    settings, cases = town.app.state.settings, await folder(town)
    settings.drive_quota = 2 * len(PDF) + 10
    one = await bring(town, "li", cases, "One.pdf")
    await bring(town, "li", cases, "One.pdf", PDF + b"2")
    await town["li"].delete(f"{API}/documents/{one['id']}")
    full = await bring(town, "li", cases, "Three.pdf")
    assert (full["status_code"], list(full["errors"])) == (422, ["file"])
    quotes = await folder(town, "Quotes", squad=town.squad)
    assert (await bring(town, "li", quotes, "Three.pdf"))["status_code"] == 201
    settings.drive_max = 10
    large = await bring(town, "li", quotes, "Large.pdf")
    assert (large["status_code"], list(large["errors"])) == (422, ["file"])


async def test_marked_and_shown_lately(town: Town) -> None:
    """For oneself alone."""
    one = await bring(town, "li", await folder(town), "Harbour.pdf")
    await town["li"].get(one["file"])
    page = (await town["li"].get("/drive")).text
    assert "Shown lately" in page
    assert "Favourites" not in page
    await town["li"].post(f"/drive/documents/{one['id']}/favourite", data={"on": "1"})
    assert "Favourites" in (await town["li"].get("/drive")).text
    assert (await town["li"].get(f"{API}/documents/{one['id']}")).json()["favourite"]
    assert "Harbour" not in (await town["zhang"].get("/drive")).text
    await town["li"].delete(f"{API}/documents/{one['id']}/favourite")
    assert not (await town["li"].get(f"{API}/documents/{one['id']}")).json()["favourite"]


async def test_what_is_wrong_comes_back(town: Town) -> None:
    """With what was typed and a word at its field."""
    cases = await folder(town)
    page = await town["wang"].post("/drive/folders", data={"new_id": new_id(), "name": " cases "})
    assert (page.status_code, page.text.count('aria-invalid="true"')) == (422, 1)
    assert 'value=" cases "' in page.text
    page = await town["li"].post(f"/drive/folders/{cases}/documents", data={"new_id": new_id()})
    assert (page.status_code, "Choose a file." in page.text) == (422, True)
    one = await bring(town, "li", cases, "One.pdf")
    form = {"name": "", "kind": "case", "tags": "x" * 41}
    page = await town["li"].post(f"/drive/documents/{one['id']}/edit", data=form)
    assert (page.status_code, 'aria-invalid="true"' in page.text) == (422, True)
    form = {"name": "Uno", "kind": "case", "tags": "诊所，酒店", "folder": cases}
    assert (await town["li"].post(f"/drive/documents/{one['id']}/edit", data=form)).status_code == 303
    page = (await town["li"].get(f"/drive/folders/{cases}?view=list")).text
    assert "诊所" in page
    assert "酒店" in page
