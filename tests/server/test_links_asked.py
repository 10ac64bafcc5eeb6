"""What a customer asked, and the name they wrote, go for good when they ask for it."""

from typing import Any

import pytest
from httpx2 import AsyncClient, Response
from sqlalchemy import Connection, select

from server import audit
from server.journal import journal
from server.schema import metadata, new_id
from tests.server.conftest import Town
from tests.server.drive import bring, folder
from tests.server.test_drive_pages import leaflet
from tests.server.test_links import address, leaf, share

pytestmark = pytest.mark.anyio
SAID, NAME = "Is Numbat hard?", "Mr Quokka"


async def asked(town: Town, stranger: AsyncClient) -> tuple[str, str]:
    """A customer's question about a document Li Na sent; ids of link and question."""
    link = await share(town, "li", (await leaf(town))["id"], town.customers["hengtai"])
    path = await address(town, "li", link)
    await stranger.post(f"{path}/ask", data={"ask_id": new_id(), "name": NAME, "text": SAID})
    post = next(one for one in await town.journal() if one["kind"] == "question")["subject"]
    return link, str(post)


async def remove(town: Town, who: str, post: str, by_page: bool = False) -> Response:
    """As a page or a program does."""
    if by_page:
        return await town[who].post(f"/drive/questions/{post}/remove")
    return await town[who].delete(f"/api/v1/drive/questions/{post}")


def everywhere(c: Connection) -> str:
    """All that is in the database."""
    return "".join(str(c.execute(select(table)).all()) for table in metadata.sorted_tables)


async def shown(town: Town, link: str, post: str) -> str:
    """All pages and answers it stood in."""
    await town.app.state.search.settled()
    paths = (
        *(f"/squads/{town.squad}", f"/drive/links/{link}", f"/api/v1/drive/links/{link}"),
        *(f"/customers/{town.customers['hengtai']}", "/notices", "/api/v1/me/notices"),
        *(f"/squads/{town.squad}/posts/{post}", "/api/v1/search?q=hard"),
    )
    told = [(await town["li"].get(path)).text for path in paths]
    return "".join(told) + str(await town.journal())


@pytest.mark.parametrize(("who", "by_page"), [("li", True), ("li", False), ("wang", True), ("wang", False)])
async def test_words_and_name_go_for_good(town: Town, stranger: AsyncClient, who: str, by_page: bool) -> None:
    """From every screen, every answer and every row; the squad sees who did it, not what it was."""
    link, post = await asked(town, stranger)
    before = await shown(town, link, post)
    assert before.count(SAID) > 4
    assert before.count(NAME) > 3
    answer = await remove(town, who, post, by_page)
    assert answer.status_code == (303 if by_page else 204), answer.text
    if by_page:
        there = f"/drive/links/{link}" if who == "li" else f"/squads/{town.squad}"
        assert answer.headers["location"] == there
    left = await shown(town, link, post) + await town.app.state.db.read(everywhere)
    assert not [word for word in ("Numbat", "Quokka", "numbat", "quokka") if word in left]
    doer = {"li": "Li Na", "wang": "Wang Fang"}[who]
    book = (await town["zhang"].get(f"/squads/{town.squad}/audit")).text
    assert f"{doer} removed what a customer asked about “Leaflet”" in book
    assert (await remove(town, who, post)).status_code == 404, "done is done"
    acts = select(audit.audit.c.kind).where(audit.audit.c.kind == "question_removed")
    assert len(await town.app.state.db.read(lambda c: c.execute(acts).all())) == 1


async def test_open_pages_hear_of_it(town: Town, stranger: AsyncClient) -> None:
    """An entry for the feed and the customer's file, one for the link's sheet; without a word of it."""
    link, post = await asked(town, stranger)
    await remove(town, "li", post)

    def last(c: Connection, key: str) -> Any:
        query = select(journal.c.kind, journal.c.data).where(journal.c.stream == key)
        return [tuple(row) for row in c.execute(query.order_by(journal.c.offset.desc()).limit(2))]

    about = {"customer": town.customers["hengtai"]}
    read = town.app.state.db.read
    told, gone = await read(last, town.squad)
    assert gone == ("deleted", {"id": post, "post": post, **about})
    assert (told[0], told[1]["id"], told[1]["did"]) == ("link", link, "removed")
    assert ("link", told[1]) in await read(last, f"me:{town.ids['li']}")


async def test_the_senders_bell_goes_down_with_it(town: Town, stranger: AsyncClient) -> None:
    """When a lead removes it: their open pages hear the count, and no notice leads to what is gone."""
    _, post = await asked(town, stranger)
    assert [one["kind"] for one in (await town["li"].get("/api/v1/me/notices")).json()] == ["question"]
    await remove(town, "wang", post)
    bell = (journal.c.stream == f"me:{town.ids['li']}") & (journal.c.kind == "notices")
    said = select(journal.c.data).where(bell)
    told = await town.app.state.db.read(lambda c: c.scalars(said.order_by(journal.c.offset)).all())
    assert [one["unseen"] for one in told] == [1, 0]
    assert told[0]["ids"] == told[1]["ids"]
    assert (await town["li"].get("/api/v1/me/notices")).json() == []
    assert (await town["li"].get(f"/notices/{told[0]['ids'][0]}")).status_code == 404
    assert post not in (await town["li"].get("/notices")).text


async def test_who_may(town: Town, stranger: AsyncClient) -> None:
    """Whoever sent the document, and who leads the squad; nobody else, and nothing but a question."""
    _, post = await asked(town, stranger)
    assert [(await remove(town, who, post)).status_code for who in ("zhang", "sun")] == [403, 404]
    assert (await town["zhang"].get(f"/drive/questions/{post}/remove")).status_code == 403
    page = (await town["li"].get(f"/drive/questions/{post}/remove")).text
    assert SAID in page
    assert NAME in page
    said = await town.say("li", "Zanzibar")
    assert (await remove(town, "li", said["id"])).status_code == 404
    assert (await town["li"].get(f"/drive/questions/{said['id']}/remove")).status_code == 404
    assert "Zanzibar" in (await town["zhang"].get(f"/squads/{town.squad}")).text
    story = f"/customers/{town.customers['hengtai']}"
    ways = {
        who: f"/drive/questions/{post}/remove" in (await town[who].get(story)).text for who in town.clients
    }
    assert {who for who, way in ways.items() if way} == {"li", "wang"}


async def test_it_goes_without_its_document_too(town: Town, stranger: AsyncClient) -> None:
    """In the bin, or swept: the question is the squad's by then."""
    cases = await folder(town, "Cases", squad=town.squad)
    document = await bring(town, "li", cases, "Other.pdf", leaflet())
    link = await share(town, "li", document["id"], town.customers["hengtai"])
    path = await address(town, "li", link)
    await stranger.post(f"{path}/ask", data={"name": NAME, "text": SAID})
    post = next(one for one in await town.journal() if one["kind"] == "question")["subject"]
    await town["li"].delete(f"/api/v1/drive/documents/{document['id']}")
    assert (await remove(town, "wang", post)).status_code == 204
    assert NAME not in await town.app.state.db.read(everywhere)
