"""Messages, replies, mentions and reactions: said once, heard by the squad, unheard outside."""

import pytest

from server.schema import new_id
from tests.server.conftest import Town

pytestmark = pytest.mark.anyio


async def reply(town: Town, name: str, to: str, text: str) -> dict[str, str | None]:
    """A reply under a post."""
    answer = await town[name].post(f"/api/v1/posts/{to}/replies", json={"id": new_id(), "text": text})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_message_comes_back_unchanged(town: Town) -> None:
    """Text is kept exactly as sent: spaces, lines, markup and all."""
    text = "  <b>老板</b> & co.\n\tsays: 50% 'off'  "
    said = await town.say("zhang", text)
    assert said["text"] == text
    assert (await town.journal())[-1]["data"] == {"id": said["id"], "text": text, "photos": []}
    page = (await town["li"].get(f"/squads/{town.squad}")).text
    assert "&lt;b&gt;老板&lt;/b&gt; &amp; co." in page


async def test_the_same_id_again_is_the_same_message(town: Town) -> None:
    """Whatever the payload: the first result."""
    body = {"id": new_id(), "text": "once"}
    path = f"/api/v1/squads/{town.squad}/messages"
    assert (await town["zhang"].post(path, json=body)).status_code == 201
    again = await town["zhang"].post(path, json=body | {"text": "twice"})
    assert (again.status_code, again.json()["text"]) == (200, "once")


@pytest.mark.parametrize("text", ["", "   \n", "\u200b\u2060", "x" * 8001, "nul \x00"])
async def test_words_that_cannot_be_shown_are_refused(town: Town, text: str) -> None:
    """Empty, endless or unprintable."""
    body = {"id": new_id(), "text": text}
    answer = await town["zhang"].post(f"/api/v1/squads/{town.squad}/messages", json=body)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["text"])


async def test_a_thread_is_one_level_deep(town: Town) -> None:
    """A reply to a reply hangs under it; a reply to that one beside it."""
    root = (await town.say("zhang", "Tea?"))["id"]
    first = await reply(town, "li", root, "Yes")
    second = await reply(town, "zhang", str(first["id"]), "Where")
    third = await reply(town, "li", str(second["id"]), "Here")
    assert (second["post"], second["parent"]) == (root, first["id"])
    assert (third["post"], third["parent"]) == (root, first["id"])
    tree = (await town["wang"].get(f"/api/v1/posts/{root}/replies")).json()
    assert [one["text"] for one in tree] == ["Yes"]
    assert [one["text"] for one in tree[0]["replies"]] == ["Where", "Here"]


async def test_a_mention_reaches_the_one_named(town: Town) -> None:
    """Their own stream gets an entry; the page marks the name for every reader alike."""
    said = await town.say("wang", "Well done @Li Na and @Zhang Wei")
    page = (await town["zhang"].get(f"/squads/{town.squad}")).text
    assert f'<b class="mention" data-member="{town.ids["li"]}">@Li Na</b>' in page
    assert town.ids["sun"] not in page
    assert said["id"] in page


async def test_a_name_in_another_squad_is_no_mention(town: Town) -> None:
    """Naming somebody who is not here tells them nothing."""
    await town.say("wang", "Ask @Sun Yue")
    page = (await town["wang"].get(f"/squads/{town.squad}")).text
    assert 'class="mention"' not in page


async def test_reactions_are_states_not_toggles(town: Town) -> None:
    """Saying it twice changes nothing; everybody sees who."""
    id = (await town.say("zhang", "Closed it"))["id"]
    path = f"/api/v1/posts/{id}/reactions/cheer"
    await town["li"].put(path)
    length = len(await town.journal())
    again = await town["li"].put(path)
    assert again.json()["reactions"] == {"cheer": [town.ids["li"]]}
    assert len(await town.journal()) == length
    await town["wang"].put(path)
    assert (await town["li"].delete(path)).json()["reactions"] == {"cheer": [town.ids["wang"]]}
    assert (await town["li"].put(f"/api/v1/posts/{id}/reactions/anger")).status_code == 422


async def test_only_the_author_changes_or_deletes_words(town: Town) -> None:
    """Others may see it (403), outsiders may not even that (404); the journal forgets the words."""
    id = (await town.say("zhang", "secret plan"))["id"]
    path = f"/api/v1/posts/{id}"
    assert (await town["li"].patch(path, json={"text": "no"})).status_code == 403
    assert (await town["sun"].delete(path)).status_code == 404
    assert (await town["zhang"].patch(path, json={"text": "open plan"})).json()["text"] == "open plan"
    assert (await town["zhang"].delete(path)).status_code == 204
    assert (await town["zhang"].get(f"/api/v1/posts/{id}/replies")).status_code == 404
    entries = await town.journal()
    assert "plan" not in str(entries)
    assert [entry["offset"] for entry in entries] == list(range(1, len(entries) + 1))


async def test_pages_of_the_feed_go_down_without_a_gap(town: Town) -> None:
    """Read in threes, every post comes once, newest first."""
    for number in range(8):
        await town.say("zhang", f"message {number}")
    seen, before = [], ""
    while found := (await town["li"].get(f"/api/v1/squads/{town.squad}/posts?limit=3{before}")).json():
        seen += [post["text"] for post in found if post["kind"] == "message"]
        before = f"&before={found[-1]['offset']}"
    assert seen == [f"message {number}" for number in reversed(range(8))]


async def test_forms_work_without_script(town: Town) -> None:
    """A plain POST says it and goes back; a bad one keeps what was typed."""
    path = f"/squads/{town.squad}/messages"
    sent = await town["zhang"].post(path, data={"new_id": new_id(), "text": "By hand"})
    assert (sent.status_code, sent.headers["location"]) == (303, f"/squads/{town.squad}")
    refused = await town["zhang"].post(path, data={"new_id": new_id(), "text": "bell\x07 kept"})
    assert refused.status_code == 422
    assert "kept</textarea>" in refused.text
    empty = await town["zhang"].post(
        path, data={"new_id": new_id(), "text": " "}, headers={"HX-Request": "true"}
    )
    assert empty.status_code == 422
    assert "Please write something here." in empty.text


@pytest.mark.parametrize("result", ["won", "advanced", "no_decision", "lost", "nobody"])
@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_every_outcome_can_be_shown(town: Town, result: str, lang: str) -> None:
    """Cheered by nobody yet: the page holds it, for both languages' readers, and its thread opens."""
    visit = (await town.check_in("zhang")).json()["id"]
    body = {"result": result, "closed_at": "2026-05-04T05:00:00Z"}
    assert (await town["zhang"].put(f"/api/v1/visits/{visit}/outcome", json=body)).status_code == 200
    await town.speak("li", lang)
    page = await town["li"].get(f"/squads/{town.squad}/posts/{visit}")
    assert page.status_code == 200
    assert f'id="p-{visit}"' in page.text
    assert f'lang="{lang}"' in page.text
    sheet = await town["zhang"].get(f"/visits/{visit}")
    assert sheet.status_code == 200


async def test_ones_own_words_can_be_put_right_without_script(town: Town) -> None:
    """The page marks the menu of what the reader said, and of nothing else."""
    said = await town.say("li", "Tomorrow then")
    pages = {name: (await town[name].get(f"/squads/{town.squad}")).text for name in ("li", "zhang")}
    menu = f'id="menu-{said["id"]}" data-author="{town.ids["li"]}"'
    assert f"{menu} data-my-own" in pages["li"]
    assert f"{menu}>" in pages["zhang"]
