"""How refusals look: problem details for programs, a page in the reader's language for people."""

import sqlite3
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import orjson
import structlog
from asyncpg import PostgresError
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as OutOfConnections
from starlette.datastructures import URL
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from server.answers import by_htmx, go, language, page
from server.errors import Away, Conflict, Invalid, Refused
from server.guard import HEADERS
from web.render import N_, translate

log = structlog.get_logger()
LITE_AWAY = frozenset(
    (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    )
)
GREAT_AWAY = frozenset(("08", "53", "57", "58"))
"""Classes of PostgreSQL's states: no connection, no room or memory, shut down, trouble with its disk."""
TYPE = "urn:muster:problem:"
ADVICE = {
    "not-found": N_("It may have been taken back, or it is not for you to see."),
    "forbidden": N_("Ask your squad's lead if you need to."),
    "cross-site": N_("Nothing was done. Open Muster itself and try again there."),
    "too-large": N_("Send less at once."),
    "too-many": N_("Nothing is lost. Try again in a minute."),
    "away": N_("Nothing you sent before is lost. Try again in a moment."),
    "internal": N_("This is our mistake and has been noted. Nothing you sent before is lost."),
}


def install(app: FastAPI) -> None:
    """Every error of every route goes through here."""
    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _http)
    for kind in (DBAPIError, PostgresError, OutOfConnections, OSError):
        app.add_exception_handler(kind, _beneath)
    app.add_exception_handler(Exception, _broken)


async def refused(request: Request, failure: Exception) -> Response:
    """The answer to what was refused; people who are not signed in are led to the door."""
    assert isinstance(failure, Refused)
    if failure.status == 401 and not for_program(request):
        return go(request, f"/signin?next={quote(_here(request))}")
    fields = None
    if isinstance(failure, Invalid):
        lang = language(request)
        fields = {name: translate(lang, text, **failure.values) for name, text in failure.fields.items()}
    said = failure.title
    values: dict[str, Any] = {}
    more: dict[str, Any] = {}
    if isinstance(failure, Conflict):
        said, values = str(failure.args[0]) if failure.args else said, failure.values
        more = {} if failure.now is None else {"now": failure.now}
    answer = problem(request, failure.status, failure.kind, said, fields, values, more)
    answer.headers.update(failure.headers)
    if failure.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _here(request: Request) -> str:
    """The page the reader looks at: where they want to be after signing in."""
    page = request.url
    if request.method != "GET" or by_htmx(request):
        page = URL(request.headers.get("hx-current-url") or request.headers.get("referer") or "/")
    return page.path + (f"?{page.query}" if page.query else "")


async def _unreadable(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, RequestValidationError)
    if any(error["loc"][0] == "path" for error in failure.errors()):
        return problem(request, 404, "not-found", N_("There is nothing here"))
    lang = language(request)
    text = translate(lang, N_("This does not look right."))
    fields = {".".join(str(part) for part in error["loc"][1:]): text for error in failure.errors()}
    return problem(request, 422, "invalid", Invalid.title, fields)


async def _http(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, HTTPException)
    if isinstance(failure.__cause__, Refused):  # while the body was being read
        return await refused(request, failure.__cause__)
    title = N_("There is nothing here") if failure.status_code == 404 else N_("This cannot be done")
    kind = {404: "not-found", 405: "method-not-allowed"}.get(failure.status_code, "bad-request")
    answer = problem(request, failure.status_code, kind, title)
    if failure.status_code == 405:
        answer.headers["Allow"] = ", ".join(_methods(request))
    return answer


def _methods(request: Request) -> list[str]:
    """What may be done at an address; of the routes that share it the router names only the first one's."""
    path, routes = request.scope["path"], iter_route_contexts(request.app.routes)
    return sorted({method for one in routes if one.path_regex.match(path) for method in one.methods or ()})


async def _beneath(request: Request, failure: Exception) -> Response:
    """What went wrong below us: away, or full; or we asked for something that makes no sense."""
    if not gone(failure):
        raise failure
    route = getattr(request.scope.get("route"), "path", None)
    log.warning("not now", method=request.method, route=route, error=repr(failure))
    answer = await refused(request, Away())
    answer.headers["Retry-After"] = "5"
    return answer


def gone(failure: Exception) -> bool:
    """Whether it is away, busy or full, rather than asked for nonsense."""
    if isinstance(failure, OutOfConnections | OSError | InterfaceError):
        return True
    if isinstance(failure, DBAPIError) and failure.connection_invalidated:
        return True
    cause = getattr(failure, "orig", failure)
    if isinstance(cause, sqlite3.Error):
        return cause.sqlite_errorcode & 0xFF in LITE_AWAY
    return str(getattr(cause, "sqlstate", None))[:2] in GREAT_AWAY


async def _broken(request: Request, failure: Exception) -> Response:
    # The route and not the address: that of an invitation or of a new password is as good as a key.
    route = getattr(request.scope.get("route"), "path", None)
    log.error("request failed", method=request.method, route=route, exc_info=failure)
    answer = problem(request, 500, "internal", N_("Something broke on our side"))
    answer.headers.update(HEADERS)  # made outside the guard
    return answer


def for_program(request: Request) -> bool:
    """Whether the caller reads JSON rather than pages."""
    path = request.url.path
    return path.startswith("/api/") or "application/json" in request.headers.get("accept", "")


def problem(
    request: Request,
    status: int,
    kind: str,
    title: str,
    fields: dict[str, str] | None = None,
    values: Mapping[str, object] = MappingProxyType({}),
    more: Mapping[str, Any] = MappingProxyType({}),
) -> Response:
    """RFC 9457, with `more` for programs; or the error page. `title` is a message id, `values` go into it."""
    lang = language(request)
    shown = translate(lang, title, **values)
    if for_program(request):
        body: dict[str, Any] = {"type": TYPE + kind, "title": shown, "status": status, **more}
        if fields is not None:
            body["errors"] = fields
        return Response(orjson.dumps(body), status, media_type="application/problem+json")
    words = "; ".join(fields.values()) if fields else translate(lang, ADVICE[kind]) if kind in ADVICE else ""
    return page(request, "problem.html", status, title=shown, words=words)
