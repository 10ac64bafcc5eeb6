"""The pact says what is true now: to members, to those who are invited, and at the check-in."""

import pytest

from server.schema import now
from server.squads import pact
from server.visits import pages
from tests.server.conftest import Town
from tests.server.doors import invited

pytestmark = pytest.mark.anyio

FRANK = "A check-in also controls."
UNSEEN = "Between check-ins, nobody sees you."


async def test_everybody_in_the_squad_can_read_it(town: Town) -> None:
    """With all who have a part in it; nobody else is shown it."""
    page = (await town["li"].get(f"/squads/{town.squad}/pact")).text
    for word in (FRANK, UNSEEN, "Wang Fang", "Zhang Wei", "Nobody is ranked"):
        assert word in page
    assert (await town["sun"].get(f"/squads/{town.squad}/pact")).status_code == 404
    for path in ("people", "checkin"):
        linking = (await town["li"].get(f"/squads/{town.squad}/{path}")).text
        assert f'href="/squads/{town.squad}/pact"' in linking
    await town.speak("li", "zh")
    assert "签到也是一种管理" in (await town["li"].get(f"/squads/{town.squad}/pact")).text


async def test_it_is_read_before_one_joins(town: Town) -> None:
    """By whoever has the invitation, who is not told who is in the squad."""
    path, _ = await invited(town)
    page = (await town["sun"].get(path)).text
    assert FRANK in page
    assert UNSEEN in page
    assert "Zhang Wei" not in page


async def test_it_says_what_the_company_sees(town: Town) -> None:
    """As the lead has chosen."""
    page = (await town["li"].get(f"/squads/{town.squad}/pact")).text
    assert "Outside the squad nobody sees any of it." in page
    opened = {"on": True, "customer": False}
    await town["wang"].put(f"/api/v1/squads/{town.squad}/hall", json=opened)
    page = (await town["li"].get(f"/squads/{town.squad}/pact")).text
    assert "The whole company sees our wins in the hall. The customer’s name is left out." in page
    assert "The amount is left out" not in page


async def test_a_shared_position_is_never_denied(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever shares it says so in one place, and both pages follow."""
    for module in (pact, pages):
        monkeypatch.setattr(module, "shared_until", lambda *_: now())
    for path in ("pact", "checkin"):
        page = (await town["li"].get(f"/squads/{town.squad}/{path}")).text
        assert UNSEEN not in page
        assert "your position is shared between check-ins too" in page
