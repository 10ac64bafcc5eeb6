"""Photos at the door and in the feed: chosen, left out again, seen by the others."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.browser.people import Person
from tests.browser.screens import AT
from tests.browser.showing import check_in_ready, live, shop_front
from tests.browser.towns import Town

SHRUNK = """async ([address, width, height]) => {
    const { shrink } = await import(address);
    const canvas = new OffscreenCanvas(width, height);
    const paper = canvas.getContext('2d');
    const noise = new ImageData(width, height);
    const step = 65536;
    for (let i = 0; i < noise.data.length; i += step)
        crypto.getRandomValues(noise.data.subarray(i, i + step));
    paper.putImageData(noise, 0, 0);
    const file = new File([await canvas.convertToBlob({ type: 'image/png' })], 'wide.png');
    const small = await shrink(file);
    const image = await createImageBitmap(small);
    const odd = new File(['no photo'], 'odd.heic');
    return [small.type, image.width, image.height, small.size < file.size, await shrink(odd) === odd];
}"""


@pytest.fixture
def north(fair: Town) -> str:
    """Li Na's squad."""
    return str(fair.members["li-na"]["squads"][0])


def named(*names: str) -> list[FilePayload]:
    """Photos as the phone's gallery hands them over."""
    return [
        {"name": name, "mimeType": "image/jpeg", "buffer": shop_front() + name.encode()} for name in names
    ]


def chips(page: Page) -> list[str]:
    """What is chosen, by name."""
    return page.locator("[data-picked] button .cut").all_text_contents()


@pytest.mark.usefixtures("mapless")
def test_photos_of_a_message_reach_the_others(fair: Town, person: Callable[..., Person], north: str) -> None:
    """Chosen, one left out again with the keyboard, sent; the field is empty then, and the next has none."""
    li, zhao = person(fair, "li-na"), person(fair, "zhao-lei", phone=True)
    for one in (li, zhao):
        live(one.go(f"/squads/{north}"))
    page = li.page
    field = page.locator("#f-say [name=photo]")
    field.set_input_files(named("door.jpg", "blurred.jpg", "shelf.jpg"))
    assert chips(page) == ["door.jpg", "blurred.jpg", "shelf.jpg"]
    page.get_by_role("button", name=re.compile("blurred.jpg")).press("Enter")
    assert chips(page) == ["door.jpg", "shelf.jpg"]
    page.locator("#say").fill("New front")
    page.locator("#f-say [type=submit]").click()
    card = zhao.page.locator("#feed > article", has_text="New front")
    expect(card.locator(".photo")).to_have_count(2)
    expect(card.locator(".photo").first).to_have_attribute("alt", "Photo by Li Na")
    assert (
        card.locator(".photo").first.evaluate(
            "async (image) => { await image.decode(); return image.naturalWidth; }"
        )
        == 640
    )
    expect(page.locator("#say")).to_have_value("")
    assert chips(page) == []
    page.locator("#say").fill("And nothing else")
    page.keyboard.press("Enter")
    expect(zhao.page.locator("#feed > article", has_text="And nothing else")).to_be_visible()
    expect(zhao.page.locator("#feed > article", has_text="And nothing else").locator(".photo")).to_have_count(
        0
    )


@pytest.mark.usefixtures("mapless")
def test_a_refused_photo_is_explained_and_left_out(
    fair: Town, person: Callable[..., Person], north: str
) -> None:
    """The words and the good one go out; what was no photo says so, and is waited for no longer."""
    page = person(fair, "li-na").go(f"/squads/{north}")
    live(page)
    odd: FilePayload = {"name": "odd.jpg", "mimeType": "image/jpeg", "buffer": b"no photo"}
    page.locator("#f-say [name=photo]").set_input_files([*named("door.jpg"), odd])
    page.locator("#say").fill("With a mistake in it")
    page.locator("#f-say [type=submit]").click()
    card = page.locator("#feed > article", has_text="With a mistake in it")
    expect(card.locator(".photo")).to_have_count(1)
    expect(card.locator(".fate .fail")).to_contain_text("JPEG, PNG, WebP and HEIC work")
    expect(card).to_contain_text("1 photo on the way")
    card.locator(".fate [data-do=drop]:visible").click()
    expect(card).not_to_contain_text("on the way")
    expect(card.locator(".fate")).to_have_count(0)
    expect(page.locator("#unsent")).to_be_hidden()


def test_a_photo_goes_with_the_check_in(fair: Town, person: Callable[..., Person], north: str) -> None:
    """At the door: the button beside Note, two shots one after the other, one press."""
    page = person(fair, "li-na", phone=True, at=AT["en"]).go(f"/squads/{north}/checkin")
    check_in_ready(page)
    with page.expect_file_chooser() as chooser:
        page.get_by_text("Photo", exact=True).click()
    chooser.value.set_files(named("door.jpg"))
    with page.expect_file_chooser() as chooser:
        page.get_by_text("Photo", exact=True).click()
    chooser.value.set_files(named("shelf.jpg"))
    expect(page.locator("[data-picked] button")).to_have_count(2)
    page.locator("#f-checkin button[type=submit]").click()
    expect(page.locator("#visit")).to_be_visible()
    expect(page.locator("#visit .photo")).to_have_count(2)
    expect(page.locator("#sending progress")).to_be_hidden()
    visit = page.url.rpartition("/")[2]
    page.goto(f"{fair.url}/squads/{north}")
    expect(page.locator(f"#p-{visit} .photo")).to_have_count(2)


@pytest.mark.usefixtures("mapless")
def test_words_do_not_wait_for_a_photo(fair: Town, person: Callable[..., Person], north: str) -> None:
    """On a slow line it says how far it is, what is said meanwhile goes first, and one can do without it."""
    li, zhao = person(fair, "li-na"), person(fair, "zhao-lei", phone=True)
    for one in (li, zhao):
        live(one.go(f"/squads/{north}"))
    page = li.page
    slow: list[Route] = []
    page.route("**/api/v1/photos", lambda route: slow.append(route))
    for words, name in (("A long way off", "far.jpg"), ("Not worth it", "blurred.jpg")):
        page.locator("#f-say [name=photo]").set_input_files(named(name))
        page.locator("#say").fill(words)
        page.keyboard.press("Enter")
    cards = {
        words: page.locator("#feed > article", has_text=words) for words in ("A long way off", "Not worth it")
    }
    expect(cards["A long way off"].locator(".fate progress:visible")).to_be_visible()
    expect(cards["A long way off"].locator(".fate img:visible")).to_be_visible()
    page.locator("#say").fill("Meanwhile at the bridge")
    page.keyboard.press("Enter")
    seen = zhao.page.locator("#feed > article")
    expect(seen.filter(has_text="Meanwhile at the bridge")).to_be_visible()
    expect(seen.filter(has_text="Not worth it")).to_contain_text("1 photo on the way")
    cards["Not worth it"].locator("[data-leave]:visible").click()
    slow.pop(0).continue_()
    expect(seen.filter(has_text="A long way off").locator(".photo")).to_have_count(1)
    expect(seen.filter(has_text="Not worth it")).not_to_contain_text("on the way")
    expect(page.locator(".fate")).to_have_count(0)
    expect(seen.filter(has_text="Not worth it").locator(".photo")).to_have_count(0)


@pytest.mark.usefixtures("mapless")
def test_a_photo_on_its_way_can_be_stopped(fair: Town, person: Callable[..., Person], north: str) -> None:
    """It says so whatever else comes in, and nobody waits for the line to give it up."""
    page = person(fair, "li-na").go(f"/squads/{north}")
    live(page)
    page.route("**/api/v1/photos", lambda route: None)
    page.locator("#f-say [name=photo]").set_input_files(named("never.jpg"))
    page.locator("#say").fill("Changed my mind")
    page.keyboard.press("Enter")
    card = page.locator("#feed > article", has_text="Changed my mind")
    expect(card.locator(".fate progress:visible")).to_be_visible()
    fair.call("zhao-lei", "POST", f"/squads/{north}/messages", id=str(uuid4()), text="Rain at the bridge")
    expect(page.locator("#feed > article", has_text="Rain at the bridge")).to_be_visible()
    expect(card.locator(".fate progress")).to_be_visible()
    card.locator("[data-leave]:visible").click()
    expect(card.locator(".fate")).to_have_count(0)
    expect(card).not_to_contain_text("on the way")


@pytest.mark.usefixtures("mapless")
def test_a_phone_makes_photos_small(fair: Town, person: Callable[..., Person], north: str) -> None:
    """2048 pixels as JPEG; what it cannot read goes as it is."""
    page = person(fair, "li-na").go(f"/squads/{north}")
    live(page)
    boot = page.locator("script[src*='boot.js']").get_attribute("src") or ""
    made = page.evaluate(SHRUNK, [boot.replace("boot.js", "photo.js"), 3000, 1500])
    assert made == ["image/jpeg", 2048, 1024, True, True]
