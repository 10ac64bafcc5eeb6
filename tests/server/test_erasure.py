"""Erased: no word and no name of theirs is left anywhere; what others said, customers and counts are."""

import orjson
import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import Connection, String, cast, func, or_, select

from server import asyncapi, journal
from server.access import COOKIE
from server.jobs import task
from server.members import actions as members
from server.own import erase
from server.own.redaction import WORDLESS, WORDS
from server.photos.sweeping import sweep
from server.schema import metadata, new_id
from server.squads import actions as squads
from tests.server.conftest import PEOPLE, Town, client
from tests.server.doors import invited
from tests.server.pictures import bring, photo, shown_by
from tests.server.test_live import closed, listen, until
from tests.server.test_sight import day_path

pytestmark = pytest.mark.anyio

SAID = ("Zanzibar", "Quokka", "Wombat", "Narwhal", "Okapi", "Axolotl", "Pangolin", "Tapir", "Kestrel")
"""Words of Zhang Wei's, each said in another way and by nobody else."""
NAMES = ("Zhang Wei", "zhang-wei", "zhang@qinghe.example")
PASSWORD = "correct horse battery"


async def life(town: Town) -> dict[str, str]:
    """Zhang Wei says something in every way there is, and others answer; the ids of it."""
    zhang, li = town["zhang"], town["li"]
    await shown_by(town, "zhang")
    visit = (await town.check_in("zhang", note="Zanzibar")).json()["id"]
    await zhang.patch(f"/api/v1/visits/{visit}", json={"note": "Quokka"})
    won = {"result": "won", "amount": "86400", "note": "Wombat", "next_step": "Narwhal"}
    await zhang.put(f"/api/v1/visits/{visit}/outcome", json=won | {"closed_at": "2026-05-04T05:00:00Z"})
    said = await town.say("zhang", "Okapi")
    await zhang.patch(f"/api/v1/posts/{said['id']}", json={"text": "Axolotl"})
    answer = {"id": new_id(), "text": "Well done, @Zhang Wei, says the squad"}
    await li.post(f"/api/v1/posts/{visit}/replies", json=answer)
    mine = {"id": new_id(), "text": "Pangolin"}
    await zhang.post(f"/api/v1/posts/{answer['id']}/replies", json=mine)
    await zhang.put(f"/api/v1/posts/{visit}/reactions/cheer")
    await li.put(f"/api/v1/posts/{visit}/reactions/cheer")
    await town.app.state.db.write(squads.make_lead, town.ids["wang"], town.squad, town.ids["zhang"], True)
    news = {"id": new_id(), "title": "Tapir", "text": "Kestrel"}
    await zhang.post(f"/api/v1/squads/{town.squad}/announcements", json=news)
    await zhang.patch(f"/api/v1/announcements/{news['id']}", json={"title": "Tapir", "text": "Kestrel!"})
    await li.get(day_path(town, "zhang"))
    await zhang.get(day_path(town, "li"))
    return {"visit": visit, "said": said["id"], "answer": answer["id"], "news": news["id"]}


def everywhere(c: Connection, word: str) -> list[str]:
    """The tables in which a word stands, in whatever column."""
    found = []
    for table in metadata.sorted_tables:
        here = [cast(column, String).ilike(f"%{word}%") for column in table.c]
        if c.scalar(select(func.count()).select_from(table).where(or_(*here))):
            found.append(table.name)
    return found


async def erased(town: Town, who: str = "zhang", by: str = "wang") -> None:
    """An admin erases somebody; what was on its way is looked for again."""
    db = town.app.state.db
    await db.write(erase.erase, town.ids[by], town.ids[who])
    await db.write(erase.again, {"member": town.ids[who]})


def test_every_kind_of_entry_has_words_or_none() -> None:
    """Whoever makes a new kind says which of its fields are somebody's words."""
    assert set(WORDS) & WORDLESS == set()
    assert set(WORDS) | WORDLESS == set(asyncapi.ABOUT)


async def test_no_word_and_no_name_is_left(town: Town) -> None:
    """In every table, the journal by API, a fresh page in both languages, and what is shown of the past."""
    ids = await life(town)
    db = town.app.state.db
    for word in (*SAID, *NAMES):
        assert await db.read(everywhere, word), word
    before = await town.journal()
    await erased(town)
    for word in (*SAID, *NAMES):
        assert await db.read(everywhere, word) == [], word
    after = await town.journal()
    assert [one["offset"] for one in after] == list(range(1, len(after) + 1))
    assert [one["kind"] for one in after[: len(before)]] == [one["kind"] for one in before]
    paths = [f"/squads/{town.squad}", f"/squads/{town.squad}/posts/{ids['visit']}", "/me/looks", "/hall"]
    paths += [f"/squads/{town.squad}/announcements", f"/announcements/{ids['news']}"]
    paths += [f"/posts/{ids[one]}/revisions" for one in ("visit", "said", "answer")]
    paths += [day_path(town, "zhang"), f"/squads/{town.squad}/audit", f"/api/v1/squads/{town.squad}/map"]
    for lang, former in (("en", "Former member"), ("zh", "已离开的成员")):
        await town.speak("li", lang)
        shown = [(await town["li"].get(path)).text for path in paths]
        told = "".join(shown) + str(after) + str((await town["li"].get("/api/v1/hall")).json())
        assert [word for word in (*SAID, *NAMES, "\x1a", "\\u001a") if word in told] == []
        assert former in shown[0]
        assert former in shown[2]
        assert former in shown[-1]


async def test_what_others_said_and_what_was_done_stays(town: Town) -> None:
    """Their words, but for the @ with the name; the visit with customer, day, result, amount; who cheered."""
    ids = await life(town)
    await erased(town)
    visit = (await town["li"].get(f"/api/v1/visits/{ids['visit']}")).json()
    assert (visit["customer"], visit["local_date"]) == (town.customers["hengtai"], "2026-05-04")
    assert (visit["outcome"]["result"], visit["outcome"]["amount"]) == ("won", "86400")
    assert (visit["note"], visit["position"], visit["photos"]) == ("", None, [])
    replies = (await town["li"].get(f"/api/v1/posts/{ids['visit']}/replies")).json()
    assert replies[0]["text"] == "Well done, @Former member, says the squad"
    assert [one["text"] for one in replies[0]["replies"]] == [""]
    page = (await town["li"].get(f"/squads/{town.squad}/posts/{ids['visit']}")).text
    assert "What was said here is gone." in page
    posts = (await town["li"].get(f"/api/v1/squads/{town.squad}/posts")).json()
    (one,) = [post for post in posts if post["id"] == ids["visit"]]
    assert one["reactions"]["cheer"] == [town.ids["zhang"], town.ids["li"]]
    entry = next(one for one in await town.journal() if one["kind"] == "outcome")
    assert entry["data"]["outcome"]["amount"] == "86400"
    customers = (await town["li"].get(f"/api/v1/squads/{town.squad}/customers")).json()
    assert {one["name"] for one in customers} == {"Hengtai Hardware", "Lotus Pharmacies"}


async def test_every_way_in_is_shut(town: Town, address: str) -> None:
    """Sockets close at once; the token, the password and the name they signed in with lead nowhere."""
    async with listen(address, town, "zhang", f"me,{town.squad}") as ws:
        await ws.recv()
        await erased(town)
        assert await closed(ws) == 1008
    assert (await town["zhang"].get("/api/v1/me")).status_code == 401
    again = await town.app.state.db.write(
        lambda c: members.add_member(c, name="Zhang Wei", login="zhang@qinghe.example")
    )
    assert again != town.ids["zhang"]


async def test_whoever_listens_is_told_and_no_memory_is_left(town: Town, address: str) -> None:
    """An entry on the squad's stream; who comes back with an old cursor hears the entries as they are now."""
    entries = await town.journal()
    async with listen(address, town, "li", town.squad) as ws:
        assert orjson.loads(await ws.recv())["kind"] == "ready"
        ids = await life(town)  # what is heard now is in the hub's memory
        await until(ws, len(await town.journal()))
        await erased(town)
        heard = await until(ws, len(await town.journal()))
        assert ("erased", town.ids["zhang"]) in [(one["kind"], one["data"].get("id")) for one in heard]
    for how in ("data", "html"):
        cursor = f"{town.squad}@{entries[0]['epoch']}.0"
        async with listen(address, town, "li", cursor, how) as ws:
            frames = await until(ws, len(await town.journal()))
        assert [word for word in (*SAID, *NAMES) if word in str(frames)] == []
        assert ids["visit"] in str(frames)


async def test_what_was_on_its_way_goes_as_well(town: Town) -> None:
    """A write that had been let in before and is committed after; a job looks for it."""
    db = town.app.state.db
    await db.write(erase.erase, town.ids["wang"], town.ids["zhang"])
    planned = select(func.count()).select_from(task).where(task.c.key == f"erased:{town.ids['zhang']}")
    assert await db.read(lambda c: c.scalar(planned)) == 1
    late = {"id": new_id(), "text": "Zanzibar"}
    data = await db.read(journal.head, town.squad)
    await db.write(
        lambda c: journal.append(c, town.squad, "message", late, actor=town.ids["zhang"], subject=late["id"])
    )
    await db.write(erase.again, {"member": town.ids["zhang"]})
    assert "Zanzibar" not in str(await town.journal())
    kinds = [one["kind"] for one in await town.journal() if one["offset"] > data.offset]
    assert kinds == ["message", "erased"]
    await db.write(erase.again, {"member": town.ids["zhang"]})
    assert len(await town.journal()) == data.offset + 2


async def test_photos_leave_the_disk(town: Town) -> None:
    """At once nobody is shown them; what somebody else has brought as well stays."""
    shared, own = photo(300, 200), photo(200, 300)
    for who, content in (("zhang", shared), ("zhang", own), ("li", shared)):
        id = new_id()
        await bring(town, who, content, id)
        await town.check_in(who, photos=[id])
    state = town.app.state
    names = set(await state.store.older(erase.now() + erase.SOON))
    await erased(town)
    await sweep(state.db, state.store)
    gone = await state.db.read(_unknown, names)
    assert len(gone) == 2
    assert len(names) == 4


def _unknown(c: Connection, names: set[str]) -> list[str]:
    files = metadata.tables["file"].c.hash
    known = set(c.scalars(select(files)))
    return [name for name in names if name.removesuffix(".small") not in known]


async def browser(town: Town, name: str) -> AsyncClient:
    """Somebody's browser, signed in, with a password that is known."""
    db, id = town.app.state.db, town.ids[name]
    opened = await db.write(members.open_session, id, "test", 60)
    await db.write(members.change_password, id, members.hashed(PASSWORD), opened.id)
    return client(town.app, {"Cookie": f"{COOKIE}={opened.token}"})


async def test_one_erases_oneself_with_the_password(town: Town) -> None:
    """A wrong one does nothing; a token may not; afterwards one is out, and is told so."""
    async with await browser(town, "zhang") as zhang:
        page = (await zhang.get("/me/data")).text
        assert 'type="password"' in page
        refused = await zhang.post("/me/erase", data={"confirm": "not this one"})
        assert refused.status_code == 422
        assert "This is not your password now." in refused.text
        assert (await town["zhang"].post("/me/erase", data={"confirm": PASSWORD})).status_code == 403
        assert (await town["zhang"].get("/api/v1/me")).json()["name"] == "Zhang Wei"
        done = await zhang.post("/me/erase", data={"confirm": PASSWORD})
        assert (done.status_code, "Your account is erased" in done.text) == (200, True)
        assert (await zhang.get("/me")).headers["location"].startswith("/signin")
    assert await town.app.state.db.read(everywhere, "Zhang Wei") == []


async def test_a_last_lead_and_a_last_admin_are_told_what_to_do(town: Town) -> None:
    """Neither is erased, by themselves or by others; alone in a squad one needs no other lead."""
    db = town.app.state.db
    async with await browser(town, "wang") as wang:
        page = (await wang.get("/me/data")).text
        assert "North Bank would be without a lead" in page
        assert "This is the company’s last admin" in page
        assert (await wang.post("/me/erase", data={"confirm": PASSWORD})).status_code == 409
        await db.write(squads.make_lead, town.ids["wang"], town.squad, town.ids["li"], True)
        refused = await wang.post("/me/erase", data={"confirm": PASSWORD})
        assert refused.status_code == 409
        assert await db.read(everywhere, "Wang Fang")
        assert (await wang.get(f"/members/{town.ids['sun']}/erase")).status_code == 200
        done = await wang.post(f"/members/{town.ids['sun']}/erase")
        assert done.headers["location"] == "/squads"
        assert (await wang.get(f"/members/{town.ids['sun']}/erase")).status_code == 404
    assert await db.read(everywhere, PEOPLE["sun"]) == []


async def test_an_admin_erases_a_closed_account(town: Town) -> None:
    """Listed for admins alone; erased twice it is erased once."""
    db = town.app.state.db
    await life(town)
    await db.write(squads.deactivate, town.ids["wang"], town.ids["zhang"])
    async with await browser(town, "wang") as wang:
        assert "Zhang Wei" in (await wang.get("/members/closed")).text
        await wang.post(f"/members/{town.ids['zhang']}/erase")
        assert "Zhang Wei" not in (await wang.get("/members/closed")).text
    head = await db.read(journal.head, town.squad)
    await erased(town)
    assert await db.read(journal.head, town.squad) == head
    assert await db.read(everywhere, "Zhang Wei") == []
    assert (await town["li"].get("/members/closed")).status_code == 403


async def test_an_invitation_of_theirs_is_over(town: Town, app: FastAPI) -> None:
    """It would name them."""
    await town.app.state.db.write(squads.make_lead, town.ids["wang"], town.squad, town.ids["zhang"], True)
    path, _ = await invited(town, "zhang")
    await erased(town)
    async with client(app) as visitor:
        answer = await visitor.get(path)
    assert answer.status_code == 404
    assert "Zhang Wei" not in answer.text
