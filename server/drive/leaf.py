"""Draws pages of a document that anybody may have sent. A program of its own.

Run by `leaves.py` in a process that may be ended and has little memory: whatever a hostile file does to a
decoder happens here. Draws pages of the file into the folder given, `1.webp` and so on, and prints how many
pages there are; or why none: `locked`, `pixels`, `broken`. It imports nothing of ours.
"""

import resource
import sys
import warnings
from pathlib import Path

import pypdfium2
from pi_heif import register_heif_opener
from PIL import Image, ImageOps

LONG = 1600
"""Pixels of a page's long side."""
PIXELS = 80_000_000
MEMORY = 2 << 30
SECONDS = 20
PASSWORD = 4
"""What pdfium calls a document that asks for one."""


class Refused(Exception):
    """Nothing to be seen in it."""


def main(source: str, folder: str, pdf: str, first: str, last: str) -> int:
    """The program; `pdf` is 1 for one, `first` to `last` are pages, counted from 1."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        if pdf == "1":
            pages = of_pdf(source, Path(folder), int(first), int(last))
        else:
            pages = of_picture(source, folder)
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


def of_pdf(source: str, folder: Path, first: int, last: int) -> int:
    """Pages of a PDF; how many it has."""
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as wrong:
        raise Refused("locked" if wrong.err_code == PASSWORD else "broken") from None
    for n in range(first, min(last, len(document)) + 1):
        page = document[n - 1]
        width, height = page.get_size()
        if min(width, height) <= 0:
            raise Refused("broken")
        keep(page.render(scale=LONG / max(width, height)).to_pil(), folder / f"{n}.webp")
    return len(document)


def of_picture(source: str, folder: str) -> int:
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
