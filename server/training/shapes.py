"""What the API answers about training, for its document alone."""

from datetime import date
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
    """A track with the steps the caller sees; `squad` null: the company's; `mine`: it is meant for them;
    `by_name`: those who lead there are told who is through.
    """

    id: Id
    squad: Id | None
    name: str
    audience: Literal["all", "new", "rep", "desk", "admin"]
    mine: bool
    by_name: bool
    steps: list[TrainingStep]


class Through(BaseModel):
    """A member who has done every step of a track, and when the last."""

    member: Id
    at: str


Topic = Literal[
    "what", "whom", "value", "principle", "proof", "price", "objections", "competitors", "service"
]


class TopicState(BaseModel):
    """One of the nine topics of a product: its document, and what there is."""

    topic: Topic
    state: Literal["filled", "missing", "starter", "old"]
    document: Id | None


class ProductState(BaseModel):
    """A product's folder, and what there is about each topic."""

    folder: Id
    name: str
    topics: list[TopicState]


class Unanswered(BaseModel):
    """A problem no document answers, and at how many lines of told logs it stood lately."""

    name: str
    lines: int


class ProductKnowledge(BaseModel):
    """What the company's product knowledge has and lacks; no products: it was not begun."""

    products: list[ProductState]
    wanted: list[Unanswered]


class PlanItem(BaseModel):
    """A track (its steps are told by /training) or a document of the caller's plan; `given`: the track is
    meant for them; `due`: a day they set themselves.
    """

    track: Id | None
    document: Id | None
    due: date | None
    done: bool
    given: bool


class PlanSuggestion(BaseModel):
    """A track or a document about a problem that stood at so many lines of the caller's own logs lately."""

    track: Id | None
    document: Id | None
    problem: str
    times: int


class PlanPlay(BaseModel):
    """What one of the caller's squads kept about such a problem, and from which line of which log."""

    problem: str
    text: str
    log: Id
    line: Id


class LearningPlan(BaseModel):
    """What the caller plans to learn, in their order; nobody else can ask for it."""

    items: list[PlanItem]
    suggestions: list[PlanSuggestion]
    plays: list[PlanPlay]
