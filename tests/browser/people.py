"""Somebody with a browser: their own context, signed in, their mistakes noticed."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, WebError

PASSWORD = "correct horse battery"
"""Everybody's, in the tests."""
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
AT_REST = """async () => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const ends = (one) => one.effect.getComputedTiming().endTime < Infinity;
    await Promise.allSettled(document.getAnimations().filter(ends).map((one) => one.finished));
}"""
"""When what has been changed is drawn, and what moved because of it stands."""
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass
class Person:
    """A person at a browser. `wrong`: what no page may do (throw, break the CSP, ask a stranger)."""

    handle: str
    context: BrowserContext
    page: Page
    home: str
    wrong: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Notices what goes wrong from now on, in every tab."""
        self.context.on("weberror", self._uncaught)
        self.context.on("console", self._console)
        self.context.on("request", self._request)

    def _uncaught(self, error: WebError) -> None:
        self.wrong.append(f"uncaught: {error.error.stack or error.error}")

    def _console(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            self.wrong.append(message.text)

    def _request(self, request: Request) -> None:
        local = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "about:", "chrome")
        if not request.url.startswith(local):
            self.wrong.append(f"asked a stranger: {request.url}")

    def sign_in(self, password: str = PASSWORD) -> None:
        """Through the form, as everybody does; returns on the page that follows."""
        self.page.goto(f"{self.home}/signin")
        self.page.locator("input[autocomplete~=username]").fill(self.handle)
        self.page.locator("input[autocomplete~=current-password]").fill(password)
        with self.page.expect_navigation(url=lambda url: "/signin" not in url):
            self.page.locator("input[autocomplete~=current-password]").press("Enter")

    def let_in(self) -> None:
        """Signed in without a page: the one that follows the form has a map, which takes seconds to draw."""
        form = {"login": self.handle, "password": PASSWORD}
        answer = self.context.request.post(f"{self.home}/signin", form=form, max_redirects=0)
        assert answer.status == 303, answer.text()

    def go(self, path: str) -> Page:
        """Opens a page of the server by its path."""
        self.page.goto(f"{self.home}{path}")
        return self.page


def arrive(
    browser: Browser,
    home: str,
    handle: str,
    *,
    locale: str = "en",
    phone: bool = False,
    scheme: str = "light",
    at: tuple[float, float] | None = None,
    keeps: bool = False,
    **options: Any,
) -> Person:
    """Somebody opens a browser; not yet signed in. `at` is latitude and longitude, where they may be seen;
    `keeps`: with the service worker, which makes a browser keep pages for bad signal.
    """
    shape = shaped(locale, phone, scheme, at, keeps) | options
    return seen(browser.new_context(**shape), home, handle)


def shaped(
    locale: str, phone: bool, scheme: str, at: tuple[float, float] | None, keeps: bool
) -> dict[str, Any]:
    """A browser's settings for a person."""
    shape = {**(PHONE if phone else DESK), "locale": LOCALES[locale], "color_scheme": scheme}
    shape |= {"timezone_id": "Asia/Shanghai", "service_workers": "allow" if keeps else "block"}
    if at is not None:
        where = {"latitude": at[0], "longitude": at[1], "accuracy": 8}
        shape |= {"geolocation": where, "permissions": ["geolocation"]}
    return shape


def seen(context: BrowserContext, home: str, handle: str) -> Person:
    """Somebody with this browser, from now on watched."""
    context.set_default_timeout(15_000)
    person = Person(handle, context, context.new_page(), home)
    person.watch()
    return person


def axe(page: Page, within: str | None = None) -> list[str]:
    """What axe finds wrong on the page (or within one element), a line each; empty is good.

    It goes in through the debugger, which the page's CSP does not stop, and looks when what fades in is in:
    half seen, everything lacks contrast.
    """
    page.evaluate(AT_REST)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(
        "([where, tags]) => axe.run(where || document, {runOnly: tags, resultTypes: ['violations']})",
        [within, AXE_TAGS],
    )
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: {node['target']} {node['html'][:160]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
