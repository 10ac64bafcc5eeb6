"""From a thread into the drive: an answer is kept with two taps, and leads back to where it stood."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person, axe
from tests.browser.towns import Town


@pytest.mark.usefixtures("mapless")
def test_an_answer_is_kept_from_its_thread(fair: Town, person: Callable[..., Person], north: str) -> None:
    """On a phone; the name is proposed from its words."""
    path = f"/squads/{north}/drive/folders"
    fair.call("wang-fang", "POST", path, id=str(uuid4()), name=f"Answers {uuid4()}")
    post = fair.say("zhao-lei", north, "They say we are dear")
    said = "Rental pays itself back in nine months"
    fair.call("wang-fang", "POST", f"/posts/{post}/replies", id=str(uuid4()), text=said)
    page = person(fair, "li-na", phone=True).go(f"/squads/{north}/posts/{post}")
    page.locator("#thread .reply a[href$='/keep']").click()
    expect(page.locator("#f-name")).to_have_value(said)
    assert axe(page) == []
    page.locator("main form button.primary").click()
    expect(page.locator("h1")).to_have_text(said)
    expect(page.locator("#card")).to_contain_text("An answer of Wang Fang")
    page.locator("#card a").click()
    expect(page).to_have_url(re.compile(f"/squads/{north}/posts/{post}$"))
