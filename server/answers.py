"""How a route answers: a page in the caller's language, a fragment, a redirect."""

from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from server.access import MEANT_FOR, Who
from server.errors import Invalid
from web.render import LANGS, render, translate

MEANT = ":/%#?=@[]!$&'()*+,;"
"""What stays as it is in an address; a header takes nothing but ASCII."""


def language(request: Request) -> str:
    """The member's own, else what the visitor chose, else what the browser asks for."""
    who: Who | None = getattr(request.state, "who", None)
    if who is not None:
        return who.locale
    chosen = request.query_params.get("lang") or request.cookies.get("muster_lang", "")
    if chosen in LANGS:
        return chosen
    return "zh" if request.headers.get("accept-language", "").lower().startswith("zh") else "en"


def page(request: Request, template: str, status: int = 200, **shown: Any) -> Response:
    """A whole page or a fragment. Always there: `who` (or None), their id as `reader`, `request`, `path`,
    `ground`."""
    who = getattr(request.state, "who", None)
    always = {"who": who, "reader": who.id if who else "", "request": request, "path": request.url.path}
    text = render(template, language(request), **always, ground=request.app.state.ground, **shown)
    # What was typed comes back, also what is no text at all: half of a pair of signs.
    headers = {"Cache-Control": "no-store"} | ({MEANT_FOR: who.id} if who else {})
    return HTMLResponse(text.encode(errors="replace"), status, headers=headers)


def by_htmx(request: Request) -> bool:
    """True when htmx asks for a fragment rather than a browser for a page."""
    return request.headers.get("hx-request") == "true"


def go(request: Request, to: str) -> Response:
    """See Other; htmx follows it as a navigation, not as a fragment."""
    if by_htmx(request):
        return Response(status_code=204, headers={"HX-Redirect": quote(to, safe=MEANT)})
    return RedirectResponse(to, 303)


def explained(request: Request, refused: Invalid) -> dict[str, str]:
    """The refused fields in the reader's words."""
    lang = language(request)
    return {name: translate(lang, text, **refused.values) for name, text in refused.fields.items()}
