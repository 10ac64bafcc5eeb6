"""A squad's channels elsewhere: added, tested, told what all should know, and no way into the own network."""

import re

import orjson
import pytest
from sqlalchemy import select

from server import outside
from server.notices import channels, chatting
from server.notices.models import endpoint, notice
from server.outside import public
from server.schema import new_id
from tests.bed.receivers import Hooks, Posted, receiving
from tests.server.calling import called
from tests.server.conftest import Town
from tests.server.noticing import SOON, Device, hooks, rows, run, subscribe

pytestmark = pytest.mark.anyio

__all__ = ["hooks"]


def said(got: Posted) -> str:
    """What a webhook was told."""
    return str(orjson.loads(got.body)["message"])


async def added(town: Town, url: str, squad: str = "") -> str:
    """A channel of North Bank, by its lead, or of the company; its page's address."""
    home = f"/squads/{squad}/channels" if squad else "/channels"
    answer = await town["wang"].post(home, data={"name": "Our group", "url": url})
    assert answer.status_code == 303, re.findall(r'role="alert">.*?</p>', answer.text)
    (*_, row) = await rows(town, endpoint)
    return f"{home}/{row.id}"


async def test_tested_by_a_button_and_its_address_shown_to_nobody(town: Town, hooks: Hooks) -> None:
    """What came of it stands at the channel; removed, it is told nothing any more."""
    url = f"json://127.0.0.1:{hooks.port}/a-secret-key"
    where = await added(town, url, town.squad)
    home = where.rpartition("/")[0]
    assert (await town["wang"].post(f"{where}/test")).headers["location"].endswith("saved=well")
    (got,) = hooks.got
    assert said(got) == "This is a test: Muster can reach this channel."
    page = (await town["wang"].get(home)).text
    assert "JSON: Our group" in page
    assert "a-secret-key" not in page
    hooks.status = 403
    assert (await town["wang"].post(f"{where}/test")).headers["location"].endswith("saved=ill")
    assert "The service refused it (403)" in (await town["wang"].get(home)).text
    await town["wang"].post(f"{where}/remove")
    assert await rows(town, endpoint) == []
    audit = (await town["li"].get(f"/squads/{town.squad}/audit")).text
    assert "added the channel JSON: Our group" in audit
    assert "a-secret-key" not in audit


async def test_a_squads_channel_hears_what_the_squad_should_know(town: Town, hooks: Hooks) -> None:
    """Announcements and calls of that squad, each once; no mention, and nothing of another squad."""
    await added(town, f"json://127.0.0.1:{hooks.port}/x", town.squad)
    await town.say("wang", "@Li Na for you alone")
    sent = {"id": new_id(), "title": "New prices", "text": "Four percent less."}
    await town["wang"].post(f"/api/v1/squads/{town.squad}/announcements", json=sent)
    theirs = {"id": new_id(), "title": "Ours alone", "text": "x"}
    await town["sun"].post(f"/api/v1/squads/{town.other}/announcements", json=theirs)
    for _ in range(2):
        await run(town, SOON)
    (got,) = hooks.got
    assert said(got) == "Wang Fang announced something\nNew prices"
    await called(town)
    assert said((await hooks.heard(2))[1]) == "Li Na calls for help\n30 units, they hold 7,100 against us"


async def test_the_companys_hears_the_companys(town: Town, hooks: Hooks) -> None:
    """And nothing a squad was told."""
    await added(town, f"json://127.0.0.1:{hooks.port}/x")
    sent = {"id": new_id(), "title": "New prices", "text": "x"}
    await town["wang"].post(f"/api/v1/squads/{town.squad}/announcements", json=sent)
    await town["wang"].post("/api/v1/announcements", json=sent | {"id": new_id(), "title": "Party"})
    await run(town, SOON)
    assert [said(got) for got in hooks.got] == ["Wang Fang announced something\nParty"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0"])
async def test_no_way_into_the_own_network(town: Town, hooks: Hooks, host: str) -> None:
    """However it is written: nothing arrives, and it is said why."""
    where = await added(town, f"json://{host}:{hooks.port}/x", town.squad)
    town.app.state.settings.notice_inside = False
    assert (await town["wang"].post(f"{where}/test")).headers["location"].endswith("saved=ill")
    assert hooks.got == []
    (row,) = await rows(town, endpoint)
    assert row.error in ("inside", "away")


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "224.0.0.1", "2002:7f00:1::"),
    ],
)
async def test_what_is_the_own_network(address: str) -> None:
    """Private, link-local, shared, this machine, in whatever dress."""
    assert not public(address)


async def test_nobody_is_led_elsewhere(hooks: Hooks) -> None:
    """A service that answers with a redirect has refused."""
    async with receiving(Hooks(status=307)) as first:
        first.leads = f"{hooks.url}/elsewhere"
        answer = await outside.post(f"{first.url}/push", b"x", {}, True)
        with pytest.raises(outside.Inside):
            await outside.post(f"{first.url}/push", b"x", {}, False)
    assert (answer.status_code, len(first.got), hooks.got) == (307, 1, [])


async def test_what_is_not() -> None:
    """Anybody's."""
    assert public("8.8.8.8")
    assert public("2606:4700:4700::1111")


@pytest.mark.parametrize(
    ("url", "service"),
    [
        ("https://oapi.dingtalk.com/robot/send?access_token=" + "a" * 64, "DingTalk"),
        (
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7000-4bc4-97a0-0ec2sifa5aaa",
            "WeCom Bot",
        ),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/3d5ce4f8-7b8c-4f6c-9c3f", "Feishu"),
        ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "Slack"),
        (
            "https://prod-1.westus.logic.azure.com:443/workflows/643e69f83c8944/triggers/manual/paths/invoke"
            "?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=KODuebWbDGYFr0z0eu",
            "Power Automate / Workflows (for MSTeams)",
        ),
    ],
)
async def test_the_addresses_services_give_out_are_known(url: str, service: str) -> None:
    """As they are pasted."""
    assert chatting.answer({"url": url}) == {"service": service, "error": ""}


@pytest.mark.parametrize(
    "url", ["", "hello", "syslog://", "mailto://a:b@x.example", "file:///etc/passwd", "dbus://"]
)
async def test_what_is_no_channel_comes_back(town: Town, url: str) -> None:
    """Nothing that would do something on this machine; the name stays as it was typed."""
    page = await town["wang"].post(f"/squads/{town.squad}/channels", data={"name": "Our group", "url": url})
    assert page.status_code == 422
    assert 'value="Our group"' in page.text
    assert await rows(town, endpoint) == []


async def test_only_who_leads_and_only_their_own(town: Town, hooks: Hooks) -> None:
    """A member has no business there; another squad's is nothing."""
    where = await added(town, f"json://127.0.0.1:{hooks.port}/x", town.squad)
    key = where.rpartition("/")[2]
    assert (await town["li"].post(f"{where}/test")).status_code == 403
    assert (await town["sun"].post(f"/squads/{town.other}/channels/{key}/test")).status_code == 404
    assert (await town["wang"].post(f"/channels/{key}/remove")).status_code == 404
    assert (await town["sun"].get("/channels")).status_code == 403
    assert len(await rows(town, endpoint)) == 1


async def test_what_is_not_reached_is_shown_to_the_admin(town: Town, hooks: Hooks) -> None:
    """Whose, why, and when it is tried again; to nobody else."""
    await subscribe(town, "li", Device(hooks))
    hooks.status = 500
    await town.say("wang", "@Li Na are you there?")
    await run(town, SOON)
    page = (await town["wang"].get("/channels")).text
    assert "Li Na · " in page
    assert "500" in page
    assert hooks.url not in page
    (row,) = await town.app.state.db.read(channels.ailing)
    assert row.retry_at is not None


async def test_taken_back_before_it_is_told(town: Town, hooks: Hooks) -> None:
    """A call somebody has taken is not told any more; there is nothing left of it."""
    await added(town, f"json://127.0.0.1:{hooks.port + 1 if hooks.port < 65535 else 1}/x", town.squad)
    call = await called(town)
    await call.claim("wang")
    told = select(notice.c.id).where(notice.c.member.is_(None))
    assert await town.app.state.db.read(lambda c: c.scalars(told).all()) == []


async def test_set_up_by_a_program(town: Town, hooks: Hooks) -> None:
    """Added, tried out and removed by its lead; its address is in no answer, and others may do none of it."""
    home = f"/api/v1/squads/{town.squad}/channels"
    sent = {"name": "Our group", "url": f"json://127.0.0.1:{hooks.port}/a-secret-key"}
    made = await town["wang"].post(home, json=sent)
    assert (made.status_code, made.json()["name"]) == (201, "JSON: Our group")
    tried = await town["wang"].put(f"{home}/{made.json()['id']}/test")
    assert tried.json()["error"] is None
    assert len(hooks.got) == 1
    hooks.status = 403
    assert "403" in (await town["wang"].put(f"{home}/{made.json()['id']}/test")).json()["error"]
    listed = await town["wang"].get(home)
    assert [one["id"] for one in listed.json()] == [made.json()["id"]]
    assert "a-secret-key" not in listed.text
    wrong = await town["wang"].post(home, json=sent | {"url": "nowhere"})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["url"])
    assert (await town["li"].get(home)).status_code == 403
    assert (await town["sun"].post(home, json=sent)).status_code == 404
    assert (await town["wang"].delete(f"/api/v1/channels/{made.json()['id']}")).status_code == 404
    assert (await town["wang"].delete(f"{home}/{made.json()['id']}")).status_code == 204
    assert (await town["wang"].get(home)).json() == []
