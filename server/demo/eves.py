"""Who went where on the last working day's afternoon, from all sides to one place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Leg:
    """A visit of that afternoon: where, minutes after the start, how it ended (empty: no visit)."""

    place: str
    after: int
    result: str = ""
    late: float = 0.0


@dataclass(frozen=True, slots=True)
class Way:
    """One member's afternoon: the stops in their order, and when they were at the rally point."""

    legs: tuple[Leg, ...]
    there: int


@dataclass(frozen=True, slots=True)
class Eve:
    """A squad's afternoon; `handed` is the stop that somebody took over: (place, to whom, minutes)."""

    ways: dict[str, Way]
    handed: tuple[str, str, int]


EVES = {
    "north": Eve(
        {
            "zhang-wei": Way(
                (
                    Leg("East Gate Canteen", 12, "advanced"),
                    Leg("Copper Lane Brewery", 58, "no_decision"),
                    Leg("Xin Feng Tools", 104, "advanced"),
                    Leg("Hengtai Motor Works", 0),
                    Leg("Eastbank Printing", 187, "no_decision"),
                    Leg("Hengtai Hardware", 222, "advanced"),
                ),
                243,
            ),
            "li-na": Way(
                (
                    Leg("Lotus Pond Kindergarten", 16, "advanced"),
                    Leg("Lotus Pond Gym", 0),
                    Leg("Pondside Laundry", 74, "lost"),
                    Leg("Reed Court Care Home", 118, "won", late=21),
                    Leg("Lotus Pharmacies", 174, "advanced"),
                ),
                249,
            ),
            "chen-mo": Way(
                (
                    Leg("North Gate Bakery", 8, "advanced"),
                    Leg("Old Bridge Dental", 63, "won"),
                    Leg("Clock Tower Hotel", 109, "no_decision"),
                    Leg("Old Bridge Noodles", 158, "advanced"),
                    Leg("Bridge Street Coffee", 207, "nobody"),
                ),
                236,
            ),
            "zhao-lei": Way(
                (
                    Leg("Station Road Clinic", 21, "no_decision"),
                    Leg("Jinhe Technical College", 77, "advanced"),
                    Leg("Orchard Road School", 149, "advanced"),
                    Leg("Jinhe Dialysis Centre", 123, "nobody"),
                    Leg("Jinhe Hospital", 175, "won"),
                ),
                266,
            ),
            "sun-yue": Way(
                (
                    Leg("Dockside Cold Store", 14, "no_decision"),
                    Leg("Harbour Fish Kitchen", 66, "advanced"),
                    Leg("Ferry House Offices", 117, "lost"),
                    Leg("Golden Harbour Hotel", 170, "advanced"),
                ),
                257,
            ),
        },
        ("Orchard Road School", "zhang-wei", 96),
    ),
    "south": Eve(
        {
            "zhou-qiang": Way(
                (
                    Leg("恒泰宾馆", 15, "advanced"),
                    Leg("东湖幼儿园", 71, "no_decision"),
                    Leg("顺达汽修", 126, "won"),
                    Leg("城东社区诊所", 184, "advanced"),
                ),
                246,
            ),
            "wu-min": Way(
                (
                    Leg("东渡食品厂", 11, "no_decision"),
                    Leg("南港冷库", 64, "advanced"),
                    Leg("海晏大酒楼", 122, "lost"),
                    Leg("渡口面馆", 181, "advanced", late=17),
                ),
                239,
            ),
            "zheng-hao": Way(
                (
                    Leg("南门中学", 19, "advanced"),
                    Leg("南门医院", 78, "no_decision"),
                    Leg("鸿运火锅", 133, "won"),
                    Leg("康宁药房", 190, "nobody"),
                ),
                252,
            ),
            "lin-xiao": Way(
                (
                    Leg("港务局食堂", 9, "advanced"),
                    Leg("老港五金", 61, "lost"),
                    Leg("金帆大酒店", 114, "no_decision"),
                    Leg("港湾洗衣", 0),
                    Leg("船厂招待所", 186, "advanced"),
                ),
                263,
            ),
            "chen-xi": Way(
                (
                    Leg("桥东茶叶行", 13, "advanced"),
                    Leg("临江印务", 70, "advanced"),
                    Leg("桥头诊所", 121, "no_decision"),
                    Leg("江畔咖啡", 176, "advanced"),
                ),
                231,
            ),
        },
        ("江畔咖啡", "lin-xiao", 112),
    ),
}
