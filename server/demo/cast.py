"""Who is who in the demo company."""

from dataclasses import dataclass

COMPANY = "Qinghe Filtration 清河净水"
CURRENCY = "CNY"


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the demo company; `colour` is 1 to 10."""

    handle: str
    name: str
    colour: int
    role: str = "rep"


@dataclass(frozen=True, slots=True)
class Team:
    """A squad: the first of its people leads it. `guests` have their home in another squad, or in none."""

    key: str
    name: str
    locale: str
    people: tuple[Person, ...]
    territory: str
    guests: tuple[str, ...] = ()


NORTH = Team(
    "north",
    "North Bank squad",
    "en",
    (
        Person("wang-fang", "Wang Fang", 9, "admin"),
        Person("zhang-wei", "Zhang Wei", 1),
        Person("sun-yue", "Sun Yue", 2),
        Person("chen-mo", "Chen Mo", 3),
        Person("zhao-lei", "Zhao Lei", 5),
        Person("li-na", "Li Na", 6),
    ),
    "North Bank",
    guests=("gu-ming",),
)
SOUTH = Team(
    "south",
    "江南战队",
    "zh",
    (
        Person("chen-xi", "陈曦", 4, "admin"),
        Person("zhou-qiang", "周强", 1),
        Person("wu-min", "吴敏", 2),
        Person("zheng-hao", "郑浩", 3),
        Person("lin-xiao", "林晓", 5),
        Person("he-jing", "何静", 6),
        Person("luo-dan", "罗丹", 8),
    ),
    "江南",
    guests=("wang-fang", "gu-ming"),
)
TEAMS = (NORTH, SOUTH)
TOWN = "Linjiang 临江"
MANAGER = Person("gu-ming", "Gu Ming", 7)
"""Of the whole town, and so a member of both squads."""
