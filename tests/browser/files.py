"""What is done with customers' files before a picture is taken."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urljoin
from uuid import uuid4

from playwright.sync_api import APIRequestContext, FilePayload, Page, expect

from tests.browser.showing import LEAD, check_in_ready, customer, live, of_page

ROWS = (
    "名称,地址,电话,联系人,年销售额\n"
    "东河五金,东河路 8 号,025-5555 1180,罗敏,86400\n"
    "{known},,,,\n"
    "东河五金有限公司,,,,\n"
    "金帆医院,北门街 2 号,,何芸,很多\n"
    ",没有名字的路 1 号,,,\n"
    "Old Bridge Tools,4 Old Bridge Road,+86 139 0000 1234,Fang Jun,\n"
)


def named_alike(page: Page) -> None:
    """A name is being typed that is in the files already."""
    page.goto(page.url.removesuffix("/new"))
    known = page.locator(".shop-row bdi").first.inner_text()
    page.goto(f"{page.url}/new")
    page.locator("#f-name").press_sequentially(known)
    expect(page.locator("#likes .pick").first).to_be_visible()


def brought(page: Page) -> None:
    """A table has come: what are its columns?"""
    home = page.url
    page.goto(home.removesuffix("/imports"))
    known = page.locator(".shop-row bdi").first.inner_text()
    page.goto(home)
    table: FilePayload = {
        "name": "客户 2026.csv",
        "mimeType": "text/csv",
        "buffer": ROWS.format(known=known).encode("gb18030"),
    }
    page.locator("#f-file").set_input_files([table])
    page.locator("form button.primary").click()
    expect(page.locator("#c-0")).to_be_visible()


def judged(page: Page) -> None:
    """Each of its rows has a verdict."""
    brought(page)
    page.locator("form button.primary").click()
    expect(page.locator(".sums")).to_be_visible(timeout=30_000)


def under_way(page: Page) -> None:
    """Two thousand rows are being looked at; the page stays as it was then."""
    page.route(
        "**/imports/*",
        lambda route: route.abort() if "hx-request" in route.request.headers else route.continue_(),
    )
    rows = "".join(f"东河 {n} 号店\n" for n in range(2000))
    table: FilePayload = {"name": "客户 2026.csv", "mimeType": "text/csv", "buffer": f"名称\n{rows}".encode()}
    page.locator("#f-file").set_input_files([table])
    page.locator("form button.primary").click()
    expect(page.locator("#c-0")).to_be_visible()
    page.locator("form button.primary").click()
    expect(page.locator("#brought progress")).to_be_visible()


def put_in(page: Page) -> None:
    """What is new is in the files."""
    judged(page)
    page.locator(".card button.primary").click()
    expect(page.locator(".notice.ok")).to_be_visible(timeout=30_000)


def twins(page: Page) -> None:
    """The same customer once more: side by side."""
    customer(page)
    home, id = page.url.partition("/customers/")[0], page.url.partition("/customers/")[2].partition("?")[0]
    squad = page.locator("a[href^='/squads/'][href$='/customers']").first.get_attribute("href")
    name = page.locator("h1 bdi").inner_text()
    made = page.context.request.post(
        f"{home}/api/v1{squad}", data={"id": str(uuid4()), "name": f"{name}有限公司"}
    )
    assert made.ok, made.text()
    page.goto(f"{home}/customers/{id}/merge/{made.json()['id']}")


def held(page: Page) -> None:
    """Somebody says that they work on it."""
    customer(page)
    with lead(page) as asks:
        asks.delete(f"/api/v1/customers/{page.url.partition('/customers/')[2].partition('?')[0]}/hold")
    page.reload()
    if page.locator("#held form[action$='/hold'] .btn:not(.small)").count():
        page.locator("#held form[action$='/hold'] .btn").click()
    expect(page.locator("#held form[action$='/release']")).to_be_visible()
    page.locator("#held").scroll_into_view_if_needed()


def unknown(page: Page) -> None:
    """A file nobody has told anything for: what is missing is said."""
    page.locator(".shop-row:has-text('0')").first.click()
    live(page)
    page.locator(".gaps").scroll_into_view_if_needed()


def asked(page: Page) -> None:
    """Where help with the customer is asked for."""
    customer(page)
    page.locator("#help").evaluate("(one) => one.scrollIntoView()")


@contextmanager
def lead(page: Page) -> Iterator[APIRequestContext]:
    """The squad's lead asks the server for something meanwhile."""
    assert page.context.browser
    other = page.context.browser.new_context(base_url=page.url)
    other.request.post("/demo/signin", form={"handle": of_page(page, LEAD)})
    yield other.request
    other.close()


def held_by(page: Page) -> None:
    """The lead works on it: so it stands in the list, and above the file."""
    hold = f"/api/v1{page.locator('.shop-row').first.get_attribute('href')}/hold"
    page.context.request.delete(urljoin(page.url, hold))
    with lead(page) as asks:
        kept = asks.put(hold)
        assert kept.ok, kept.text()
    page.reload()
    expect(page.locator(".holder")).to_be_visible()


def told_of(page: Page) -> None:
    """What the second one is told."""
    held_by(page)
    page.locator(".shop-row").first.click()
    live(page)
    expect(page.locator("#held")).to_be_visible()


def at_known(page: Page) -> None:
    """A new customer's name that is in the files already."""
    check_in_ready(page)
    known = page.locator("#nearby .pick bdi").last.inner_text()
    page.locator("#new summary").click()
    page.locator("#new [name=customer]").press_sequentially(known)
    expect(page.locator("#likes .pick").first).to_be_visible()
    page.wait_for_load_state("networkidle")  # each letter asks anew
    page.locator("#noting").evaluate("(one) => one.scrollIntoView({ block: 'center' })")


def of_another(page: Page) -> None:
    """What somebody else of the squad has in hand."""
    home, _, rest = page.url.partition("/squads/")
    squad, me = rest.partition("/")[0], page.locator("body").get_attribute("data-me")
    page.goto(f"{home}/squads/{squad}/people")
    others = page.locator(f".people a[href*='/members/'][href$='/customers']:not([href*='{me}'])")
    for way in [one.get_attribute("href") or "" for one in others.all()]:
        page.goto(f"{home}{way.removesuffix('customers')}handover")
        if page.locator("#t-all-customer").count():
            break
    page.locator("#h-customer ~ details summary").click()
