"""Who may do what. Every route names one of these rules; nothing else decides.

A rule is a dependency. It finds the caller (session cookie or bearer token), what the route is about, and the
caller's place in that squad, in one joined query: absent and forbidden take the same path. What may not be
seen does not exist (404); what may be seen and not done is 403.

Whoever manages a territory has a membership in each squad in or below it, as everybody who is inside has:
they see because they are seen. `server/squads/managing.py` keeps these; nobody here asks for the tree.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, String, and_, bindparam, cast, null, select
from sqlalchemy.sql import Select
from starlette.requests import HTTPConnection

from server.announcements.models import announcement
from server.errors import Forbidden, NotFound, SignedOut
from server.feed.models import post
from server.guard import bearer
from server.hall.models import hall_win
from server.members.models import api_token, member, session
from server.photos.models import attachment
from server.schema import Moment, as_id, now
from server.squads.models import membership, squad
from server.sweeps.models import handover, lane, stop, sweep
from server.visits.models import visit

COOKIE = "muster_session"
MEANT_FOR = "muster-member"
"""The header that names whose page it is, and in whose name a phone sends what waited there."""


@dataclass(frozen=True, slots=True)
class Who:
    """The caller. `ticket` is the session's or token's id; `squad` what the route is about, if it is.

    `author` made what it is about, or has it; `meant` is whom it is for, where it is for one alone.
    """

    id: str
    name: str
    handle: str
    role: str
    locale: str
    zone: str
    colour: int
    ticket: str
    expires: datetime | None
    by_token: bool
    squad: str | None = None
    squad_name: str | None = None
    squad_zone: str | None = None
    lead: bool = False
    inside: bool = False
    manages: bool = False
    author: str | None = None
    meant: str | None = None

    @property
    def leads(self) -> bool:
        """Speaks and decides for the squad: its leads, and who manages its territory or one above."""
        return self.lead or self.manages

    @property
    def steward(self) -> bool:
        """May manage the squad's people: whoever leads it, and the company's admins."""
        return self.leads or self.role == "admin"


def digest(secret: str) -> str:
    """How a secret is stored: tokens are random enough for a plain hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def credential(request: HTTPConnection) -> tuple[str, bool] | None:
    """(hash, is a bearer token) of what the request brought along."""
    if token := bearer(request.headers):
        return digest(token), True
    cookie = request.cookies.get(COOKIE)
    return (digest(cookie), False) if cookie else None


def _callers(by_token: bool) -> Any:
    """The member a credential stands for, while it stands."""
    ticket: Any
    expires: Any
    common = (
        member.c.id,
        member.c.name,
        member.c.handle,
        member.c.role,
        member.c.locale,
        member.c.zone,
        member.c.colour,
    )
    if by_token:
        ticket, expires = api_token.c.id, cast(null(), Moment)
        source = api_token.join(member, member.c.id == api_token.c.member)
        holds = and_(api_token.c.hash == bindparam("hash"), api_token.c.revoked_at.is_(None))
    else:
        ticket, expires = session.c.id, session.c.expires_at
        source = session.join(member, member.c.id == session.c.member)
        holds = and_(session.c.hash == bindparam("hash"), session.c.expires_at > bindparam("now"))
    return common, ticket.label("ticket"), expires, source, and_(holds, member.c.deactivated_at.is_(None))


def _query(by_token: bool, about: str) -> Select[Any]:
    common, ticket, expires, source, holds = _callers(by_token)
    columns = [*common, ticket, expires.label("expires")]
    if about == "":
        return select(*columns).select_from(source).where(holds)
    author: Any = cast(null(), String)
    key: Any = bindparam("subject")
    if about == "post":
        source = source.join(post, and_(post.c.id == key, post.c.deleted_at.is_(None)))
        key, author = post.c.squad, post.c.author
    elif about == "photo":
        here = and_(attachment.c.id == key, attachment.c.file.is_not(None))
        shown = and_(post.c.id == attachment.c.post, post.c.deleted_at.is_(None))
        source = source.join(attachment, here).join(post, shown)
        key, author = post.c.squad, post.c.author
    elif about == "announcement":
        source = source.join(announcement, announcement.c.id == key)
        key, author = announcement.c.squad, announcement.c.author
    elif about == "win":
        source = source.join(hall_win, hall_win.c.visit == key)
        key = hall_win.c.squad
    elif about == "visit":
        source = source.join(visit, and_(visit.c.id == key, visit.c.retracted_at.is_(None)))
        key, author = visit.c.squad, visit.c.member
    elif about in OF_SWEEP:
        source, author = _of_sweep(source, about)
        key = sweep.c.squad
    here = and_(
        membership.c.squad == squad.c.id, membership.c.member == member.c.id, membership.c.left_at.is_(None)
    )
    there = and_(squad.c.id == key, squad.c.hall) if about == "win" else squad.c.id == key
    # An announcement to the whole company is about no squad.
    source = source.join(squad, there, isouter=about == "announcement").outerjoin(membership, here)
    columns += [
        squad.c.id.label("squad"),
        squad.c.name.label("squad_name"),
        squad.c.zone.label("squad_zone"),
        membership.c.lead,
        membership.c.manages,
        membership.c.id.label("membership"),
        author.label("author"),
    ]
    if about == "handover":
        columns.append(handover.c.taker.label("meant"))
    return select(*columns).select_from(source).where(holds)


def _of_sweep(source: Any, about: str) -> tuple[Any, Any]:
    """A sweep, or what is in one; and whose it is: that of the lane's member, of who offers."""
    key: Any = bindparam("subject")
    if about == "sweep":
        return source.join(sweep, sweep.c.id == key), sweep.c.made_by
    if about == "lane":
        source = source.join(lane, lane.c.id == key)
        return source.join(sweep, sweep.c.id == lane.c.sweep), lane.c.member
    if about == "stop":
        source = source.join(stop, stop.c.id == key).outerjoin(lane, lane.c.id == stop.c.lane)
        return source.join(sweep, sweep.c.id == stop.c.sweep), lane.c.member
    source = source.join(handover, handover.c.id == key)
    return source.join(sweep, sweep.c.id == handover.c.sweep), handover.c.giver


OF_SWEEP = ("sweep", "lane", "stop", "handover")
ABOUT = ("", "squad", "post", "photo", "visit", "win", "announcement", *OF_SWEEP)
_queries = {(t, about): _query(t, about) for t in (True, False) for about in ABOUT}


def find(c: Connection, held: tuple[str, bool], about: str, subject: str | None) -> Who | None:
    """The caller and their place there; None: not signed in, or no such thing."""
    hashed, by_token = held
    values: dict[str, Any] = {"hash": hashed}
    if not by_token:
        values["now"] = now()
    if about:
        values["subject"] = subject
    row = c.execute(_queries[by_token, about], values).one_or_none()
    if row is None:
        return None
    known = dict(row._mapping)
    inside = known.pop("membership", None) is not None
    lead, manages = bool(known.pop("lead", False)), bool(known.pop("manages", False))
    return Who(**known, by_token=by_token, lead=lead, inside=inside, manages=manages)


@dataclass(frozen=True)
class Rule:
    """One kind of admission, used as a dependency: `who: Annotated[Who, Depends(IN_SQUAD)]`.

    `about` is the path parameter it looks at (one of `ABOUT`), empty for none.
    """

    name: str
    about: str = ""

    def allows(self, who: Who) -> bool:
        """Whether the caller, who may see it, may also do it."""
        if self.name in ("author", "own visit"):
            return who.author == who.id
        if self.name in ("lead", "planner"):
            return who.leads
        if self.name == "own in sweep":
            return who.leads or who.author in (None, who.id)
        if self.name == "offered":
            return who.author != who.id and who.meant in (None, who.id)
        if self.name == "steward":
            return who.steward
        if self.name == "announcer":
            return who.leads if who.squad else who.role == "admin"
        if self.name == "admin":
            return who.role == "admin"
        return True

    def visible(self, who: Who) -> bool:
        """Whether it exists for the caller at all."""
        if self.about in ("", "win"):  # what is in the hall is there for all
            return True
        if self.about == "announcement" and who.squad is None:
            return True
        return who.steward if self.name == "steward" and not who.inside else who.inside

    async def __call__(self, request: HTTPConnection) -> Who:
        """The caller, admitted; otherwise the error that tells no more than it may."""
        held = credential(request)
        if held is None:
            raise SignedOut
        subject = as_id(request.path_params.get(self.about)) if self.about else None
        who: Who | None = None
        if subject or not self.about:
            who = await request.app.state.db.read(find, held, self.about, subject)
        if who is None or not self.visible(who):
            somebody = await anyone(request)
            raise NotFound if somebody and _meant(request, somebody) else SignedOut
        if not _meant(request, who):
            raise SignedOut
        request.state.who = who
        if not self.allows(who):
            raise Forbidden
        return who


def _meant(request: HTTPConnection, who: Who) -> bool:
    """False when somebody else has signed in on this phone since it kept what it sends now."""
    return request.headers.get(MEANT_FOR, who.id) == who.id


async def anyone(request: HTTPConnection) -> Who | None:
    """No admission needed; the caller if there is one."""
    if (held := credential(request)) is None:
        return None
    who: Who | None = await request.app.state.db.read(find, held, "", None)
    request.state.who = who
    return who


async def everybody(_: HTTPConnection) -> None:
    """No admission, and nobody is asked who they are: it must work while the database does not."""


SIGNED_IN = Rule("signed in")
ADMIN = Rule("admin")
IN_SQUAD = Rule("in squad", "squad")
LEAD = Rule("lead", "squad")
STEWARD = Rule("steward", "squad")
ON_POST = Rule("on post", "post")
AUTHOR = Rule("author", "post")
ON_PHOTO = Rule("on photo", "photo")
ON_VISIT = Rule("on visit", "visit")
OWN_VISIT = Rule("own visit", "visit")
IN_HALL = Rule("in hall", "win")
ON_ANNOUNCEMENT = Rule("on announcement", "announcement")
ANNOUNCER = Rule("announcer", "announcement")
ON_SWEEP = Rule("on sweep", "sweep")
PLANNER = Rule("planner", "sweep")
STOP_PLANNER = Rule("planner", "stop")
OWN_LANE = Rule("own in sweep", "lane")
OWN_STOP = Rule("own in sweep", "stop")  # nobody's is everybody's
OWN_HANDOVER = Rule("own in sweep", "handover")
OFFERED = Rule("offered", "handover")
ANYONE = anyone
OPEN = everybody


def streams_of(c: Connection, who: str) -> list[str]:
    """Every stream a member may hear now: the company's, their own, and those of their squads."""
    squads = select(membership.c.squad).where(membership.c.member == who, membership.c.left_at.is_(None))
    return ["company", f"me:{who}", *c.scalars(squads)]
