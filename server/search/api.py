"""JSON route of the search."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from server import journal
from server.access import SIGNED_IN, Who
from server.search.pages import results
from server.search.queries import Found, Wanted
from server.visits.api import answer

router = APIRouter(prefix="/api/v1", tags=["search"])


@router.get("/search")
async def search(
    request: Request, who: Annotated[Who, Depends(SIGNED_IN)], asked: Annotated[Wanted, Query()]
) -> Response:
    """Posts, logs, customers and documents with all the words that the caller may see: a few documents, then
    customers, then the newest. Words are found by how they begin, Chinese wherever it stands. Of the kind
    `document` all: by name, by tags, by what is in them. Asking for one person's is a look.
    """
    found = await results(request, who, asked)
    return answer({"results": [_data(one) for one in found.found], "more": found.more})


def _data(one: Found) -> dict[str, Any]:
    about = ("id", "kind", "squad", "title")
    return {
        **{name: getattr(one, name) for name in about},
        "author": one.author and one.author.id,
        "at": journal.stamp(one.at),
        "snippet": [{"text": piece.text, "hit": piece.hit} for piece in one.snippet],
        "path": one.href,
        "page": one.page,
    }
