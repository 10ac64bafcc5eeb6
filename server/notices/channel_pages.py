"""The pages of channels: a squad's for its leads, the company's for its admins, with what was not reached."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server.access import ADMIN, LEAD, Who
from server.answers import explained, go, language, page
from server.errors import Invalid
from server.members.doors import typed
from server.members.queries import last_squad
from server.notices import channels, chat, reaching
from web.render import N_, translate

router = APIRouter(include_in_schema=False)
Lead = Annotated[Who, Depends(LEAD)]
Admin = Annotated[Who, Depends(ADMIN)]
SAVED = {
    "added": N_("Added. Press “Test” to see whether it arrives."),
    "well": N_("The test has arrived at the service. Look there whether it shows."),
    "ill": N_("The test did not arrive. Why stands at the channel."),
    "removed": N_("Removed. It is told nothing any more."),
}


@router.get("/squads/{squad}/channels")
async def of_squad(squad: UUID, request: Request, who: Lead, saved: str = "") -> Response:
    """The squad's channels, for its leads."""
    return await _page(request, who, {}, {}, saved)


@router.get("/channels")
async def of_company(request: Request, who: Admin, saved: str = "") -> Response:
    """The company's channels, and whatever is not reached, for its admins."""
    return await _page(request, who, {}, {}, saved)


@router.post("/squads/{squad}/channels")
async def add_to_squad(squad: UUID, request: Request, who: Lead) -> Response:
    """One more for the squad."""
    return await _add(request, who)


@router.post("/channels")
async def add_to_company(request: Request, who: Admin) -> Response:
    """One more for the company."""
    return await _add(request, who)


@router.post("/squads/{squad}/channels/{key}/test")
async def test_of_squad(squad: UUID, key: UUID, request: Request, who: Lead) -> Response:
    """Tells one of the squad's something, now."""
    return await _test(request, who, str(key))


@router.post("/channels/{key}/test")
async def test_of_company(key: UUID, request: Request, who: Admin) -> Response:
    """Tells one of the company's something, now."""
    return await _test(request, who, str(key))


@router.post("/squads/{squad}/channels/{key}/remove")
async def remove_of_squad(squad: UUID, key: UUID, request: Request, who: Lead) -> Response:
    """Ends one of the squad's."""
    return await _remove(request, who, str(key))


@router.post("/channels/{key}/remove")
async def remove_of_company(key: UUID, request: Request, who: Admin) -> Response:
    """Ends one of the company's."""
    return await _remove(request, who, str(key))


def _home(who: Who) -> str:
    return f"/squads/{who.squad}/channels" if who.squad else "/channels"


async def _page(
    request: Request, who: Who, values: dict[str, str], errors: dict[str, str], saved: str = ""
) -> Response:
    shown, lang = await request.app.state.db.read(_shown, who), language(request)
    reasons = {key: translate(lang, words) for key, words in chat.SAID.items()}
    fixed = {"values": values, "errors": errors, "saved": SAVED.get(saved, ""), "ill": saved == "ill"}
    status = 422 if errors else 200
    return page(request, "notices/channels.html", status, **shown, **fixed, reasons=reasons, home=_home(who))


def _shown(c: Connection, who: Who) -> dict[str, Any]:
    return {
        "channels": channels.listed(c, who.squad),
        "ailing": [] if who.squad else channels.ailing(c),
        "squad_id": who.squad or last_squad(c, who.id),
    }


async def _add(request: Request, who: Who) -> Response:
    app, values = request.app.state, await typed(request)
    await app.limits.write(who)
    name, url = values.get("name", ""), values.get("url", "")
    try:
        await reaching.bring(app, who, name, url)
    except Invalid as refused:
        return await _page(request, who, {"name": name}, explained(request, refused))
    return go(request, f"{_home(who)}?saved=added")


async def _test(request: Request, who: Who, id: str) -> Response:
    app = request.app.state
    await app.limits.write(who)
    error = await reaching.try_out(app, who, id)
    return go(request, f"{_home(who)}?saved={'ill' if error else 'well'}")


async def _remove(request: Request, who: Who, id: str) -> Response:
    await request.app.state.limits.write(who)
    await request.app.state.db.write(channels.remove, who, id)
    return go(request, f"{_home(who)}?saved=removed")
