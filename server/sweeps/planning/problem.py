"""What is asked of the planner and what it answers. Plain data: no database, no clock of its own."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Side = Literal["north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest", "centre"]
Reason = Literal["no_position", "no_members", "too_far", "no_time"]
"""Why a customer is in no lane: nobody knows where it is; nobody goes out; nobody could visit it, not even it
alone, and be at the rally point in time; or only at the cost of others.
"""


@dataclass(frozen=True, slots=True)
class Place:
    """WGS-84 degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Customer:
    """Whom to visit. `member`: nobody else may; the planner chooses only when."""

    id: str
    at: Place | None
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """Who goes out.

    `at` is where they start; without it they enter from `side`, and without that from one chosen for them.
    `free_at`: not before, else from the sweep's start. `done`: customers that stay at the head of their lane
    in this order and cost no time any more.
    """

    id: str
    at: Place | None = None
    side: Side | None = None
    free_at: datetime | None = None
    done: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A sweep to be planned. Times are aware; `speed` in km/h as the crow flies once `detour` is taken off.

    `seconds` is the most the search may take. The same problem has the same answer, unless the machine was
    too busy to finish in that time (`Proposal.cut`).
    """

    customers: tuple[Customer, ...]
    members: tuple[Member, ...]
    rally: Place
    rally_at: datetime
    begins: datetime
    visit_minutes: float = 20.0
    speed: float = 20.0
    detour: float = 1.35
    seconds: float = 2.5
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Stop:
    """A planned visit; `metres` is the way to it from the stop before."""

    customer: str
    arrives: datetime
    leaves: datetime
    metres: int


@dataclass(frozen=True, slots=True)
class Lane:
    """One member's way to the rally point.

    `number` tells lanes of the same side apart (1, 2, …), 0 where there is only one. `metres` and `minutes`
    are the whole way from `start` to the rally point, visits included, what is done already not. `chosen`:
    the start was chosen for them. `late`: the rally point cannot be reached in time even on the straight way,
    so there are no stops. `area` is a convex outline around start and stops.
    """

    member: str
    side: Side
    number: int
    start: Place
    chosen: bool
    done: tuple[str, ...]
    stops: tuple[Stop, ...]
    arrives: datetime
    late: bool
    metres: int
    minutes: int
    area: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Unfit:
    """A customer in no lane, and why."""

    customer: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Proposal:
    """A lane for every member, in their order; every customer once in a lane or among `unfit`.

    `metres` is the sum of the lanes; `longest` and `shortest` are minutes from the sweep's start (or from
    when a member is free) to the rally point, over the lanes with stops. `cut`: the time ran out before the
    search was through, so another run may find something else.
    """

    lanes: tuple[Lane, ...] = ()
    unfit: tuple[Unfit, ...] = ()
    metres: int = 0
    longest: int = 0
    shortest: int = 0
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the search is (0 to 1) and the best it has: customers in lanes, minutes of the longest lane."""

    share: float
    fitted: int = 0
    of: int = 0
    longest: int = 0


@dataclass(slots=True)
class Board:
    """The same in whole seconds from the start, places as numbers: starts, the rally point, customers.

    With `m` lanes place `k` < m is the start of lane k, place m the rally point, all others are customers.
    `owner`: the only lane that may visit a place.
    """

    legs: list[list[int]]
    ready: list[int]
    due: int
    visit: int
    owner: dict[int, int] = field(default_factory=dict)

    @property
    def rally(self) -> int:
        """The place where all lanes end, and how many lanes there are."""
        return len(self.ready)

    @property
    def customers(self) -> range:
        """Their places."""
        return range(self.rally + 1, len(self.legs))

    def finish(self, lane: int, route: list[int]) -> int:
        """When this lane is at the rally point, by this route."""
        at, time = lane, self.ready[lane]
        for place in route:
            time += self.legs[at][place] + self.visit
            at = place
        return time + self.legs[at][self.rally]

    def may(self, lane: int, place: int) -> bool:
        """Whether this lane may visit it at all."""
        return self.owner.get(place, lane) == lane
