"""A backup's archive is whole or refused, wherever it was hurt."""

import gzip
import tarfile
from pathlib import Path

import pytest

from server.archive import Archive, Damaged, unpack


def test_a_bit_turned_anywhere_is_found(tmp_path: Path) -> None:
    """Also where no part stands. Where nothing is lost (noughts copied from elsewhere) it is no damage."""
    path = tmp_path / "muster.backup"
    archive = Archive(path)
    archive.add("tables/person.jsonl", [b'["name"]\n', b'["Mei Chen"]\n'])
    archive.finish()
    whole = path.read_bytes()
    first = whole.index(b"\0", 10) + 1  # after the file's name: that head says nothing of the parts
    assert unpack(path, tmp_path / "whole")["sha256"].keys() == {"tables/person.jsonl"}
    for place in range(first, len(whole)):
        hurt = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        path.write_bytes(hurt)
        try:
            unpack(path, tmp_path / str(place))
        except Damaged:
            continue
        assert gzip.decompress(hurt) == gzip.decompress(whole), f"byte {place}"


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "tables/../../outside"])
def test_nothing_is_written_outside_the_folder(name: str, tmp_path: Path) -> None:
    """Nor anything that is not a plain file: it is no backup then."""
    path, room = tmp_path / "muster.backup", tmp_path / "a" / "room"
    archive = Archive(path)
    archive.add(name, [b"taken over"])
    archive.finish()
    with pytest.raises(Damaged):
        unpack(path, room)
    assert not list(tmp_path.glob("**/outside"))
    with tarfile.open(path, "w:gz") as tar:
        link = tarfile.TarInfo("tables")
        link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path)
        tar.addfile(link)
    with pytest.raises(Damaged):
        unpack(path, room)
    assert not (room / "tables").exists()
