"""The story of a customer: what was done, said, photographed and learned there, each for who may see it."""

import pytest

from server.schema import new_id
from tests.server.conftest import Town
from tests.server.pictures import shown_by
from tests.server.test_customers import api, page, share
from tests.server.test_daylog import publish, visit, words

pytestmark = pytest.mark.anyio


async def test_photos_logs_and_people_are_in_it(town: Town) -> None:
    """A visit with its photos and the log that tells of it; of another squad's it says that it was."""
    picture = await shown_by(town, "li")
    told = await visit(town, "2026-05-04T04:00:00Z", "Owner is in")
    log = await publish(town)
    await town["zhang"].post(api(town, "contacts"), json={"id": new_id(), "name": "Luo Min", "role": "Buyer"})
    story = (await town["wang"].get(api(town))).json()["story"]
    assert {one["kind"] for one in story} == {"visit", "contact"}
    assert [one["log"] for one in story if one["id"] == told] == [log["id"]]
    visits = [one for one in story if one["kind"] == "visit"]
    assert {one["id"] == told: [it["id"] for it in one["photos"]] for one in visits} == {
        True: [],
        False: [picture],
    }
    file = (await town["wang"].get(page(town))).text
    assert f'href="/photos/{picture}"' in file
    assert f'href="/logs/{log["id"]}#le-{log["lines"][0]["id"]}"' in file
    assert "Zhang Wei met somebody" in words(file)
    assert "Luo Min Buyer" in words(file)
    await share(town)
    theirs = (await town["sun"].get(page(town))).text
    assert "Zhang Wei met somebody" in words(theirs)
    for hidden in (picture, log["id"], "Owner is in"):
        assert hidden not in theirs
