"""Training tracks for the stories of training."""

import re
from typing import Any

from server.schema import new_id
from tests.server import drive
from tests.server.conftest import Town


async def track(town: Town, who: str = "wang", squad: str | None = None, **more: Any) -> str:
    """A track of North Bank's, or of another squad; `squad` empty: of the company's. Its id."""
    where = f"/squads/{town.squad if squad is None else squad}" if squad != "" else ""
    sent = {"id": new_id(), "name": "Our water filters", "audience": "all", **more}
    answer = await town[who].post(f"/api/v1{where}/training", json=sent)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def step(town: Town, track: str, who: str = "wang", **said: str) -> None:
    """Another step at its end, by the plain form."""
    answer = await town[who].post(f"/training/{track}/steps", data=said)
    assert answer.status_code == 303, answer.text


async def steps(town: Town, track: str, who: str = "wang") -> list[Any]:
    """The steps that somebody sees."""
    return list((await town[who].get(f"/api/v1/training/{track}")).json()["steps"])


def words(page: str) -> str:
    """What stands on a page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


async def a_training(ask: Any, town: Town, here: dict[str, str]) -> dict[str, str]:
    """Every route about training, asked once with what is right and with what is wrong; answers
    what it was about. `ask` is test_openapi.py's `Checked`.
    """
    before, ask.one = ask.one, town["wang"]
    new = {"id": new_id(), "name": "Filters", "audience": "new", "by_name": True}
    for _ in range(2):
        made = await ask("POST", "/squads/{squad}/training", here, json=new)
    await ask("POST", "/training", json={**new, "id": new_id()})
    await ask("POST", "/training", json={**new, "id": new_id(), "audience": "x"})
    about = {**here, "track": made.json()["id"]}
    await step(town, about["track"], text="Ask Zhang Wei to show you one")
    await ask("PATCH", "/training/{track}", about, json={"name": "Our filters", "audience": "all"})
    await ask("PATCH", "/training/{track}", about, json={"name": "", "audience": "all"})
    for _ in range(2):
        said = {"id": about["squad"], "text": "Read it", "first": 3}
        added = await ask("POST", "/training/{track}/steps", about, json=said)
    await ask("POST", "/training/{track}/steps", about, json={"id": new_id()})
    assert len(added.json()["steps"]) == 2
    other = added.json()["steps"][1]["id"]
    moved = await ask("PUT", "/training/{track}/order", about, json={"ids": [other, new_id()]})
    assert moved.json()["steps"][0]["id"] == other
    await ask("DELETE", "/training/{track}/steps/{step}", {**about, "step": other})
    about["step"] = (await steps(town, about["track"]))[0]["id"]
    await ask("PUT", "/training/{track}/steps/{step}/done", about)
    for path in ("/training", "/training/{track}", "/training/{track}/through"):
        await ask("GET", path, about)
    await ask("DELETE", "/training/{track}/steps/{step}/done", about)
    await a_plan(ask, town, about)
    about["folder"] = await an_outline(ask)
    await ask("DELETE", "/training/{track}", about)
    ask.one = before
    return about


async def a_plan(ask: Any, town: Town, about: dict[str, str]) -> None:
    """Every route of one's own plan, asked with what is right and with what is wrong."""
    top = await drive.folder(town, "Filters")
    item = (await drive.bring(town, "wang", top, "filters.pdf"))["id"]
    here = {**about, "item": item}
    for _ in range(2):
        await ask("PUT", "/me/plan/tracks/{track}", here, json={})
        await ask("PUT", "/me/plan/documents/{item}", here, json={"due": "2036-05-04", "done": True})
    await ask("PUT", "/me/plan/documents/{item}", here, json={"due": "1936-05-04"})
    await ask("PUT", "/me/plan/tracks/{track}", here, json={"due": "x"})
    await ask("PUT", "/me/plan/order", json={"ids": [item, about["track"], new_id()]})
    assert (await ask("GET", "/me/plan")).json()["items"][0]["document"] == item
    await ask("DELETE", "/me/plan/tracks/{track}", here)
    await ask("DELETE", "/me/plan/documents/{item}", here)


async def an_outline(ask: Any) -> str:
    """Every route of the outline, asked with what is right and with what is wrong; a product's folder."""
    for _ in range(2):
        begun = await ask("PUT", "/knowledge/outline")
    top = begun.json()["products"][0]
    assert {one["state"] for one in top["topics"]} == {"starter"}
    product = {"id": new_id(), "name": "Big filter"}
    for _ in range(2):
        await ask("POST", "/knowledge/products", json=product)
    await ask("POST", "/knowledge/products", json={"id": new_id(), "name": ""})
    here = {"folder": product["id"]}
    await ask("PUT", "/knowledge/outline/{folder}", here, json={"topics": ["x"]})
    await ask("PUT", "/knowledge/outline/{folder}", {"folder": new_id()}, json={})
    found = await ask("PUT", "/knowledge/outline/{folder}", here, json={"topics": ["price"]})
    states = [one["state"] for one in found.json()["products"][1]["topics"]]
    assert sorted(states) == ["missing"] * 8 + ["starter"]
    await ask("GET", "/knowledge/gaps")
    return product["id"]
