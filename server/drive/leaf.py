"""Draws pages of a document that anybody may have sent. A program of its own.

Run by `leaves.py` in a process that may be ended and has little memory: whatever a hostile file does to a
decoder happens here. Draws pages of the file into the folder given, `1.webp` and so on, and prints how many
pages there are; or why none: `locked`, `pixels`, `broken`. Of an Office file it is the picture of the first
page that the file itself brings, or nothing. Asked where the signs of pages stand, it writes
`1.json` and so on instead: `{"size": [width, height], "text", "boxes": [left, top, width, height of each
sign]}`, in pixels of the picture. It imports nothing of ours.
"""

import ctypes
import json
import re
import resource
import sys
import warnings
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
from pi_heif import register_heif_opener
from PIL import Image, ImageOps
from pypdfium2 import raw

LONG = 1600
"""Pixels of a page's long side."""
PIXELS = 80_000_000
MEMORY = 2 << 30
SECONDS = 20
COVER = re.compile(r"docProps/thumbnail\.(jpe?g|png)", re.IGNORECASE)
"""The part of an Office file that shows its first page, as the programs which write them call it."""
COVER_MOST = 4_000_000
"""Bytes of such a picture; a larger one is none."""
SIGNS = 20_000
"""Signs of a page whose places are asked for; the others are marked nowhere."""
PASSWORD = 4
"""What pdfium calls a document that asks for one."""


class Refused(Exception):
    """Nothing to be seen in it."""


def main(source: str, folder: str, what: str, first: str, last: str) -> int:
    """The program; `what`: pdf, picture, office, or signs (of a PDF); `first` to `last` are pages, from 1."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        if what == "picture":
            pages = of_picture(source, folder)
        elif what == "office":
            pages = of_office(source, folder)
        else:
            each = signs if what == "signs" else draw
            pages = of_pdf(source, Path(folder), int(first), int(last), each)
    except Refused as refused:
        print(refused)
        return 1
    except MemoryError:
        raise
    except Exception:  # decoders fail in every way there is
        print("broken")
        return 1
    print(pages)
    return 0


def of_pdf(source: str, folder: Path, first: int, last: int, each: Callable[[Any, Path], None]) -> int:
    """Does that with pages of a PDF; how many it has."""
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as wrong:
        raise Refused("locked" if wrong.err_code == PASSWORD else "broken") from None
    for n in range(first, min(last, len(document)) + 1):
        page = document[n - 1]
        if min(page.get_size()) <= 0:
            raise Refused("broken")
        each(page, folder / str(n))
    return len(document)


def draw(page: Any, to: Path) -> None:
    """Its picture."""
    keep(page.render(scale=LONG / max(page.get_size())).to_pil(), to.with_suffix(".webp"))


def signs(page: Any, to: Path) -> None:
    """Its signs, and where on the picture each of them stands; nowhere: no width."""
    width, height = (round(one * LONG / max(page.get_size())) for one in page.get_size())
    words = page.get_textpage()
    text, boxes = "", []
    box, x, y = raw.FS_RECTF(), ctypes.c_int(), ctypes.c_int()
    for n in range(min(SIGNS, words.count_chars())):
        sign = raw.FPDFText_GetUnicode(words, n)
        text += chr(sign) if 0 < sign < 0xD800 or 0xDFFF < sign < 0x110000 else " "
        if not raw.FPDFText_GetLooseCharBox(words, n, box):
            boxes += [0, 0, 0, 0]
            continue
        edges = []
        for across, up in ((box.left, box.top), (box.right, box.bottom)):
            raw.FPDF_PageToDevice(page, 0, 0, width, height, 0, across, up, x, y)
            edges.append((min(max(x.value, 0), width), min(max(y.value, 0), height)))
        (a, b), (c, d) = edges
        boxes += [min(a, c), min(b, d), abs(c - a), abs(d - b)]
    to.with_suffix(".json").write_text(json.dumps({"size": [width, height], "text": text, "boxes": boxes}))


def of_office(source: str, folder: str) -> int:
    """Its first page, if it brings a picture of that."""
    with zipfile.ZipFile(source) as parts:
        for part in parts.infolist():
            if COVER.fullmatch(part.filename) and part.file_size <= COVER_MOST:
                return of_picture(BytesIO(parts.read(part)), folder)
    return 0


def of_picture(source: str | BytesIO, folder: str) -> int:
    """A picture is its own page."""
    register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(source, formats=["JPEG", "PNG", "WEBP", "GIF", "HEIF"]) as image:
            image.draft("RGB", (LONG, LONG))
            keep(ImageOps.exif_transpose(image), Path(folder) / "1.webp")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("pixels") from None
    return 1


def keep(image: Image.Image, to: Path) -> None:
    """Not larger than is needed, on white where one could see through it, and nothing else of the file."""
    image.thumbnail((LONG, LONG), Image.Resampling.LANCZOS)
    see_through = image.has_transparency_data
    plain = image.convert("RGBA" if see_through else "RGB")
    made = Image.new("RGB", plain.size, "white")
    made.paste(plain, mask=plain if see_through else None)
    made.save(to, "WEBP", quality=80, method=2)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
