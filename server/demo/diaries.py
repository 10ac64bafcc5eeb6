"""The logs of the demo company: what stands in the way, yesterday's with its answers, one that is begun."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, update

from channels.frame import Entry
from server.access import Who
from server.demo.history import TEXT_MAX, date_back
from server.demo.scene import Scene
from server.demo.steps import made_id
from server.logs import actions, marks, queries, talk
from server.logs.forms import Kept, Marked, Said, Words, Written
from server.logs.models import log, log_read, play
from server.schema import new_id

SENT = time(18, 40)
PROBLEMS = (
    "Price · 价格",
    "No decision-maker · 没见到决策人",
    "Competitor · 竞品",
    "Missing material · 缺资料",
    "I lacked an answer · 没答上来",
)


@dataclass(frozen=True, slots=True)
class Diary:
    """A squad's logs: whose was sent yesterday, with which words and answers, and who has begun today's."""

    author: str
    helper: str
    lesson: str
    stuck: str
    tomorrow: str
    praise: str
    thanks: str
    advice: str
    play: str
    begun_by: str
    begun: str


DIARIES = {
    "north": Diary(
        "zhao-lei",
        "li-na",
        "While they went through the list of **what was missing**, the price stopped being the subject.",
        "They would like to see a customer like them that uses ours; I found none in Drive.",
        "The clinic first, before they open. Then the school kitchen with @Chen Mo.",
        "This is the turn. Would you walk the squad through it at the teahouse?",
        "Gladly. Ten minutes.",
        "True, we have none. Mine on Orchard Road would show theirs, I will ask them.",
        "Ask what the other price leaves out",
        "li-na",
        "With the test report open on the phone, nobody asks about certificates twice.",
    ),
    "south": Diary(
        "zheng-hao",
        "lin-xiao",
        "他们对着**少了哪些**一条条看下来，价格就不是话题了。",
        "对方想看看同行里谁在用，资料库里没找到案例。",
        "先去诊所，赶在开门前；再和 @吴敏 去学校食堂。",
        "关键就在这一步，碰头时给大家讲讲？",
        "好，讲十分钟。",
        "确实没有。我那家愿意给人看，我去问问。",
        "先问对方报价里没含什么",
        "lin-xiao",
        "手机上打开检测报告，就没人再问第二遍证书。",
    ),
}
Inside = Mapping[tuple[str, str], Who]


def evening(day: date, zone: str) -> datetime:
    """When the log of a day is sent."""
    return datetime.combine(day, SENT, ZoneInfo(zone))


def list_problems(c: Connection, by: Who) -> None:
    """The company's list."""
    for name in PROBLEMS:
        marks.add_problem(c, by, new_id(), name)


def tell(c: Connection, scene: Scene, who: Inside, day: date, moment: datetime) -> None:
    """Yesterday's log is sent, read, answered at two of its lines, and one of them is kept."""
    told, key = DIARIES[scene.team.key], scene.team.key
    author, helper = who[key, told.author], who[key, told.helper]
    lead = who[key, scene.team.people[0].handle]
    own = {"lesson": told.lesson, "stuck": told.stuck, "tomorrow": told.tomorrow}
    words = {name: Words(text=text) for name, text in own.items()}
    entries: list[tuple[datetime, Any]] = []

    def later(minutes: int, before: int) -> None:
        entries.extend((moment + timedelta(minutes=minutes), one) for one in c.info["told"][before:])

    before = len(c.info["told"])
    id, _ = actions.publish(c, author, day, Written(lines=words), TEXT_MAX)
    later(0, before)
    lines = {line.key: str(line.id) for line in queries.some(c, [id])[id].lines if line.id}
    hard = next((line for line in queries.some(c, [id])[id].visits if _hard(line)), None)
    before = len(c.info["told"])
    actions.read(c, lead, id)
    actions.read(c, helper, id)
    said = _say(c, scene, lead, id, told.praise, line=lines["lesson"])
    _say(c, scene, author, id, told.thanks, to=said)
    _say(c, scene, helper, id, told.advice, line=lines["stuck"])
    marks.keep(c, helper, id, Kept(id=_id(scene), line=UUID(lines["lesson"]), text=told.play))
    if hard and hard.id:
        price = [UUID(one.id) for one in marks.problems(c) if one.name == PROBLEMS[0]]
        marks.mark(c, lead, id, Marked(line=UUID(hard.id), problems=price))
    later(9, before)
    date_back(c, [(at, one) for at, one in entries if isinstance(one, Entry)])
    c.execute(update(log).where(log.c.id == id).values(published_at=moment, saved_at=moment))
    for table in (log_read, play):
        here = table.c.log == id if table is log_read else play.c.line == lines["lesson"]
        c.execute(update(table).where(here).values(at=moment + timedelta(minutes=9)))


def begin(c: Connection, scene: Scene, who: Inside, day: date) -> None:
    """Somebody has begun today's, and said what stood in the way where it did not go well."""
    told, key = DIARIES[scene.team.key], scene.team.key
    author = who[key, told.begun_by]
    hard = [line.key for line in queries.draft(c, author, day).visits if _hard(line)]
    price = [UUID(one.id) for one in marks.problems(c) if one.name in (PROBLEMS[0], PROBLEMS[-1])]
    words = Written(lines={"lesson": Words(text=told.begun)}, problems=dict.fromkeys(hard[:1], price))
    actions.save(c, author, day, words, TEXT_MAX)


def _hard(line: Any) -> bool:
    return line.visit is not None and line.visit.result in ("lost", "no_decision")


def _say(c: Connection, scene: Scene, who: Who, id: str, text: str, **about: str) -> str:
    """Words to a line, or to a reply; their id."""
    aim = {name: UUID(one) for name, one in about.items()}
    said, _ = talk.reply(c, who, id, Said(id=_id(scene), text=text, **aim), TEXT_MAX)
    return str(said["id"])


def _id(scene: Scene) -> UUID:
    return UUID(made_id(scene.rng))
