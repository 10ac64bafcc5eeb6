"""Bad input at the doors that only an admin opens."""

from urllib.parse import urlencode

import pytest
from limits import parse

from server.schema import new_id
from tests.server import land
from tests.server.conftest import Town
from tests.server.test_hostile import FIGURES, FORM, WORDS, bodies, caller
from tests.server.test_territories_area import POLYGON

pytestmark = pytest.mark.anyio

FIELDS = ("name", "parent", "area", "file", "member", "squad", "territory", "back", "new_id", "in")


async def test_no_form_breaks_over_what_is_typed(town: Town) -> None:
    """Refused in words, or taken as it is; and shown as words, never as markup."""
    town.app.state.limits.write_limit = parse("100000/minute")
    one = f"/territories/{await land.add(town, 'Country')}"
    places = ("", "/placing", one, "/area", "/managers", f"/managers/{town.ids['li']}/relieve")
    async with caller(town, "wang") as wang:
        for value in WORDS + FIGURES:
            typed = value.encode(errors="surrogatepass")[:6000]
            for place in places:
                path = (
                    place if place == one else f"/territories{place}" if place in places[:2] else one + place
                )
                for fields in (FIELDS, ("name",)):
                    form = urlencode(dict.fromkeys(fields, typed))
                    answer = await wang.post(path, content=form, headers={"Content-Type": FORM.decode()})
                    assert answer.status_code < 500, f"{path} {value[:20]!r}"
                    assert "<script>x" not in answer.text
            query = urlencode(dict.fromkeys(FIELDS, typed[:60]))
            assert (await wang.get(f"/territories/new?{query}")).status_code < 500
        page = (await wang.get("/territories")).text
    assert "&lt;script&gt;x" in page
    assert "<script>x" not in page
    assert "\u202e" not in page


async def test_no_body_breaks_it(town: Town) -> None:
    """Each field made nonsense in turn."""
    town.app.state.limits.write_limit = parse("100000/minute")
    id = await land.add(town, "Country")
    good = {"id": new_id(), "name": "City", "parent": id, "area": POLYGON}
    async with caller(town, "wang") as wang:
        for body in bodies(good):
            for method, path in (("POST", land.API), ("PATCH", f"{land.API}/{id}")):
                answer = await wang.request(method, path, json=body)
                assert answer.status_code < 500, f"{method} {str(body)[:80]}"
        for name in ("coordinates", "type"):
            for body in bodies({name: 1}):
                area = POLYGON | body if isinstance(body, dict) else body
                answer = await wang.patch(f"{land.API}/{id}", json={"area": area})
                assert answer.status_code < 500, str(body)[:80]
