"""How people in the tests come to the door: from where, and with what."""

import re

from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from tests.server.conftest import Town

COMPANY = {
    "company": "清河净水",
    "name": "Wang Fang",
    "login": "wang@qinghe.example",
    "password": "correct horse battery",
}
NEW = {"name": "Zhao Lei", "login": "+86 138 0013 8000", "password": "correct horse battery"}


def at_machine(app: FastAPI) -> AsyncClient:
    """A browser on the server itself."""
    return AsyncClient(transport=ASGITransport(app), base_url="http://127.0.0.1:8000")


def far_away(app: FastAPI) -> AsyncClient:
    """A browser on another machine."""
    return AsyncClient(
        transport=ASGITransport(app, client=("203.0.113.9", 1)), base_url="http://muster.example"
    )


async def invited(town: Town, by: str = "wang") -> tuple[str, str]:
    """A fresh invitation to North Bank."""
    await town[by].post(f"/squads/{town.squad}/invite")
    return await shown(town, by)


async def shown(town: Town, by: str = "wang") -> tuple[str, str]:
    """The invitation that stands, as North Bank's lead sees it: the link's path, and the code."""
    page = (await town[by].get(f"/squads/{town.squad}/people")).text
    path, code = re.search(r"/join/[\w-]{43}", page), re.search(r">(\w{4}-\w{4})<", page)
    assert path
    assert code
    return path.group(), code.group(1)


async def members_of(town: Town) -> list[str]:
    """Who is in North Bank, by name."""
    answer = await town["wang"].get(f"/api/v1/squads/{town.squad}/members")
    return [one["name"] for one in answer.json()]
