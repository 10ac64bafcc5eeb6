"""Photos and problems that an author puts at lines while the log is still a draft."""

from typing import Any

import pytest

from server import live
from server.photos.sweeping import sweep
from server.schema import new_id
from tests.server.conftest import Town
from tests.server.pictures import bring, photo
from tests.server.test_daylog import DAY, draft, publish, visit, words, write
from tests.server.test_daylog_marks import listed
from tests.server.test_retention import kept

pytestmark = pytest.mark.anyio


async def put(town: Town, name: str = "li", **body: Any) -> Any:
    """What is put at lines of a day besides words."""
    return await town[name].patch(f"/api/v1/squads/{town.squad}/logs/{DAY}", json=body)


async def test_a_photo_at_a_line_is_its_authors_until_it_is_sent(town: Town) -> None:
    """Named before it arrives or after; with the log the squad has it, an outsider never."""
    id = await visit(town, "2026-05-04T04:00:00Z", "Owner is in")
    first, second = new_id(), new_id()
    await bring(town, "li", photo(), first)
    sent = [{"id": first, "key": id}, {"id": second, "key": "lesson"}]
    assert (await put(town, photos=sent)).status_code == 200
    assert (await put(town, photos=sent)).status_code == 200
    page = (await town["li"].get(f"/squads/{town.squad}/logs/{DAY}")).text
    assert page.count(f'src="/me/photos/{first}?size=small"') == 1
    assert "on the way" in page
    assert (await town["li"].get(f"/me/photos/{first}?size=small")).status_code == 200
    for name in ("wang", "sun"):
        assert (await town[name].get(f"/me/photos/{first}")).status_code == 404
        assert (await town[name].get(f"/photos/{first}")).status_code == 404
    log = await publish(town)
    assert log["lines"][0]["photos"] == [{"id": first, "width": 400, "height": 300}]
    assert log["lines"][1]["photos"] == [{"id": second, "width": None, "height": None}]
    assert (await town["wang"].get(f"/photos/{first}")).status_code == 200
    assert (await town["sun"].get(f"/photos/{first}")).status_code == 404
    before = len(await town.journal())
    await bring(town, "li", photo(600, 300), second)
    source = live.Source(town.app.state.db)
    frame = (await source.contents(await source.history(town.squad, before, 9), "en"))[-1] or ""
    letter = (await town["wang"].get(f"/logs/{log['id']}")).text
    for shown in (frame, letter):
        assert f'src="/photos/{second}?size=small" width="600"' in shown


async def test_a_photo_is_taken_away_again(town: Town) -> None:
    """From the draft at once, from what the squad has once it is sent anew."""
    id, first = await visit(town, "2026-05-04T04:00:00Z", "Owner is in"), new_id()
    await bring(town, "li", photo(), first)
    await put(town, photos=[{"id": first, "key": id}])
    log = await publish(town)
    assert (await put(town, without=[first])).json()["lines"][0]["photos"] == []
    assert (await town["wang"].get(f"/photos/{first}")).status_code == 200
    assert (await publish(town))["lines"][0]["photos"] == []
    assert (await town["wang"].get(f"/photos/{first}")).status_code == 404
    assert f"/photos/{first}" not in (await town["wang"].get(f"/logs/{log['id']}")).text


async def test_a_form_brings_photos_without_script(town: Town) -> None:
    """Sent twice they are there once; what is no photo is said at its line, with the words as typed."""
    id = await visit(town, "2026-05-04T04:00:00Z", "Owner is in")
    path, files = f"/squads/{town.squad}/logs/{DAY}", {f"p-{id}": ("shelf.jpg", photo(), "image/jpeg")}
    for _ in range(2):
        assert (await town["li"].post(path, data={"t-lesson": "Learn"}, files=files)).status_code == 303
    line = (await draft(town))["lines"][0]
    assert [one["width"] for one in line["photos"]] == [400]
    wrong = {f"p-{id}": ("shelf.jpg", b"no photo", "image/jpeg")}
    answer = await town["li"].post(path, data={"t-stuck": "Here"}, files=wrong)
    assert answer.status_code == 422
    assert "This is not a photo we can read" in answer.text
    assert "Here</textarea>" in answer.text
    gone = await town["li"].post(path, data={f"x-{line['photos'][0]['id']}": "1"})
    assert gone.status_code == 303
    assert (await draft(town))["lines"][0]["photos"] == []


async def test_a_draft_keeps_its_photos_and_no_others(town: Town) -> None:
    """Those it names outlast the day after which unnamed ones are swept; only so many at a line."""
    id, first, other = await visit(town, "2026-05-04T04:00:00Z"), new_id(), new_id()
    await bring(town, "li", photo(), first)
    await bring(town, "li", photo(), other)
    await put(town, photos=[{"id": first, "key": id}])
    await kept(town)
    state = town.app.state
    await state.db.write(_older)
    await sweep(state.db, state.store)
    assert (await town["li"].get(f"/me/photos/{first}")).status_code == 200
    assert (await town["li"].get(f"/me/photos/{other}")).status_code == 404
    many = [{"id": new_id(), "key": id} for _ in range(12)]
    assert (await put(town, photos=many)).status_code == 422
    assert (await put(town, photos=[{"id": new_id(), "key": new_id()}])).status_code == 404


def _older(c: Any) -> None:
    from datetime import timedelta

    from sqlalchemy import update

    from server.photos.models import file
    from server.schema import now

    c.execute(update(file).values(made_at=now() - timedelta(days=2)))


async def test_what_stood_in_the_way_is_said_while_writing(town: Town) -> None:
    """It stays a draft's until the log is sent, and the line still follows its visit."""
    id = await visit(town, "2026-05-04T04:00:00Z", "Owner is in")
    price, material = await listed(town), await listed(town, "Missing material")
    assert (await put(town, problems={id: [price, material]})).status_code == 200
    assert (await put(town, problems={id: [price]})).status_code == 200
    assert (await put(town, problems={id: [new_id()]})).status_code == 422
    assert [one for one in await town.journal() if one["kind"] == "log"] == []
    await town["li"].patch(f"/api/v1/visits/{id}", json={"note": "Owner is out"})
    line = (await draft(town))["lines"][0]
    assert (line["text"], line["revision"], line["problems"]) == ("Owner is out", 0, [price])
    page = (await town["li"].get(f"/squads/{town.squad}/logs/{DAY}")).text
    assert f'name="m-{id}" value="{price}" checked' in page
    assert (await write(town, **{f"v{id}": ("Owner comes back", 0)})).status_code == 200
    log = await publish(town)
    assert "Price" in words((await town["wang"].get(f"/logs/{log['id']}")).text)
    form = {f"m-{id}": ["", material]}
    assert (await town["li"].post(f"/squads/{town.squad}/logs/{DAY}", data=form)).status_code == 303
    assert (await town["wang"].get(f"/api/v1/logs/{log['id']}")).json()["lines"][0]["problems"] == [material]
    assert [one["data"]["did"] for one in await town.journal() if one["kind"] == "log"][-1] == "marked"
