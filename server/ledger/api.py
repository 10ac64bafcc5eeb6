"""JSON routes of the ledger: one's own account, and a team-mate's in the squad."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from server import journal
from server.access import IN_SQUAD, SIGNED_IN, Who
from server.ledger import account
from server.ledger.account import Account, Entry, Wanted
from server.visits.api import answer

router = APIRouter(prefix="/api/v1", tags=["ledger"])
Asked = Annotated[Wanted, Query()]


@router.get("/me/ledger")
async def own(request: Request, who: Annotated[Who, Depends(SIGNED_IN)], asked: Asked) -> Response:
    """What the caller gave and got back: sums by kind, and a page of the entries, the last first."""
    return answer(data(await request.app.state.db.read(account.own, who, asked)))


@router.get("/squads/{squad}/members/{member}/ledger")
async def theirs(
    squad: UUID, member: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)], asked: Asked
) -> Response:
    """A member's account in the squad. They see that the caller looked."""
    app = request.app.state
    await app.limits.write(who)
    return answer(data(await app.db.write(account.see, who, str(member), asked)))


def data(it: Account) -> dict[str, Any]:
    """An account as outsiders see it: ids of members, no names."""
    return {
        "member": it.member.id,
        "gave": it.sums["gave"],
        "got": it.sums["got"],
        "count": it.count,
        "entries": [_entry(one) for one in it.entries],
    }


def _entry(one: Entry) -> dict[str, Any]:
    about = ("side", "kind", "id", "squad", "customer", "thing", "about", "words")
    return {
        **{name: getattr(one, name) for name in about},
        "at": journal.stamp(one.at),
        "other": one.other and one.other.id,
        "path": one.href or None,
    }
