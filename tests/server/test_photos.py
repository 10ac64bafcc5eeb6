"""Photos: checked by what they are, made anew without what they tell, shown to the squad and nobody else."""

from io import BytesIO
from pathlib import Path
from typing import Any

import anyio
import orjson
import pytest
from httpx2 import AsyncClient, Response
from PIL import Image

from server.schema import new_id
from tests.server.conftest import Town
from tests.server.pictures import HEIC, PLACE, bring, claiming, photo, talkative, with_position
from tests.server.test_live import listen, until

pytestmark = pytest.mark.anyio


async def checked_in(town: Town, name: str, *photos: str, **more: Any) -> dict[str, Any]:
    """A check-in that names photos; the visit."""
    answer = await town.check_in(name, photos=list(photos), **more)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def picture(answer: Response) -> Image.Image:
    """What was answered, as a browser sees it."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/jpeg"
    return Image.open(BytesIO(answer.content))


def stored(town: Town) -> list[bytes]:
    """All files there are."""
    return [one.read_bytes() for one in Path(town.app.state.store.folder).iterdir()]


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
        assert f'hx-target="#tp-{visit["id"]}"' in shown
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


async def test_nothing_is_left_of_where_a_photo_was_taken(town: Town) -> None:
    """Upright, and without any word of its own: no position, no comment, no profile."""
    id = new_id()
    sent = with_position()
    assert PLACE.encode() in sent
    await bring(town, "zhang", sent, id)
    await checked_in(town, "zhang", id)
    for size in ("", "?size=small"):
        answer = await town["li"].get(f"/photos/{id}{size}")
        shown = picture(answer)
        assert shown.size == (300, 400)
        assert len(shown.getexif()) == 0
        assert PLACE.encode() not in answer.content
        assert not {"exif", "comment", "icc_profile", "xmp"} & set(shown.info)
        red, blue = shown.convert("RGB").getpixel((150, 20)), shown.convert("RGB").getpixel((150, 380))
        assert red[0] > 150 > blue[0]  # type: ignore[index]
    assert all(PLACE.encode() not in one for one in stored(town))


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "HEIC", "PNG with holes", "PNG with a palette"])
async def test_whatever_a_camera_makes_is_taken(town: Town, kind: str) -> None:
    """Also under a name that lies: what counts is the content."""
    content = HEIC if kind == "HEIC" else photo(64, 48, kind.split()[0])
    if " " in kind:
        made = BytesIO()
        Image.open(BytesIO(content)).convert("RGBA" if "holes" in kind else "P").save(made, "PNG")
        content = made.getvalue()
    id = new_id()
    answer = await bring(town, "zhang", content, id, "photo.txt")
    assert answer.status_code == 201, answer.text
    await checked_in(town, "zhang", id)
    shown = picture(await town["li"].get(f"/photos/{id}")).convert("RGB")
    assert shown.size == (64, 48)
    assert shown.getpixel((5, 5))[0] > 150 > shown.getpixel((60, 5))[0]  # type: ignore[index]


HOSTILE = {
    "cut off": (photo()[:900], "damaged"),
    "a PNG cut off": (photo(kind="PNG")[:200], "damaged"),
    "a HEIC cut off": (HEIC[:400], "damaged"),
    "only the beginning": (b"\xff\xd8\xff\xe0" + b"\0" * 400, "damaged"),
    "too many pixels": (claiming(12_000, 12_000), "at most 64 megapixels"),
    "a bomb": (claiming(65_500, 65_500), "at most 64 megapixels"),
    "a row and no end": (claiming(7_000, 7_000), "damaged"),
    "a bomb of words": (talkative(), "damaged"),
    "text": (b"not a photo at all", "JPEG, PNG, WebP and HEIC work"),
    "nothing": (b"", "JPEG, PNG, WebP and HEIC work"),
    "a page": (b"<html><script>alert(1)</script>", "JPEG, PNG, WebP and HEIC work"),
    "a drawing": (
        b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
        "JPEG, PNG, WebP and HEIC work",
    ),
    "a PDF": (b"%PDF-1.7 and so on", "JPEG, PNG, WebP and HEIC work"),
}


@pytest.mark.parametrize("what", HOSTILE)
async def test_what_is_no_photo_is_refused_in_words(town: Town, what: str) -> None:
    """Cut off, lying, far too large once unpacked: said clearly, and nothing stays behind."""
    content, words = HOSTILE[what]
    id = new_id()
    answer = await bring(town, "zhang", content, id)
    assert answer.status_code == 422, answer.text
    assert words in answer.json()["errors"]["file"]
    assert stored(town) == []
    assert (await bring(town, "zhang", photo(), id)).status_code == 201


async def test_a_refusal_is_in_the_readers_language(town: Town) -> None:
    """Chinese for whoever reads Chinese."""
    await town.speak("li", "zh")
    assert "损坏" in (await bring(town, "li", photo()[:900])).json()["errors"]["file"]


async def test_a_page_inside_a_photo_does_not_come_out(town: Town) -> None:
    """Both a JPEG and HTML: what is shown is a JPEG and says so."""
    id = new_id()
    await bring(town, "zhang", photo(comment=b"<script>alert(1)</script>") + b"<script>alert(2)</script>", id)
    await checked_in(town, "zhang", id)
    answer = await town["li"].get(f"/photos/{id}")
    assert picture(answer).size == (400, 300)
    assert b"<script" not in answer.content


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"data": {"id": "x"}, "files": {"file": ("a.jpg", photo())}}, "id"),
        ({"files": {"file": ("a.jpg", photo())}}, "id"),
        ({"data": {"id": new_id(), "file": "words"}}, "file"),
        ({"json": {"id": new_id()}}, "id"),
    ],
    ids=["odd id", "no id", "no file", "JSON"],
)
async def test_what_is_missing_is_named(town: Town, sent: dict[str, Any], field: str) -> None:
    """Before anything is looked at."""
    answer = await town["zhang"].post("/api/v1/photos", **sent)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])


async def test_too_large_and_too_many(town: Town) -> None:
    """Bytes of one, photos of a post; elsewhere a body is as small as ever."""
    town.app.state.settings.photo_max = 1_000_000
    noise = photo() + b"\0" * 1_000_001
    answer = await bring(town, "zhang", noise)
    assert (answer.status_code, answer.json()["errors"]) == (
        422,
        {"file": "This photo is too large: at most 1 MB."},
    )
    huge = await bring(town, "zhang", b"\0" * 20_500_000)
    assert (huge.status_code, huge.json()["type"]) == (413, "urn:muster:problem:too-large")
    elsewhere = await town["zhang"].post(f"/api/v1/squads/{town.squad}/checkins", content=b"x" * 300_000)
    assert elsewhere.status_code == 413
    many = await town.check_in("zhang", photos=[new_id() for _ in range(10)])
    assert many.json()["errors"] == {"photos": "At most 9 photos at once."}
    same = new_id()
    assert len((await checked_in(town, "zhang", *[same] * 12))["photos"]) == 1
