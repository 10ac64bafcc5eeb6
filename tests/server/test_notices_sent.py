"""Notices that leave Muster: by e-mail and to devices, once, only where they are wanted and not yet seen."""

from datetime import timedelta

import orjson
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from sqlalchemy import update

from server.members.models import session
from server.notices import deliveries
from server.notices.models import delivery, endpoint, notice
from server.notices.push import decoded, public_key
from server.schema import now
from tests.bed.receivers import Hooks, Letters, Posted
from tests.server.conftest import Town
from tests.server.noticing import LATER, SOON, Device, hooks, letters, rows, run, subscribe, told, win

pytestmark = pytest.mark.anyio

__all__ = ["hooks", "letters"]


async def test_a_letter_says_what_and_leads_there(town: Town, letters: Letters) -> None:
    """In words and as HTML, in the reader's language, to them alone; once, however often it is looked for."""
    await town.speak("li", "zh")
    await town.say("wang", "@Li Na can you take <the pump>?")
    await run(town, SOON)
    assert letters.got == []
    for _ in range(3):
        await run(town, LATER)
    (one,) = letters.got
    assert (one["to"], one["from"]) == ("li@qinghe.example", "muster@qinghe.example")
    assert one["subject"] == "Wang Fang提到了你"
    plain, html = one.get_body(("plain",)), one.get_body(("html",))
    assert plain
    assert html
    (row,) = await rows(town, notice)
    link = f"https://muster.example/notices/{row.id}"
    assert link in plain.get_content()
    assert "@Li Na can you take <the pump>?" in plain.get_content()
    assert link in html.get_content()
    assert "&lt;the pump&gt;" in html.get_content()
    assert one["list-unsubscribe"] == "<https://muster.example/me/notices>"
    assert await rows(town, delivery) == []


async def test_what_was_seen_in_time_is_not_sent(town: Town, letters: Letters, hooks: Hooks) -> None:
    """Read in the feed, opened from the list, taken back: nothing leaves."""
    await subscribe(town, "li", Device(hooks))
    await town.say("wang", "@Li Na one")
    at = (await town.journal())[-1]["offset"]
    await town["li"].put(f"/api/v1/squads/{town.squad}/read-mark", json={"offset": at})
    await town.say("wang", "@Li Na two")
    await town["li"].post("/notices/seen")
    gone = await town.say("wang", "@Li Na three")
    await town["wang"].delete(f"/api/v1/posts/{gone['id']}")
    await run(town, LATER)
    assert (hooks.got, letters.got) == ([], [])


async def test_a_refused_letter_is_tried_again_ever_more_seldom(town: Town, letters: Letters) -> None:
    """Nothing is lost, and it arrives once."""
    letters.refuses = True
    await town.say("wang", "@Li Na are you there?")
    await run(town, timedelta(seconds=125))
    assert letters.asked == 1
    (row,) = [one for one in await rows(town, endpoint) if one.kind == "mail"]
    assert (row.fails, "451" in row.error) == (1, True)
    for after, asked in ((140, 1), (155, 2), (200, 2)):
        await run(town, timedelta(seconds=after))
        assert letters.asked == asked
    letters.refuses = False
    for _ in range(2):
        await run(town, timedelta(seconds=215))
    assert len(letters.got) == 1
    (row,) = [one for one in await rows(town, endpoint) if one.kind == "mail"]
    assert (row.fails, row.error) == (0, None)


async def test_killed_between_claim_and_sending_it_is_sent_once_afterwards(
    town: Town, letters: Letters
) -> None:
    """The row and its job are in the cause's own transaction; a claim that nobody ends is nobody's."""
    await town.say("wang", "@Li Na are you there?")
    db, moment = town.app.state.db, now() + LATER
    (one,) = [row for row in await rows(town, endpoint) if row.kind == "mail"]
    assert await db.write(deliveries.take, one.id, moment, town.app.state.settings) is not None
    assert await db.write(deliveries.take, one.id, moment, town.app.state.settings) is None
    await run(town, LATER)
    assert letters.got == []
    for _ in range(2):
        await run(town, LATER + timedelta(minutes=4))
    assert len(letters.got) == 1


async def test_a_device_gets_a_kind_and_a_link_that_it_alone_can_read(town: Town, hooks: Hooks) -> None:
    """Signed with the installation's own key; no word of what was said leaves."""
    device = Device(hooks)
    await subscribe(town, "li", device)
    await town.say("wang", "@Li Na a secret of ours")
    await run(town, SOON)
    (got,) = hooks.got
    assert got.line == "POST /push/phone HTTP/1.1"
    (row,) = await rows(town, notice)
    assert device.opens(got) == {"kind": "mention", "link": f"/notices/{row.id}"}
    assert b"secret" not in got.body
    assert (got.headers["content-encoding"], got.headers["topic"]) == ("aes128gcm", row.id.replace("-", ""))
    signed(got, town, hooks)
    await run(town, LATER)
    assert len(hooks.got) == 1


async def test_what_waits_for_a_device_comes_as_one(town: Town, hooks: Hooks) -> None:
    """Three things, one push; the letter about what a device has taken is not written."""
    device = Device(hooks)
    await subscribe(town, "li", device)
    for word in ("one", "two", "three"):
        await town.say("wang", f"@Li Na {word}")
    await run(town, SOON)
    (got,) = hooks.got
    assert device.opens(got) == {"kind": "several", "link": "/notices"}


async def test_a_letter_comes_only_where_no_device_has_taken_it(
    town: Town, letters: Letters, hooks: Hooks
) -> None:
    """Never twice for one thing."""
    await subscribe(town, "li", Device(hooks))
    await town.say("wang", "@Li Na @Zhang Wei one")
    await run(town, SOON)
    await run(town, LATER)
    assert len(hooks.got) == 1
    assert [one["to"] for one in letters.got] == ["zhang@qinghe.example"]


async def test_a_dead_device_is_forgotten_and_an_ill_one_waits(town: Town, hooks: Hooks) -> None:
    """410 is the end of it; 500 is not, and nothing is lost meanwhile."""
    await subscribe(town, "li", Device(hooks, "old"))
    hooks.status = 410
    await town.say("wang", "@Li Na one")
    await run(town, SOON)
    assert await rows(town, endpoint) == []
    device = Device(hooks, "new")
    await subscribe(town, "li", device)
    hooks.status, hooks.got = 500, []
    await town.say("wang", "@Li Na two")
    await run(town, SOON)
    await run(town, SOON)
    assert len(hooks.got) == 1
    shown = (await town["li"].get("/api/v1/me/notices/devices")).json()
    assert "500" in shown[0]["error"]
    await town.say("wang", "@Li Na three")
    await run(town, SOON)
    assert len(hooks.got) == 1
    hooks.status = 201
    await run(town, timedelta(minutes=2))
    assert device.opens(hooks.got[-1])["kind"] == "several"
    assert len(hooks.got) == 2


async def test_a_device_is_one_persons_and_ends_with_their_sign_in(town: Town, hooks: Hooks) -> None:
    """Whoever signs in next on a phone gets their own; signed out, nobody gets anything."""
    device = Device(hooks)
    await subscribe(town, "li", device)
    await subscribe(town, "zhang", device)
    await town.say("wang", "@Li Na for you alone")
    await run(town, SOON)
    assert hooks.got == []
    await town.say("wang", "@Zhang Wei hello")
    db = town.app.state.db
    await db.write(lambda c: c.execute(update(endpoint).values(ticket=town.ids["zhang"])) and None)
    assert await rows(town, session) == []
    await run(town, SOON)
    assert hooks.got == []
    assert await rows(town, endpoint) == []


async def test_what_is_no_device_is_refused(town: Town, hooks: Hooks) -> None:
    """Keys that are none, an address that is none; somebody else's cannot be taken away."""
    device = Device(hooks)
    wrong = [{"keys": {}}, {"keys": {"p256dh": "AAAA", "auth": "AAAA"}}, {"endpoint": "ftp://x/y"}]
    for change in wrong:
        answer = await town["li"].put("/api/v1/me/notices/devices", json=device.subscription | change)
        assert answer.status_code == 422, change
    id = await subscribe(town, "li", device)
    assert (await town["zhang"].delete(f"/api/v1/me/notices/devices/{id}")).status_code == 404
    page = (await town["li"].get("/me/notices")).text
    assert f"/me/notices/devices/{id}/remove" in page
    assert device.where not in page
    assert (await town["li"].delete(f"/api/v1/me/notices/devices/{id}")).status_code == 204
    assert id not in (await town["li"].get("/me/notices")).text


async def test_the_own_network_is_not_called(town: Town, hooks: Hooks) -> None:
    """By name or number, unless a setting allows it: nothing arrives, and the reason is kept."""
    await subscribe(town, "li", Device(hooks))
    town.app.state.settings.notice_inside = False
    await town.say("wang", "@Li Na one")
    await run(town, SOON)
    assert hooks.got == []
    (row,) = await rows(town, endpoint)
    assert "own network" in row.error
    answer = await town["zhang"].put("/api/v1/me/notices/devices", json=Device(hooks).subscription)
    assert answer.status_code == 422


async def test_what_one_does_not_want_on_devices_stays_in_muster(town: Town, hooks: Hooks) -> None:
    """By kind and way."""
    await subscribe(town, "li", Device(hooks))
    chosen = {"kinds": {"reaction": {"push": False}}}
    await town["li"].put("/api/v1/me/notices/settings", json=chosen)
    id = await win(town)
    await town["wang"].put(f"/api/v1/posts/{id}/reactions/cheer")
    await run(town, SOON)
    assert hooks.got == []
    assert len(await told(town, "li")) == 1


async def test_nobody_is_told_of_what_is_old(town: Town, letters: Letters) -> None:
    """A server that was down for days does not ring for each of them."""
    await town.say("wang", "@Li Na one")
    (one,) = await rows(town, endpoint)
    own, late = town.app.state.settings, now() + timedelta(days=2)
    assert await town.app.state.db.write(deliveries.take, one.id, late, own) is None
    await run(town, LATER)
    assert letters.got == []
    assert await rows(town, delivery) == []


def signed(got: Posted, town: Town, hooks: Hooks) -> None:
    """The service can tell who sends it: RFC 8292."""
    parts = dict(
        one.strip().split("=", 1) for one in got.headers["authorization"].removeprefix("vapid ").split(",")
    )
    assert parts["k"] == public_key(town.app.state.settings)
    head, claims, mark = parts["t"].split(".")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(parts["k"]))
    raw = decoded(mark)
    made = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.verify(made, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    said = orjson.loads(decoded(claims))
    assert said["aud"] == hooks.url
    assert said["exp"] <= now().timestamp() + 24 * 3600
