"""The list of one's own links: what became of each, and what nobody else is told of them."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from httpx2 import AsyncClient
from sqlalchemy import Connection, event, insert, update

from server.access import Who
from server.customers.models import customer as customers
from server.drive import links, shared
from server.drive.models import drive_link, drive_view
from server.drive.shared import PAGE, Wanted
from server.schema import new_id, now
from server.squads import actions as squads
from tests.server.conftest import Town, place_of
from tests.server.drive import bring, folder
from tests.server.test_drive_pages import leaflet
from tests.server.test_links import address, change, leaf, look, share

pytestmark = pytest.mark.anyio


def rows(page: str) -> list[str]:
    """The links of the list, each as plain words."""
    found = re.findall(r'<li id="given-.*?</li>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


async def listed(town: Town, who: str, **asked: str) -> list[str]:
    """What somebody's list says."""
    answer = await town[who].get("/drive/links", params=asked)
    assert answer.status_code == 200, answer.text
    return rows(answer.text)


async def test_what_became_of_each(town: Town, stranger: AsyncClient) -> None:
    """How often and when last, which pages longest by all who looked, whether it works; the newest first."""
    document = await leaf(town)
    link = await share(town, "li", document["id"], town.customers["hengtai"])
    assert "Not opened yet" in (await listed(town, "li"))[0]
    path = await address(town, "li", link)
    for pages in ("1:3,4:2", "1:2,4:4,6:5", "2:1"):
        await look(stranger, path, pages)
    await stranger.post(f"{path}/ask", data={"text": "Which size?"})
    (row,) = await listed(town, "li")
    assert row.startswith("Leaflet Hengtai Hardware , works until ")
    assert "Opened 3 times" in row
    assert "longest on pages 4 / 1 / 6" in row, "4 and 1 are 6 and 5 seconds together, 6 is 5"
    assert "1 question" in row
    assert row.endswith("Works now")
    other = await share(town, "li", document["id"])
    await change(town, "li", other, lock="1", code="water 420")
    assert [one.rpartition(" ")[2] for one in await listed(town, "li")] == ["code", "now"]
    await town["li"].post(f"/drive/links/{other}/end")
    assert "switched off" in (await listed(town, "li"))[0]
    await stranger.post(f"{await address_of(town, other)}/again")
    assert "The customer would like it once more." in (await listed(town, "li"))[0]


async def address_of(town: Town, link: str) -> str:
    """The address of a link whose sheet says it no more."""
    return f"/s/{links.token(town.app.state.settings.secret, link)}"


async def test_it_is_narrowed_down(town: Town, stranger: AsyncClient) -> None:
    """By state, by words of the document or the customer, by customer; nonsense narrows nothing."""
    cases = await folder(town)
    hotel, school = town.customers["hengtai"], town.customers["lotus"]
    made = {}
    for name, customer in (("Hotel laundry.pdf", hotel), ("School.pdf", school), ("100% water.pdf", "")):
        document = await bring(town, "li", cases, name, leaflet())
        made[name] = await share(town, "li", document["id"], customer)
    await change(town, "li", made["School.pdf"], lock="1", code="water 420", customer=school)
    await town["li"].post(f"/drive/links/{made['100% water.pdf']}/end")
    link = made["Hotel laundry.pdf"]
    for asked, found in (
        ({"state": "open"}, 2),
        ({"state": "locked"}, 1),
        ({"state": "ended"}, 1),
        ({"state": "over"}, 0),
        ({"state": "x"}, 3),
        ({"q": "hotel laun"}, 1),
        ({"q": "lotus"}, 1),
        ({"q": "%"}, 1),
        ({"q": "nobody"}, 0),
        ({"customer": hotel}, 1),
        ({"customer": "x"}, 3),
        ({"after": "-1"}, 3),
        ({"after": "9999999"}, 3),
        ({"after": "9999"}, 0),
    ):
        assert len(await listed(town, "li", **asked)) == found, asked
    assert "No link like that" in (await town["li"].get("/drive/links?q=nobody")).text
    over = {"expires_at": now()}
    await write(town, lambda c: c.execute(update(drive_link).where(drive_link.c.id == link).values(**over)))
    assert len(await listed(town, "li", state="over")) == 1
    page = (await town["li"].get("/drive/links")).text
    assert re.search(r'href="/drive/links" aria-current="page".*?<span class="soft num s">1</span>', page)


async def write(town: Town, what: Callable[[Connection], Any]) -> None:
    """Something straight into the database."""
    await town.app.state.db.write(lambda c: what(c) and None)


async def test_it_is_nobody_elses(town: Town, stranger: AsyncClient) -> None:
    """Not the customer's squad, nor who manages the folder; what its maker may no longer see is gone there
    too. No address and no code stands in it.
    """
    document = await leaf(town)
    link = await share(town, "li", document["id"], town.customers["hengtai"])
    await change(town, "li", link, lock="1", code="water 420", customer=town.customers["hengtai"])
    page = (await town["li"].get("/drive/links")).text
    path = await address(town, "li", link)
    assert path.removeprefix("/s/") not in page
    assert "argon2" not in page
    for who in ("zhang", "wang", "sun"):
        text = (await town[who].get("/drive/links")).text
        assert "You have shared nothing yet" in text
        assert not any(word in text for word in ("Leaflet", "Hengtai", link)), who
    answer = await stranger.get("/drive/links")
    assert (answer.status_code, answer.content) == (303, b"")
    await town.app.state.db.write(squads.remove, town.ids["wang"], town.squad, town.ids["li"])
    text = (await town["li"].get("/drive/links")).text
    assert not any(word in text for word in ("Leaflet", "Hengtai", link))


def many(c: Connection, document: str, by: str, n: int) -> None:
    """Links of a member's, each looked at twice."""
    moment, fixed = now(), {"document": document, "made_by": by, "download": False}
    fixed |= {"made_at": moment, "expires_at": moment + timedelta(days=9)}
    made = [{**fixed, "id": new_id(), "client_id": new_id(), "hash": new_id()} for _ in range(n)]
    c.execute(insert(drive_link), made)
    views = [{"link": one["id"], "n": 1, "at": moment, "pages": {"1": 3, "2": 9}} for one in made * 2]
    c.execute(insert(drive_view), [{**one, "id": new_id()} for one in views])


async def test_five_hundred_cost_as_many_questions_as_one(town: Town) -> None:
    """Three to the database; it is paged, and each is there once."""
    document = await leaf(town)
    who = await place_of(town.app, town, "li")

    def asked(c: Connection, wanted: Wanted) -> tuple[int, int, bool]:
        told: list[str] = []
        event.listen(c, "before_cursor_execute", lambda *about: told.append(about[2]))
        found, more = shared.of_member(c, who, wanted)
        assert all((one.count, one.most) == (2, (2, 1)) for one in found)
        return sum(one.startswith("SELECT") for one in told), len(found), more

    db = town.app.state.db
    await db.write(many, document["id"], town.ids["li"], 1)
    assert await db.read(asked, Wanted()) == (3, 1, False)
    await db.write(many, document["id"], town.ids["li"], 499)
    assert await db.read(asked, Wanted()) == (3, PAGE, True)
    assert await db.read(asked, Wanted(after=500 - PAGE)) == (3, PAGE, False)

    def every(c: Connection, who: Who) -> set[str]:
        pages = [shared.of_member(c, who, Wanted(after=n))[0] for n in range(0, 500, PAGE)]
        return {one.id for page in pages for one in page}

    assert len(await db.read(every, who)) == 500
    page = (await town["li"].get("/drive/links")).text
    assert f"after={PAGE}" in page
    assert len(rows(page)) == PAGE


async def test_who_left_the_squad_reads_no_name_of_its_customers(town: Town) -> None:
    """Nor finds the link by it; where it leads stays when its sheet is saved. Who may see them reads on."""
    place, other = await folder(town), town.customers["hengtai"]
    document = await bring(town, "li", place, "Leaflet.pdf", leaflet())
    link = await share(town, "li", document["id"], other)
    paths = ("/drive/links", f"/drive/links/{link}", f"/drive/documents/{document['id']}")

    async def named(who: str, word: str) -> list[bool]:
        return [word in (await town[who].get(path)).text for path in (paths if who == "li" else paths[2:])]

    assert await named("li", "Hengtai") == [True] * 3
    await town.app.state.db.write(squads.leave, town.squad, town.ids["li"])
    renamed = update(customers).where(customers.c.id == other).values(name="Quokka Hotel")
    await write(town, lambda c: c.execute(renamed))
    for word in ("Hengtai", "Quokka"):
        assert await named("li", word) == [False] * 3, word
        assert await listed(town, "li", q=word) == []
    assert await named("li", "A customer not on your lists") == [True] * 3
    assert await named("wang", "Quokka") == [True]
    assert len(await listed(town, "li", customer=other)) == 1
    assert "Quokka" not in (await town["li"].get("/api/v1/drive/links")).text
    assert (await town["li"].get("/api/v1/drive/links?q=quokka")).json()["links"] == []
    assert (await change(town, "li", link, customer=other)).status_code == 303
    assert (await town["li"].get(f"/api/v1/drive/links/{link}")).json()["customer"] == other
