"""What the API answers about training, for its document alone."""

from typing import Literal

from pydantic import BaseModel

from server.shapes import Id


class TrainingStep(BaseModel):
    """Pages `first` to `last` of a document (null: all of it), or words alone; `done` by the caller."""

    id: Id
    document: Id | None
    first: int | None
    last: int | None
    text: str
    done: bool


class TrainingTrack(BaseModel):
    """A track with the steps the caller sees; `squad` null: the company's; `mine`: it is meant for them."""

    id: Id
    squad: Id | None
    name: str
    audience: Literal["all", "new", "rep", "desk", "admin"]
    mine: bool
    steps: list[TrainingStep]
