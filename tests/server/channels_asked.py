"""Channels through every route of the API about them, each answer compared with the document."""

from typing import Any


async def channels(ask: Any, here: dict[str, str]) -> dict[str, str]:
    """A squad's and the company's: added, tried out, removed. `ask` is test_openapi.py's `Checked`, a lead's
    and admin's."""
    sent = {"name": "Our group", "url": "json://127.0.0.1:9/x"}
    for path in ("/squads/{squad}/channels", "/channels"):
        made = await ask("POST", path, here, json=sent)
        await ask("POST", path, here, json=sent | {"url": "nowhere"})
        await ask("GET", path, here)
        one = here | {"key": made.json()["id"]}
        await ask("PUT", f"{path}/{{key}}/test", one)
        await ask("DELETE", f"{path}/{{key}}", one)
        assert (await ask("DELETE", f"{path}/{{key}}", one)).status_code == 404
    return {"key": one["key"]}
