"""A backup's archive is whole or refused, wherever it was hurt."""

import gzip
from pathlib import Path

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
