"""`/live`: who may listen to what, and where from."""

from uuid import UUID

from fastapi import WebSocket
from sqlalchemy import Connection

from channels.position import Position
from server import access
from server.access import Who

BAD, GONE = 1003, 1008
MOST = 64


async def listen(ws: WebSocket) -> None:
    """Admits the caller, hands the connection to the hub and returns; the connection stays."""
    state = ws.app.state
    held = access.credential(ws)
    who, allowed = await state.db.read(_admit, held) if held else (None, [])
    asked = cursors(ws.query_params.get("streams", ""), who.id if who else "")
    how = ws.query_params.get("as", "data")
    code = GONE
    if asked is None or how not in ("html", "data"):
        code = BAD
    elif who is not None and asked and all(stream in allowed for stream in asked):
        code = 0
    await ws.accept()
    live = ws.scope["extensions"]["live"]
    if code or who is None or asked is None:
        live.close(code)
        return
    live.owner, live.ticket = who.id, who.ticket
    live.expires = who.expires.timestamp() if who.expires else None
    await state.hub.join(live, asked, f"html:{who.locale}" if how == "html" else "data")


def _admit(c: Connection, held: tuple[str, bool]) -> tuple[Who | None, list[str]]:
    who = access.find(c, held, "", None)
    return who, access.streams_of(c, who.id) if who else []


def cursors(text: str, member: str) -> dict[str, Position | None] | None:
    """`<stream>[@<epoch>.<offset>],…` as stream keys and positions; None for what cannot be read."""
    found: dict[str, Position | None] = {}
    for part in text.split(","):
        name, _, place = part.partition("@")
        if name == "me":
            key = f"me:{member}"
        elif name == "company":
            key = name
        else:
            try:
                key = str(UUID(name))
            except ValueError:
                return None
        try:
            found[key] = Position.parse(place) if place else None
        except ValueError:
            return None
    return found if len(found) <= MOST else None
