"""Photos of check-ins and messages: before or after them, once, for the squad and nobody else."""

import anyio
import orjson
import pytest
from httpx2 import AsyncClient

from server.schema import new_id
from tests.server.conftest import Town
from tests.server.pictures import (
    bring,
    checked_in,
    photo,
    picture,
)
from tests.server.test_live import listen, until

pytestmark = pytest.mark.anyio


async def test_a_photo_of_a_check_in_is_seen_by_the_squad(town: Town) -> None:
    """On the card, in the thread and in the API; kept by the browser, by nobody between."""
    id = new_id()
    made = await bring(town, "zhang", photo(3000, 1500), id)
    assert (made.status_code, made.json()["width"], made.json()["height"]) == (201, 2048, 1024)
    visit = await checked_in(town, "zhang", id)
    assert visit["photos"] == [{"id": id, "width": 2048, "height": 1024}]
    page = (await town["li"].get(f"/squads/{town.squad}")).text
    assert f'src="/photos/{id}?size=small" width="2048" height="1024"' in page
    assert 'alt="Photo by Zhang Wei at Hengtai Hardware"' in page
    thread = (await town["li"].get(f"/squads/{town.squad}/posts/{visit['id']}")).text
    assert f'id="tp-{visit["id"]}"' in thread
    answer = await town["li"].get(f"/photos/{id}")
    assert picture(answer).size == (2048, 1024)
    assert answer.headers["cache-control"].startswith("private, ")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert int(answer.headers["content-length"]) == made.json()["size"] == len(answer.content)
    assert picture(await town["wang"].get(f"/photos/{id}?size=small")).size == (640, 320)


async def test_a_photo_follows_its_check_in(town: Town, address: str) -> None:
    """The check-in goes out first; the photos come when the line allows, and every screen shows them."""
    first, second = new_id(), new_id()
    visit = await checked_in(town, "zhang", first, second)
    assert [one["width"] for one in visit["photos"]] == [None, None]
    assert "2 photos on the way" in (await town["li"].get(f"/squads/{town.squad}")).text
    assert (await town["li"].get(f"/photos/{first}")).status_code == 404
    async with (
        listen(address, town, "li", town.squad) as data,
        listen(address, town, "wang", town.squad, "html") as page,
    ):
        for ws in (data, page):
            assert orjson.loads(await ws.recv())["kind"] == "ready"
        offset = len(await town.journal()) + 1
        assert (await bring(town, "zhang", photo(), second)).status_code == 201
        frame = (await until(data, offset))[-1]
        assert (frame["kind"], frame["data"]["post"]) == ("photo", visit["id"])
        assert [one["width"] for one in frame["data"]["photos"]] == [None, 400]
        shown = (await until(page, offset))[-1]["content"]
        assert f"/photos/{second}?size=small" in shown
        assert f"/photos/{first}" not in shown
        assert "1 photo on the way" in shown
        assert f'hx-target="#tw-{visit["id"]}"' in shown
    assert picture(await town["li"].get(f"/photos/{second}")).size == (400, 300)


async def test_a_message_is_words_or_photos_or_both(town: Town) -> None:
    """Without either there is nothing to say."""
    id = new_id()
    await bring(town, "li", photo(), id)
    path = f"/api/v1/squads/{town.squad}/messages"
    said = (await town["li"].post(path, json={"id": new_id(), "photos": [id]})).json()
    assert said["photos"] == [{"id": id, "width": 400, "height": 300}]
    assert (await town.journal())[-1]["data"]["photos"] == said["photos"]
    posts = (await town["wang"].get(f"/api/v1/squads/{town.squad}/posts")).json()
    assert posts[0]["photos"] == said["photos"]
    assert 'alt="Photo by Li Na"' in (await town["wang"].get(f"/squads/{town.squad}")).text
    empty = await town["li"].post(path, json={"id": new_id(), "photos": []})
    assert list(empty.json()["errors"]) == ["text"]


async def test_the_same_photo_three_times_at_once_is_one(town: Town) -> None:
    """Sent three times at once, stored once; the second and third answer with the first result."""
    id, answers = new_id(), []
    await checked_in(town, "zhang", id)

    async def send() -> None:
        answers.append(await bring(town, "zhang", photo(), id))

    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(send)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 201]
    assert len({answer.text for answer in answers}) == 1
    assert [entry["kind"] for entry in await town.journal()].count("photo") == 1
    other = await bring(town, "zhang", photo(90, 60), id)
    assert (other.status_code, other.json()["width"]) == (200, 400)


async def test_a_photo_and_its_check_in_at_once_never_miss_each_other(town: Town) -> None:
    """Whichever is first: in the end the squad sees it."""
    ids = [new_id() for _ in range(6)]
    async with anyio.create_task_group() as group:
        for id in ids:
            group.start_soon(bring, town, "zhang", photo(40, 30), id)
            group.start_soon(checked_in, town, "zhang", id)
    for id in ids:
        assert (await town["li"].get(f"/photos/{id}")).status_code == 200


async def test_somebody_elses_photo_is_not_to_be_had_by_its_id(town: Town, stranger: AsyncClient) -> None:
    """Naming it in one's own post shows nothing; bringing one's own under it works as ever."""
    id = new_id()
    await bring(town, "zhang", photo(), id)
    await checked_in(town, "zhang", id)
    mine = (await checked_in(town, "li", id))["photos"][0]
    assert mine["id"] != id
    assert mine["width"] is None
    assert (await bring(town, "li", photo(90, 60), id)).status_code == 201
    assert picture(await town["wang"].get(f"/photos/{mine['id']}")).size == (90, 60)
    assert picture(await town["wang"].get(f"/photos/{id}")).size == (400, 300)
    absent = await town["sun"].get(f"/photos/{new_id()}")
    there = await town["sun"].get(f"/photos/{id}")
    assert (there.status_code, there.text) == (404, absent.text)
    assert (await stranger.get(f"/photos/{id}")).status_code == 303


async def test_before_a_post_names_it_nobody_sees_a_photo(town: Town) -> None:
    """Not even by the right id."""
    id = new_id()
    await bring(town, "zhang", photo(), id)
    for name in ("zhang", "li", "sun"):
        assert (await town[name].get(f"/photos/{id}")).status_code == 404


async def test_a_post_that_is_taken_back_takes_its_photos_along(town: Town) -> None:
    """By undo or deletion; one that arrives afterwards is told to nobody, and the journal is emptied."""
    first, second, third = new_id(), new_id(), new_id()
    for id in (first, third):
        await bring(town, "zhang", photo(), id)
    visit = (await checked_in(town, "zhang", first, second))["id"]
    body = {"id": new_id(), "text": "Look", "photos": [third]}
    said = (await town["zhang"].post(f"/api/v1/squads/{town.squad}/messages", json=body)).json()["id"]
    assert (await town["zhang"].delete(f"/api/v1/visits/{visit}")).status_code == 204
    assert (await town["zhang"].delete(f"/api/v1/posts/{said}")).status_code == 204
    before = len(await town.journal())
    assert (await bring(town, "zhang", photo(), second)).status_code == 201
    for id in (first, second, third):
        assert (await town["zhang"].get(f"/photos/{id}")).status_code == 404
    entries = await town.journal()
    assert len(entries) == before
    assert first not in str(entries)
    assert third not in str(entries)
    again = await checked_in(town, "zhang", second)
    assert again["photos"] == [{"id": second, "width": 400, "height": 300}]


async def test_a_photo_that_will_not_come_is_waited_for_no_longer(town: Town) -> None:
    """Its sender says so, nobody else can, and one that has arrived stays."""
    first, second = new_id(), new_id()
    visit = await checked_in(town, "zhang", first, second)
    await bring(town, "zhang", photo(), first)
    for name in ("li", "sun"):
        assert (await town[name].delete(f"/api/v1/photos/{second}")).status_code == 204
    assert "1 photo on the way" in (await town["li"].get(f"/squads/{town.squad}")).text
    for id in (first, second):
        assert (await town["zhang"].delete(f"/api/v1/photos/{id}")).status_code == 204
    assert "on the way" not in (await town["li"].get(f"/squads/{town.squad}")).text
    last = (await town.journal())[-1]
    assert (last["kind"], last["data"]["post"]) == ("photo", visit["id"])
    assert [one["id"] for one in last["data"]["photos"]] == [first]
