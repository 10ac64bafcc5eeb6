"""What lies in the demo company's drive; its folders have names in both languages, for both squads."""

from typing import NamedTuple


class Paper(NamedTuple):
    """A document. `said` is its text, its lines, or which of the files beside this it is."""

    name: str
    end: str
    kind: str
    tags: tuple[str, ...] = ()
    said: str = ""
    sheets: tuple[tuple[str, tuple[tuple[str | int, ...], ...]], ...] = ()


class Track(NamedTuple):
    """Training: a document (or none), its pages up to that one (or all), what to do with it."""

    name: str
    steps: tuple[tuple[str, str, str], ...]


SKILLS = "Sales skills 销售技巧"
BROCHURES = {"north": "RO-400 for clinics", "south": "RO-400 门诊净水"}
PRICES = (
    (
        "Prices",
        (
            ("Unit", "Buy, CNY", "Rent a month, CNY", "From how many"),
            ("RO-200", 4200, 180, 1),
            ("RO-400", 7400, 290, 1),
            ("RO-400, 10 and more", 6900, 265, 10),
            ("Filter set", 460, 0, 1),
            ("Visit, with filters", 320, 0, 1),
        ),
    ),
    (
        "价目",
        (
            ("机型", "购买(元)", "月租(元)", "起订量"),
            ("RO-200", 4200, 180, 1),
            ("RO-400", 7400, 290, 1),
            ("RO-400,十台以上", 6900, 265, 10),
            ("一套滤芯", 460, 0, 1),
            ("上门换芯", 320, 0, 1),
        ),
    ),
)
CASE_EN = """Harbour Clinic, two years without scale
When the sterilisers failed for the third time in a winter, the clinic’s engineer measured the supply.
Ward water here is hard water at 420 ppm; after six months with two RO-400 the boilers were free of scale.
Of the twelve steriliser calls in the year before, one was left.
“We stopped counting them”, says the engineer. Ask for him by name; he shows visitors the old pipe."""
CASE_ZH = """南门药房：两年没有水垢
一个冬天里，煎药机第三次堵了，店长自己测了水。
进水是硬水，420 ppm；换上一台 RO-400，用了半年，锅里没有水垢。
前一年报修十二次，后一年只有一次。
店长愿意接待同行参观，去之前先打个电话。"""
CONTRACT = """Rental contract 租赁合同
1. The unit stays ours; the rent includes filters and visits. 机器归我方，租金含滤芯和上门。
2. The rent is due on the first of the month. 租金每月一日支付。
3. Either side may end it with a month’s notice. 任何一方可提前一个月通知解约。
4. What leaks is our business, within a day. 漏水由我方一天内处理。"""
WATER_EN = """# Hard water in five minutes

**ppm** is how much lime is in a litre. Under 120 nobody notices;
over 300 a boiler loses a tenth of its heat in a year.

1. Ask for a glass from the tap they cook with.
2. Dip the strip, wait ten seconds, and let *them* read the colour.
3. Say what it costs: last year’s repairs, divided by twelve.

> Never say “your water is bad”. Say “this is what your boiler drinks”.
"""
WATER_ZH = """# 五分钟讲清硬水

**ppm** 是一升水里有多少水垢成分。120 以下没人在意；300 以上，锅炉一年要多花一成的热。

1. 请对方从做饭的水龙头接一杯水。
2. 试纸浸十秒，让*对方*自己读颜色。
3. 算给他看：去年的维修费，除以十二。

> 不说“你们的水不好”，说“你们的锅炉喝的是这个”。
"""
LOAN_EN = """# On loan

- **RO-200 no. 14**: Jinhe Hospital, ward B. Zhang Wei fetches it on Friday.
- **RO-400 no. 3**: in Chen Mo’s van, to be had any day.
"""
LOAN_ZH = """# 借出

- **RO-200 9 号**：南门医院，林晓周五取回。
- **RO-400 2 号**：在周强的后备箱，随时可借。
"""
COMPANY: tuple[tuple[str, str, tuple[Paper, ...]], ...] = (
    (
        "Brochures 宣传册",
        "add",
        (
            Paper(BROCHURES["north"], "pdf", "brochure", ("clinics", "RO-400"), "clinics.pdf"),
            Paper(BROCHURES["south"], "pdf", "brochure", ("诊所", "RO-400"), "menzhen.pdf"),
        ),
    ),
    ("Samples 样本", "add", (Paper("Trial unit 试用机", "jpg", "sample", ("RO-200",)),)),
    (
        "Cases 案例",
        "add",
        (
            Paper("Two years without scale", "docx", "case", ("clinics",), CASE_EN),
            Paper("两年没有水垢", "docx", "case", ("药房",), CASE_ZH),
        ),
    ),
    (
        "Price lists 价目表",
        "view",
        (Paper("Price list 价目表", "xlsx", "prices", ("RO-200", "RO-400"), sheets=PRICES),),
    ),
    (
        "Product knowledge 产品知识",
        "add",
        (
            Paper("Hard water in five minutes", "md", "product", ("water",), WATER_EN),
            Paper("五分钟讲清硬水", "md", "product", ("水质",), WATER_ZH),
        ),
    ),
    (SKILLS, "add", ()),
    (
        "Contracts 合同",
        "view",
        (Paper("Rental contract 租赁合同", "docx", "contract", ("rent", "租赁"), CONTRACT),),
    ),
)
LOANS = {
    "north": ("Units on loan", Paper("Who has which unit", "md", "other", (), LOAN_EN)),
    "south": ("借出的样机", Paper("谁借了哪台", "md", "other", (), LOAN_ZH)),
}
TRACK = Track(
    "Water in an hour 一小时懂水",
    (
        ("Hard water in five minutes", "", "Read it, then measure your own tap."),
        ("五分钟讲清硬水", "", "读完，测一测自己家的水。"),
        (BROCHURES["north"], "2", "Say the two pages in your own words. 用自己的话讲这两页。"),
        ("Price list 价目表", "", "Which price for twelve units? 十二台是什么价？"),
        ("", "", "Explain hard water to a colleague in three sentences. 用三句话给同事讲清硬水。"),
    ),
)
