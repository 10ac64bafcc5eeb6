"""How refusals look: problem details for programs, a page in the reader's language for people."""

from typing import Any

import orjson
import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.answers import language, page
from server.errors import Conflict, Invalid, Refused
from web.render import N_, translate

log = structlog.get_logger()
TYPE = "urn:muster:problem:"
ADVICE = {
    404: N_("It may have been taken back, or it is not for you to see."),
    403: N_("Ask your squad's lead if you need to."),
    413: N_("Send less at once."),
    429: N_("Nothing is lost. Try again in a minute."),
    500: N_("This is our mistake and has been noted. Nothing you sent before is lost."),
}


def install(app: FastAPI) -> None:
    """Every error of every route goes through here."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _broken)


async def _refused(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, Refused)
    if failure.status == 401 and not for_program(request):
        return RedirectResponse(f"/signin?next={request.url.path}", 303)
    fields = None
    if isinstance(failure, Invalid):
        lang = language(request)
        fields = {name: translate(lang, text, **failure.values) for name, text in failure.fields.items()}
    said = str(failure.args[0]) if isinstance(failure, Conflict) and failure.args else failure.title
    return problem(request, failure.status, failure.kind, said, fields)


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
    title = N_("There is nothing here") if failure.status_code == 404 else N_("This cannot be done")
    kind = {404: "not-found", 405: "method-not-allowed"}.get(failure.status_code, "bad-request")
    return problem(request, failure.status_code, kind, title)


async def _broken(request: Request, failure: Exception) -> Response:
    log.error("request failed", path=request.scope.get("path"), exc_info=failure)
    return problem(request, 500, "internal", N_("Something broke on our side"))


def for_program(request: Request) -> bool:
    """Whether the caller reads JSON rather than pages."""
    path = request.url.path
    return path.startswith("/api/") or "application/json" in request.headers.get("accept", "")


def problem(
    request: Request, status: int, kind: str, title: str, fields: dict[str, str] | None = None
) -> Response:
    """RFC 9457, or the error page. `title` is a message id."""
    lang = language(request)
    shown = translate(lang, title)
    if for_program(request):
        body: dict[str, Any] = {"type": TYPE + kind, "title": shown, "status": status}
        if fields is not None:
            body["errors"] = fields
        return Response(orjson.dumps(body), status, media_type="application/problem+json")
    words = (
        "; ".join(fields.values()) if fields else translate(lang, ADVICE[status]) if status in ADVICE else ""
    )
    return page(request, "problem.html", status, title=shown, words=words)
