"""What documents are: the kinds people give them, and the types their content has."""

from typing import NamedTuple

from web.render import N_

KINDS = {
    "brochure": N_("Brochure"),
    "sample": N_("Sample"),
    "case": N_("Case"),
    "prices": N_("Price list"),
    "product": N_("Product knowledge"),
    "skill": N_("Sales skill"),
    "contract": N_("Contract"),
    "other": N_("Something else"),
}
RIGHTS = {
    "add": N_("All may look and add"),
    "view": N_("All may look; who manages it adds"),
    "keep": N_("Only who manages it sees it"),
}
"""Of a top folder, for all that is in it. A squad's is managed by its leads, the company's by admins."""


class Type(NamedTuple):
    """A type of content: its name, its icon, the end of a file's name, whether browsers may show it."""

    name: str
    icon: str
    suffix: str
    shown: bool = False


UNKNOWN = "application/octet-stream"
OFFICE = "application/vnd.openxmlformats-officedocument."
TYPES = {
    "application/pdf": Type("PDF", "file-text", "pdf", True),
    f"{OFFICE}wordprocessingml.document": Type("Word", "file-text", "docx"),
    f"{OFFICE}presentationml.presentation": Type(N_("Slides"), "layers", "pptx"),
    f"{OFFICE}spreadsheetml.sheet": Type(N_("Sheet"), "layout-grid", "xlsx"),
    "application/msword": Type("Word", "file-text", "doc"),
    "application/vnd.ms-powerpoint": Type(N_("Slides"), "layers", "ppt"),
    "application/vnd.ms-excel": Type(N_("Sheet"), "layout-grid", "xls"),
    "image/jpeg": Type(N_("Picture"), "image", "jpg", True),
    "image/png": Type(N_("Picture"), "image", "png", True),
    "image/webp": Type(N_("Picture"), "image", "webp", True),
    "image/gif": Type(N_("Picture"), "image", "gif", True),
    "image/heic": Type(N_("Picture"), "image", "heic"),
    "video/mp4": Type(N_("Film"), "film", "mp4"),
    "video/quicktime": Type(N_("Film"), "film", "mov"),
    "video/webm": Type(N_("Film"), "film", "webm"),
    "audio/mpeg": Type(N_("Sound"), "mic", "mp3"),
    "audio/mp4": Type(N_("Sound"), "mic", "m4a"),
    "application/zip": Type(N_("Archive"), "file", "zip"),
    "text/plain": Type(N_("Text"), "file-text", "txt", True),
    UNKNOWN: Type(N_("File"), "file", ""),
}
"""By content; whatever is not listed is the last."""
