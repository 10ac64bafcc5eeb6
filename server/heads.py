"""HEAD for every address that answers GET: the same head, and nothing after it. Plain ASGI."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """Wraps the application, whose routes know GET alone."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            return await self.app(scope, receive, send)

        async def bare(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        return await self.app({**scope, "method": "GET"}, receive, bare)
