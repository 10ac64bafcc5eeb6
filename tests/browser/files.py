"""What is done with customers' files before a picture is taken."""

from uuid import uuid4

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.showing import check_in_ready, customer

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
    if page.locator("#held form[action$='/hold'] .btn:not(.small)").count():
        page.locator("#held form[action$='/hold'] .btn").click()
    expect(page.locator("#held form[action$='/release']")).to_be_visible()
    page.locator("#held").scroll_into_view_if_needed()


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
