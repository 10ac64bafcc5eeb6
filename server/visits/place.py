"""Where something is, how well we know it, and how far apart two places are. WGS-84 throughout."""

import math
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field

EARTH = 6_371_008.8  # mean radius, metres

Degrees = Annotated[float, Field(allow_inf_nan=False)]


class Position(BaseModel):
    """A fix: degrees, accuracy in metres, when and from what it was taken."""

    lat: Annotated[Degrees, Field(ge=-90, le=90)]
    lon: Annotated[Degrees, Field(ge=-180, le=180)]
    accuracy: Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)] | None = None
    fix_at: AwareDatetime | None = None
    source: Literal["gps", "network", "hand"] = "gps"


def metres(lat: float, lon: float, lat2: float, lon2: float) -> float:
    """Great-circle distance, metres (haversine)."""
    one, two = math.radians(lat), math.radians(lat2)
    half = (
        math.sin((two - one) / 2) ** 2
        + math.cos(one) * math.cos(two) * math.sin(math.radians(lon2 - lon) / 2) ** 2
    )
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(half)))


def age(fix_at: datetime | None, captured_at: datetime) -> int | None:
    """Seconds between the fix and the check-in made with it."""
    return None if fix_at is None else max(0, round((captured_at - fix_at).total_seconds()))
