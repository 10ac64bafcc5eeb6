"""Every address of a link: what it gives, to whom, and what it gives nobody."""

import re
from datetime import timedelta

import pytest
from httpx2 import AsyncClient, Response
from sqlalchemy import update

from server.drive.models import drive_link
from server.schema import new_id, now
from server.squads import actions as squads
from tests.server.conftest import Town
from tests.server.drive import bring, folder
from tests.server.papers import docx
from tests.server.test_access import routes
from tests.server.test_drive_pages import leaflet
from tests.server.test_drive_words import alone, read
from tests.server.test_links import address, change, leaf, look, share

__all__ = ["alone"]
pytestmark = pytest.mark.anyio
OF_A_LINK = {
    ("GET", "/s/{token}"),
    ("POST", "/s/{token}"),
    ("GET", "/s/{token}/pages/{leaf}"),
    ("GET", "/s/{token}/file"),
    ("POST", "/s/{token}/seen"),
    ("POST", "/s/{token}/ask"),
    ("POST", "/s/{token}/again"),
}
"""All there are: whoever adds one says below what it gives before a code, and once it is over."""


def doors(town: Town) -> set[tuple[str, str]]:
    """The routes a token opens."""
    found = ((method, one.path) for one in routes(town) for method in one.methods)
    return {one for one in found if "{token}" in one[1] and one[1].startswith("/s/")}


async def knock(one: AsyncClient, method: str, door: str, token: str, **headers: str) -> Response:
    """As a customer's browser does."""
    form = {"view": new_id(), "pages": "1:3", "n": "1", "text": "Which size?", "code": "no"}
    path = door.format(token=token, leaf="1")
    sent = {"data": form} if method == "POST" else {}
    return await one.request(method, path, headers=headers, **sent)


async def test_nothing_before_the_code(town: Town, stranger: AsyncClient) -> None:
    """By no address, whole or in part: no name, page or file of it; no look counts, no question goes."""
    assert doors(town) == OF_A_LINK
    document = await leaf(town)
    link = await share(town, "li", document["id"], town.customers["hengtai"])
    path = await address(town, "li", link)
    etag = (await stranger.get(f"{path}/pages/1")).headers["etag"]
    await change(town, "li", link, download="1", lock="1", code="water 420")
    for method, door in sorted(OF_A_LINK):
        for headers in ({}, {"Range": "bytes=0-3"}, {"If-None-Match": etag}, {"Cookie": "muster_link=x"}):
            answer = await knock(stranger, method, door, path.removeprefix("/s/"), **headers)
            at_the_page = door == "/s/{token}"
            assert answer.status_code in ((200, 422) if at_the_page else (303, 404)), (door, headers)
            assert not any(word in answer.text for word in ("Leaflet", "Hengtai", "%PDF", "WEBP")), door
    assert "Not opened yet" in (await town["li"].get(f"/drive/links/{link}")).text
    assert "Which size?" not in (await town["zhang"].get(f"/squads/{town.squad}")).text
    assert (await town["li"].get("/api/v1/drive/links")).json()["links"][0]["again_at"] is None


async def test_the_key_of_one_link_opens_no_other(town: Town, stranger: AsyncClient) -> None:
    """What a browser keeps of a code is for its link alone, and for that code."""
    document = await leaf(town)
    paths = []
    for _ in range(2):
        link = await share(town, "li", document["id"])
        paths.append(await address(town, "li", link))
        await change(town, "li", link, lock="1", code="water 420")
    key = (await stranger.post(paths[0], data={"code": "water 420"})).headers["set-cookie"].partition(";")[0]
    stranger.cookies.clear()
    for path, status in ((paths[0], 200), (paths[1], 404)):
        assert (await stranger.get(f"{path}/pages/1", headers={"Cookie": key})).status_code == status


async def test_without_download_there_is_no_way_to_the_file(town: Town, stranger: AsyncClient) -> None:
    """Not in parts, not once it was had, not by the drive's own addresses; its pages are there."""
    document = await leaf(town)
    link = await share(town, "li", document["id"])
    path = await address(town, "li", link)
    await change(town, "li", link, download="1")
    etag = (await stranger.get(f"{path}/file")).headers["etag"]
    await change(town, "li", link)
    assert (await stranger.get(f"{path}/pages/1")).status_code == 200
    for query in ("", "?download=1", "?download="):
        for headers in ({}, {"Range": "bytes=0-3"}, {"Range": "bytes=0-3", "If-Range": etag}):
            answer = await stranger.get(f"{path}/file{query}", headers=headers)
            assert (answer.status_code, b"%PDF" in answer.content) == (404, False)
    assert (await stranger.get(f"{path}/file", headers={"If-None-Match": etag})).status_code == 404
    for route in routes(town):
        if "GET" in route.methods and "{item}" in route.path:
            there = route.path.format(item=document["id"], n="1", leaf="1")
            assert (await stranger.get(there)).status_code in (303, 401), there


async def test_a_newer_version_that_cannot_be_shown_says_so(town: Town, stranger: AsyncClient) -> None:
    """Where its file may not be had: nobody is sent to a button that is not there."""
    cases = await folder(town)
    document = await bring(town, "li", cases, "a.pdf", leaflet())
    link = await share(town, "li", document["id"])
    path = await address(town, "li", link)
    sent = {"data": {"id": new_id()}, "files": {"file": ("a.bin", b"\x00\x01\x02")}}
    answer = await town["li"].post(f"/api/v1/drive/documents/{document['id']}/versions", **sent)
    assert answer.status_code == 201, answer.text
    page = (await stranger.get(path)).text
    assert "As it is now this cannot be shown here. Li Na can let you download it." in page
    assert "download it to read it" not in page
    await change(town, "li", link, download="1")
    assert "download it to read it" in (await stranger.get(path)).text


async def test_a_newer_version_is_told_to_who_has_the_page_open(town: Town, stranger: AsyncClient) -> None:
    """By the answer to what their browser counts; their look counts all the same."""
    document = await leaf(town)
    link = await share(town, "li", document["id"])
    path = await address(town, "li", link)
    assert 'data-n="1"' in (await stranger.get(path)).text
    form = {"view": new_id(), "n": "1"}
    assert (await stranger.post(f"{path}/seen", data={**form, "pages": "1:2"})).status_code == 204
    sent = {"data": {"id": new_id()}, "files": {"file": ("Leaflet.pdf", leaflet()[:-1] + b"\n")}}
    await town["li"].post(f"/api/v1/drive/documents/{document['id']}/versions", **sent)
    assert (await stranger.post(f"{path}/seen", data={**form, "pages": "1:5"})).status_code == 205
    assert 'data-n="2"' in (await stranger.get(path)).text
    assert "0:05" in (await town["li"].get(f"/drive/links/{link}")).text


async def test_every_answer_keeps_the_address_to_itself(town: Town, stranger: AsyncClient) -> None:
    """Open, locked, over, nowhere, refused: no search engine, no Referer, nothing kept by caches between."""
    document = await leaf(town)
    link = await share(town, "li", document["id"])
    path = await address(town, "li", link)
    token = path.removeprefix("/s/")
    for state in ("open", "locked", "over", "nowhere"):
        if state == "locked":
            await change(town, "li", link, lock="1", code="water 420")
        elif state == "over":
            await town["li"].post(f"/drive/links/{link}/end")
        elif state == "nowhere":
            token = "x" * 43
        for method, door in sorted(OF_A_LINK):
            answer = await knock(stranger, method, door, token)
            told = {name: answer.headers.get(name, "") for name in ("referrer-policy", "x-robots-tag")}
            about = f"{method} {door} while {state}"
            assert told == {"referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow"}, about
            assert re.search("no-store|private", answer.headers["cache-control"]), about


async def test_pages_that_say_what_is_so(town: Town, stranger: AsyncClient) -> None:
    """Over by its day, switched off, in the bin, never there: in both languages, with a way on or none."""
    document = await leaf(town)
    link = await share(town, "li", document["id"])
    path = await address(town, "li", link)
    past = update(drive_link).values(expires_at=now() - timedelta(seconds=1))
    await town.app.state.db.write(lambda c: c.execute(past) and None)
    chinese = {"Accept-Language": "zh-CN"}
    for end in ("day", "off"):
        if end == "off":
            await change(town, "li", link)
            await town["li"].post(f"/drive/links/{link}/end")
        page = await stranger.get(path)
        assert page.status_code == 410
        assert "What Li Na sent you can no longer be opened here." in page.text
        assert "Ask for it again" in page.text
        assert "这个链接已失效" in (await stranger.get(path, headers=chinese)).text
    nowhere = await stranger.get("/s/" + "x" * 43)
    assert (nowhere.status_code, "This link leads nowhere" in nowhere.text) == (404, True)
    assert "/again" not in nowhere.text
    assert (await stranger.post("/s/" + "x" * 43 + "/again")).status_code == 404


async def test_it_says_who_sent_it_what_is_counted_and_how_one_is_answered(
    town: Town, stranger: AsyncClient
) -> None:
    """Before anything else, in the reader's language; the squad is told that the customer hears nothing."""
    document = await leaf(town)
    path = await address(town, "li", await share(town, "li", document["id"], town.customers["hengtai"]))
    said = {
        "en": (
            "Li Na sent you this.",
            "is counted and shown to them",
            "answer you directly, not on this page",
        ),
        "zh": ("这是Li Na发给你的。", "会被统计并告诉对方", "直接答复你，不在这个页面上"),
    }
    for lang, words in said.items():
        page = (await stranger.get(path, headers={"Accept-Language": lang})).text
        head = page[: page.index('id="leaves"')]
        assert words[0] in head
        assert words[1] in head
        assert words[2] in page
    await stranger.post(f"{path}/ask", data={"text": "Which size?"})
    assert "The answer does not come to this page" in (await stranger.get(f"{path}?said=asked")).text
    post = next(one for one in await town.journal() if one["kind"] == "question")["subject"]
    thread = (await town["zhang"].get(f"/squads/{town.squad}/posts/{post}")).text
    assert "The customer does not see this thread" in thread
    reply = {"id": new_id(), "text": "It is the small one"}
    assert (await town["li"].post(f"/api/v1/posts/{post}/replies", json=reply)).status_code == 201
    assert "It is the small one" not in (await stranger.get(path)).text


async def test_the_customers_story_tells_of_each_look(town: Town, stranger: AsyncClient) -> None:
    """When, which pages, how long: to the customer's squads, and to nobody who is in none of them."""
    document = await leaf(town)
    link = await share(town, "li", document["id"], town.customers["hengtai"])
    path = await address(town, "li", link)
    for pages in ("1:2", "2:3", "1:4,4:9", "1:5,2:1,3:1,4:1,5:1,6:1,7:1"):
        await look(stranger, path, pages)
    story = (await town["zhang"].get(f"/customers/{town.customers['hengtai']}")).text
    part = re.sub(r"<[^>]+>", " ", story[story.index("shared a document") :])[:900]
    part = " ".join(part.split())
    assert "Opened 4 times" in part
    assert "all 7 pages, longest on page 1 0:11" in part
    assert "2 of 7 pages, longest on page 4 0:13" in part
    assert "page 2 0:03" in part
    assert "page 1 0:02" not in part, "the last three alone"
    assert (await town["sun"].get(f"/customers/{town.customers['hengtai']}")).status_code == 404
    await town.app.state.db.write(squads.remove, town.ids["wang"], town.squad, town.ids["zhang"])
    assert (await town["zhang"].get(f"/customers/{town.customers['hengtai']}")).status_code == 404


async def test_what_to_send_is_looked_for_too(town: Town) -> None:
    """What is not at hand is two taps from a customer as well, in what the reader may see."""
    cases = await folder(town, "Cases", squad=town.squad)
    document = await bring(town, "li", cases, "Boiler.docx", docx(["Ward water is 硬水"]))
    await read(town)
    path = f"/customers/{town.customers['hengtai']}/share"
    assert "Boiler" not in (await town["zhang"].get(path)).text
    found = (await town["zhang"].get(f"{path}?q=硬水")).text
    assert found.count('name="customer"') == 1
    assert "Share Boiler" in found
    await share(town, "zhang", document["id"])
    assert "Share Boiler" in (await town["zhang"].get(path)).text, "what was shared is at hand next time"
    assert "Nothing has these words" in (await town["zhang"].get(f"{path}?q=nothing")).text


async def test_asked_for_again_out_of_the_bin(town: Town, stranger: AsyncClient) -> None:
    """The notice leads to a page that says where the document is; the link can be ended from there."""
    document = await leaf(town)
    link = await share(town, "li", document["id"])
    path = await address(town, "li", link)
    await town["li"].delete(f"/api/v1/drive/documents/{document['id']}")
    assert (await stranger.post(f"{path}/again")).status_code == 303
    assert "Li Na knows that you would like it again" in (await stranger.get(path)).text
    page = await town["li"].get(f"/drive/links/{link}")
    assert page.status_code == 200
    assert "is in the bin: the link opens nothing" in page.text
    assert "The customer would like it once more." in page.text
    assert (await town["li"].get(f"/api/v1/drive/links/{link}")).status_code == 404
    assert (await change(town, "li", link)).status_code == 404
    assert [(await town[who].get(f"/drive/links/{link}")).status_code for who in ("zhang", "sun")] == [
        403,
        404,
    ]
    assert (await town["li"].post(f"/drive/links/{link}/end")).headers["location"] == "/drive/links"
    binned = (await town["li"].get("/api/v1/drive/bin")).json()[0]["id"]
    await town["li"].put(f"/api/v1/drive/bin/{binned}/restore")
    assert (await stranger.get(path)).status_code == 410
