"""What a phone needs to keep Muster: the service worker, the manifest, a page for no signal at all."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from server.access import ANYONE, OPEN, SIGNED_IN, Who
from server.answers import go, language, page
from server.members import queries
from server.notices.kinds import KINDS
from web import assets
from web.render import LANGS, N_, translate

router = APIRouter(include_in_schema=False)
SHOWN_AT_ONCE = (
    *("app.css", "css/sweep.css", "icons.svg", "img/logo.svg", "vendor/htmx.min.js"),
    *("css/drive.css", "css/search.css", "css/leaves.css", "css/links.css", "css/pins.css", "css/show.css"),
)
PAPER = "#f4efe4"
"""The canvas of tokens.css."""
SEVERAL = N_("Several notices")
FRESH = {"Cache-Control": "no-cache"}


@router.get("/sw.js", dependencies=[Depends(OPEN)])
async def worker() -> Response:
    """The service worker with the list of today's files; at the root, whence it sees every page."""
    scripts = sorted(f"js/{file.name}" for file in (assets.STATIC / "js").glob("*.js"))
    shell = ["/offline", *(assets.static(path) for path in (*SHOWN_AT_ONCE, *scripts))]
    head = (
        f"import {{ flush, note, noted, waiting }} from '{assets.static('js/outbox.js')}';\n"
        f"const WORDS = {orjson.dumps(words()).decode()};\n"
        f"const ICON = '{assets.static('img/icon-192.png')}';\n"
        f"const MARK = '{assets.mark()}', SHELL = {orjson.dumps(shell).decode()};\n"
    )
    body = (assets.STATIC / "js" / "worker.js").read_text(encoding="utf-8")
    return Response(head + body, media_type="text/javascript", headers=FRESH)


def words() -> dict[str, dict[str, str]]:
    """What a locked screen shows, by language and kind of notice."""
    shown = {kind: one.short for kind, one in KINDS.items()} | {"several": SEVERAL}
    return {lang: {kind: translate(lang, text) for kind, text in shown.items()} for lang in LANGS}


@router.get("/manifest.webmanifest", dependencies=[Depends(ANYONE)])
async def manifest(request: Request) -> Response:
    """How Muster looks among a phone's apps, in the reader's language."""
    lang = language(request)
    icons: list[dict[str, str]] = [
        {"src": assets.static(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    covered = icons[1] | {"src": assets.static("img/icon-maskable.png"), "purpose": "maskable"}
    body: dict[str, Any] = {
        "name": translate(lang, N_("Muster")),
        "short_name": translate(lang, N_("Muster")),
        "description": translate(lang, N_("Your squad in the field, on one map and in one feed")),
        "lang": lang,
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [*icons, covered],
        "shortcuts": [{"name": translate(lang, N_("Check in")), "url": "/checkin", "icons": icons[:1]}],
    }
    return Response(orjson.dumps(body), media_type="application/manifest+json", headers=FRESH)


@router.get("/offline", dependencies=[Depends(ANYONE)])
async def offline(request: Request) -> Response:
    """What is shown where neither the server nor a kept page answers; it names nobody."""
    return page(request, "offline.html")


@router.get("/checkin")
async def shortcut(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """The check-in of the squad the caller was in last."""
    last = await request.app.state.db.read(queries.last_squad, who.id)
    return go(request, f"/squads/{last}/checkin" if last else "/squads")
