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
    """A squad: the first of its people leads it. `guests` have their home in another squad."""

    key: str
    name: str
    locale: str
    people: tuple[Person, ...]
    guests: tuple[str, ...] = ()


NORTH = Team(
    "north",
    "North Bank squad",
    "en",
    (
        Person("wangfang", "Wang Fang", 9, "admin"),
        Person("zhangwei", "Zhang Wei", 1),
        Person("sunyue", "Sun Yue", 2),
        Person("chenmo", "Chen Mo", 3),
        Person("zhaolei", "Zhao Lei", 5),
        Person("lina", "Li Na", 6),
    ),
)
SOUTH = Team(
    "south",
    "江南战队",
    "zh",
    (
        Person("chenxi", "陈曦", 4),
        Person("zhouqiang", "周强", 1),
        Person("wumin", "吴敏", 2),
        Person("zhenghao", "郑浩", 3),
        Person("linxiao", "林晓", 5),
        Person("hejing", "何静", 6),
        Person("luodan", "罗丹", 8),
    ),
    guests=("wangfang",),
)
TEAMS = (NORTH, SOUTH)
