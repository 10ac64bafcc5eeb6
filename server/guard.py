"""What stands before every request: headers, the origin check, the body's limit. Plain ASGI, for speed."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.errors import CrossSite, Refused, TooLarge


def policy(maps: Sequence[str] = ()) -> str:
    """The content security policy. `maps`: origins a map is fetched from; nothing else goes to other servers,
    and nothing of theirs runs here.
    """
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "media-src 'self'",
            " ".join(["connect-src 'self'", *maps]),
            "frame-src 'self'",
            "worker-src 'self'",
            "manifest-src 'self'",
            "font-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )


HEADERS = {
    "Content-Security-Policy": policy(),
    "X-Content-Type-Options": "nosniff",
    # Addresses with a token (/join/…, /reset/…) are told to no other site. Not "no-referrer": with that,
    # browsers post a form under `Origin: null`, and over plain HTTP, where they send no Sec-Fetch-Site, our
    # own forms could not be told from another site's.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
}
SHARED = "/s/"
"""Where customers open what was shared with them: whoever has such an address has the document."""
NOBODY_ELSE = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}
"""Of every answer there, refusals too: the address is told to no site and no search engine."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """Wraps the application. Refuses writes and sockets that another site's page sends, with our cookie or
    without: a sign-in sent from elsewhere would have somebody work under another's name.

    `most` knows how many bytes may come to a path; `refuse` makes the answer of a refusal; `maps` are the
    origins a map is fetched from.
    """

    def __init__(
        self,
        app: ASGIApp,
        most: Callable[[str], int],
        refuse: Callable[[Request, Refused], Awaitable[Response]],
        maps: Sequence[str] = (),
    ) -> None:
        self.app, self.most, self.refuse = app, most, refuse
        self.headers = HEADERS | {"Content-Security-Policy": policy(maps)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        if scope["type"] == "websocket":
            if foreign(headers):
                await receive()
                return await send({"type": "websocket.close", "code": 1008})
            return await self.app(scope, receive, send)
        app, most, length = self.app, self.most(scope["path"]), headers.get("content-length", "0")
        if scope["method"] not in SAFE and foreign(headers) and not unsaid(scope["path"], headers):
            app = await self.refuse(Request(scope), CrossSite())
        elif not length.isdigit() or int(length) > most:
            app = await self.refuse(Request(scope), TooLarge())
        return await app(scope, _counted(receive, most), self._with_headers(scope["path"], send))

    def _with_headers(self, path: str, send: Send) -> Send:
        added = self.headers | NOBODY_ELSE if path.startswith(SHARED) else self.headers

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in added.items():
                    headers.setdefault(name, value)
            await send(message)

        return sending


def _counted(receive: Receive, most: int) -> Receive:
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise TooLarge
        return message

    return counted


def foreign(headers: Headers) -> bool:
    """True when the browser says that another site sent this. A bearer token no browser sends by itself."""
    if bearer(headers):
        return False
    if site := headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def unsaid(path: str, headers: Headers) -> bool:
    """Whether it is a form of a shared document's page that does not say where it is from: that page tells
    its address to nobody, so browsers send its forms over plain HTTP under `Origin: null`. The key is in the
    path: another site cannot know it, and no cookie signs anybody in there.
    """
    told = headers.get("sec-fetch-site")
    return path.startswith(SHARED) and told is None and headers.get("origin") == "null"


def bearer(headers: Headers) -> str:
    """The API token a request brought along, or nothing."""
    kind, _, value = headers.get("authorization", "").partition(" ")
    return value.strip() if kind.lower() == "bearer" else ""


def loopback(scope: dict[str, Any] | Scope) -> bool:
    """Whether the visitor sits on this machine; forwarded headers are not believed."""
    client = scope.get("client")
    return client is not None and client[0] in ("127.0.0.1", "::1", "testclient")
