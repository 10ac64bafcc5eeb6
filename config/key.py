"""The signing key an installation makes for itself."""

import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile


def kept(folder: Path) -> str:
    """The key of the data folder; made at the first start."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "secret.key"
    if not file.exists():
        # Linked once it is whole: of several processes that start together, all read the first one's.
        with NamedTemporaryFile("w", dir=folder) as fresh, suppress(FileExistsError):
            fresh.write(secrets.token_urlsafe(48))
            fresh.flush()
            file.hardlink_to(fresh.name)
    return file.read_text().strip()
