"""The entries of one member's account, each from the row that was written when it was done.

There is no second book: an entry is there while what it tells of is. The selects below take `member`, and
for a squad's view `squad`; each gives the columns that `account` names.
"""

from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    Subquery,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    true,
    type_coerce,
    union_all,
)

from server.calls.models import call, call_answer, call_file
from server.customers.listing import of_squad
from server.customers.models import contact, customer, fact, fact_confirmed
from server.drive.models import drive_document, drive_folder, drive_version
from server.feed.models import post
from server.ledger.rules import ANSWERS
from server.logs.models import log, play
from server.schema import Id, Moment
from server.squads.models import membership
from server.sweeps.models import handover, stop, sweep
from server.visits.models import visit

ME: Any = bindparam("member", type_=Id)
SQUAD: Any = bindparam("squad", type_=Id)
Part = Select[Any]


@cache
def account(in_squad: bool) -> Subquery:
    """All entries of a member: in one squad as it sees them, or everywhere for themselves.

    `side` and `kind` as in rules.py; `id` of the row it is read from; `at`; `other` gave or got it,
    none: it is for all; `squad`, none: it is at a customer, or the company's; `customer`; `thing` is what a
    page leads to; `about` what the row says of itself in a word (a result, a kind); `words` what was said.
    """
    parts = [
        *_visits(in_squad),
        *_file(in_squad),
        *_drive(in_squad),
        *_answers(in_squad),
        *_logs(in_squad),
        *_stops(in_squad),
    ]
    return union_all(*parts).subquery("entries")


def _entry(side: str, kind: Any, id: Any, at: Any, thing: Any, **known: Any) -> Part:
    none = {"other": cast(null(), Id), "squad": cast(null(), Id), "customer": cast(null(), Id)}
    rest = none | {"about": literal("", String), "words": literal("", Text)} | known
    kind = literal(kind, String) if isinstance(kind, str) else kind
    return select(
        literal(side, String).label("side"),
        kind.label("kind"),
        id.label("id"),
        type_coerce(at, Moment).label("at"),
        thing.label("thing"),
        *(rest[name].label(name) for name in ("other", "squad", "customer", "about", "words")),
    )


def _here(column: Any, in_squad: bool) -> ColumnElement[bool]:
    return column == SQUAD if in_squad else true()


def _when(captured: Any, recorded: Any) -> Any:
    """A phone's clock may run ahead."""
    return case((captured > recorded, recorded), else_=captured)


def _visits(in_squad: bool) -> list[Part]:
    """Visits shared, and plays kept from somebody's."""
    shown = and_(post.c.id == visit.c.id, post.c.deleted_at.is_(None), visit.c.retracted_at.is_(None))
    words = case((visit.c.outcome_note != "", visit.c.outcome_note), else_=visit.c.note)
    known = {"squad": visit.c.squad, "customer": visit.c.customer, "words": words}
    at = _when(visit.c.captured_at, visit.c.recorded_at)
    about = func.coalesce(visit.c.result, "")
    visits = _entry("gave", "visit", visit.c.id, at, visit.c.id, about=about, **known)
    plays = _entry("gave", "play", play.c.id, play.c.at, play.c.id, squad=play.c.squad, words=play.c.text)
    return [
        visits.join(post, shown).where(visit.c.member == ME, _here(visit.c.squad, in_squad)),
        plays.where(play.c.member == ME, _here(play.c.squad, in_squad)),
    ]


def _file(in_squad: bool) -> list[Part]:
    """What stands in customers' files: facts, people, and that a fact is still true."""
    found, visited = [], _visited(in_squad)
    for kind, table in (("fact", fact), ("contact", contact)):
        former = table.alias("former")
        words, about = (fact.c.text, fact.c.kind) if table is fact else (contact.c.name, contact.c.role)
        known: dict[str, Any] = {"customer": table.c.customer, "words": words, "about": about}
        for side in ("gave", "got"):
            whom = {"other": table.c.by} if side == "got" else {}
            query = _entry(side, kind, table.c.id, table.c.at, table.c.id, **known, **whom)
            query = query.outerjoin(former, former.c.id == table.c.replaces)
            query = query.where(or_(former.c.id.is_(None), former.c.by != table.c.by))
            if side == "gave":
                where = select(table.c.customer).where(table.c.by == ME)
                found.append(query.where(table.c.by == ME, *_seen(table.c.customer, where, in_squad)))
            else:
                where, there = select(visited.c.id), table.c.customer.in_(select(visited.c.id))
                found.append(query.where(table.c.by != ME, there, *_seen(table.c.customer, where, in_squad)))
    again = {"customer": fact.c.customer, "words": fact.c.text, "about": fact.c.kind}
    for side, mine, other in (
        ("gave", fact_confirmed.c.member, fact.c.by),
        ("got", fact.c.by, fact_confirmed.c.member),
    ):
        query = _entry(side, "confirm", fact.c.id, fact_confirmed.c.at, fact.c.id, other=other, **again)
        query = query.join(fact_confirmed, fact_confirmed.c.fact == fact.c.id)
        where = select(fact.c.customer).join(fact_confirmed, fact_confirmed.c.fact == fact.c.id)
        seen = _seen(fact.c.customer, where.where(mine == ME), in_squad)
        found.append(query.where(mine == ME, other != ME, *seen))
    return found


def _seen(at: Any, where: Any, in_squad: bool) -> list[ColumnElement[bool]]:
    """In the squad’s view only at customers it may see; asked once for each in `where`, not for each row."""
    if not in_squad:
        return []
    part = customer.alias("part")
    whole = customer.c.id == func.coalesce(part.c.merged_into, part.c.id)
    seen = select(part.c.id).join(customer, whole).where(part.c.id.in_(where), of_squad(SQUAD))
    return [at.in_(seen)]


def _visited(in_squad: bool) -> CTE:
    """The customers a member visited for a squad they are in, and those made one with them."""
    where, part = customer.alias("went_to"), customer.alias("went_part")
    whole = func.coalesce(where.c.merged_into, where.c.id).label("id")
    there = select(whole).join(visit, visit.c.customer == where.c.id)
    there = there.where(visit.c.member == ME, visit.c.retracted_at.is_(None))
    if in_squad:
        there = there.where(visit.c.squad == SQUAD)
    else:
        inside = select(membership.c.squad).where(membership.c.member == ME, membership.c.left_at.is_(None))
        there = there.where(visit.c.squad.in_(inside))
    wholes = there.distinct().cte("went")
    parts = select(part.c.id).join(wholes, wholes.c.id == part.c.merged_into)
    return union_all(select(wholes.c.id), parts).cte("visited")


def _drive(in_squad: bool) -> list[Part]:
    """Documents and their versions, outside the bin, where not their keepers alone see them."""
    top = drive_folder.alias("top")
    known = {"squad": drive_folder.c.squad, "words": drive_document.c.name, "about": drive_document.c.kind}
    made = _entry("gave", "file", drive_version.c.id, drive_version.c.at, drive_document.c.id, **known)
    made = made.join(drive_document, drive_document.c.id == drive_version.c.document)
    made = made.join(drive_folder, drive_folder.c.id == drive_document.c.folder)
    made = made.join(top, and_(top.c.id == drive_folder.c.top, top.c.rights != "keep"))
    there = and_(drive_document.c.bin.is_(None), drive_folder.c.bin.is_(None))
    return [made.where(drive_version.c.by == ME, there, _here(drive_folder.c.squad, in_squad))]


def _answers(in_squad: bool) -> list[Part]:
    """What a call brought: its answers, one for each who gave any; files, company, and a win."""
    said, earlier, before = post.alias("said"), post.alias("earlier"), call_answer.alias("before")
    stands = and_(said.c.id == call_answer.c.id, said.c.deleted_at.is_(None))
    first = ~(
        select(earlier.c.id)
        .join(before, before.c.id == earlier.c.id)
        .where(earlier.c.root == said.c.root, earlier.c.author == said.c.author)
        .where(earlier.c.deleted_at.is_(None), earlier.c.feed_offset < said.c.feed_offset)
        .exists()
    )
    as_what = case(
        *((call.c.kind == kind, literal(to, String)) for kind, to in ANSWERS.items()), else_="support"
    )
    known = {"squad": call.c.squad, "customer": call.c.customer, "about": call.c.kind}
    found = []
    for side, giver in (("gave", True), ("got", False)):
        mine, other = (said.c.author, call.c.asker) if giver else (call.c.asker, said.c.author)

        def of(query: Part, mine: Any = mine, other: Any = other) -> Part:
            query = query.join(said, stands).join(call, call.c.id == call_answer.c.call)
            return query.where(mine == ME, other != ME, _here(call.c.squad, in_squad))

        kind = "answer" if giver else as_what
        told = {**known, "other": other, "words": said.c.text}
        answers = _entry(side, kind, call_answer.c.id, said.c.recorded_at, call.c.id, **told)
        found.append(of(answers.select_from(call_answer)).where(first))
        sent = {**known, "other": other, "words": call_file.c.name}
        files = _entry(side, "file", call_file.c.id, said.c.recorded_at, call.c.id, **sent)
        found.append(of(files.join(call_answer, call_answer.c.id == call_file.c.answer)))
        found.append(_along(side, giver, said, stands, known, in_squad))
        found.append(_wins(side, mine, other, said, stands, in_squad))
    return found


def _along(side: str, giver: bool, said: Any, stands: Any, known: dict[str, Any], in_squad: bool) -> Part:
    person, asker = call_answer.c.person, call.c.asker
    mine, other = (person, asker) if giver else (asker, person)
    query = _entry(side, "along", call_answer.c.id, said.c.recorded_at, call.c.id, **known, other=other)
    query = query.select_from(call_answer).join(said, stands).join(call, call.c.id == call_answer.c.call)
    return query.where(mine == ME, person != asker, _here(call.c.squad, in_squad))


def _wins(side: str, mine: Any, other: Any, said: Any, stands: Any, in_squad: bool) -> Part:
    """A visit that was won, once for each who answered a call from within it."""
    helped = select(call.c.visit, call.c.asker, other.label("other")).select_from(call_answer)
    helped = helped.join(said, stands).join(call, call.c.id == call_answer.c.call)
    whom = helped.where(mine == ME, other != ME, call.c.visit.is_not(None)).distinct().subquery()
    known = {"squad": visit.c.squad, "customer": visit.c.customer, "words": visit.c.outcome_note}
    at = func.coalesce(visit.c.closed_at, visit.c.recorded_at)
    query = _entry(side, "win", visit.c.id, at, visit.c.id, other=whom.c.other, about=visit.c.result, **known)
    query = query.join(whom, and_(whom.c.visit == visit.c.id, whom.c.asker == visit.c.member))
    shown = and_(post.c.id == visit.c.id, post.c.deleted_at.is_(None), visit.c.retracted_at.is_(None))
    return query.join(post, shown).where(visit.c.result == "won", _here(visit.c.squad, in_squad))


def _logs(in_squad: bool) -> list[Part]:
    """Words to a log, the first of each who said any."""
    said, earlier, root = post.alias("word"), post.alias("word_before"), post.alias("told")
    first = ~(
        select(earlier.c.id)
        .where(earlier.c.root == said.c.root, earlier.c.author == said.c.author)
        .where(earlier.c.deleted_at.is_(None), earlier.c.feed_offset < said.c.feed_offset)
        .exists()
    )
    found = []
    for side in ("gave", "got"):
        mine, other = (said.c.author, log.c.member) if side == "gave" else (log.c.member, said.c.author)
        known = {"squad": log.c.squad, "words": said.c.text, "other": other, "about": cast(log.c.day, String)}
        query = _entry(side, "reply", said.c.id, said.c.recorded_at, log.c.id, **known)
        query = query.select_from(said).join(log, log.c.id == said.c.root)
        query = query.join(root, and_(root.c.id == log.c.id, root.c.deleted_at.is_(None)))
        query = query.where(mine == ME, other != ME, said.c.deleted_at.is_(None), first)
        found.append(query.where(_here(log.c.squad, in_squad)))
    return found


def _stops(in_squad: bool) -> list[Part]:
    """Stops that went to somebody else, who went there."""
    found = []
    for side in ("gave", "got"):
        taker, giver = handover.c.answered_by, handover.c.giver
        mine, other = (taker, giver) if side == "gave" else (giver, taker)
        known = {"squad": sweep.c.squad, "customer": stop.c.customer, "words": sweep.c.name, "other": other}
        at = func.coalesce(stop.c.at, handover.c.answered_at)
        query = _entry(side, "stop", handover.c.id, at, sweep.c.id, **known)
        query = query.join(stop, stop.c.id == handover.c.stop).join(sweep, sweep.c.id == stop.c.sweep)
        done = and_(handover.c.state == "accepted", stop.c.state == "done", stop.c.by == taker)
        found.append(query.where(mine == ME, taker != giver, done, _here(sweep.c.squad, in_squad)))
    return found
