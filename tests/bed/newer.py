"""The same server in another version, as browsers see it: `python -m tests.bed.newer serve ...`.

Its scripts and styles stand under another mark, so that a phone that keeps the old ones must take these.
"""

import server.__main__
from web import assets

MARK = "the-next-one"

if __name__ == "__main__":
    assets.mark = lambda: MARK  # type: ignore[assignment]
    server.__main__.app()
