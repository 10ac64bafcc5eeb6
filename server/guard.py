"""What stands before every request: headers, the origin check, the body's limit. Plain ASGI, for speed."""

from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """Wraps the application. Refuses writes and sockets that another site's page sends with our cookie."""

    def __init__(self, app: ASGIApp, body_max: int) -> None:
        self.app, self.body_max = app, body_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        unsafe = scope["type"] == "websocket" or scope["method"] not in SAFE
        if unsafe and "cookie" in headers and "authorization" not in headers and foreign(headers):
            if scope["type"] == "websocket":
                await receive()
                return await send({"type": "websocket.close", "code": 1008})
            return await PlainTextResponse("Cross-site request refused", 403)(scope, receive, send)
        if scope["type"] == "websocket":
            return await self.app(scope, receive, send)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self.body_max:
            return await PlainTextResponse("The request is too large", 413)(scope, receive, send)
        return await self.app(scope, self._counted(receive), _with_headers(scope, send))

    def _counted(self, receive: Receive) -> Receive:
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.body_max:
                return {"type": "http.disconnect"}
            return message

        return counted


def foreign(headers: Headers) -> bool:
    """True when the browser says that another site sent this."""
    if site := headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def _with_headers(scope: Scope, send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending


def loopback(scope: dict[str, Any] | Scope) -> bool:
    """Whether the visitor sits on this machine; forwarded headers are not believed."""
    client = scope.get("client")
    return client is not None and client[0] in ("127.0.0.1", "::1", "testclient")
