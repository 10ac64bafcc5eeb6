"""How long a sign-in lasts: from its last use, whatever that was."""

from datetime import timedelta

import structlog
from sqlalchemy import Connection, update
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.access import COOKIE, Who
from server.members.doors import give_key
from server.members.models import session
from server.schema import now

log = structlog.get_logger()
SELDOM = timedelta(hours=1)
"""Written no more often than this."""


class Staying:
    """Wraps the application. Where a rule has let somebody in with a session, it begins to last anew."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""

        async def sending(message: Message) -> None:
            who: Who | None = scope.get("state", {}).get("who")
            if message["type"] == "http.response.start" and who is not None and who.expires is not None:
                await _renew(Request(scope), who, MutableHeaders(scope=message))
            await send(message)

        return await self.app(scope, receive, sending if scope["type"] == "http" else send)


async def _renew(request: Request, who: Who, answer: MutableHeaders) -> None:
    app, token = request.app.state, request.cookies.get(COOKIE, "")
    days = app.settings.session_days
    given = any(cookie.startswith(f"{COOKIE}=") for cookie in answer.getlist("set-cookie"))
    assert who.expires is not None
    if given or now() + timedelta(days=days) - SELDOM < who.expires:
        return  # signed in anew or out just now, or renewed a moment ago
    try:
        if await app.db.write(freshen, who.ticket, days):
            answer.append("set-cookie", give_key(request, token))
    except SQLAlchemyError as failure:
        log.warning("a session was not renewed", exc_info=failure)  # the page itself is there all the same


def freshen(c: Connection, id: str, days: int) -> bool:
    """A session was used: it lasts `days` from now. False when it has ended meanwhile."""
    moment = now()
    values = {"seen_at": moment, "expires_at": moment + timedelta(days=days)}
    return c.execute(update(session).where(session.c.id == id).values(**values)).rowcount > 0
