"""What all entrances share: forms, cookies, the language chosen at the door, slow work off the loop."""

from collections.abc import Callable
from io import BytesIO
from typing import Any, TypeVar
from urllib.parse import urlsplit

import anyio
import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from server.access import COOKIE
from server.answers import go, page
from server.errors import Invalid
from server.guard import loopback
from server.members.actions import folded, open_session
from server.text import checked
from web.render import LANGS, N_

T = TypeVar("T")
LOCAL_NAMES = ("127.0.0.1", "::1", "localhost")
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
WAIT = N_("Too many tries. Wait a minute, then try again.")


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


def qr(link: str) -> Markup:
    """A QR code as inline SVG without inline styles."""
    made = segno.make(link, error="m", micro=False)
    return Markup(made.svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None))  # noqa: S704


def qr_file(link: str) -> bytes:
    """The same as a file of its own."""
    made = BytesIO()
    segno.make(link, error="m", micro=False).save(made, kind="svg", border=4, scale=8)
    return made.getvalue()


async def enter(request: Request, member: str, to: str) -> Response:
    """Signs a member in on this device and goes on."""
    app = request.app.state
    opened = await app.db.write(open_session, member, device(request), app.settings.session_days)
    answer = go(request, to)
    answer.headers.append("set-cookie", give_key(request, opened.token))
    return answer


def give_key(request: Request, token: str) -> str:
    """The `Set-Cookie` with which a browser gets its key."""
    days, answer = request.app.state.settings.session_days, Response()
    answer.set_cookie(
        COOKIE, token, max_age=days * 86_400, path="/", httponly=True, samesite="lax", secure=safe(request)
    )
    return answer.headers["set-cookie"]


def show_out(answer: Response) -> Response:
    """Takes the browser's key away."""
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    return answer


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

    The names count too, the one asked for and the one the server goes by: another site's may be pointed at
    this machine, and a proxy need not say that it is one.
    """
    forwarded = any(name in request.headers for name in FORWARDED)
    names = {request.url.hostname, urlsplit(base(request)).hostname}
    return loopback(request.scope) and not forwarded and names <= set(LOCAL_NAMES)


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
