"""The page on which one says what one is told of, how, and when one is left alone."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from config.settings import Settings
from server.access import SIGNED_IN, Who
from server.answers import explained, go, language, page
from server.errors import Invalid
from server.members.doors import typed
from server.members.queries import last_squad
from server.notices import calm, deliveries, devices, push, wishes
from server.notices.kinds import KINDS
from server.schema import now
from web.render import N_, translate

router = APIRouter(prefix="/me/notices", include_in_schema=False)
Known = Annotated[Who, Depends(SIGNED_IN)]
WAYS = {"app": N_("In Muster"), "push": N_("Devices"), "mail": N_("E-mail")}
MORNING = 7


@router.get("")
async def settings(request: Request, who: Known, saved: str = "") -> Response:
    """What one wants to be told of, how, and when not."""
    return await _page(request, who, {}, {}, bool(saved))


async def _page(
    request: Request, who: Who, values: dict[str, str], errors: dict[str, str], saved: bool = False
) -> Response:
    app, lang = request.app.state, language(request)
    shown = await app.db.read(_shown, who, app.settings)
    set_so = shown["calm"]
    now_is = {"from": calm.clock(set_so.quiet_from), "to": calm.clock(set_so.quiet_to)}
    return page(
        request,
        "notices/settings.html",
        422 if errors else 200,
        **shown,
        wishes=[(kind, translate(lang, KINDS[kind].title), on) for kind, on in shown["wanted"].items()],
        ways=[(way, translate(lang, words)) for way, words in WAYS.items() if way in shown["open"]],
        values=now_is | values,
        errors=errors,
        saved=saved,
        push_key=push.public_key(app.settings),
    )


def _shown(c: Connection, who: Who, settings: Settings) -> dict[str, Any]:
    address = deliveries.address(c, who.id)
    return {
        "wanted": wishes.wishes(c, who.id),
        "calm": calm.calm(c, who.id),
        "devices": devices.listed(c, who.id),
        "open": ["app", "push", *(["mail"] if settings.smtp_host and address else [])],
        "address": address,
        "sends_mail": bool(settings.smtp_host),
        "squad_id": last_squad(c, who.id),
    }


@router.post("")
async def choose(request: Request, who: Known) -> Response:
    """Chooses kinds and ways: boxes ticked or not."""
    app = request.app.state
    await app.limits.write(who)
    form = await request.form()
    shown = await app.db.read(_shown, who, app.settings)
    chosen = {kind: {way: way in form.getlist(kind) for way in shown["open"]} for kind in KINDS}
    await app.db.write(wishes.choose, who.id, chosen)
    return go(request, "/me/notices?saved=yes")


@router.post("/calm")
async def set_calm(request: Request, who: Known) -> Response:
    """When one is left alone."""
    app, values = request.app.state, await typed(request)
    await app.limits.write(who)
    chosen = {
        "quiet_from": calm.minutes(values.get("from", "")),
        "quiet_to": calm.minutes(values.get("to", "")),
        "visiting": bool(values.get("visiting")),
        "duty": bool(values.get("duty")),
        **_muted(values.get("mute", ""), who.zone),
    }
    try:
        await app.db.write(_calm, who, chosen, app.settings)
    except Invalid as refused:
        return await _page(request, who, values, explained(request, refused))
    return go(request, "/me/notices?saved=yes")


def _calm(c: Connection, who: Who, chosen: dict[str, Any], settings: Settings) -> None:
    kept = calm.calm(c, who.id)
    if chosen.pop("as_it_is"):
        chosen |= {"muted_at": now() if kept.muted else None, "muted_until": kept.muted_until}
    calm.set_calm(c, who.id, **chosen)
    deliveries.again(c, who.id, settings)


def _muted(how: str, zone: str) -> dict[str, Any]:
    here = now().astimezone(ZoneInfo(zone))
    morning = here.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    until: dict[str, datetime | None] = {
        "hour": now() + timedelta(hours=1),
        "morning": morning if morning > here else morning + timedelta(days=1),
        "always": None,
    }
    muted = {"muted_at": now() if how in until else None, "muted_until": until.get(how)}
    return muted | {"as_it_is": how == "as it is"}


@router.post("/devices/{device}/remove")
async def remove(device: UUID, request: Request, who: Known) -> Response:
    """A device tells nothing any more."""
    await request.app.state.limits.write(who)
    await request.app.state.db.write(devices.remove, who, str(device))
    return go(request, "/me/notices?saved=yes")
