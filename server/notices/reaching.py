"""Setting up a channel and trying it out: what pages and API do alike, part of it outside the database."""

from typing import Any

from server.access import Who
from server.errors import Conflict, Invalid, together
from server.notices import channels, chat
from server.text import name as checked_name
from web.render import N_, translate

TEST = N_("This is a test: Muster can reach this channel.")


async def bring(state: Any, who: Who, name: str, url: str) -> str:
    """Adds a channel under an address that its service is known by; its id. `state` is the application's.

    Raises `Invalid` by field, also where there are as many as there may be.
    """
    service = await chat.known(url) if url.strip() else ""
    together(lambda: checked_name("name", name, 60), lambda: checked_name("url", url, 1000))
    try:
        return str(await state.db.write(channels.add, who, name, service, url))
    except Conflict as full:
        raise Invalid({"url": str(full.args[0])}) from None


async def try_out(state: Any, who: Who, id: str) -> str:
    """Tells one something, now; why it did not arrive, empty where it did."""
    row, error = await state.db.read(channels.one, who, id), ""
    try:
        words = translate(who.locale, TEST)
        await chat.say(row.secret["url"], "Muster", words, state.settings.notice_inside)
    except chat.Refused as refused:
        error = str(refused)
    await state.db.write(channels.tested, id, error)
    return error
