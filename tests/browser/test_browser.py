"""The browser itself: if it could not see, nothing it looked at would be tested."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser

from tests.browser.people import Person, arrive, axe

PAGE = """<!doctype html><html lang="en"><title>A page</title><main><h1>Hello</h1>
<canvas width="10" height="10" aria-label="nothing"></canvas>%s</main>"""


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Person]:
    """Somebody on a page with a strict CSP; `/bad` is the same with faults."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = PAGE % ('<img src="/x.png"><script>alert(1)</script>' if self.path == "/bad" else "")
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", "default-src 'self'; script-src 'self'")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        home = f"http://127.0.0.1:{server.server_port}"
        person = arrive(browser, home, "visitor", phone=True, locale="zh", at=(31.2, 121.5))
        yield person
        person.context.close()
        server.shutdown()


def test_axe_looks_through_a_strict_policy(visitor: Person) -> None:
    """It finds a fault where there is one, and none where there is none."""
    assert axe(visitor.go("/")) == []
    assert any(line.startswith("image-alt") for line in axe(visitor.go("/bad")))


def test_what_a_page_may_not_do_is_noticed(visitor: Person) -> None:
    """An inline script, an uncaught error, a request to somebody else."""
    page = visitor.go("/")
    assert visitor.wrong == []
    visitor.go("/bad")
    assert any("Content Security Policy" in line for line in visitor.wrong)
    page.evaluate("() => { setTimeout(() => { throw new Error('oh'); }) }")
    page.evaluate("() => new Promise(done => setTimeout(done))")
    assert any(line.startswith("uncaught") for line in visitor.wrong)


def test_it_draws_maps(visitor: Person) -> None:
    """WebGL works without a graphics card."""
    page = visitor.go("/")
    assert page.evaluate("() => document.querySelector('canvas').getContext('webgl2') !== null")


def test_a_phone_is_a_phone(visitor: Person) -> None:
    """It has a finger, a language, a zone and a place."""
    page = visitor.go("/")
    assert page.evaluate("() => matchMedia('(pointer: coarse)').matches")
    assert page.evaluate("() => navigator.language") == "zh-CN"
    assert page.evaluate("() => Intl.DateTimeFormat().resolvedOptions().timeZone") == "Asia/Shanghai"
    where = "() => new Promise(d => navigator.geolocation.getCurrentPosition(p => d(p.coords.latitude)))"
    assert page.evaluate(where) == 31.2
