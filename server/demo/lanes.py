"""How each squad divided the town this morning. Corners are pixels of the town's drawing."""

from dataclasses import dataclass

Corners = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One member's lane: its name, its area, and the stops that come after today's visits so far."""

    name: str
    corners: Corners
    then: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sweep:
    """What was agreed: the pact in words, where all meet, and who comes from which side."""

    name: str
    pact: str
    rally: str
    sides: dict[str, Side]


SWEEPS = {
    "north": Sweep(
        "Linjiang sweep",
        "We check in once at every customer, and all of us see it. Between check-ins nobody looks. "
        "Whoever is stuck says so early. Tea at the rally is on the lead.",
        "Riverside Teahouse",
        {
            "zhang-wei": Side(
                "East",
                (
                    *((905, 470), (985, 420), (1000, 215), (1180, 170), (1330, 250)),
                    *((1375, 420), (1330, 600), (1180, 640), (1000, 640), (925, 600)),
                ),
                ("Eastbank Printing", "Copper Lane Brewery"),
            ),
            "li-na": Side(
                "West",
                (
                    *((690, 560), (600, 470), (420, 400), (270, 370), (225, 520)),
                    *((258, 724), (420, 724), (600, 664), (676, 642)),
                ),
                ("Reed Court Care Home", "Lotus Pond Gym"),
            ),
            "chen-mo": Side(
                "Centre",
                (
                    *((700, 560), (612, 466), (698, 440), (768, 340), (975, 222), (978, 412)),
                    *((898, 466), (918, 600), (985, 650), (1000, 702), (900, 656), (760, 634), (690, 646)),
                ),
                ("Bridge Street Coffee",),
            ),
            "zhao-lei": Side(
                "North",
                (
                    *((600, 462), (690, 430), (760, 330), (975, 212), (900, 140), (700, 150)),
                    *((470, 200), (300, 300), (290, 368), (430, 396)),
                ),
                ("Jinhe Technical College", "Jinhe Dialysis Centre"),
            ),
            "sun-yue": Side(
                "South",
                (
                    *((760, 702), (620, 724), (450, 780), (380, 900), (470, 1030), (690, 1040)),
                    *((880, 1010), (985, 880), (1000, 790), (900, 724)),
                ),
                ("Ferry House Offices",),
            ),
        },
    ),
    "south": Sweep(
        "江南会战",
        "每拜访一个客户签一次到，大家都看得见；两次签到之间，没人看着你。遇到难处早点喊。会师的茶我请。",
        "南岸茶楼",
        {
            "zhou-qiang": Side(
                "东片",
                ((1125, 590), (1290, 570), (1400, 620), (1380, 700), (1270, 790), (1120, 815), (1080, 720)),
                ("顺达汽修",),
            ),
            "wu-min": Side(
                "东南片",
                ((965, 790), (1065, 800), (1240, 950), (1240, 1040), (1090, 1140), (1030, 1060), (960, 950)),
                ("星河健身",),
            ),
            "zheng-hao": Side(
                "南片",
                ((640, 1075), (820, 915), (935, 940), (1005, 1030), (945, 1150), (690, 1160)),
                ("康宁药房", "临江职校"),
            ),
            "lin-xiao": Side(
                "西片",
                ((360, 860), (530, 760), (680, 775), (760, 840), (640, 1045), (410, 1070)),
                ("港湾洗衣", "金帆大酒店", "老港五金"),
            ),
            "chen-xi": Side(
                "中路",
                ((775, 520), (960, 525), (1050, 585), (1010, 690), (900, 705), (780, 600)),
                ("临江印务", "桥头诊所"),
            ),
        },
    ),
}
