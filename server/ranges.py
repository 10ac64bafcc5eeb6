"""A part of a file that is asked for (RFC 9110, 14): a film begins in the middle, a cut download goes on."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from starlette.requests import Request

from server.errors import Refused
from web.render import N_

ONE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


class Beyond(Refused):
    """There is nothing there, in a file of so many bytes."""

    status, kind, title = 416, "range", N_("There is nothing in this part of the file")

    def __init__(self, size: int) -> None:
        self.headers = {"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"}


class Part(NamedTuple):
    """Bytes from `start` up to `end`, which is not one of them, of `size`."""

    start: int
    end: int
    size: int

    @property
    def status(self) -> int:
        """Of the answer: 206 for a part, 200 for all."""
        return 206 if self.end - self.start < self.size else 200

    def headers(self, tag: str) -> Mapping[str, str]:
        """Those that say which part it is; `tag` is other where the content is."""
        said = {"Accept-Ranges": "bytes", "Content-Length": str(self.end - self.start), "ETag": tag}
        if self.status == 206:
            said["Content-Range"] = f"bytes {self.start}-{self.end - 1}/{self.size}"
        return said


def asked(request: Request, size: int, tag: str) -> Part:
    """What is asked for of a file; several parts, or a part of what is another file by now: all of it.

    Raises `Beyond` for a part that begins after the end.
    """
    whole = Part(0, size, size)
    found = ONE.fullmatch(request.headers.get("range", "").strip())
    if found is None or request.headers.get("if-range", tag) != tag:
        return whole
    first, last = found.groups()
    if not first and not last:
        return whole
    if not first:  # the last so many bytes
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
    if first and last and int(last) < int(first):
        return whole
    if start >= size:
        raise Beyond(size)
    return Part(start, end, size)
