"""What an answer carries: a price to go down to, somebody on the way, a file; and how far it has come."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from server.calls.models import call_answer
from server.journal import stamp
from server.schema import new_id, now
from tests.server.calling import PDF, Call, called
from tests.server.conftest import Town
from tests.server.pictures import HEIC, PLACE, claiming, photo, picture, with_position

pytestmark = pytest.mark.anyio
NEITHER = "This is neither a PDF nor a photo. JPEG, PNG, WebP and HEIC work."


async def sent(town: Town, who: str = "wang", content: bytes = PDF, id: str = "") -> Any:
    """Somebody sends a file; the answer."""
    fields = {"data": {"id": id or new_id()}, "files": {"file": ("case.pdf", content)}}
    return await town[who].post("/api/v1/documents", **fields)


async def given(call: Call, who: str = "wang", **carries: Any) -> dict[str, Any]:
    """An answer that carries this, as the asker sees it."""
    answer = await call.do(who, "POST", "answers", id=new_id(), **carries)
    assert answer.status_code == 201, answer.text
    return dict((await call.now())["answers"][-1])


async def test_a_price_to_go_down_to_until_it_runs_out(town: Town) -> None:
    """Limit, from how much on, until when, given by whom; its use is recorded, once, and not too late."""
    call = await called(town)
    until = stamp(now() + timedelta(hours=4))
    price = {"amount": "6480", "minimum": "30 units", "until": until}
    answer = await given(call, authority=price)
    assert answer["authority"] == {**price, "currency": "CNY", "used_at": None}
    assert answer["author"] == town.ids["wang"]
    page = (await town["li"].get(f"/visits/{call.visit}")).text
    assert "You may go down to" in page
    assert "¥6,480" in page
    use = {"answer": answer["id"]}
    assert (await call.do("wang", "PUT", "use", **use)).status_code == 403
    for _ in range(2):
        assert (await call.do("li", "PUT", "use", **use)).status_code == 200
    used = (await call.now())["answers"][0]["authority"]["used_at"]
    assert used
    assert (await call.did()).count("used") == 1
    late = await given(call, authority=price)
    await town.app.state.db.write(run_out, late["id"])
    refused = await call.do("li", "PUT", "use", answer=late["id"])
    assert (refused.status_code, refused.json()["title"]) == (
        409,
        "This authority has run out. Ask for it anew.",
    )


def run_out(c: Connection, id: str) -> None:
    c.execute(update(call_answer).where(call_answer.c.id == id).values(until=now() - timedelta(minutes=1)))


async def test_somebody_on_the_way(town: Town) -> None:
    """Who, and when they will be there."""
    call = await called(town)
    eta = stamp(now() + timedelta(minutes=20))
    answer = await given(call, person={"member": town.ids["zhang"], "eta_at": eta})
    assert answer["person"] == {"member": town.ids["zhang"], "eta_at": eta}
    assert "Zhang Wei is on the way" in (await town["li"].get(f"/visits/{call.visit}")).text
    nobody = {"id": new_id(), "person": {"member": new_id(), "eta_at": eta}}
    refused = await call.do("wang", "POST", "answers", **nobody)
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["person"])


async def test_a_pdf_opens_for_whoever_sees_the_call_and_for_nobody_else(town: Town) -> None:
    """By its content, not its name; the same one again is the same; nobody names another’s."""
    call = await called(town)
    document = (await sent(town)).json()
    answer = await given(call, files=[{"id": document["id"], "name": "Harbour Clinic case"}])
    (file,) = answer["files"]
    assert (file["name"], file["size"]) == ("Harbour Clinic case", len(PDF))
    for who, status in (("li", 200), ("zhang", 200), ("sun", 404)):
        shown = await town[who].get(f"/documents/{file['id']}")
        assert shown.status_code == status
        assert (shown.content == PDF) == (status == 200)
    shown = await town["li"].get(f"/documents/{file['id']}")
    assert shown.headers["content-type"] == "application/pdf"
    assert shown.headers["x-content-type-options"] == "nosniff"
    for wrong in (b"<script>alert(1)</script>", b"", b"MZ\x90\x00"):
        refused = await sent(town, content=wrong)
        assert (refused.status_code, refused.json()["errors"]) == (422, {"file": NEITHER})
    stolen = {"id": new_id(), "files": [{"id": document["id"], "name": "Mine"}]}
    assert (await call.do("zhang", "POST", "answers", **stolen)).status_code == 409
    other = await called(town)
    assert (await other.do("zhang", "POST", "answers", **stolen)).status_code == 422


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIC"])
async def test_a_picture_goes_along_like_a_pdf(town: Town, kind: str) -> None:
    """Whatever a phone takes; it is a JPEG then that says not where. The same again is the same."""
    call, id = await called(town), new_id()
    content = {"HEIC": HEIC, "JPEG": with_position()}.get(kind) or photo(64, 48, kind)
    kept = [(await sent(town, content=content, id=id)).json() for _ in range(2)]
    assert kept[0] == kept[1]
    assert kept[0]["type"] == "image/jpeg"
    answer = await given(call, files=[{"id": id, "name": "IMG_0042.HEIC"}])
    (file,) = answer["files"]
    assert (file["type"], file["size"]) == ("image/jpeg", kept[0]["size"])
    shown = await town["li"].get(f"/documents/{file['id']}")
    assert picture(shown).format == "JPEG"
    assert PLACE.encode() not in shown.content
    assert shown.headers["content-disposition"] == "inline; filename*=UTF-8''IMG_0042.HEIC.jpg"
    small = await town["li"].get(f"/documents/{file['id']}?size=small")
    assert picture(small).width <= 640
    assert (await town["sun"].get(f"/documents/{file['id']}?size=small")).status_code == 404
    page = (await town["li"].get(f"/visits/{call.visit}")).text
    assert 'data-over="picture"' in page
    assert "Photo, 0.1 MB" in page


async def test_a_broken_picture_is_refused_kindly(town: Town) -> None:
    """Cut off, or of more pixels than anybody can look at: nothing is kept."""
    await called(town)
    for wrong, words in ((HEIC[:400], "damaged"), (claiming(20_000, 20_000), "too many pixels")):
        refused = await sent(town, content=wrong)
        assert refused.status_code == 422
        assert words in refused.json()["errors"]["file"]


async def test_the_sender_sees_delivered_and_opened(town: Town) -> None:
    """Once each, told by the asker’s phone alone; it stands in the case."""
    call = await called(town)
    answer = await given(call, text="Get it in writing")
    assert (answer["delivered_at"], answer["opened_at"]) == (None, None)
    assert (await call.do("wang", "PUT", "seen", answer=answer["id"])).status_code == 403
    for opened in (False, False, True, True):
        await call.do("li", "PUT", "seen", answer=answer["id"], opened=opened)
    (known,) = (await call.now("wang"))["answers"]
    assert known["delivered_at"] <= known["opened_at"]
    assert [did for did in await call.did() if did in ("delivered", "opened")] == ["delivered", "opened"]
    assert "Opened" in (await town["wang"].get(f"/calls/{call.id}")).text
    assert (await call.do("li", "PUT", "seen", answer=new_id())).status_code == 404


async def test_all_of_it_by_the_desks_form(town: Town) -> None:
    """One plain form; what is wrong with one part comes back with the others as typed."""
    call = await called(town)
    path, form = (
        f"/calls/{call.id}/answers",
        {"new_id": new_id(), "text": "As promised", "minimum": "30 units"},
    )
    wrong = await town["wang"].post(path, data=form | {"amount": "cheap"})
    assert wrong.status_code == 422
    assert "Write the amount in figures" in wrong.text
    assert 'value="30 units"' in wrong.text
    bad = await town["wang"].post(path, data=form, files={"file": ("x.pdf", b"no")})
    assert NEITHER in bad.text
    whole = form | {"amount": "6480", "hours": "4", "person": town.ids["zhang"], "minutes": "20"}
    for _ in range(2):
        done = await town["wang"].post(path, data=whole, files={"file": ("case.pdf", PDF)})
        assert done.status_code == 303
    (answer,) = (await call.now())["answers"]
    assert answer["authority"]["amount"] == "6480"
    assert answer["person"]["member"] == town.ids["zhang"]
    assert [one["name"] for one in answer["files"]] == ["case.pdf"]
    empty = await town["wang"].post(path, data={"new_id": new_id(), "text": ""})
    assert empty.status_code == 422
