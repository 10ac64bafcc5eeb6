"""What is sent as a photo: made anew without what it tells, or refused in words."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from server.schema import new_id
from tests.server.conftest import Town
from tests.server.pictures import (
    HEIC,
    PLACE,
    bring,
    checked_in,
    claiming,
    photo,
    picture,
    stored,
    talkative,
    with_position,
)

pytestmark = pytest.mark.anyio


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
