"""The real server as people start it, on a core of its own."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import orjson

from config.settings import Settings
from server.schema import new_id
from tests.bed.served import Served
from tests.bench.machine import SERVER, Bench, on


@contextmanager
def serving(bench: Bench, settings: Settings) -> Iterator[Served]:
    """`python -m server serve` until the end of the block."""
    server = Served(bench.ground.room("served"), settings, cold=True)
    with on(SERVER):
        server.start()
    try:
        yield server
    finally:
        server.end()


def request(method: str, path: str, token: str = "", body: bytes = b"") -> bytes:
    """A whole HTTP/1.1 request that keeps the connection."""
    words = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: gzip"]
    if token:
        words.append(f"Authorization: Bearer {token}")
    if body:
        words += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*words, "", ""]).encode() + body


def check_in(token: str, squad: str, customer: str, at: str, note: str = "Owner is in") -> bytes:
    """A check-in as a phone sends it; `at` is its clock."""
    spot = {"lat": 31.2001, "lon": 121.4001, "accuracy": 12, "fix_at": at, "source": "gps"}
    form = {"id": new_id(), "customer_id": customer, "captured_at": at, "note": note, "position": spot}
    return request("POST", f"/api/v1/squads/{squad}/checkins", token, orjson.dumps(form))


def asked(port: int, path: str, token: str = "") -> bytes:
    """The body of one answer; raises RuntimeError unless it is ok."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
    answer = line.getresponse()
    body = answer.read()
    line.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return body


def head(port: int, squad: str, token: str) -> str:
    """Where a squad's stream stands, as a cursor."""
    at = orjson.loads(asked(port, f"/api/v1/squads/{squad}/journal?limit=1", token))["head"]
    return f"{at['epoch']}.{at['offset']}"


def counts(port: int) -> dict[str, float]:
    """The hub's own counts, from `/metrics`."""
    told = asked(port, "/metrics").decode()
    found = {}
    for one in told.splitlines():
        if one.startswith("muster_live{what="):
            name, _, value = one.partition(" ")
            found[name.split('"')[1]] = float(value)
    return found


def clock() -> str:
    """The time as a phone says it."""
    return datetime.now(UTC).isoformat()
