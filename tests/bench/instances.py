"""Public problems for the planner, with the best values that are known of them.

The places are those of TSPLIB (G. Reinelt, ORSA Journal on Computing 3, 1991; EUC_2D), the first of which is
where all lanes start and end. With one lane the best length is proved (TSPLIB, whole distances). With several
the longest lane is to be short (min-max multiple TSP): the values are those of J. Zheng et al., Computers &
Operations Research 143, 2022, and P. He and J.-K. Hao, European Journal of Operational Research 307, 2023. No
lane can be shorter than the way to the farthest place and back: where that is the value, it is proved, too.
"""

import math
from dataclasses import dataclass

from server.sweeps.planning.problem import Board

FINE = 100
"""Parts of a unit of length, where distances are no whole numbers."""


@dataclass(frozen=True)
class Instance:
    """Places on a plane, so many lanes, and the best known length of the longest lane."""

    name: str
    lanes: int
    best: float

    @property
    def unit(self) -> int:
        """The board's numbers for one unit of length."""
        return 1 if self.lanes == 1 else FINE

    def board(self) -> Board:
        """All lanes start and end at the first place; nobody stays anywhere, and there is all the time."""
        first, *rest = (tuple(map(int, one.split(","))) for one in PLACES[self.name].split())
        places = [*(first for _ in range(self.lanes + 1)), *rest]
        legs = [[round(math.dist(one, two) * self.unit) for two in places] for one in places]
        far = 2 * sum(map(max, legs))
        return Board(legs, [0] * self.lanes, far, 0)


PLACES = {
    "eil51": """
    37,52 49,49 52,64 20,26 40,30 21,47 17,63 31,62 52,33 51,21 42,41 31,32 5,25 12,42 36,16 52,41 27,23
    17,33 13,13 57,58 62,42 42,57 16,57 8,52 7,38 27,68 30,48 43,67 58,48 58,27 37,69 38,46 46,10 61,33
    62,63 63,69 32,22 45,35 59,15 5,6 10,17 21,10 5,64 30,15 39,10 32,39 25,32 25,55 48,28 56,37 30,40
    """,
    "berlin52": """
    565,575 25,185 345,750 945,685 845,655 880,660 25,230 525,1000 580,1175 650,1130 1605,620 1220,580
    1465,200 1530,5 845,680 725,370 145,665 415,635 510,875 560,365 300,465 520,585 480,415 835,625
    975,580 1215,245 1320,315 1250,400 660,180 410,250 420,555 575,665 1150,1160 700,580 685,595 685,610
    770,610 795,645 720,635 760,650 475,960 95,260 875,920 700,500 555,815 830,485 1170,65 830,610 605,625
    595,360 1340,725 1740,245
    """,
    "eil76": """
    22,22 36,26 21,45 45,35 55,20 33,34 50,50 55,45 26,59 40,66 55,65 35,51 62,35 62,57 62,24 21,36 33,44
    9,56 62,48 66,14 44,13 26,13 11,28 7,43 17,64 41,46 55,34 35,16 52,26 43,26 31,76 22,53 26,29 50,40
    55,50 54,10 60,15 47,66 30,60 30,50 12,17 15,14 16,19 21,48 50,30 51,42 50,15 48,21 12,38 15,56 29,39
    54,38 55,57 67,41 10,70 6,25 65,27 40,60 70,64 64,4 36,6 30,20 20,30 15,5 50,70 57,72 45,42 38,33 50,4
    66,8 59,5 35,60 27,24 40,20 40,37 40,40
    """,
}
INSTANCES = (
    Instance("eil51", 1, 426),
    Instance("berlin52", 1, 7542),
    Instance("eil76", 1, 538),
    Instance("eil51", 3, 159.57),
    Instance("eil51", 7, 112.07),
    Instance("berlin52", 3, 3069.59),
    Instance("berlin52", 5, 2440.92),
    Instance("eil76", 7, 127.56),
)
