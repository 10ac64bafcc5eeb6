"""Bad input of every kind at every door: an answer that says so, never a failure of ours."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from httpx2 import ASGITransport, AsyncClient
from limits import parse
from starlette.types import Message

from server.access import ANYONE, OPEN
from server.schema import new_id
from tests.bed.commands import printed
from tests.bed.ground import Ground
from tests.bed.served import Served
from tests.server import land
from tests.server.conftest import NOON, Town
from tests.server.pictures import shown_by
from tests.server.test_access import rules
from tests.server.test_announcements import announce
from tests.server.training import track

MEGABYTE = "長" * 60_000
WORDS = ["", "\x00", "a\x00b\x07", "\u202eneh gnaW", "\ud800", "﷽" * 500, "<script>x</script>", MEGABYTE]
FIGURES = ["NaN", "1e999", "200", "9" * 40, "٣", "0001-01-01T00:00:00Z", "2026-05-04T12:00", "%00", "[]"]
FIELDS = [
    *("id", "new_id", "name", "login", "password", "current", "initials", "colour", "locale", "zone", "code"),
    *(
        "company",
        "squad",
        "currency",
        "text",
        "to",
        "note",
        "reason",
        "result",
        "amount",
        "next_step",
        "back",
    ),
    *(
        "closed_at",
        "captured_at",
        "fix_at",
        "customer",
        "customer_id",
        "chosen",
        "q",
        "lat",
        "lon",
        "accuracy",
    ),
    *("source", "on", "give", "take", "next", "handle", "near", "before", "after", "limit", "show", "date"),
    *("file", "photo", "photos", "size"),
]


FORM = b"application/x-www-form-urlencoded"
Header = tuple[bytes, bytes]


def caller(town: Town, name: str, **headers: str) -> AsyncClient:
    """Somebody whose failures come back as 500, as over a real line."""
    transport = ASGITransport(town.app, raise_app_exceptions=False)
    known = {"Authorization": town[name].headers["authorization"], **headers}
    return AsyncClient(transport=transport, base_url="http://testserver", headers=known)


async def paths(town: Town, admits: Callable[[Any], bool] = lambda rule: True) -> list[tuple[str, str]]:
    """Method and address of every route whose rule admits, about Zhang Wei's visit and what he said."""
    visit = (await town.check_in("zhang")).json()["id"]
    said = (await town.say("zhang", "Morning"))["id"]
    about = {
        "squad": town.squad,
        "visit": visit,
        "win": visit,
        "post": said,
        "kind": "cheer",
        "session": new_id(),
    }
    about["photo"] = await shown_by(town, "zhang")
    about["announcement"] = (await announce(town))["id"]
    about["track"] = await track(town)
    about["key"] = new_id()
    about["territory"] = await land.add(town, new_id())
    # Nobody's: a sweep and what is on it have test_sweeps_hostile.py.
    about |= {one: new_id() for one in ("sweep", "lane", "stop", "handover", "call", "document")}
    about |= {one: new_id() for one in ("notice", "device")}
    about |= {"customer": town.customers["hengtai"], "day": "2026-05-04", "problem": new_id()}
    about |= {"member": town.ids["zhang"], "given": "AAAA-AAAA", "token": "t" * 43}
    return [
        (
            method,
            route.path_format.format(**{one: about.get(one, new_id()) for one in route.param_convertors}),
        )
        for route in iter_route_contexts(town.app.routes)
        if isinstance(route.original_route, APIRoute) and all(map(admits, rules(route.dependant)))
        for method in sorted(route.methods)
        # What needs no words at all would take the stage away: out of the squad, out of the company.
        if not route.path.endswith(("/remove", "/close", "/leave", "/undo", "/delete", "/everywhere"))
    ]


async def knock(app: FastAPI, method: str, path: str, query: str, form: bytes, *key: Header) -> int:
    """The status of an answer, without a client between: it would take longer than the server."""
    scope = {"type": "http", "method": method, "scheme": "http", "http_version": "1.1", "root_path": ""}
    scope |= {"path": path, "raw_path": path.encode(), "query_string": query.encode()}
    scope |= {"server": ("testserver", None), "client": ("127.0.0.1", 123)}
    scope["headers"] = [(b"host", b"testserver"), (b"accept", b"*/*"), (b"content-type", FORM), *key]
    scope["headers"].append((b"content-length", str(len(form)).encode()))
    come = iter([{"type": "http.request", "body": form}])
    said: list[Message] = []

    async def receive() -> Message:
        return next(come, {"type": "http.disconnect"})

    async def send(message: Message) -> None:
        said.append(message)

    try:
        await app(scope, receive, send)
    except Exception:
        return 500
    return int(said[0]["status"])


@pytest.mark.anyio
@pytest.mark.far
@pytest.mark.parametrize("value", WORDS + FIGURES, ids=range(len(WORDS + FIGURES)))
async def test_no_form_breaks_over_what_is_typed(town: Town, value: str) -> None:
    """Every field of every form and query at once, from a rep, and from a stranger where one is let in:
    elsewhere they are shown the door before anything is read (test_access.py).
    """
    state = town.app.state
    state.settings.signin_limit = state.settings.invite_limit = "100000/minute"
    state.limits.write_limit = parse("100000/minute")
    typed = value.encode(errors="surrogatepass")
    query = urlencode(dict.fromkeys(FIELDS, typed[:60]))
    form = urlencode(dict.fromkeys(FIELDS, typed[:6000])).encode()
    zhang = (b"authorization", town["zhang"].headers["authorization"].encode())
    everywhere, open_doors = await paths(town), await paths(town, lambda rule: rule in (ANYONE, OPEN))
    for key, doors in ([zhang], everywhere), ([], open_doors):
        for method, path in doors:
            asked = query if method == "GET" else ""
            status = await knock(town.app, method, path, asked, form, *key)
            assert status < 500, f"{method} {path} {value[:20]!r}"
    assert "<script>x" not in (await town["li"].get(f"/squads/{town.squad}")).text


def bodies(good: dict[str, Any]) -> list[Any]:
    """The body with each of its fields made nonsense in turn, and what is no such body at all."""
    bad = (
        None,
        True,
        0,
        -1,
        1e308,
        2**70,
        "x",
        "\x00",
        "\u202e",
        [],
        {},
        [[[]]],
        {"lat": 200, "lon": 0},
        MEGABYTE,
    )
    found: list[Any] = [None, [], "x", 7, {}]
    return found + [good | {name: value} for name in good for value in bad]


@pytest.mark.anyio
async def test_no_write_breaks_over_what_is_sent(town: Town) -> None:
    """JSON of every wrong type, and numbers that are none: refused as problem details, or kept."""
    place = {"lat": 31.2, "lon": 121.4, "accuracy": 5, "fix_at": NOON, "source": "gps"}
    said = {"id": new_id(), "text": "x"}
    new = {"id": new_id(), "customer_id": town.customers["lotus"], "captured_at": NOON, "note": "x"}
    goods: dict[str, dict[str, Any]] = {
        "checkins": {**new, "customer": "x", "position": place, "reason": "gps", "photos": [new_id()]},
        "customers": {"id": new_id(), "name": "x", "position": place},
        "messages": {**said, "photos": [new_id()]},
        "photos": {"id": new_id(), "file": "x"},
        "replies": said,
        "read-mark": {"offset": 1},
        "outcome": {
            "result": "won",
            "amount": "1",
            "currency": "CNY",
            "closed_at": NOON,
            "note": "x",
            "next_step": "",
        },
        "visits": {"note": "x", "position": place},
        "posts": {"text": "x"},
    }
    odd = [b"", b"{", b"\xff\xfe{}", b'{"id": "\\ud800", "text": "\\ud800", "name": "\\ud800"}']
    odd += [b'{"position": {"lat": NaN, "lon": Infinity}, "offset": NaN}', b"[" * 100_000]
    js = {"Content-Type": "application/json"}
    async with caller(town, "zhang") as zhang:
        for method, path in await paths(town):
            parts = path.split("/")
            if method in ("GET", "DELETE") or not path.startswith("/api/v1/"):
                continue
            good = goods.get(parts[-1]) or goods.get(parts[-2], {})
            sent = odd + [json.dumps(body).encode() for body in bodies(good)]
            for position in (
                {**place, name: wrong} for name in place for wrong in (200, -181, "x", None, [], 1e400)
            ):
                if "position" in good:
                    sent.append(json.dumps(good | {"id": new_id(), "position": position}).encode())
            for body in sent:
                answer = await zhang.request(method, path, content=body, headers=js)
                assert answer.status_code < 500, f"{method} {path} {body[:200]!r}"
                if answer.is_error:
                    assert answer.headers["content-type"] == "application/problem+json"
                    assert answer.json()["type"].startswith("urn:muster:problem:")
    entries = await town.journal()
    assert [one["offset"] for one in entries] == list(range(1, len(entries) + 1))


@pytest.mark.far
def test_the_document_holds_under_fire(ground: Ground, tmp_path: Path) -> None:
    """Schemathesis reads it and sends what fits and what does not: no failure, no answer it does not know.

    On PostgreSQL, which takes less than SQLite.
    """
    with ground.scaled(write_limit="1000000/minute") as settings:
        server = Served(ground.room("fire"), settings)
        made = json.loads(printed(ground, settings, "seed", "--demo", "--json"))
        token = made["members"]["zhang-wei"]["token"]
        server.start()
        said = [
            "--header",
            f"Authorization: Bearer {token}",
            "--generation-deterministic",
            "--max-examples",
            "4",
        ]
        said += ["--phases", "coverage,fuzzing", "--no-color", "--workers", "1"]
        # Which texts and moments mean something, and how much is forgiven, no schema says.
        said += ["--exclude-checks", "positive_data_acceptance,negative_data_rejection"]
        run = Path(sys.executable).parent / "st"
        done = subprocess.run(
            [run, "run", f"{server.url}/api/openapi.json", *said],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        log = server.log()
        server.end()
    assert done.returncode == 0, done.stdout
    assert "Traceback" not in log
