"""Parts of files: a film begins in the middle, a download that was cut goes on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from server.ranges import Beyond, Part, asked
from tests.server.conftest import Town
from tests.server.drive import PDF, bring, folder


def request(**headers: str) -> Request:
    """Somebody asks."""
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": sent})


@given(st.integers(1, 50), st.integers(0, 60), st.integers(0, 60))
def test_a_part_is_what_is_asked_for(size: int, first: int, last: int) -> None:
    """As the bytes themselves say, from either end, or it is not there."""
    content = bytes(range(size))
    for header, wanted in (
        (f"bytes={first}-{last}", content[first : last + 1] if first <= last else content),
        (f"bytes={first}-", content[first:]),
        (f"bytes=-{last}", content[size - min(size, last) :]),
    ):
        try:
            part = asked(request(range=header), size, '"x"')
        except Beyond:
            assert wanted == b""
        else:
            assert content[part.start : part.end] == wanted


@pytest.mark.parametrize(
    "header", ["", "bytes=", "bytes=-", "bytes=a-b", "bytes=0-1,3-4", "lines=1-2", f"bytes={'9' * 30}-"]
)
def test_what_makes_no_sense_is_all_of_it(header: str) -> None:
    """So it is for several parts at once."""
    assert asked(request(range=header), 10, '"x"') == Part(0, 10, 10)


def test_of_another_file_all() -> None:
    """What was begun of the version before is no use."""
    assert asked(request(range="bytes=4-", if_range='"old"'), 10, '"x"').status == 200
    assert asked(request(range="bytes=4-", if_range='"x"'), 10, '"x"') == Part(4, 10, 10)


@pytest.mark.anyio
async def test_a_document_in_parts(town: Town) -> None:
    """From the drive, with what a browser needs to go on; beyond its end there is nothing."""
    one = await bring(town, "sun", await folder(town, "Films"), "Film.pdf")
    whole = await town["li"].get(one["file"])
    assert (whole.status_code, whole.headers["accept-ranges"]) == (200, "bytes")
    tag = whole.headers["etag"]
    part = await town["li"].get(one["file"], headers={"Range": "bytes=5-", "If-Range": tag})
    assert (part.status_code, part.content) == (206, PDF[5:])
    assert part.headers["content-range"] == f"bytes 5-{len(PDF) - 1}/{len(PDF)}"
    end = await town["li"].get(one["file"], headers={"Range": "bytes=-3"})
    assert end.content == PDF[-3:]
    beyond = await town["li"].get(one["file"], headers={"Range": f"bytes={len(PDF)}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(PDF)}")
