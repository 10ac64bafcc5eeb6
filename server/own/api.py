"""The JSON API's way to everything of one's own."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from server.access import SIGNED_IN, Who
from server.own.sending import archive

router = APIRouter(prefix="/api/v1", tags=["own"])


@router.get("/me/export")
async def export(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """Everything of the caller's own as a ZIP: JSON by table, their photos, and a README."""
    return await archive(request, who)
