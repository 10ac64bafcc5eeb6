"""Search: whichever way the things with the words are come by, it is the same ones in the same order."""

import random

import pytest

from server.schema import new_id
from server.search import candidates
from tests.server.conftest import Town
from tests.server.test_customers import tell
from tests.server.test_search import find

here = pytest.mark.anyio


@here
@pytest.mark.parametrize("patience", [0, 7, 6000])
async def test_however_it_is_looked_for_it_is_the_same(
    town: Town, monkeypatch: pytest.MonkeyPatch, patience: int
) -> None:
    """Rare words by what has them, frequent ones from the newest on, after much of that by what has them."""
    dice = random.Random(6)
    await tell(town, "li", "五金 水")
    told = {"id": new_id(), "kind": "decides", "text": "水泰"}
    assert (
        await town["li"].post(f"/api/v1/customers/{town.customers['lotus']}/facts", json=told)
    ).status_code == 201
    for n in range(30):
        await town.say("li", "".join(dice.choices("恒泰五金水ab 4", k=5)) + f" {n}")
    asked = [{"q": q, **more} for q in ("金", "水", "a", "五金 a", "泰水 4") for more in ({}, {"after": 3})]
    asked += [{"q": "水", "kind": kind} for kind in ("customer", "message", "log")]
    asked += [{"q": "水", "person": town.ids["wang"]}, {"q": "a", "until": "2020-01-01"}]
    by_words = [await find(town, "wang", **one) for one in asked]
    assert sum(map(len, by_words)) > 40
    assert by_words[2] != []
    assert {one["kind"] for one in by_words[2]} == {"customer", "message"}
    for name, value in (("FEW", 0), ("MORE", 0), ("CHUNK", 3), ("PATIENCE", patience)):
        monkeypatch.setattr(candidates, name, value)
    for one, before in zip(asked, by_words, strict=True):
        assert await find(town, "wang", **one) == before, one
        assert await find(town, "sun", **one) == [], one
