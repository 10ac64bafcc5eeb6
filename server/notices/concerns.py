"""Whom an entry of the journal concerns, kind by kind."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from channels.frame import Entry
from server.announcements.models import announcement
from server.feed.models import post
from server.logs.models import log_recipient
from server.members.models import member
from server.notices.models import notice
from server.squads.models import membership
from server.sweeps.models import lane, sweep
from server.visits.models import visit

SPOKEN = ("checkin", "message", "reply", "call", "log")
"""Posts somebody can be replied to for."""


class Told(NamedTuple):
    """One member is to be told (None: the squad's channels): about `subject`, as one thing with all that has
    the same `key`.

    `by` are those whose doing it is, the last one last; empty where it is over and need not be seen any more.
    """

    member: str | None
    key: str
    subject: str
    squad: str | None
    by: list[str]


def named(c: Connection, entry: Entry) -> Iterator[Told]:
    """Whom a message or reply names: the entry stands on their own stream already."""
    id, squad = entry.data["post"], entry.data["squad"]
    yield Told(entry.stream.removeprefix("me:"), f"post:{id}", id, squad, _by(entry))


def answered(c: Connection, entry: Entry) -> Iterator[Told]:
    """Whose post, or whose reply, was replied to."""
    above = {entry.data["post"], entry.data.get("parent") or entry.data["post"]}
    authors = set(c.scalars(select(post.c.author).where(post.c.id.in_(above), post.c.kind.in_(SPOKEN))))
    for author in sorted(authors - {entry.actor}):
        yield Told(author, f"post:{entry.subject}", entry.subject or "", entry.stream, _by(entry))


def announced(c: Connection, entry: Entry) -> Iterator[Told]:
    """All of the squad, or all of the company, in the order of their ids; nobody once it is over."""
    ended = select(announcement.c.ended_at).where(announcement.c.id == entry.data["id"])
    if c.scalar(ended) is not None:
        return
    squad = None if entry.stream == "company" else entry.stream
    everybody = select(member.c.id).where(member.c.deactivated_at.is_(None))
    if squad:
        everybody = everybody.where(member.c.id.in_(_inside(squad)))
    for one in c.scalars(everybody.order_by(member.c.id)).all():
        if one != entry.actor:
            yield Told(one, f"announced:{entry.subject}", entry.data["id"], squad, _by(entry))


def felt(c: Connection, entry: Entry) -> Iterator[Told]:
    """Whose win got a reaction: one notice for a win, whoever comes along."""
    won = select(visit.c.member).where(visit.c.id == entry.subject, visit.c.result == "won")
    if (winner := c.scalar(won)) is None:
        return
    given = [by for members in entry.data["reactions"].values() for by in members if by != winner]
    others = [by for by in dict.fromkeys(given) if by != entry.actor]
    by = [*others, entry.actor] if entry.actor in given else others
    yield Told(winner, f"felt:{entry.subject}", entry.subject or "", entry.stream, [one for one in by if one])


def offered(c: Connection, entry: Entry) -> Iterator[Told]:
    """To whom a stop is offered; it is over once it is answered or taken back."""
    if taker := entry.data["to"]:
        by = _by(entry) if entry.data["state"] == "offered" else []
        yield Told(taker, f"offered:{entry.data['id']}", entry.data["id"], entry.stream, by)


def begun(c: Connection, entry: Entry) -> Iterator[Told]:
    """Who has a lane in a sweep that begins; going on after a pause is no beginning."""
    if entry.data["state"] not in ("running", "ended"):
        return
    over = entry.data["state"] == "ended"
    first = c.scalar(select(sweep.c.started_offset).where(sweep.c.id == entry.subject))
    if not over and first != entry.offset:
        return
    for one in c.scalars(select(lane.c.member).where(lane.c.sweep == entry.subject).distinct()).all():
        if one != entry.actor:
            by = [] if over else _by(entry)
            yield Told(one, f"sweep:{entry.subject}", entry.subject or "", entry.stream, by)


def added(c: Connection, entry: Entry) -> Iterator[Told]:
    """Who is in a squad now by somebody else's doing."""
    who, how = entry.data["id"], entry.data["state"]
    if how in ("joined", "manages") and who != entry.actor:
        yield Told(who, f"added:{entry.stream}", entry.stream, entry.stream, _by(entry))


def called(c: Connection, entry: Entry) -> Iterator[Told]:
    """The squad and the desk, while nobody has the call; taken or ended, nobody need hear of it any more."""
    squad, asker, id = entry.data["squad"], entry.data["asker"], entry.data["id"]
    if entry.stream != squad:
        return
    if entry.data["state"] != "open":
        for key in (f"call:{id}", f"raised:{id}"):
            there = select(notice.c.member).where(notice.c.key == key)
            yield from [Told(who, key, id, squad, []) for who in c.scalars(there).all()]
    elif entry.data["did"] not in ("raised", "said", "moved", "looked"):
        others = member.c.deactivated_at.is_(None) & member.c.id.not_in((asker, entry.actor or asker))
        inside = select(member.c.id).where(others, member.c.id.in_(_inside(squad)))
        near = c.scalars(inside.order_by(member.c.id)).all()
        desk = select(member.c.id).where(others, member.c.role == "desk", member.c.id.not_in(near))
        yield from [Told(who, f"call:{id}", id, squad, [asker]) for who in near]
        yield from [Told(who, f"call:{id}", id, None, [asker]) for who in c.scalars(desk).all()]


def raised(c: Connection, entry: Entry) -> Iterator[Told]:
    """To whom a call went up that nobody took."""
    asker = entry.data["asker"]
    yield from _of_call(c, entry, "raised", entry.stream != f"me:{asker}", [asker])


def passed(c: Connection, entry: Entry) -> Iterator[Told]:
    """Who was given a call by somebody else."""
    yield from _of_call(c, entry, "passed", entry.stream == f"me:{entry.data['owner']}", _by(entry))


def claimed(c: Connection, entry: Entry) -> Iterator[Told]:
    """Who asked, once somebody has their call."""
    yield from _of_call(c, entry, "claimed", entry.stream == f"me:{entry.data['asker']}", _by(entry))


def nearly(c: Connection, entry: Entry) -> Iterator[Told]:
    """Who has a call whose deadline is near, or where nobody has it who is at the desk."""
    asker = entry.data["asker"]
    yield from _of_call(c, entry, "soon", entry.stream != f"me:{asker}", [asker])


def overdue(c: Connection, entry: Entry) -> Iterator[Told]:
    """The same and who asked, once it has passed: in the place of the reminder."""
    yield from _of_call(c, entry, "late", True, [entry.data["asker"]])


def prompted(c: Connection, entry: Entry) -> Iterator[Told]:
    """The squad whose customer was helped: a reason to go there again."""
    if entry.stream == entry.data["squad"] and entry.data["did"] == "prompted":
        for one in c.scalars(_inside(entry.stream).order_by(membership.c.member)).all():
            if one != entry.actor:
                yield Told(one, f"prompted:{entry.subject}", entry.subject or "", entry.stream, _by(entry))


def helped(c: Connection, entry: Entry) -> Iterator[Told]:
    """Who asked, with each answer; the words are a reply as well, which is the same thing."""
    key = f"post:{entry.data.get('reply')}"
    yield from _of_call(c, entry, "answered", entry.stream == f"me:{entry.data['asker']}", _by(entry), key)


def _of_call(
    c: Connection, entry: Entry, did: str, concerned: bool, by: list[str], key: str = ""
) -> Iterator[Told]:
    """On a member's own stream, which tells them of calls that are theirs; the desk is in no squad."""
    if concerned and entry.stream.startswith("me:") and entry.data["did"] == did:
        id, who = entry.data["id"], entry.stream.removeprefix("me:")
        inside = c.scalar(_inside(entry.data["squad"]).where(membership.c.member == who))
        yield Told(who, key or f"{did}:{id}", id, entry.data["squad"] if inside else None, by)


def customer_asked(c: Connection, entry: Entry) -> Iterator[Told]:
    """Who sent a document that a customer has a question about, while they are in the squad that hears it."""
    sender = select(post.c.author).where(post.c.id == entry.subject)
    for one in c.scalars(_inside(entry.stream).where(membership.c.member.in_(sender))).all():
        yield Told(one, f"question:{entry.subject}", entry.subject or "", entry.stream, [one])


def wanted_again(c: Connection, entry: Entry) -> Iterator[Told]:
    """Who sent a link that is over, and that its customer would like once more."""
    if entry.data["did"] == "again" and entry.stream.startswith("me:"):
        who, id = entry.stream.removeprefix("me:"), entry.data["id"]
        yield Told(who, f"again:{id}:{entry.offset}", id, None, [who])


def doubled(c: Connection, entry: Entry) -> Iterator[Told]:
    """Who made a customer that may be in the files already, and could not be asked; on their stream."""
    if entry.data["did"] == "doubled":
        who, id = entry.stream.removeprefix("me:"), entry.data["id"]
        yield Told(who, f"double:{id}", id, entry.data["squad"], _by(entry))


def handed(c: Connection, entry: Entry) -> Iterator[Told]:
    """Who takes over what somebody had in hand who leaves."""
    if entry.data["did"] == "handed" and entry.stream.startswith("me:"):
        who, id = entry.stream.removeprefix("me:"), entry.data["id"]
        yield Told(who, f"handed:{id}", id, entry.data["squad"], [entry.data["by"]])


def held(did: str) -> Callable[[Connection, Entry], Iterator[Told]]:
    """Who hears, on their own stream, of somebody else's work on a customer."""

    def told(c: Connection, entry: Entry) -> Iterator[Told]:
        if entry.data["did"] == did and entry.stream.startswith("me:"):
            who, id = entry.stream.removeprefix("me:"), entry.data["id"]
            yield Told(who, f"{did}:{id}", id, None, [entry.data["by"]])

    return told


def logged(c: Connection, entry: Entry) -> Iterator[Told]:
    """Who owes a log an answer, once it is told."""
    yield from _owed(c, entry, "published", "log")


def log_waits(c: Connection, entry: Entry) -> Iterator[Told]:
    """The same once more, where nobody has given one."""
    yield from _owed(c, entry, "waits", "waits")


def log_due(_: Connection, entry: Entry) -> Iterator[Told]:
    """Whose log is due and not sent, once a day; it is over once it is sent."""
    if entry.data["did"] == "due":
        who, squad = entry.stream.removeprefix("me:"), entry.data["squad"]
        yield Told(who, f"due:{squad}:{entry.data['day']}", squad, squad, [who])
    elif entry.data["did"] == "published" and entry.actor:
        yield Told(entry.actor, f"due:{entry.stream}:{entry.data['day']}", entry.stream, entry.stream, [])


def _owed(c: Connection, entry: Entry, did: str, key: str) -> Iterator[Told]:
    if entry.data["did"] == did:
        chosen = select(log_recipient.c.member).where(log_recipient.c.log == entry.subject)
        asked = c.scalars(chosen.where(log_recipient.c.member.in_(_inside(entry.stream)))).all()
        leads = membership.c.lead | membership.c.manages
        inside = _inside(entry.stream).where(membership.c.member.in_(asked) if asked else leads)
        for one in c.scalars(inside.order_by(membership.c.member)).all():
            if one != entry.actor:
                yield Told(one, f"{key}:{entry.subject}", entry.subject or "", entry.stream, _by(entry))


def _by(entry: Entry) -> list[str]:
    return [entry.actor] if entry.actor else []


def _inside(squad: str) -> Any:
    return select(membership.c.member).where(membership.c.squad == squad, membership.c.left_at.is_(None))
