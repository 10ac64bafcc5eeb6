"""Links to documents: made by a member, opened by a customer without an account, seen by whom it concerns."""

import re
from datetime import timedelta
from typing import Any

import pytest
from httpx2 import AsyncClient, Response
from sqlalchemy import update

from server.administration import retention
from server.drive.models import drive_link
from server.schema import new_id, now
from tests.server.conftest import Town
from tests.server.drive import PDF, bring, folder
from tests.server.test_drive_pages import colour, leaflet
from tests.server.test_erasure import erased
from tests.server.test_export import listed, taken

pytestmark = [pytest.mark.anyio, pytest.mark.filed]


async def share(town: Town, who: str, document: str, customer: str = "") -> str:
    """Makes a link as the page does; its id."""
    form = {"new_id": new_id(), "customer": customer}
    answer = await town[who].post(f"/drive/documents/{document}/links", data=form)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rpartition("/")[2]


async def address(town: Town, who: str, link: str) -> str:
    """What is sent to the customer, as its maker's sheet says it."""
    sheet = (await town[who].get(f"/drive/links/{link}")).text
    found = re.search(r'value="http://testserver(/s/[\w-]{43})"', sheet)
    assert found, sheet
    return found[1]


async def look(one: AsyncClient, path: str, pages: str, view: str = "") -> Response:
    """What a customer's browser says of a visit."""
    return await one.post(f"{path}/seen", data={"view": view or new_id(), "pages": pages})


async def leaf(town: Town, who: str = "li") -> Any:
    """A document of seven pages in a folder of North Bank's."""
    return await bring(town, who, await folder(town, "Cases", squad=town.squad), "Leaflet.pdf", leaflet())


async def test_a_link_is_made_opened_and_seen(town: Town, stranger: AsyncClient) -> None:
    """In one tap; the customer reads it without an account; its maker sees which pages and how long."""
    document = await leaf(town)
    link = await share(town, "li", document["id"], town.customers["hengtai"])
    path = await address(town, "li", link)
    page = await stranger.get(path)
    assert page.status_code == 200
    assert "Li Na sent you this." in page.text
    assert (page.headers["referrer-policy"], page.headers["x-robots-tag"]) == (
        "no-referrer",
        "noindex, nofollow",
    )
    assert colour((await stranger.get(f"{path}/pages/2")).content) == (0, 2, 2)
    assert "Not opened yet" in (await town["li"].get(f"/drive/links/{link}")).text
    view = new_id()
    assert (await look(stranger, path, "1:2", view)).status_code == 204
    await look(stranger, path, "1:2,4:9", view)
    sheet = (await town["li"].get(f"/drive/links/{link}")).text
    assert "Opened 1 time" in sheet
    assert "2 of 7 pages, longest on page 4" in sheet
    assert "0:11" in sheet


async def test_whose_business_it_is(town: Town, stranger: AsyncClient) -> None:
    """Views are for who sent it and the customer's squad; whoever keeps the folder sees that it is there."""
    cases = await folder(town, "Cases")
    document = await bring(town, "li", cases, "Leaflet.pdf", leaflet())
    link = await share(town, "li", document["id"], town.customers["hengtai"])
    other = await share(town, "zhang", document["id"])
    for each, who in ((link, "li"), (other, "zhang")):
        await look(stranger, await address(town, who, each), "1:3")
    page = f"/drive/documents/{document['id']}"
    for who, links, opened in (("li", 1, 1), ("zhang", 2, 2), ("wang", 2, 1), ("sun", 0, 0)):
        text = (await town[who].get(page)).text
        shown = text[text.index('id="shared"') : text.index('id="past"')]
        assert (shown.count("works until"), shown.count("Opened 1 time")) == (links, opened), who
        assert ("Hengtai Hardware" in shown) == (who != "sun")
    story = (await town["zhang"].get(f"/customers/{town.customers['hengtai']}")).text
    assert "shared a document" in story
    assert "Opened 1 time" in story
    for who in ("zhang", "wang", "sun"):
        assert (await town[who].get(f"/drive/links/{link}")).status_code == 403
    assert (await town["sun"].post(f"/drive/links/{link}/end")).status_code == 403
    told = [one["data"]["did"] for one in await town.journal() if one["kind"] == "link"]
    assert told == ["made", "seen"]


async def test_a_link_that_is_ended_is_over_at_once(town: Town, stranger: AsyncClient) -> None:
    """Page, pictures, file and its parts, counting and questions; it can be asked for again, once."""
    document = await leaf(town)
    link = await share(town, "li", document["id"])
    path = await address(town, "li", link)
    await change(town, "li", link, download="1")
    doors = (path, f"{path}/pages/1", f"{path}/file", f"{path}/file?download=1")
    for door in doors:
        assert (await stranger.get(door)).status_code == 200, door
    part = await stranger.get(f"{path}/file", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"%PDF")
    etag = (await stranger.get(f"{path}/pages/1")).headers["etag"]
    assert (await stranger.get(f"{path}/pages/1", headers={"If-None-Match": etag})).status_code == 304
    assert (await town["wang"].post(f"/drive/links/{link}/end")).status_code == 303
    for door, status in zip(doors, (410, 404, 404, 404), strict=True):
        for headers in ({}, {"Range": "bytes=0-3"}, {"If-None-Match": etag}):
            assert (await stranger.get(door, headers=headers)).status_code == status, door
    assert (await look(stranger, path, "1:1")).status_code == 404
    assert (await stranger.post(f"{path}/ask", data={"text": "Hm"})).status_code == 404
    over = (await stranger.get(path)).text
    assert "Ask for it again" in over
    assert "Leaflet" not in over
    for _ in range(2):
        await stranger.post(f"{path}/again")
    assert "Li Na knows" in (await stranger.get(path)).text
    assert [one["kind"] for one in await notices(town, "li")] == ["again"]
    assert await notices(town, "wang") == []


async def notices(town: Town, who: str) -> list[dict[str, Any]]:
    """What somebody is told of links and questions."""
    known = (await town[who].get("/api/v1/me/notices")).json()
    return [one for one in known if one["kind"] in ("again", "question")]


async def change(town: Town, who: str, link: str, **form: str) -> Response:
    """Saves the sheet; what is not said is switched off, for 14 days."""
    day = (now() + timedelta(days=14)).date().isoformat()
    return await town[who].post(f"/drive/links/{link}", data={"until": day, **form})


async def test_time_and_the_bin_end_it_too(town: Town, stranger: AsyncClient) -> None:
    """Over after its day, and while the document is in the bin; a newer version is at the same link."""
    document = await leaf(town)
    link = await share(town, "li", document["id"])
    path = await address(town, "li", link)
    sent = {"data": {"id": new_id()}, "files": {"file": ("x.pdf", PDF)}}
    await town["li"].post(f"/api/v1/drive/documents/{document['id']}/versions", **sent)
    assert (await stranger.get(f"{path}/pages/2")).status_code == 404
    assert (await stranger.get(f"{path}/pages/1")).status_code == 200
    await town["li"].delete(f"/api/v1/drive/documents/{document['id']}")
    assert (await stranger.get(path)).status_code == 410
    shared = await town["li"].post(f"/drive/documents/{document['id']}/links", data={"new_id": new_id()})
    assert shared.status_code == 404
    binned = (await town["li"].get("/api/v1/drive/bin")).json()[0]["id"]
    await town["li"].put(f"/api/v1/drive/bin/{binned}/restore")
    assert (await stranger.get(path)).status_code == 200
    db = town.app.state.db
    await db.write(lambda c: c.execute(update(drive_link).values(expires_at=now())) and None)
    assert (await stranger.get(path)).status_code == 410
    assert (await stranger.get(f"{path}/pages/1")).status_code == 404
    await change(town, "li", link)
    assert (await stranger.get(path)).status_code == 200


async def test_a_code_is_asked_for(town: Town, stranger: AsyncClient) -> None:
    """Before it nothing is told but who sent it; wrong ones are counted; another code, another key."""
    document = await leaf(town)
    link = await share(town, "li", document["id"])
    path = await address(town, "li", link)
    refused = await change(town, "li", link, lock="1", code="abc")
    assert refused.status_code == 422
    assert "At least 4 characters." in refused.text
    assert (await change(town, "li", link, lock="1", code="water 420")).status_code == 303
    shut = await stranger.get(path)
    assert "Li Na sent you this. To open it you need the code" in shut.text
    assert "Leaflet" not in shut.text
    assert (await stranger.get(f"{path}/pages/1")).status_code == 404
    wrong = await stranger.post(path, data={"code": "water"})
    assert (wrong.status_code, "This is not the code." in wrong.text) == (422, True)
    opened = await stranger.post(path, data={"code": "water 420"})
    assert opened.status_code == 303
    kept = opened.headers["set-cookie"]
    assert f"Path={path}" in kept
    assert "HttpOnly" in kept
    assert (await stranger.get(f"{path}/pages/1")).status_code == 200
    await change(town, "li", link, lock="1")
    assert (await stranger.get(path)).status_code == 200
    await change(town, "li", link, lock="1", code="other 421")
    assert (await stranger.get(f"{path}/pages/1")).status_code == 404
    for app in {id(one): one for one in (town.app, getattr(town.app.state, "twin", town.app))}.values():
        app.state.settings.link_limit = "3/hour"
    said = {(await stranger.post(path, data={"code": "no"})).status_code for _ in range(8)}
    assert said == {422, 429}
    assert (await stranger.post(path, data={"code": "other 421"})).status_code == 429


async def test_what_is_not_to_be_had_is_not_there(town: Town, stranger: AsyncClient) -> None:
    """No file without download; what cannot be drawn needs it, and says so."""
    document = await leaf(town)
    path = await address(town, "li", await share(town, "li", document["id"]))
    assert (await stranger.get(f"{path}/file")).status_code == 404
    assert "/file" not in (await stranger.get(path)).text
    words = await bring(town, "li", await folder(town, "Words"), "Note.txt", b"420 ppm")
    link = await share(town, "li", words["id"])
    path = await address(town, "li", link)
    assert (await stranger.get(f"{path}/file")).headers["content-disposition"].startswith("attachment")
    refused = await change(town, "li", link)
    assert (refused.status_code, "without the file there is nothing" in refused.text) == (422, True)


async def test_a_question_reaches_the_squad(town: Town, stranger: AsyncClient) -> None:
    """As a post on the customer, once however often it is sent; who sent the document is told."""
    document = await leaf(town)
    link = await share(town, "li", document["id"], town.customers["lotus"])
    path = await address(town, "li", link)
    form = {"ask_id": new_id(), "name": "Mr Hu", "text": "Is 420 ppm hard?"}
    for _ in range(2):
        assert (await stranger.post(f"{path}/ask", data=form)).status_code == 303
    live = (await town["zhang"].get(f"/squads/{town.squad}")).text
    assert live.count("Is 420 ppm hard?") == 1
    assert all(word in live for word in ("is asked by a customer", "Lotus Pharmacies", "Leaflet", "Mr Hu"))
    assert [one["kind"] for one in await notices(town, "li")] == ["question"]
    assert await notices(town, "zhang") == []
    assert "Is 420 ppm hard?" in (await town["li"].get(f"/drive/links/{link}")).text
    assert "Is 420 ppm hard?" in (await town["wang"].get(f"/customers/{town.customers['lotus']}")).text
    assert (await town["wang"].get("/api/v1/search?q=420+ppm&kind=question")).json()["results"]
    empty = await stranger.post(f"{path}/ask", data={"name": "Mr <b>Hu", "text": " "})
    assert (empty.status_code, "Mr &lt;b&gt;Hu" in empty.text) == (422, True)


async def test_only_for_customers_one_may_see(town: Town) -> None:
    """And until a day that is to come, and not too far off; what was typed stays."""
    document = await bring(town, "sun", await folder(town, "Cases"), "Leaflet.pdf", leaflet())
    form = {"new_id": new_id(), "customer": town.customers["hengtai"]}
    refused = await town["sun"].post(f"/drive/documents/{document['id']}/links", data=form)
    assert refused.status_code == 422
    link = await share(town, "sun", document["id"])
    assert (await change(town, "sun", link, customer=town.customers["hengtai"])).status_code == 422
    for day, said in (
        ("2020-01-01", "This day is over."),
        ("2999-01-01", "At most 365 days."),
        ("x", "Choose a day."),
    ):
        answer = await change(town, "sun", link, until="pick", day=day)
        assert (answer.status_code, said in answer.text) == (422, True)
    assert (await town["sun"].get(f"/customers/{town.customers['hengtai']}/share")).status_code == 404
    chosen = await town["li"].get(f"/customers/{town.customers['hengtai']}/share")
    assert "Share with" in chosen.text


async def test_the_page_is_light_and_in_the_customers_language(town: Town, stranger: AsyncClient) -> None:
    """All that comes before the document is at most 200 KB, unpacked; Chinese for a Chinese browser."""
    document = await leaf(town)
    path = await address(town, "li", await share(town, "li", document["id"]))
    page = await stranger.get(path, headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert "这是Li Na发给你的。" in page.text
    parts = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page.text))
    assert len(parts) >= 5
    weight = len(page.content) + sum([len((await stranger.get(part)).content) for part in parts])
    assert weight <= 200_000, weight


async def test_what_is_swept_takes_its_links_along(town: Town, stranger: AsyncClient) -> None:
    """With the document that lay in the bin too long; what the customer asked stays with the squad."""
    document = await leaf(town)
    path = await address(town, "li", await share(town, "li", document["id"], town.customers["hengtai"]))
    await look(stranger, path, "1:3")
    await stranger.post(f"{path}/ask", data={"text": "Which size?"})
    await town["li"].delete(f"/api/v1/drive/documents/{document['id']}")
    app = town.app.state
    await retention.keep_no_longer(app.db, now() + timedelta(days=app.settings.drive_bin_days + 1))
    assert (await stranger.get(path)).status_code == 404
    assert "Which size?" in (await town["zhang"].get(f"/squads/{town.squad}")).text


async def test_what_a_customer_asks_is_not_the_sharers(town: Town, stranger: AsyncClient) -> None:
    """Not in their export, and there to be found when they are erased; what they say themselves goes."""
    path = await address(town, "li", await share(town, "li", (await leaf(town))["id"]))
    await stranger.post(f"{path}/ask", data={"ask_id": new_id(), "name": "Mr Hu", "text": "Is Numbat hard?"})
    await town.say("li", "Zanzibar")
    posts = listed(await taken(town["li"]), "post")
    assert [one["text"] for one in posts if one["text"]] == ["Zanzibar"]
    await erased(town, "li")
    live = (await town["zhang"].get(f"/squads/{town.squad}")).text
    assert "Is Numbat hard?" in live
    assert "Mr Hu" in live
    assert "Zanzibar" not in live
    assert "Numbat</mark>" in (await town["zhang"].get("/search?q=Numbat")).text
