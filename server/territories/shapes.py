"""What the API answers about territories, for its document alone."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from server.shapes import Id, Shown, Time


class Manager(Shown):
    """Who manages a territory, and since when."""

    id: Id
    since: Time


class Named(BaseModel):
    """A squad by name; what is in it is told to its members alone."""

    id: Id
    name: str


class Territory(BaseModel):
    """One in the tree; `squads` are those directly in it, `drawn` whether it has an outline."""

    id: Id
    parent: Id | None
    name: str
    drawn: bool
    managers: list[Manager]
    squads: list[Named]


class Drawn(Territory):
    """One territory with its outline."""

    area: Annotated[
        dict[str, Any] | None, Field(description="A GeoJSON Polygon or MultiPolygon, WGS-84; null for none")
    ]
