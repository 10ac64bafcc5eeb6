"""Pictures of every kind, made where they are needed: honest ones, and what is sent in place of one."""

import struct
import zlib
from base64 import b85decode
from io import BytesIO
from pathlib import Path
from typing import Any

from httpx2 import Response
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from server.schema import new_id
from tests.server.conftest import Town

PLACE = "somewhere nobody is to know"


def photo(width: int = 400, height: int = 300, kind: str = "JPEG", **options: bytes) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", (width, height), (20, 40, 200))
    image.paste((200, 20, 20), (0, 0, width // 2, height))
    made = BytesIO()
    image.save(made, kind, **options)
    return made.getvalue()


def with_position() -> bytes:
    """A phone's photo, held upright: the sensor's picture lies on its side, and says where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter clockwise
    exif[0x010E] = PLACE
    exif[0x8825] = {1: "N", 2: (IFDRational(31), IFDRational(12), IFDRational(30)), 3: "E"}
    return photo(exif=exif.tobytes(), comment=PLACE.encode())


def claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is as large as that."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def talkative() -> bytes:
    """A PNG whose text unpacks to a hundred megabytes."""
    made = photo(40, 30, "PNG")
    content = b"Comment\0\0" + zlib.compress(b"x" * 100_000_000, 9)
    text = struct.pack(">I", len(content)) + b"zTXt" + content
    return made[:33] + text + struct.pack(">I", zlib.crc32(b"zTXt" + content)) + made[33:]


async def bring(town: Town, name: str, content: bytes, id: str = "", called: str = "p.jpg") -> Response:
    """Somebody's photo goes to the server."""
    sent = {"file": (called, content, "image/jpeg")}
    return await town[name].post("/api/v1/photos", data={"id": id or new_id()}, files=sent)


async def shown_by(town: Town, name: str) -> str:
    """The id of a photo in a check-in of somebody's."""
    id = new_id()
    assert (await bring(town, name, photo(), id)).status_code == 201
    assert (await town.check_in(name, photos=[id])).status_code == 201
    return id


async def checked_in(town: Town, name: str, *photos: str, **more: Any) -> dict[str, Any]:
    """A check-in that names photos; the visit."""
    answer = await town.check_in(name, photos=list(photos), **more)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def picture(answer: Response) -> Image.Image:
    """What was answered, as a browser sees it."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/jpeg"
    return Image.open(BytesIO(answer.content))


def stored(town: Town) -> list[bytes]:
    """All files there are."""
    return [one.read_bytes() for one in Path(town.app.state.store.folder).iterdir()]


HEIC = b85decode(
    "0000SW^{RQXk}?*00000ZE0pPXk}?*ZE0a<0005LZDn*}000000000XXk=`10000000000aA{+700000000000000000000G"
    "-+&aV*mgE07O6l0ssL300001;s5~v00000001Na0ssI200IU80RR9100000KmY&$IB98aW&i*H00062000$fZf0cy000000R"
    "RAKc4ILB0000LX>Mj^0ssI300IC2MR;ju000004sdC7Z2$lO00031008}IaB^?}007--aAR)(004Gqc4I>U18@KU0FVFx000"
    "0U@BsY%`1k+-4+CHT0RR|40Sp2E{{wIU00RJ!0009300RIXx&lC90096hLID8-Z~y=U0FVFx0{{R603M(qfd!W8<fgf}2xu@"
    "M00096AOHXZ03l)k0RRR>0l{;?i2wiq6Ju{|a&BX6cmM$a4FCp!0000KX>)L8000000000$0000$0000eV{Bn?0000$00001"
    "0000m000010000000002|NsB+000020000GaA|mH000000|*ER0000OX>e^}0000000001009Mo0s{qv0000QX>w&|000000"
    "000EV`Ot<00IC3009610Bmh!VRQfh03av<uNi>vNu|I4<BXs7WUu({$Y1}FK6lXhpYZ*|ZEpYo00u>PX=VTbO-%qQ0000800"
    "99G00IC202}}S02%-Q0047uZDn_8WpZU8Zf|05WO*QIb0BnYAZu=KcK`"
)
"""64 by 48 pixels, red and blue, with a word of where it was taken: no library at hand makes one."""
