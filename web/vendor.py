"""Keeps the files that others wrote: pinned, hashed, licensed.

``python -m web.vendor`` checks the files at hand against the manifest (no network);
``python -m web.vendor fetch`` packs the pinned npm packages with the ordinary client and
writes the files, the icon sprite, the world outline, the licences and the manifest anew.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

STATIC = Path(__file__).parent / "static"
MANIFEST = STATIC / "vendor" / "manifest.json"
MARKS = Path(__file__).parent / "marks.svg"


@dataclass(frozen=True)
class Package:
    """One pinned npm package: which of its files go where (below ``static``)."""

    name: str
    version: str
    licence: str
    licence_file: str
    files: Mapping[str, str]


PACKAGES = (
    Package("htmx.org", "4.0.1", "0BSD", "LICENSE", {"dist/htmx.min.js": "vendor/htmx.min.js"}),
    Package(
        "maplibre-gl",
        "6.17.0",
        "BSD-3-Clause",
        "LICENSE.txt",
        {
            "dist/maplibre-gl.mjs": "vendor/maplibre-gl.mjs",
            "dist/maplibre-gl-worker.mjs": "vendor/maplibre-gl-worker.mjs",
            "dist/maplibre-gl.css": "vendor/maplibre-gl.css",
        },
    ),
    # Its npm package has no licence file: the one at hand, from its repository, stays.
    Package("pmtiles", "4.5.0", "BSD-3-Clause", "", {"dist/pmtiles.js": "vendor/pmtiles.js"}),
    # Part of pmtiles.js.
    Package("fflate", "0.8.2", "MIT", "LICENSE", {}),
    # Loaded when somebody brings a file to the drive.
    Package("tus-js-client", "4.3.1", "MIT", "LICENSE", {"dist/tus.min.js": "vendor/tus.min.js"}),
    Package("lucide-static", "1.62.0", "ISC", "LICENSE", {}),
    Package("world-atlas", "2.0.2", "ISC", "LICENSE", {}),
)

ICONS = (  # noqa: SIM905
    "arrow-right arrow-up at-sign badge-percent bell bell-off binoculars bookmark bookmark-plus building-2 "
    "calendar camera "
    "check check-check chevron-down chevron-left chevron-right circle-check clock cloud-off copy "
    "door-open download ellipsis eye file file-text film flag folder folder-plus handshake headset "
    "heart-handshake history image info key-round languages layers layout-grid life-buoy lightbulb "
    "link list locate-fixed locate-off log-out map map-pin maximize-2 megaphone message-circle mic moon "
    "notebook-pen octagon-alert paperclip pause pencil phone play plus printer qr-code refresh-cw reply "
    "route scale search send settings share-2 shield smile-plus stamp store sun tag trash-2 "
    "triangle-alert trophy undo undo-2 upload user users wifi-off x "
).split()


class MismatchError(Exception):
    """A file is missing, unlisted, or not what the manifest says."""


def read_packages(packages: Sequence[Package], folder: Path) -> dict[str, dict[str, bytes]]:
    """Pack the pinned packages into ``folder`` and return their files by package and path."""
    specs = [f"{package.name}@{package.version}" for package in packages]
    subprocess.run(["npm", "pack", "--silent", *specs], cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603, S607
    contents: dict[str, dict[str, bytes]] = {}
    for package in packages:
        with tarfile.open(folder / f"{package.name}-{package.version}.tgz") as archive:
            contents[package.name] = {
                str(PurePosixPath(*PurePosixPath(member.name).parts[1:])): reader.read()
                for member in archive
                if (reader := archive.extractfile(member)) is not None
            }
    return contents


def compose_sprite(lucide: Mapping[str, bytes], marks: str) -> str:
    """One SVG of symbols: ``i-<name>`` from Lucide, then our own marks."""
    symbols = []
    for name in ICONS:
        source = lucide[f"icons/{name}.svg"].decode()
        inner = source[source.index(">", source.index("<svg")) + 1 : source.rindex("</svg>")]
        inner = re.sub(r"\s*\n\s*", "", inner).replace(" />", "/>")
        symbols.append(f'<symbol id="i-{name}" viewBox="0 0 24 24">{inner}</symbol>')
    notice = "<!-- i-*: Lucide, ISC, see vendor/LICENSES/lucide-static.txt. s-*: Muster. -->"
    opening = '<svg xmlns="http://www.w3.org/2000/svg">'
    return "\n".join([opening, notice, *symbols, marks.strip(), "</svg>", ""])


def outline(topology: Mapping[str, Any]) -> dict[str, Any]:
    """The land of a quantized TopoJSON as GeoJSON, in degrees with two decimals (about 1 km)."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]

    def arc(index: int) -> list[list[float]]:
        x = y = 0
        points = []
        for dx, dy in topology["arcs"][index if index >= 0 else ~index]:
            x, y = x + dx, y + dy
            points.append([round(x * scale[0] + shift[0], 2), round(y * scale[1] + shift[1], 2)])
        return points if index >= 0 else points[::-1]

    def ring(arcs: Sequence[int]) -> list[list[float]]:
        points: list[list[float]] = []
        for index in arcs:
            points += arc(index)[1 if points else 0 :]
        return points

    geometries = topology["objects"]["land"]["geometries"]
    polygons = [[ring(arcs) for arcs in polygon] for geometry in geometries for polygon in geometry["arcs"]]
    feature = {
        "type": "Feature",
        "properties": {"k": "land"},
        "geometry": {"type": "MultiPolygon", "coordinates": polygons},
    }
    return {"type": "FeatureCollection", "features": [feature]}


def fetch() -> None:
    """Write every vendored file and the manifest anew. Raises when npm fails or a file is gone."""
    with tempfile.TemporaryDirectory() as folder:
        contents = read_packages(PACKAGES, Path(folder))
    made: dict[str, tuple[Package, bytes]] = {}
    for package in PACKAGES:
        read = contents[package.name]
        licence = f"vendor/LICENSES/{package.name}.txt"
        kept = read[package.licence_file] if package.licence_file else (STATIC / licence).read_bytes()
        made[licence] = (package, kept)
        for source, target in package.files.items():
            text = re.sub(rb"\n?//# sourceMappingURL=\S+\s*$", b"\n", read[source])
            made[target] = (package, text)
        if package.name == "lucide-static":
            made["icons.svg"] = (package, compose_sprite(read, MARKS.read_text()).encode())
        if package.name == "world-atlas":
            world = outline(json.loads(read["land-110m.json"]))
            made["map/world.json"] = (package, json.dumps(world, separators=(",", ":")).encode())
    for name, (_, data) in made.items():
        (STATIC / name).parent.mkdir(parents=True, exist_ok=True)
        (STATIC / name).write_bytes(data)
    entries = [
        {
            "file": name,
            "sha256": hashlib.sha256(data).hexdigest(),
            "package": package.name,
            "version": package.version,
            "licence": package.licence,
        }
        for name, (package, data) in sorted(made.items())
    ]
    MANIFEST.write_text(json.dumps(entries, indent=1) + "\n")


def check() -> list[str]:
    """The names of all vendored files; raises ``MismatchError`` naming those that are not as listed."""
    entries = json.loads(MANIFEST.read_text())
    listed = {entry["file"]: entry["sha256"] for entry in entries}
    wrong = [
        name
        for name, digest in listed.items()
        if not (STATIC / name).is_file() or hashlib.sha256((STATIC / name).read_bytes()).hexdigest() != digest
    ]
    here = {str(path.relative_to(STATIC)) for path in (STATIC / "vendor").rglob("*") if path.is_file()}
    wrong += sorted(here - set(listed) - {"vendor/manifest.json"})
    if wrong:
        raise MismatchError(", ".join(wrong))
    return sorted(listed)


def main(arguments: Sequence[str]) -> int:
    """0 when all is as listed, 1 otherwise."""
    if arguments == ["fetch"]:
        fetch()
    try:
        names = check()
    except MismatchError as mismatch:
        sys.stderr.write(f"not as the manifest says: {mismatch}\n")
        return 1
    sys.stdout.write(f"{len(names)} files as the manifest says\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
