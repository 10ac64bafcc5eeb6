"""A server of map tiles on this machine: it paints where a place is, and remembers what it was asked for."""

import io
import json
import math
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image, ImageDraw

SIZE = 256
DOT = (230, 0, 230)
"""The colour of a painted place; nothing else on a page has it."""
PAPER = (196, 214, 170)
CREDIT = 'Map data © <a href="https://data.example/">Open Streets</a><script>alert(1)</script>'


def pixel(lat: float, lon: float, zoom: int) -> tuple[float, float]:
    """Where a place is on a map of the world in tiles of that zoom, in pixels from its upper left corner."""
    whole = SIZE * 2**zoom
    north = math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / math.pi
    return (lon + 180) / 360 * whole, (1 - north) / 2 * whole


def painted(zoom: int, x: int, y: int, places: list[tuple[float, float]]) -> bytes:
    """A tile as PNG: paper, its edge, and a dot three pixels in radius on each place."""
    image = Image.new("RGB", (SIZE, SIZE), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, SIZE, SIZE), outline=(150, 170, 130))
    for place in places:
        across, down = pixel(*place, zoom)
        # A pixel's middle is half a pixel from its corner.
        left, top = across - x * SIZE - 0.5, down - y * SIZE - 0.5
        draw.ellipse((left - 3, top - 3, left + 3, top + 3), fill=DOT)
    made = io.BytesIO()
    image.save(made, "PNG")
    return made.getvalue()


class Tiles:
    """`with Tiles() as tiles`: `url` is a template; `places` are painted; `asked` are the paths asked for;
    while `broken`, it answers 503.
    """

    def __init__(self) -> None:
        self.places: list[tuple[float, float]] = []
        self.asked: list[str] = []
        self.broken = False
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    @property
    def home(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def url(self) -> str:
        """Its tiles."""
        return f"{self.home}/{{z}}/{{x}}/{{y}}.png"

    def __enter__(self) -> "Tiles":
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def style(self) -> dict[str, Any]:
        """Somebody else's: turned, tilted, its addresses relative to its own, with a word about itself."""
        source = {
            "type": "raster",
            "tiles": ["./{z}/{x}/{y}.png"],
            "tileSize": 256,
            "maxzoom": 18,
            "attribution": CREDIT,
        }
        layer = {"id": "theirs", "type": "raster", "source": "theirs"}
        return {
            "version": 8,
            "pitch": 50,
            "bearing": 90,
            "center": [100, 30],
            "zoom": 4,
            "sources": {"theirs": source},
            "layers": [layer],
        }

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Status, type and body."""
        self.asked.append(path)
        if self.broken:
            return 503, "text/plain", b""
        if path == "/bad.json":
            return (
                200,
                "application/json",
                b'{"version": 8, "sources": {}, "layers": [{"id": "a", "type": "b"}]}',
            )
        if path == "/style.json":
            return 200, "application/json", json.dumps(self.style()).encode()
        if found := re.fullmatch(r"/(\d+)/(\d+)/(\d+)\.png", path):
            zoom, x, y = map(int, found.groups())
            return 200, "image/png", painted(zoom, x, y, self.places)
        return 404, "text/plain", b""

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        answer = self.answer

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, kind, body = answer(self.path)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Access-Control-Allow-Origin", "*")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet."""

        return Handler
