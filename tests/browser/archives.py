"""Small PMTiles archives made by hand: a header, one directory, some words, tiles. And vectors for them."""

import gzip
import json
import struct
from pathlib import Path

MVT, PNG = 1, 2
NOT_PACKED, PACKED = 1, 2
EXTENT = 4096
Ring = list[tuple[int, int]]


def varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    low, rest = value & 0x7F, value >> 7
    return bytes([low | 0x80]) + varint(rest) if rest else bytes([low])


def tile_id(zoom: int, x: int, y: int) -> int:
    """Where a tile stands on the Hilbert curve through all zooms."""
    found = (4**zoom - 1) // 3
    for level in reversed(range(zoom)):
        side = 1 << level
        right, down = int(x & side > 0), int(y & side > 0)
        found += side * side * ((3 * right) ^ down)
        if not down:
            if right:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
    return found


def archive(
    file: Path,
    tiles: dict[tuple[int, int, int], bytes],
    kind: int,
    bounds: tuple[float, float, float, float],
    credit: str,
) -> None:
    """Writes an archive. `bounds` are west, south, east, north."""
    placed = sorted((tile_id(*where), content) for where, content in tiles.items())
    ids = [id for id, _ in placed]
    sizes = [len(content) for _, content in placed]
    steps = [id - before for id, before in zip(ids, [0, *ids], strict=False)]
    starts = [1, *[0] * (len(placed) - 1)]  # right behind the one before
    columns = [*steps, *[1] * len(placed), *sizes, *starts]
    directory = gzip.compress(b"".join(map(varint, [len(placed), *columns])))
    words = gzip.compress(json.dumps({"attribution": credit, "vector_layers": []}).encode())
    first = 127 + len(directory)
    places = (
        127,
        len(directory),
        first,
        len(words),
        0,
        0,
        first + len(words),
        sum(sizes),
        *[len(placed)] * 3,
    )
    zooms = [zoom for zoom, _, _ in tiles]
    packed = NOT_PACKED if kind == PNG else PACKED
    corners = [round(degrees * 1e7) for degrees in bounds]
    header = b"PMTiles\x03" + struct.pack("<11Q", *places)
    header += struct.pack("<6B4i", 1, PACKED, packed, kind, min(zooms), max(zooms), *corners)
    header += struct.pack("<B2i", min(zooms), corners[0], corners[1])
    file.write_bytes(header + directory + words + b"".join(content for _, content in placed))


def field(number: int, value: bytes | int) -> bytes:
    """One field of a protocol buffer."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def outline(rings: list[Ring], closed: bool) -> bytes:
    """Commands that draw lines, or areas, in the grid of a tile."""
    drawn, pen = b"", (0, 0)

    def to(point: tuple[int, int]) -> bytes:
        nonlocal pen
        steps = [new - old for new, old in zip(point, pen, strict=True)]
        pen = point
        return b"".join(varint(step << 1 ^ step >> 31) for step in steps)

    for ring in rings:
        drawn += varint(1 << 3 | 1) + to(ring[0])
        drawn += varint((len(ring) - 1) << 3 | 2) + b"".join(map(to, ring[1:]))
        drawn += varint(1 << 3 | 7) if closed else b""
    return drawn


def vectors(layers: dict[str, list[tuple[str, dict[str, str], list[Ring]]]]) -> bytes:
    """A packed vector tile. A layer lists its features: "area", "line" or "point", words about it, where."""
    made = b""
    for name, features in layers.items():
        keys: list[str] = []
        values: list[str] = []
        body = field(15, 2) + field(1, name.encode()) + field(5, EXTENT)
        for kind, said, rings in features:
            tags = b""
            for key, value in said.items():
                keys.append(key)
                values.append(value)
                tags += varint(len(keys) - 1) + varint(len(values) - 1)
            drawn = (
                varint(9) + outline(rings, False)[1:] if kind == "point" else outline(rings, kind == "area")
            )
            number = {"point": 1, "line": 2, "area": 3}[kind]
            body += field(2, field(2, tags) + field(3, number) + field(4, drawn))
        body += b"".join(field(3, key.encode()) for key in keys)
        body += b"".join(field(4, field(1, value.encode())) for value in values)
        made += field(3, body)
    return gzip.compress(made)


def square(left: int, top: int, right: int, bottom: int) -> list[Ring]:
    """An area in the grid of a tile."""
    return [[(left, top), (right, top), (right, bottom), (left, bottom)]]


def quarter() -> bytes:
    """A tile in the layers of the Protomaps basemap: its western third is water, its north-east a park."""
    street = {"kind": "major_road", "name": "老桥路", "name:en": "Old Bridge Street"}
    lanes: list[tuple[str, dict[str, str], list[Ring]]] = [
        ("line", {"kind": "minor_road"}, [[(at, 0), (at, EXTENT)]]) for at in range(1600, EXTENT, 300)
    ]
    houses = [
        ("area", {"kind": "building"}, square(at + 40, 2300, at + 240, 2700)) for at in range(1600, 3900, 300)
    ]
    return vectors(
        {
            "earth": [("area", {"kind": "earth"}, square(0, 0, EXTENT, EXTENT))],
            "landuse": [
                ("area", {"kind": "park"}, square(2600, 0, EXTENT, 1400)),
                ("area", {"kind": "residential"}, square(1500, 1500, EXTENT, EXTENT)),
            ],
            "water": [("area", {"kind": "lake"}, square(0, 0, 1365, EXTENT))],
            "buildings": houses,
            "roads": [
                *lanes,
                ("line", street, [[(0, 2000), (EXTENT, 2000)]]),
                ("line", {"kind": "highway"}, [[(1450, 0), (1450, EXTENT)]]),
                ("line", {"kind": "rail"}, [[(0, 3600), (EXTENT, 3000)]]),
            ],
            "places": [
                ("point", {"kind": "locality", "name": "临江", "name:en": "Linjiang"}, [[(2500, 1700)]])
            ],
        }
    )
