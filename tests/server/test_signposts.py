"""The shorter way to a route leads where the long one does."""

from typing import Any

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import Match

from server.schema import new_id
from server.signposts import Signposts, post
from tests.server.conftest import Town

pytestmark = pytest.mark.anyio


async def test_every_address_leads_to_the_first_route_that_takes_it(town: Town) -> None:
    """For each route's own address; there is none that another route of the list would have taken first."""
    router, signposts = town.app.router, town.app.router.middleware_stack
    assert isinstance(signposts, Signposts)
    for route in router.routes:
        if not isinstance(route, APIRoute):
            continue
        for method in sorted(route.methods or ()):
            path = route.path_format.format(**{name: new_id() for name in route.param_convertors})
            scope: dict[str, Any] = {"type": "http", "method": method, "path": path, "headers": []}
            long_way = next(one for one in router.routes if one.matches(dict(scope))[0] is Match.FULL)
            near = signposts.posts[post(method, path)].routes
            assert next(one for one in near if one.matches(dict(scope))[0] is Match.FULL) is long_way, path


async def test_what_no_signpost_knows_is_answered_as_before(town: Town) -> None:
    """Another method, another address, a slash too many, what is served as files."""
    squad = f"/api/v1/squads/{town.squad}"
    assert (await town["li"].put(f"{squad}/messages")).status_code == 405
    assert (await town["li"].get("/nowhere/at/all")).status_code == 404
    assert (await town["li"].get("/")).status_code < 400
    slash = await town["li"].get(f"{squad}/posts/")
    assert (slash.status_code, slash.headers["location"]) == (307, f"http://testserver{squad}/posts")
    assert (await town["li"].get("/static/0123456789ab/js/boot.js")).status_code == 200


def test_a_route_for_any_word_is_refused() -> None:
    """It would have to be tried for every address: better not to have it than to forget it."""
    router = APIRouter()
    router.add_api_route("/{anything}", lambda anything: None)
    with pytest.raises(ValueError, match="a word of its own"):
        Signposts(router)
