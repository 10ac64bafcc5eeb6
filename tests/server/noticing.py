"""Being told: what people see of it, and the devices and servers on this machine that are told."""

import base64
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import http_ece
import orjson
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from server.schema import new_id, now
from tests.bed.receivers import Hooks, Letters, Posted, receiving
from tests.server.conftest import Town

SOON = timedelta(seconds=15)
LATER = timedelta(minutes=3)


@pytest.fixture
async def letters(town: Town) -> AsyncIterator[Letters]:
    """A mail server, and an installation that uses it."""
    async with receiving(Letters()) as server:
        own = town.app.state.settings
        own.smtp_host, own.smtp_port, own.smtp_security = "127.0.0.1", server.port, "none"
        own.smtp_from, own.public_url = "muster@qinghe.example", "https://muster.example"
        yield server


@pytest.fixture
async def hooks(town: Town) -> AsyncIterator[Hooks]:
    """A push service on this machine, which the installation may call."""
    async with receiving(Hooks()) as server:
        town.app.state.settings.notice_inside = True
        yield server


class Device:
    """A browser that has subscribed, with its own key."""

    def __init__(self, hooks: Hooks, name: str = "phone") -> None:
        self.key, self.secret = ec.generate_private_key(ec.SECP256R1()), b"sixteen bytes, 1"
        self.where = f"{hooks.url}/push/{name}"

    @property
    def subscription(self) -> dict[str, Any]:
        """As the browser gives it."""
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        keys = {
            "p256dh": base64.urlsafe_b64encode(point).decode(),
            "auth": base64.urlsafe_b64encode(self.secret).decode(),
        }
        return {"endpoint": self.where, "expirationTime": None, "keys": keys}

    def opens(self, got: Posted) -> dict[str, Any]:
        """What only this device can read."""
        plain = http_ece.decrypt(got.body, private_key=self.key, auth_secret=self.secret, version="aes128gcm")
        return dict(orjson.loads(plain))


async def subscribe(town: Town, name: str, device: Device) -> str:
    """Somebody is told on it from now on."""
    answer = await town[name].put("/api/v1/me/notices/devices", json=device.subscription)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


async def run(town: Town, after: timedelta) -> None:
    """All that is due by then is done."""
    await town.app.state.jobs.run_due(now() + after)


async def rows(town: Town, table: Any) -> list[Any]:
    """Every row."""
    return list(await town.app.state.db.read(lambda c: c.execute(select(table)).all()))


def at(zone: str, hours: int) -> str:
    """What the clock shows there, so many hours from now."""
    return (datetime.now(UTC).astimezone(ZoneInfo(zone)) + timedelta(hours=hours)).strftime("%H:%M")


async def told(town: Town, name: str) -> list[tuple[str, str]]:
    """What somebody is told, newest first: words and what they are about."""
    found = (await town[name].get("/api/v1/me/notices")).json()
    return [(one["words"], one["about"]) for one in found]


async def bell(town: Town, name: str, path: str = "/squads") -> int:
    """What the bell of a page says."""
    page = (await town[name].get(path)).text
    found = re.search(r'id="u-bell"( hidden)?><span class="n">(\d+)<', page)
    assert found, path
    assert bool(found[1]) == (found[2] == "0")
    return int(found[2])


async def reply(town: Town, name: str, to: str, text: str) -> dict[str, Any]:
    """Says something under a post."""
    sent = {"id": new_id(), "text": text}
    return dict((await town[name].post(f"/api/v1/posts/{to}/replies", json=sent)).json())


async def win(town: Town, name: str = "li") -> str:
    """Somebody's won visit."""
    id = (await town.check_in(name)).json()["id"]
    done = {"result": "won", "amount": "100", "currency": "CNY", "closed_at": "2026-05-04T04:20:00Z"}
    assert (await town[name].put(f"/api/v1/visits/{id}/outcome", json=done)).status_code == 200
    return str(id)
