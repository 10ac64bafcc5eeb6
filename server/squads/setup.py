"""The first run, in three steps: the company and its admin, the first squad, the invitation."""

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Request
from sqlalchemy import Connection, select, update
from starlette.responses import Response

from server.access import ADMIN, ANYONE, STEWARD, Who
from server.answers import explained, go, language, page
from server.errors import Invalid, TooMany, together
from server.members import actions as members
from server.members import queries as people
from server.members import zones
from server.members.doors import WAIT, address, at_the_machine, enter, entrance, slowly, typed
from server.members.forms import checked_newcomer
from server.members.models import company, member
from server.names import initials
from server.squads import queries
from server.squads.actions import checked_squad, create_squad
from server.squads.invites import plain, short_code
from server.squads.inviting import invitation
from server.text import name as checked_name
from web.render import N_

CURRENCIES = "CNY HKD TWD MOP USD EUR GBP CHF JPY KRW SGD MYR THB VND IDR PHP INR AED AUD NZD CAD BRL MXN ZAR"
STRANGER = N_("This is not the code on the server’s console.")


@asynccontextmanager
async def say_code(app: FastAPI) -> AsyncIterator[None]:
    """Says at the start, on the console, how to begin where nobody is yet."""
    if await app.state.db.read(people.company) is None:
        settings = app.state.settings
        home = settings.public_url or f"http://{settings.host}:{settings.port}"
        print(f"Nobody is here yet: {home}/setup  Setup code: {setup_code(settings.secret)}", flush=True)
    yield


router = APIRouter(include_in_schema=False, lifespan=say_code)
Admin = Annotated[Who, Depends(ADMIN)]
Steward = Annotated[Who, Depends(STEWARD)]


def setup_code(secret: str) -> str:
    """What whoever sits at the console knows, and nobody else."""
    return short_code(secret, "setup")


@router.get("/setup")
async def begin(request: Request, who: Annotated[Who | None, Depends(ANYONE)]) -> Response:
    """The first step, while there is no company; afterwards wherever one belongs."""
    if await request.app.state.db.read(people.company) is None:
        return _company(request, {}, {})
    return go(request, "/setup/squad" if who and who.role == "admin" else "/")


def _company(request: Request, values: dict[str, str], errors: dict[str, str], status: int = 200) -> Response:
    least = request.app.state.settings.password_min
    return entrance(
        request,
        "auth/setup.html",
        status,
        values=values,
        errors=errors,
        ask_code=not at_the_machine(request),
        signs=initials(values["name"]) if values.get("name", "").strip() else "",
        least=least,
    )


@router.post("/setup")
async def set_up(request: Request, who: Annotated[Who | None, Depends(ANYONE)]) -> Response:
    """Makes the company and its admin, and signs them in."""
    values, app = await typed(request), request.app.state
    if await app.db.read(people.company) is not None:
        return go(request, "/")
    try:
        await _check_code(request, values)
        checked_newcomer(values, app.settings, lambda: checked_name("company", values.get("company", "")))
    except TooMany:
        return _company(request, values, explained(request, Invalid({"code": WAIT})), 429)
    except Invalid as refused:
        return _company(request, values, explained(request, refused), 422)
    hashed, lang = await slowly(request, members.hashed, values["password"]), language(request)
    about = (values["company"], values["name"], values["login"], hashed, lang, zones.usual(lang))
    return await enter(request, await app.db.write(members.set_up_company, *about, "CNY"), "/setup/squad")


async def _check_code(request: Request, values: dict[str, str]) -> None:
    if at_the_machine(request):
        return
    app, limit = request.app.state, request.app.state.settings.signin_limit
    await app.limits.check("setup", address(request), limit)
    wanted = setup_code(app.settings.secret)
    if not hmac.compare_digest(plain(values.get("code", "")), wanted):
        await app.limits.hit("setup", address(request), limit)
        raise Invalid({"code": STRANGER})


@router.get("/setup/squad")
async def first_squad(request: Request, who: Admin) -> Response:
    """The second step; whoever has a squad already is past it."""
    found = await request.app.state.db.read(people.last_squad, who.id)
    return go(request, f"/squads/{found}") if found else _squad(request, who, {}, {})


def _squad(request: Request, who: Who, values: dict[str, str], errors: dict[str, str]) -> Response:
    chosen = values.get("zone", who.zone)
    return page(
        request,
        "auth/first_squad.html",
        422 if errors else 200,
        values={"currency": "CNY" if who.locale == "zh" else "EUR", **values},
        errors=errors,
        chosen=chosen,
        zones=zones.listed(chosen),
        currencies=[(one, one) for one in CURRENCIES.split()],
    )


@router.post("/setup/squad")
async def make_first_squad(request: Request, who: Admin) -> Response:
    """Founds it; its zone and currency become the company's."""
    values = await typed(request)
    try:
        id = await request.app.state.db.write(
            _first_squad, who.id, values.get("squad", ""), values.get("zone", ""), values.get("currency", "")
        )
    except Invalid as refused:
        return _squad(request, who, values, explained(request, refused))
    return go(request, f"/setup/{id}/invite")


def _first_squad(c: Connection, by: str, name: str, zone: str, currency: str) -> str:
    c.execute(select(company.c.id).with_for_update())
    if known := people.last_squad(c, by):
        return known  # the button pressed twice
    together(
        lambda: checked_squad(name, zone),
        lambda: checked_currency(currency),
    )
    c.execute(update(company).values(zone=zone, currency=currency))
    c.execute(update(member).where(member.c.id == by).values(zone=zone))
    return create_squad(c, by, name, zone)


def checked_currency(currency: str) -> str:
    """One of the list."""
    if currency not in CURRENCIES.split():
        raise Invalid({"currency": N_("Choose one of the currencies.")})
    return currency


@router.get("/setup/{squad}/invite")
async def invite(squad: UUID, request: Request, who: Steward) -> Response:
    """The third step: let them scan. Who comes in appears below."""
    return page(request, "auth/invite.html", **await _inviting(request, who))


@router.get("/setup/{squad}/in")
async def who_is_in(squad: UUID, request: Request, who: Steward) -> Response:
    """Who has come in so far."""
    there = await request.app.state.db.read(queries.people, str(squad))
    return page(request, "auth/who_is_in.html", people=there)


async def _inviting(request: Request, who: Who) -> dict[str, Any]:
    db = request.app.state.db
    there = await db.read(queries.people, who.squad)
    return {"people": there, **await invitation(request, who, make=True)}
