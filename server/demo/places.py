"""The customers in Linjiang, and who went where today. Coordinates are pixels of the town's drawing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A customer. `kind`: food, hospital, dentist, pharmacy, trade, school or other, by its first letter."""

    name: str
    x: float
    y: float
    kind: str


NORTH = (
    Place("Hengtai Hardware", 1050, 512, "t"),
    Place("Lotus Pharmacies", 560, 560, "p"),
    Place("Jinhe Hospital", 690, 296, "h"),
    Place("Old Bridge Noodles", 722, 500, "f"),
    Place("Golden Harbour Hotel", 640, 785, "f"),
    Place("East Gate Canteen", 1270, 330, "f"),
    Place("Xin Feng Tools", 1200, 470, "t"),
    Place("Orchard Road School", 1090, 395, "s"),
    Place("Riverside Teahouse", 800, 600, "f"),
    Place("North Gate Bakery", 935, 285, "f"),
    Place("Old Bridge Dental", 890, 390, "d"),
    Place("Clock Tower Hotel", 785, 410, "f"),
    Place("Lotus Pond Kindergarten", 330, 470, "s"),
    Place("Pondside Laundry", 420, 640, "t"),
    Place("Station Road Clinic", 872, 205, "h"),
    Place("Dockside Cold Store", 560, 960, "t"),
    Place("Harbour Fish Kitchen", 715, 905, "f"),
    Place("Eastbank Printing", 1120, 560, "t"),
    Place("Copper Lane Brewery", 1085, 300, "f"),
    Place("Reed Court Care Home", 505, 655, "h"),
    Place("Lotus Pond Gym", 455, 455, "o"),
    Place("Bridge Street Coffee", 850, 520, "f"),
    Place("Jinhe Technical College", 800, 255, "s"),
    Place("Ferry House Offices", 780, 860, "o"),
    Place("Jinhe Dialysis Centre", 545, 270, "h"),
    Place("Hengtai Motor Works", 1295, 575, "t"),
)
SOUTH = (
    Place("恒泰宾馆", 1330, 640, "f"),
    Place("东湖幼儿园", 1250, 720, "s"),
    Place("顺达汽修", 1190, 640, "t"),
    Place("城东社区诊所", 1150, 760, "h"),
    Place("东渡食品厂", 1080, 1090, "f"),
    Place("南港冷库", 1180, 1000, "t"),
    Place("海晏大酒楼", 1100, 960, "f"),
    Place("渡口面馆", 1000, 920, "f"),
    Place("南门中学", 880, 1120, "s"),
    Place("南门医院", 800, 1060, "h"),
    Place("鸿运火锅", 930, 1020, "f"),
    Place("康宁药房", 860, 960, "p"),
    Place("港务局食堂", 430, 1000, "f"),
    Place("老港五金", 420, 880, "t"),
    Place("金帆大酒店", 520, 900, "f"),
    Place("港口牙科", 600, 1010, "d"),
    Place("船厂招待所", 690, 850, "f"),
    Place("桥东茶叶行", 960, 580, "t"),
    Place("临江印务", 905, 610, "t"),
    Place("临江花园酒店", 940, 655, "f"),
    Place("桥头诊所", 830, 560, "h"),
    Place("江畔咖啡", 760, 790, "f"),
    Place("南岸茶楼", 890, 850, "f"),
    Place("星河健身", 1010, 845, "o"),
    Place("临江职校", 700, 1100, "s"),
    Place("港湾洗衣", 540, 810, "t"),
)


@dataclass(frozen=True, slots=True)
class Call:
    """One visit of today: where, how many minutes ago, and how it ended (empty: as it comes)."""

    place: str
    ago: float
    result: str = ""


# Handle -> the day so far: from all sides towards the middle, as the lanes were agreed in the morning.
TODAY: dict[str, dict[str, tuple[Call, ...]]] = {
    "north": {
        "zhang-wei": (
            Call("East Gate Canteen", 232, "advanced"),
            Call("Xin Feng Tools", 168, "nobody"),
            Call("Orchard Road School", 97, "advanced"),
            Call("Hengtai Hardware", 9),
        ),
        "li-na": (
            Call("Lotus Pond Kindergarten", 214, "advanced"),
            Call("Pondside Laundry", 139, "no_decision"),
            Call("Lotus Pharmacies", 44, "won"),
        ),
        "chen-mo": (
            Call("North Gate Bakery", 226, "no_decision"),
            Call("Old Bridge Dental", 157, "won"),
            Call("Clock Tower Hotel", 84, "lost"),
            Call("Old Bridge Noodles", 16),
        ),
        "zhao-lei": (Call("Station Road Clinic", 121, "advanced"), Call("Jinhe Hospital", 5)),
        "sun-yue": (
            Call("Dockside Cold Store", 205, "no_decision"),
            Call("Harbour Fish Kitchen", 128, "advanced"),
            Call("Golden Harbour Hotel", 61, "lost"),
        ),
    },
    "south": {
        "zhou-qiang": (
            Call("恒泰宾馆", 221, "advanced"),
            Call("东湖幼儿园", 146, "advanced"),
            Call("城东社区诊所", 12),
        ),
        "wu-min": (
            Call("东渡食品厂", 236, "no_decision"),
            Call("南港冷库", 171, "nobody"),
            Call("海晏大酒楼", 92, "lost"),
            Call("渡口面馆", 6),
        ),
        "zheng-hao": (
            Call("南门中学", 208, "advanced"),
            Call("南门医院", 133, "advanced"),
            Call("鸿运火锅", 52, "won"),
        ),
        "lin-xiao": (
            Call("港务局食堂", 217, "advanced"),
            Call("港口牙科", 142, "lost"),
            Call("船厂招待所", 66, "won"),
        ),
        "chen-xi": (Call("桥东茶叶行", 118, "no_decision"), Call("临江花园酒店", 17)),
    },
}
PLACES = {"north": NORTH, "south": SOUTH}
