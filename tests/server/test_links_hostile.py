"""What a link does not tell and does not count, whoever knocks."""

from urllib.parse import urlencode

import pytest
from httpx2 import AsyncClient
from sqlalchemy import select

from server.drive.models import drive_link
from server.schema import new_id
from tests.server.conftest import Town
from tests.server.test_hostile import WORDS
from tests.server.test_links import address, leaf, look, share

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "pages", ["", "x", "1", "1:-2", "1:999999", "9:3", "0:3", "1:1,", "١:٢", "1:1" + ",1:1" * 2000, "1:1;2:2"]
)
async def test_what_no_browser_says_is_not_counted(town: Town, stranger: AsyncClient, pages: str) -> None:
    """No page there is, no time that can have passed; nor what a preview or a member does."""
    document = await leaf(town)
    link = await share(town, "li", document["id"])
    path = await address(town, "li", link)
    assert (await look(stranger, path, pages)).status_code == 204
    assert (await look(town["zhang"], path, "1:3")).status_code == 204
    assert (await look(stranger, path, "1:3", "no id")).status_code == 204
    await stranger.get(path)
    assert "seen.js" not in (await town["zhang"].get(path)).text
    assert "Not opened yet" in (await town["li"].get(f"/drive/links/{link}")).text


async def test_a_visit_never_shrinks_nor_moves_to_another_link(town: Town, stranger: AsyncClient) -> None:
    """What comes late says less; another link's visit is nobody's here."""
    document = await leaf(town)
    link, other = [await share(town, "li", document["id"]) for _ in range(2)]
    path, view = await address(town, "li", link), new_id()
    await look(stranger, path, "1:4", view)
    await look(stranger, path, "1:2", view)
    await look(stranger, await address(town, "li", other), "2:9", view)
    sheet = (await town["li"].get(f"/drive/links/{link}")).text
    assert "0:04" in sheet
    assert "Not opened yet" in (await town["li"].get(f"/drive/links/{other}")).text


async def test_a_link_cannot_be_guessed_and_is_not_kept(
    town: Town, stranger: AsyncClient, capfd: pytest.CaptureFixture[str]
) -> None:
    """256 bits; in the database its hash alone; in no log and no metric. One that never was leads nowhere."""
    document = await leaf(town)
    form = {"new_id": new_id()}
    links = [
        (await town["li"].post(f"/drive/documents/{document['id']}/links", data=form)).headers["location"]
        for _ in range(2)
    ]
    assert links[0] == links[1]
    path = await address(town, "li", links[0].rpartition("/")[2])
    token = path.removeprefix("/s/")
    await stranger.get(path)
    assert (await stranger.get(path[:-1] + ("A" if path[-1] != "A" else "B"))).status_code == 404
    everything = await town.app.state.db.read(lambda c: str(c.execute(select(drive_link)).all()))
    assert token not in everything
    assert token not in (await town["wang"].get("/metrics")).text
    assert token not in str(await town.journal()) + "".join(capfd.readouterr())
    export = (await town["li"].get("/api/v1/me/export")).content
    assert token.encode() not in export


async def test_its_forms_need_not_say_where_they_are_from(town: Town, stranger: AsyncClient) -> None:
    """A page that tells its address to nobody sends them under no name; another site's are refused."""
    document = await leaf(town)
    path = await address(town, "li", await share(town, "li", document["id"]))
    form = {"text": "Which size?", "ask_id": new_id()}
    nameless, other = {"Origin": "null"}, {"Origin": "https://other.example"}
    assert (await stranger.post(f"{path}/ask", data=form, headers=nameless)).status_code == 303
    for headers in (other, {"Sec-Fetch-Site": "cross-site"}, {**nameless, "Sec-Fetch-Site": "cross-site"}):
        assert (await stranger.post(f"{path}/ask", data=form, headers=headers)).status_code == 403
    assert (await stranger.post("/signin", data={}, headers=nameless)).status_code == 403


async def test_no_form_of_it_breaks(town: Town, stranger: AsyncClient) -> None:
    """Whatever its maker or a customer writes: refused with a word, or kept; and the link is as it was."""
    document = await leaf(town)
    link = await share(town, "li", document["id"])
    path = await address(town, "li", link)
    doors = [(town["li"], f"/drive/links/{link}", ("until", "day", "download", "lock", "code", "customer"))]
    doors += [(stranger, path, ("code",)), (stranger, f"{path}/seen", ("view", "pages"))]
    doors += [(stranger, f"{path}/ask", ("ask_id", "name", "text"))]
    for word in WORDS:
        typed = word[:9000].encode(errors="surrogatepass")
        for one, door, fields in doors:
            form = urlencode(dict.fromkeys(fields, typed)).encode()
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            answer = await one.post(door, content=form, headers=kind)
            assert answer.status_code < 500, f"{door} {word[:20]!r}"
    assert "<script>x" not in (await town["zhang"].get(f"/squads/{town.squad}")).text
    assert (await stranger.get(path)).status_code == 200
