"""Many at one customer's file at once: nobody waits for ever, nobody meets an error of ours."""

import random

import anyio
import pytest
from limits import parse

from server.schema import new_id
from tests.server.conftest import Town
from tests.server.test_customers import api, page

pytestmark = pytest.mark.anyio


async def test_all_at_one_door(town: Town) -> None:
    """Check-ins, facts, holds, changes and merges side by side; all are done or refused in words."""
    town.app.state.limits.write_limit = parse("100000/minute")
    dice, said = random.Random(7), list[int]()
    for _ in range(3):
        async with anyio.create_task_group() as group:
            for _ in range(20):
                group.start_soon(
                    one_thing, town, dice.choice(("zhang", "li", "wang")), dice.randrange(7), said
                )
    assert set(said) <= {200, 201, 204, 303, 404, 409}
    assert said.count(201) > 20
    entries = await town.journal()
    assert [one["offset"] for one in entries] == list(range(1, len(entries) + 1))


async def one_thing(town: Town, name: str, what: int, said: list[int]) -> None:
    """What somebody does there, and how it is answered."""
    who, fact = town[name], {"id": new_id(), "kind": "other", "text": f"420 ppm {new_id()}"}
    lotus = town.customers["lotus"]
    if what < 2:
        answer = await town.check_in(name)
    elif what == 2:
        answer = await who.post(api(town, "facts"), json=fact)
    elif what == 3:
        answer = await who.put(api(town, "hold"))
    elif what == 4:
        answer = await who.delete(api(town, "hold"))
    elif what == 5:
        answer = await who.patch(api(town), json={"address": f"Harbour Street {new_id()}"})
    else:
        answer = await who.post(f"{page(town)}/merge/{lotus}")
        said.append(answer.status_code)
        answer = await who.post(f"{page(town)}/part/{lotus}")
    said.append(answer.status_code)
