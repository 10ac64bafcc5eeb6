"""What all entrances share: forms, cookies, the language chosen at the door, slow work off the loop."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import anyio
from starlette.requests import Request
from starlette.responses import Response

from server.access import COOKIE, Who
from server.answers import page
from server.errors import Invalid
from server.guard import loopback
from server.members.actions import Session, folded
from server.members.sessions import freshen
from server.schema import now
from server.text import checked
from web.render import LANGS, N_

T = TypeVar("T")
LOCAL_NAMES = ("127.0.0.1", "::1", "localhost")
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


async def typed(request: Request) -> dict[str, str]:
    """A form's text fields."""
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


def entrance(request: Request, template: str, status: int = 200, **shown: Any) -> Response:
    """A page for people outside; the language chosen with `?lang=` is kept."""
    answer = page(request, template, status, **shown)
    if (chosen := request.query_params.get("lang")) in LANGS:
        answer.set_cookie(
            "muster_lang", str(chosen), max_age=31_536_000, samesite="lax", secure=safe(request)
        )
    return answer


def safe(request: Request) -> bool:
    """Whether people come over https."""
    return request.url.scheme == "https" or request.app.state.settings.public_url.startswith("https://")


def base(request: Request) -> str:
    """The address people use, without a slash at its end."""
    return (request.app.state.settings.public_url or str(request.base_url)).rstrip("/")


def admit(request: Request, answer: Response, opened: Session) -> Response:
    """Gives the browser its key."""
    return _key(request, answer, opened.token)


def _key(request: Request, answer: Response, token: str) -> Response:
    days = request.app.state.settings.session_days
    answer.set_cookie(
        COOKIE, token, max_age=days * 86_400, path="/", httponly=True, samesite="lax", secure=safe(request)
    )
    return answer


def show_out(answer: Response) -> Response:
    """Takes the browser's key away."""
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    return answer


async def stay(request: Request, who: Who, answer: Response) -> Response:
    """Lets a session last from its last use; written at most once an hour."""
    app, token = request.app.state, request.cookies.get(COOKIE)
    if who.by_token or who.expires is None or token is None:
        return answer
    if now() + timedelta(days=app.settings.session_days, hours=-1) < who.expires:
        return answer
    await app.db.write(freshen, who.ticket, app.settings.session_days)
    return _key(request, answer, token)


async def slowly(request: Request, work: Callable[..., T], *args: Any) -> T:
    """Password hashing beside the loop, two at a time: each takes a core and 64 MiB."""
    state = request.app.state
    if not hasattr(state, "hashing"):
        state.hashing = anyio.CapacityLimiter(2)
    return await anyio.to_thread.run_sync(work, *args, limiter=state.hashing)


def address(request: Request) -> str:
    """Where the request comes from, for counting."""
    return request.client.host if request.client else "?"


def at_the_machine(request: Request) -> bool:
    """Whether the visitor sits at the server itself, not behind a proxy on it.

    The name asked for counts too: another site's name may be pointed at this machine.
    """
    forwarded = any(name in request.headers for name in FORWARDED)
    return loopback(request.scope) and not forwarded and request.url.hostname in LOCAL_NAMES


def local(path: str) -> str:
    """A path of ours to go on to, else the start: never another site's address."""
    odd = any(sign <= " " or sign in "\\\x7f" for sign in path)
    fine = path.startswith("/") and not path.startswith("//") and not odd
    return path if fine and path.partition("?")[0] not in ("/signin", "/signout") else "/"


def checked_login(text: str) -> str:
    """A phone number or an e-mail address, as typed; raises `Invalid` for anything else."""
    text = checked("login", text.strip(), 254)
    key = folded(text)
    named, _, host = key.rpartition("@")
    if not (named and host and " " not in key) and not key.removeprefix("+").isdigit():
        raise Invalid({"login": N_("Write a phone number or an e-mail address.")})
    return text


BROWSERS = {
    "MicroMessenger": "WeChat",
    "DingTalk": "DingTalk",
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


def device(request: Request) -> str:
    """What somebody signs in with, short: Chrome · Android."""
    agent = request.headers.get("user-agent", "")
    parts = [
        next((name for sign, name in known.items() if sign in agent), "") for known in (BROWSERS, SYSTEMS)
    ]
    shown = "".join(sign for sign in agent if sign.isprintable())
    return " · ".join(part for part in parts if part) or shown[:40] or "?"
