"""Makes a picture that can be shown to anybody of a file that anybody sent. A program of its own.

Run by `intake.py` in a process that may be ended and has little memory: whatever a hostile file does to a
decoder happens here. Reads the file on standard input, writes `full.jpg` and `small.jpg` into the folder
given, and prints width and height, or why not: `type`, `pixels`, `broken`. It imports nothing of ours.
"""

import resource
import sys
import warnings
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import filetype
from pi_heif import register_heif_opener
from PIL import Image, ImageCms, ImageOps

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/heic": "HEIF"}
LONG, SHORT = 2048, 640
"""Pixels of the long side, of the photo and of its small copy."""
MEMORY = 2 << 30
SECONDS = 20


class Refused(Exception):
    """Not a picture we show."""


def main(folder: str, pixels: str) -> int:
    """The program."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        full = picture(int(pixels))
    except Refused as refused:
        print(refused)
        return 1
    full.save(Path(folder) / "full.jpg", "JPEG", quality=84, optimize=True, progressive=True)
    print(full.width, full.height)
    full.thumbnail((SHORT, SHORT), Image.Resampling.LANCZOS)
    full.save(Path(folder) / "small.jpg", "JPEG", quality=80, optimize=True)
    return 0


def picture(pixels: int) -> Image.Image:
    """The pixels alone, upright, in sRGB, no larger than needed; nothing else of the file is kept."""
    source = sys.stdin.buffer
    kind = filetype.guess(source.read(4096))
    if kind is None or kind.mime not in FORMATS:
        raise Refused("type")
    source.seek(0)
    register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(source, formats=[FORMATS[kind.mime]]) as image:
            if image.width * image.height > pixels:
                raise Refused("pixels")
            image.draft("RGB", (LONG, LONG))
            image.load()
            return _clean(image)
    except (Refused, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("pixels") from None
    except Exception:  # decoders fail in every way there is
        raise Refused("broken") from None


def _clean(image: Image.Image) -> Image.Image:
    image.thumbnail((LONG, LONG), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(image)
    colours = upright.info.get("icc_profile")
    see_through = upright.has_transparency_data
    plain = upright.convert("RGBA" if see_through else "RGB")
    made = Image.new("RGB", plain.size, "white")
    made.paste(plain, mask=plain if see_through else None)
    return _in_srgb(made, colours) if colours and image.mode in ("RGB", "RGBA") else made


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """A phone's wide colours would look dull without their profile, which is not sent along."""
    with suppress(ImageCms.PyCMSError, OSError, ValueError):
        ImageCms.profileToProfile(image, BytesIO(profile), ImageCms.createProfile("sRGB"), inPlace=True)
    return image


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
