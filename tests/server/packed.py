"""What is inside of what is taken along."""

import io
from zipfile import ZipFile, is_zipfile

from httpx2 import Response


def unpacked(answer: Response) -> bytes:
    """What an answer says, whatever it is packed in."""
    packed = io.BytesIO(answer.content)
    if not is_zipfile(packed):
        return answer.content
    with ZipFile(packed) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())
