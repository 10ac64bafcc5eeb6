"""Links by the API: what a program may do with them; pages and programs are refused the same."""

from datetime import timedelta
from typing import Any

import pytest
from httpx2 import AsyncClient, Response
from sqlalchemy import Connection, update

from server.drive.models import drive_link
from server.schema import new_id, now
from server.squads import actions as squads
from tests.server.conftest import Town
from tests.server.drive import bring, folder
from tests.server.test_drive_pages import leaflet
from tests.server.test_links import address, leaf, look

pytestmark = pytest.mark.anyio
API = "/api/v1/drive"


async def made(town: Town, who: str, document: str, **more: Any) -> dict[str, Any]:
    """A link as a program makes it."""
    answer = await town[who].post(f"{API}/documents/{document}/links", json={"id": new_id(), **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def changed(town: Town, who: str, link: str, **to: Any) -> Response:
    """What is sent, and nothing else."""
    return await town[who].patch(f"{API}/links/{link}", json=to)


async def test_a_program_makes_reads_and_ends_it(town: Town, stranger: AsyncClient) -> None:
    """Once under an id; with its address, who looked at what, what was asked; over is over."""
    document = (await leaf(town))["id"]
    form = {"id": new_id(), "customer": town.customers["hengtai"]}
    path = f"{API}/documents/{document}/links"
    answers = [await town["li"].post(path, json=form) for _ in range(3)]
    assert [one.status_code for one in answers] == [201, 200, 200]
    assert len({one.json()["id"] for one in answers}) == 1
    link = answers[0].json()
    assert (link["state"], link["code"], link["views"], link["name"]) == ("open", False, [], "Leaflet")
    guest = link["address"].removeprefix("http://testserver")
    assert guest == await address(town, "li", link["id"])
    await look(stranger, guest, "1:2,4:9")
    await stranger.post(f"{guest}/ask", data={"name": "Mr Hu", "text": "Is 420 ppm hard?"})
    whole = (await town["li"].get(f"{API}/links/{link['id']}")).json()
    assert whole["views"][0]["pages"] == [{"page": 1, "seconds": 2}, {"page": 4, "seconds": 9}]
    assert [(one["name"], one["text"]) for one in whole["questions"]] == [("Mr Hu", "Is 420 ppm hard?")]
    (given,) = (await town["li"].get(f"{API}/links")).json()["links"]
    assert (given["views"], given["longest"], given["customer"]) == (1, [4, 1], form["customer"])
    drawn = await town["li"].get(f"{API}/links/{link['id']}/qr")
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert drawn.content.startswith(b"<?xml")
    assert (await town["li"].delete(f"{API}/links/{link['id']}")).status_code == 204
    assert (await stranger.get(guest)).status_code == 410
    assert (await town["li"].get(f"{API}/links?state=open")).json() == {"links": [], "after": None}


async def test_what_is_not_sent_stays(town: Town, stranger: AsyncClient) -> None:
    """Each alone changes itself alone; null takes a code or a customer away."""
    link = await made(town, "li", (await leaf(town))["id"], customer=town.customers["hengtai"])
    names = ("expires_at", "download", "code", "customer")
    was = {name: link[name] for name in names}
    day = (now() + timedelta(days=30)).date().isoformat()
    for to, differs in (
        ({}, {}),
        ({"download": True}, {"download": True}),
        ({"code": "water 420"}, {"code": True}),
        ({"until": day}, {"expires_at": None}),
        ({"download": False}, {"download": False}),
        ({"customer": town.customers["lotus"]}, {"customer": town.customers["lotus"]}),
        ({"customer": None}, {"customer": None}),
        ({"code": None}, {"code": False}),
        ({"until": None, "download": None}, {}),
    ):
        answer = await changed(town, "li", link["id"], **to)
        assert answer.status_code == 200, answer.text
        is_now = {name: answer.json()[name] for name in names}
        if "expires_at" in differs:
            assert is_now["expires_at"] > was["expires_at"]
            differs = {"expires_at": is_now["expires_at"]}
        assert is_now == {**was, **differs}, to
        was = is_now


BAD: list[tuple[dict[str, Any], dict[str, str], str]] = [
    ({"until": "2020-01-01"}, {"until": "pick", "day": "2020-01-01"}, "这一天已经过了。"),
    ({"until": "2999-01-01"}, {"until": "pick", "day": "2999-01-01"}, "最多 365 天。"),
    ({"code": "abc"}, {"lock": "1", "code": "abc"}, "至少 4 个字符。"),
    ({"code": ""}, {"lock": "1"}, "至少 4 个字符。"),
    ({"code": "x" * 61}, {"lock": "1", "code": "x" * 61}, "太长了"),
    ({"customer": "{other}"}, {"customer": "{other}"}, "不在你的名单里"),
]


@pytest.mark.parametrize(("sent", "typed", "said"), BAD)
async def test_both_ways_refuse_the_same(
    town: Town, sent: dict[str, Any], typed: dict[str, str], said: str
) -> None:
    """With the same words, in the reader's language; and the link is as it was."""
    cases = await folder(town)
    document = await bring(town, "sun", cases, "Leaflet.pdf", leaflet())
    link = await made(town, "sun", document["id"])
    await town.speak("sun", "zh")
    other = town.customers["hengtai"]
    sent = {name: value.replace("{other}", other) for name, value in sent.items()}
    day = (now() + timedelta(days=14)).date().isoformat()
    form = {"until": day} | {name: value.replace("{other}", other) for name, value in typed.items()}
    answer = await changed(town, "sun", link["id"], **sent)
    page = await town["sun"].post(f"/drive/links/{link['id']}", data=form)
    assert (answer.status_code, page.status_code) == (422, 422)
    (why,) = answer.json()["errors"].values()
    assert said in why
    assert why in page.text
    assert (await town["sun"].get(f"{API}/links/{link['id']}")).json() == link


async def test_all_that_is_wrong_is_said_at_once(town: Town) -> None:
    """Day and code; a file that cannot be drawn is not to be had without itself."""
    link = await made(town, "li", (await leaf(town))["id"])
    answer = await changed(town, "li", link["id"], until="2020-01-01", code="abc")
    assert set(answer.json()["errors"]) == {"until", "code"}
    words = await bring(town, "li", await folder(town, "Words"), "Note.txt", b"420 ppm")
    link = await made(town, "li", words["id"])
    assert link["download"] is True
    assert set((await changed(town, "li", link["id"], download=False)).json()["errors"]) == {"download"}


async def test_whose_it_is(town: Town, stranger: AsyncClient) -> None:
    """Only its maker reads and changes it; who manages the folder sees that it is there, and ends it; others
    are told nothing. Neither code nor hash is in any answer, nor the address but for its maker.
    """
    cases = await folder(town, "Cases")
    document = (await bring(town, "li", cases, "Leaflet.pdf", leaflet()))["id"]
    mine = await made(town, "li", document, customer=town.customers["hengtai"])
    await changed(town, "li", mine["id"], code="water 420")
    own = await made(town, "li", document)
    await look(stranger, own["address"].removeprefix("http://testserver"), "1:3")
    token = mine["address"].rpartition("/")[2]
    for who, known, views in (
        ("li", {mine["id"], own["id"]}, {0, 1}),
        ("zhang", {mine["id"]}, {0}),
        ("wang", {mine["id"], own["id"]}, {0, None}),
        ("sun", set(), set()),
    ):
        rows = (await town[who].get(f"{API}/documents/{document}/links")).json()
        assert {one["id"] for one in rows} == known, who
        assert {one["views"] for one in rows} == views, who
        listed = await town[who].get(f"{API}/links")
        assert (len(listed.json()["links"]) == 2) == (who == "li")
        assert token not in f"{rows}{listed.text}"
        if who != "li":
            for path in (f"{API}/links/{mine['id']}", f"{API}/links/{mine['id']}/qr"):
                assert (await town[who].get(path)).status_code == 403
            assert (await changed(town, who, mine["id"], download=True)).status_code == 403
    everything = [(await town["li"].get(path)).text for path in (f"{API}/links", f"{API}/links/{mine['id']}")]
    assert not any(word in "".join(everything) for word in ("argon2", "water 420", '"hash"'))
    assert (await town["sun"].delete(f"{API}/links/{mine['id']}")).status_code == 403
    assert (await town["wang"].delete(f"{API}/links/{mine['id']}")).status_code == 204
    assert (await changed(town, "li", mine["id"], code=None)).status_code == 409
    assert (
        await town["li"].post(f"/drive/links/{mine['id']}", data={"until": "2020-01-01"})
    ).status_code == 422
    squads = await folder(town, "Quotes", squad=town.squad)
    hidden = (await bring(town, "li", squads, "Prices.pdf", leaflet()))["id"]
    theirs = await made(town, "li", hidden)
    for path in (f"documents/{hidden}/links", f"links/{theirs['id']}", f"links/{theirs['id']}/qr"):
        assert (await town["sun"].get(f"{API}/{path}")).status_code == 404
    refused = await town["sun"].post(f"{API}/documents/{document}/links", json={"id": theirs["id"]})
    assert refused.status_code == 201, "somebody else's id tells nothing"
    assert refused.json()["id"] != theirs["id"]


def expired(c: Connection, link: str) -> None:
    """Its day has passed."""
    c.execute(update(drive_link).where(drive_link.c.id == link).values(expires_at=now()))


async def test_open_again_it_may_be_asked_for_again(town: Town, stranger: AsyncClient) -> None:
    """Its maker lets it work once more; the second time it is over they are told as the first."""
    link = await made(town, "li", (await leaf(town))["id"])
    guest = link["address"].removeprefix("http://testserver")
    day = (now() + timedelta(days=3)).date().isoformat()
    for _ in range(2):
        await town.app.state.db.write(lambda c: expired(c, link["id"]))
        await stranger.post(f"{guest}/again")
        assert "knows that you would like it again" in (await stranger.get(guest)).text
        assert (await changed(town, "li", link["id"], until=day)).json()["again_at"] is None
        assert (await stranger.get(guest)).status_code == 200
    told = (await town["li"].get("/api/v1/me/notices")).json()
    assert [one["kind"] for one in told if one["kind"] == "again"] == ["again", "again"]


async def test_who_left_the_squad_is_told_without_a_name(town: Town, stranger: AsyncClient) -> None:
    """That a customer would like a link again, not which; while they may see them, the notice names them."""
    document = (await leaf(town))["id"]
    link = await made(town, "li", document, customer=town.customers["hengtai"])
    await town.app.state.db.write(lambda c: expired(c, link["id"]))
    await stranger.post(f"{link['address'].removeprefix('http://testserver')}/again")
    assert "Hengtai" in (await town["li"].get("/notices")).text
    await town.app.state.db.write(squads.leave, town.squad, town.ids["li"])
    left = (await town["li"].get("/notices")).text
    assert "Hengtai" not in left
    assert "A link you sent is over, and wanted again" in left
    assert "Hengtai" not in (await town["li"].get("/api/v1/me/notices")).text
