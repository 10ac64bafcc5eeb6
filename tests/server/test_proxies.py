"""Behind a proxy: whose word on where a request comes from is taken, and whose is not."""

from collections.abc import Iterator

import pytest
from httpx2 import Client, Response

from tests.bed.ground import Ground
from tests.bed.served import Served
from tests.server.doors import COMPANY


def guess(one: Client, number: int, origin: str) -> Response:
    """A wrong sign-in, each under another name, said to come from there over HTTPS."""
    said = {"X-Forwarded-For": origin, "X-Forwarded-Proto": "https"}
    return one.post("/signin", data={"login": f"{number}@q.example", "password": "no"}, headers=said)


@pytest.fixture
def behind(ground: Ground, request: pytest.FixtureRequest) -> Iterator[Client]:
    """A server that takes two wrong sign-ins from an address, and believes the proxies given."""
    with ground.embedded(signin_limit="2/hour", proxies=request.param) as settings:
        server = Served(ground.room("behind"), settings)
        server.start()
        with Client(base_url=server.url) as one:
            assert one.post("/setup", data=COMPANY).status_code == 303
            yield one
        server.end()


@pytest.mark.parametrize("behind", ["", "192.0.2.0/24"], indirect=True)
def test_nobodys_word_is_taken_unasked(behind: Client) -> None:
    """Not even from this machine: another address with every guess would be no limit at all."""
    statuses = [guess(behind, n, f"203.0.113.{n}").status_code for n in range(3)]
    assert statuses == [422, 422, 429]


@pytest.mark.parametrize("behind", ["127.0.0.1, 10.0.0.0/8"], indirect=True)
def test_people_behind_a_known_proxy_are_told_apart(behind: Client) -> None:
    """By the last address that is no proxy's: what stands before it anybody may have written."""
    for n in range(2):
        assert guess(behind, n, f"198.51.100.{n}, 203.0.113.7, 10.0.0.2").status_code == 422
    assert guess(behind, 2, "198.51.100.2, 203.0.113.7, 10.0.0.2").status_code == 429
    assert guess(behind, 3, "203.0.113.8").status_code == 422


@pytest.mark.parametrize("behind", ["127.0.0.1"], indirect=True)
def test_a_proxys_https_is_https(behind: Client) -> None:
    """The cookie goes over no other line."""
    form = {"login": COMPANY["login"], "password": COMPANY["password"]}
    said = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
    assert "Secure" in behind.post("/signin", data=form, headers=said).headers["set-cookie"]
    assert "Secure" not in behind.post("/signin", data=form).headers["set-cookie"]
