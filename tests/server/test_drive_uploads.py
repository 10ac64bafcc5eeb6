"""Uploads by tus: cut and gone on with, whoever goes away when; nothing half of one is ever seen."""

from base64 import b64encode
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import update

from server.administration import retention
from server.drive import uploads
from server.drive.models import drive_upload
from server.photos import actions as photos
from server.schema import now
from tests.server.conftest import Town
from tests.server.drive import PDF, folder

pytestmark = [pytest.mark.anyio, pytest.mark.filed]
TUS = {"Tus-Resumable": "1.0.0"}
FILE = PDF + b"0123456789" * 1000


async def begin(
    town: Town, where: str, who: str = "li", size: int = len(FILE), name: str = "Film.pdf"
) -> Response:
    """An upload is announced."""
    said = {"filename": name, "kind": "case"}
    words = ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in said.items())
    headers = {**TUS, "Upload-Length": str(size), "Upload-Metadata": words}
    return await town[who].post(f"/drive/folders/{where}/uploads", headers=headers)


async def send(town: Town, at: str, start: int, content: Any, who: str = "li") -> Response:
    """Some of its bytes."""
    headers = {**TUS, "Upload-Offset": str(start), "Content-Type": "application/offset+octet-stream"}
    return await town[who].patch(at, headers=headers, content=content)


async def documents(town: Town, where: str) -> list[Any]:
    """What is in the folder for all to see."""
    return list((await town["sun"].get(f"/api/v1/drive/folders/{where}")).json()["documents"])


async def test_cut_and_gone_on_with(town: Town) -> None:
    """In three parts, with a wrong offset in between; then it is a document, and its parts are gone."""
    cases, store = await folder(town), town.app.state.store
    begun = await begin(town, cases)
    at = begun.headers["location"]
    assert (begun.status_code, begun.headers["tus-resumable"]) == (201, "1.0.0")
    assert (await send(town, at, 0, FILE[:700])).headers["upload-offset"] == "700"
    assert (await send(town, at, 0, FILE[:700])).status_code == 409
    assert (await send(town, at, 700, FILE[700:2000])).headers["upload-offset"] == "2000"
    assert (await send(town, at, 2000, FILE[2000:] + b"more")).status_code == 413
    assert (await town["li"].head(at, headers=TUS)).headers["upload-offset"] == "2000"
    assert await documents(town, cases) == []
    assert (await send(town, at, 2000, FILE[2000:])).status_code == 204
    asked = await town["li"].head(at, headers=TUS)
    assert asked.headers["upload-length"] == str(len(FILE))
    assert asked.headers["cache-control"] == "no-store"
    (one,) = await documents(town, cases)
    assert (one["name"], one["kind"], one["size"]) == ("Film", "case", len(FILE))
    assert (await town["sun"].get(one["file"])).content == FILE
    assert asked.headers["content-location"] == f"/drive/documents/{one['id']}"
    assert [name for name in await store.older(now()) if name.startswith("part-")] == []
    assert (await send(town, at, len(FILE), b"")).status_code == 409


async def test_whoever_is_killed_before_the_end_sends_the_end_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last bytes are in the store, the transaction never came: nothing is seen, and nothing is lost."""
    cases = await folder(town)
    at = (await begin(town, cases)).headers["location"]
    await send(town, at, 0, FILE[:900])
    finish = uploads.finish

    def killed(*_: Any) -> str:
        raise OSError("killed")

    monkeypatch.setattr(uploads, "finish", killed)
    assert (await send(town, at, 900, FILE[900:])).status_code == 503
    assert await documents(town, cases) == []
    monkeypatch.setattr(uploads, "finish", finish)
    assert (await town["li"].head(at, headers=TUS)).headers["upload-offset"] == "900"
    await send(town, at, 900, FILE[900:])
    (one,) = await documents(town, cases)
    assert (await town["sun"].get(one["file"])).content == FILE


async def test_what_came_before_the_sender_went_away_is_kept(town: Town) -> None:
    """A connection that breaks in the middle of a part has brought the beginning of it."""
    cases = await folder(town)
    at = (await begin(town, cases)).headers["location"]
    token = town["li"].headers["authorization"].encode()
    sent = [(b"authorization", token), (b"tus-resumable", b"1.0.0"), (b"upload-offset", b"0")]
    sent.append((b"content-type", b"application/offset+octet-stream"))
    scope = {"type": "http", "method": "PATCH", "path": at, "raw_path": at.encode(), "query_string": b""}
    scope |= {"headers": sent, "http_version": "1.1", "scheme": "http", "server": ("testserver", 80)}
    said = iter(
        [{"type": "http.request", "body": FILE[:1234], "more_body": True}, {"type": "http.disconnect"}]
    )

    async def receive() -> Any:
        return next(said, {"type": "http.disconnect"})

    async def answered(_: Any) -> None:
        """Nobody hears it."""

    await town.app({**scope, "client": ("127.0.0.1", 1), "root_path": ""}, receive, answered)
    assert (await town["li"].head(at, headers=TUS)).headers["upload-offset"] == "1234"
    await send(town, at, 1234, FILE[1234:])
    (one,) = await documents(town, cases)
    assert (await town["sun"].get(one["file"])).content == FILE


async def test_it_is_the_senders_alone(town: Town) -> None:
    """Nobody else sees it; and whoever may add no longer brings nothing more."""
    cases = await folder(town)
    at = (await begin(town, cases)).headers["location"]
    for method in ("HEAD", "PATCH", "DELETE"):
        assert (await town["wang"].request(method, at, headers=TUS)).status_code == 404
    await town["wang"].patch(f"/api/v1/drive/folders/{cases}", json={"name": "Cases", "rights": "view"})
    assert (await send(town, at, 0, FILE)).status_code == 403
    assert (await begin(town, cases)).status_code == 403
    assert (await begin(town, cases, "wang", size=town.app.state.settings.drive_max + 1)).status_code == 413
    town.app.state.settings.drive_quota = 10
    assert (await begin(town, cases, "wang")).status_code == 422


async def test_other_languages_are_not_understood(town: Town) -> None:
    """Another version, another type, numbers that are none."""
    cases = await folder(town)
    at = (await begin(town, cases)).headers["location"]
    assert (await town["li"].head(at)).status_code == 412
    assert (
        await town["li"].patch(at, headers={**TUS, "Upload-Offset": "0"}, content=b"x")
    ).status_code == 415
    for wrong in ("", "-1", "1e9", "9" * 20):
        headers = {**TUS, "Upload-Length": wrong, "Upload-Metadata": "filename eA=="}
        assert (await town["li"].post(f"/drive/folders/{cases}/uploads", headers=headers)).status_code == 422
    spoken = await town["li"].options("/drive/uploads")
    assert spoken.headers["tus-extension"] == "creation,expiration,termination"


async def test_given_up_or_forgotten(town: Town) -> None:
    """Its parts go with it, at once or with the next sweep."""
    cases, app = await folder(town), town.app.state
    at = (await begin(town, cases)).headers["location"]
    await send(town, at, 0, FILE[:700])
    assert (await town["li"].delete(at, headers=TUS)).status_code == 204
    assert (await town["li"].head(at, headers=TUS)).status_code == 404
    assert [name for name in await app.store.older(now()) if name.startswith("part-")] == []
    at = (await begin(town, cases)).headers["location"]
    await send(town, at, 0, FILE[:700])
    long_ago = now() - uploads.LASTS - retention.timedelta(minutes=1)
    await app.db.write(lambda c: c.execute(update(drive_upload).values(made_at=long_ago)) and None)
    assert (await town["li"].head(at, headers=TUS)).status_code == 404
    assert (await send(town, at, 700, FILE[700:])).status_code == 404
    await app.db.write(uploads.forget)
    left = [name for name in await app.store.older(now()) if name.startswith("part-")]
    assert await app.db.read(photos.unknown, left) == set(left)
    assert len(left) == 1


async def test_nothing_is_a_file_too(town: Town) -> None:
    """Of no bytes, whole at once."""
    cases = await folder(town)
    await begin(town, cases, size=0, name="Empty.txt")
    (one,) = await documents(town, cases)
    assert (one["name"], one["size"]) == ("Empty", 0)
