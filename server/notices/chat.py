"""Chat services: DingTalk, WeCom, Feishu, Slack, Teams and more, each by the address it gives out."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import orjson

from config.settings import Settings
from server.errors import Invalid
from server.notices.deliveries import Parcel
from web.render import N_

TIMEOUT = 40.0
"""Seconds a service has; then it is taken for away."""
SAID = {
    "inside": N_("This address is in the own network"),
    "away": N_("Nobody answers there"),
    "unknown": N_("We do not know this service. Paste the address it gives out for its robot or webhook."),
}
"""What is said of an error; any other is the number the service refused with."""
ROOT = Path(__file__).parents[2]


class Refused(Exception):
    """It was not taken: one of `SAID`, or the service's number."""


async def known(url: str) -> str:
    """The name of the service an address is of; raises `Invalid` for what is none."""
    found = await _ask({"url": url.strip()})
    if len(url) > 1000 or found["error"]:
        raise Invalid({"url": SAID["unknown"]})
    return str(found["service"])


async def say(url: str, title: str, body: str, inside: bool) -> None:
    """One message; raises `Refused` where it is not taken."""
    found = await _ask({"url": url, "title": title, "body": body, "inside": inside})
    if found["error"]:
        raise Refused(found["error"])


async def send(parcel: Parcel, settings: Settings) -> None:
    """What is due in a channel, as one message."""
    home, lines = settings.public_url.rstrip("/"), []
    for one in parcel.notices:
        lines += [one.words(parcel.lang), one.about, f"{home}{one.path}" if home else ""]
    title = parcel.notices[0].squad_name or "Muster"
    await say(parcel.secret["url"], title, "\n".join(line for line in lines if line), settings.notice_inside)


async def _ask(asked: dict[str, Any]) -> dict[str, Any]:
    """Asks a process of its own, which knows nothing of ours but this."""
    env = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "SSL_CERT_FILE") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.notices.chatting"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=ROOT,
        env=env,
    )
    try:
        async with asyncio.timeout(TIMEOUT):
            out, _ = await process.communicate(orjson.dumps(asked))
        found: dict[str, Any] = orjson.loads(out)
    except (TimeoutError, orjson.JSONDecodeError):
        return {"service": "", "error": "away"}
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return found
