"""JSON routes of one's own notices."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server import journal
from server.access import SIGNED_IN, Who
from server.errors import Invalid, NotFound
from server.members.doors import device
from server.notices import actions, calm, deliveries, devices, push, queries, wishes
from server.notices.kinds import KINDS
from server.notices.queries import Notice
from server.notices.shapes import NewCalm, NewDevice, Wishes
from server.schema import now
from server.visits.api import answer
from web.render import N_

router = APIRouter(prefix="/api/v1/me/notices", tags=["notices"])
Known = Annotated[Who, Depends(SIGNED_IN)]


@router.get("")
async def mine(
    request: Request,
    who: Known,
    before: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """What the caller is told, newest first; `before` is the id of one of them."""
    found = await request.app.state.db.read(queries.mine, who.id, limit, before and str(before))
    return answer([_data(one, who.locale) for one in found], lang=who.locale)


def _data(one: Notice, lang: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "actor": one.actor.id,
        "others": one.others,
        "squad": one.squad,
        "words": one.words(lang),
        "about": one.about,
        "path": one.path,
        "at": journal.stamp(one.at),
        "seen": one.seen,
    }


@router.put("/seen", status_code=204)
async def all_seen(request: Request, who: Known) -> Response:
    """The caller has seen all of them."""
    await request.app.state.limits.write(who)
    await request.app.state.db.write(actions.see, who.id, None)
    return Response(status_code=204)


@router.get("/settings")
async def settings(request: Request, who: Known) -> Response:
    """What the caller wants to be told of, by kind and way."""
    return answer({"kinds": await request.app.state.db.read(wishes.wishes, who.id)})


@router.put("/settings")
async def choose(form: Wishes, request: Request, who: Known) -> Response:
    """Chooses for some kinds and ways; answers all of them."""
    app = request.app.state
    await app.limits.write(who)
    for kind, ways in form.kinds.items():
        if kind not in KINDS or set(ways) - set(wishes.WAYS):
            raise Invalid({"kinds": N_("There is no such kind of notice, or no such way.")})
    await app.db.write(wishes.choose, who.id, form.kinds)
    return answer({"kinds": await app.db.read(wishes.wishes, who.id)})


@router.get("/devices")
async def own_devices(request: Request, who: Known) -> Response:
    """The devices the caller is told on, the newest first."""
    found = await request.app.state.db.read(devices.listed, who.id)
    return answer([_device(one) for one in found])


def _device(one: Any) -> dict[str, Any]:
    sent = journal.stamp(one.sent_at) if one.sent_at else None
    made = {"id": one.id, "name": one.name, "made_at": journal.stamp(one.made_at)}
    return made | {"sent_at": sent, "error": one.error}


@router.put("/devices")
async def add_device(form: NewDevice, request: Request, who: Known) -> Response:
    """A browser tells the caller from now on; the same one again is the same device."""
    app = request.app.state
    await app.limits.write(who)
    secret = push.checked_device(form.endpoint, form.keys, app.settings.notice_inside)
    id = await app.db.write(devices.add, who, secret, device(request))
    found = await app.db.read(devices.listed, who.id)
    return answer(next(_device(one) for one in found if one.id == id))


@router.delete("/devices/{device}", status_code=204)
async def remove_device(device: UUID, request: Request, who: Known) -> Response:
    """A device tells nothing any more."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(devices.remove, who, str(device))
    return Response(status_code=204)


@router.get("/calm")
async def left_alone(request: Request, who: Known) -> Response:
    """When the caller is left alone."""
    return answer(_calm(await request.app.state.db.read(calm.calm, who.id)))


@router.put("/calm")
async def leave_alone(form: NewCalm, request: Request, who: Known) -> Response:
    """Sets all of it; what waits is thought over."""
    app = request.app.state
    await app.limits.write(who)
    ends = {"quiet_from": calm.minutes(form.quiet_from or ""), "quiet_to": calm.minutes(form.quiet_to or "")}
    muted = {
        "muted_at": now() if form.muted else None,
        "muted_until": form.muted_until if form.muted else None,
    }
    chosen = {**ends, **muted, "visiting": form.visiting, "duty": form.duty}

    def act(c: Connection) -> None:
        calm.set_calm(c, who.id, **chosen)
        deliveries.again(c, who.id, app.settings)

    await app.db.write(act)
    return answer(_calm(await app.db.read(calm.calm, who.id)))


def _calm(one: calm.Calm) -> dict[str, Any]:
    return {
        "quiet_from": calm.clock(one.quiet_from) or None,
        "quiet_to": calm.clock(one.quiet_to) or None,
        "visiting": one.visiting,
        "duty": one.duty,
        "muted": one.muted,
        "muted_until": journal.stamp(one.muted_until) if one.muted_until else None,
    }


@router.put("/{notice}/seen", status_code=204)
async def seen(notice: UUID, request: Request, who: Known) -> Response:
    """The caller has seen this one."""
    app, id = request.app.state, str(notice)
    await app.limits.write(who)
    if await app.db.read(queries.one, who.id, id) is None:
        raise NotFound
    await app.db.write(actions.see, who.id, [id])
    return Response(status_code=204)
