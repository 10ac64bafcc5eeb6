"""What can be done with squads: found them, join, leave, remove, lead; and closing an account.

A membership is somebody's `own`, or there because they manage a territory (`managing.py`), or both. It ends
with the last of the two.
"""

from typing import Any

from sqlalchemy import ColumnElement, Connection, case, delete, func, insert, literal, null, select, update

from server import audit, jobs, journal
from server.errors import Conflict, Invalid, together
from server.feed.models import post, read_mark
from server.members.actions import checked_zone, close, void_resets
from server.members.leaving import dismiss
from server.members.models import company, member
from server.schema import Moment, new_id, now
from server.squads.models import invite, membership, squad
from server.territories.models import territory_manager
from server.text import name as checked_name
from web.render import N_

LEFT = "squad-left"
"""The kind of job for what must happen elsewhere when somebody has left a squad."""


def checked_squad(name: str, zone: str) -> dict[str, str]:
    """A squad's name and zone as they are stored; raises `Invalid` with all that is wrong."""
    together(lambda: checked_name("squad", name), lambda: checked_zone(zone))
    return {"name": checked_name("squad", name), "zone": zone}


def create_squad(c: Connection, by: str, name: str, zone: str, id: str | None = None) -> str:
    """A new squad, led by whoever founds it; the same id of one's own again is the same squad."""
    if id is not None and (founder := journal.begun_by(c, id)) is not None:
        if founder == by:
            return id
        id = None  # somebody else's: nothing is told of it
    id = id or new_id()
    c.execute(insert(squad), {"id": id, **checked_squad(name, zone), "created_at": now()})
    journal.open_stream(c, id, "squad")
    audit.note(c, by, "squad_founded", squad=id, name=checked_name("squad", name))
    join(c, id, by, True)
    return id


def join(c: Connection, squad_id: str, member_id: str, lead: bool = False, most: int = 200) -> None:
    """Puts a member into a squad: an entry and a line in the feed. Being there already changes nothing."""
    theirs = here(squad_id) & (membership.c.member == member_id)
    if c.scalar(select(membership.c.own).where(theirs)):
        return
    own = select(func.count()).select_from(membership).where(here(squad_id), membership.c.own)
    if (c.scalar(own) or 0) >= most:
        raise Invalid({"squad": N_("This squad is full: at most %(most)s members.")}, {"most": most})
    manages = c.execute(update(membership).where(theirs).values(own=True, lead=lead)).rowcount > 0
    if not manages:
        row = {"id": new_id(), "squad": squad_id, "member": member_id, "lead": lead, "joined_at": now()}
        c.execute(insert(membership), row)
    void_resets(c, member_id)  # a lead's link to their account must not open this squad too
    c.execute(update(member).where(member.c.id == member_id).values(last_squad=squad_id))
    tell(c, squad_id, member_id, member_id, "joined", "joined")
    if not manages:
        all_read(c, squad_id, member_id)


def all_read(c: Connection, squad_id: str, member_id: str) -> None:
    """What was before one came is there to be read, but not as unread."""
    c.execute(delete(read_mark).where(read_mark.c.member == member_id, read_mark.c.stream == squad_id))
    here = journal.head(c, squad_id).offset
    c.execute(insert(read_mark), {"member": member_id, "stream": squad_id, "offset": here, "at": now()})


def enter(c: Connection, squad_id: str, admin: str, most: int) -> None:
    """An admin goes into a squad uninvited: from then on they see it, and it sees that they do."""
    if c.scalar(select(membership.c.id).where(here(squad_id), membership.c.member == admin)) is None:
        audit.note(c, admin, "squad_entered", squad=squad_id)
    join(c, squad_id, admin, False, most)


def leave(c: Connection, squad_id: str, member_id: str) -> None:
    """Goes out of a squad; its last lead names another first."""
    _let_go(c, squad_id, member_id)
    _end(c, squad_id, member_id, member_id, "left")


def remove(c: Connection, by: str, squad_id: str, member_id: str) -> None:
    """Takes somebody out of a squad: their sockets close at once; what they did stays, with their name."""
    _let_go(c, squad_id, member_id)
    _end(c, squad_id, by, member_id, "removed")


def leave_all(c: Connection, by: str, member_id: str) -> None:
    """Takes somebody out of every squad, and of every territory they manage."""
    posts = (territory_manager.c.member == member_id) & territory_manager.c.to_at.is_(None)
    managed = c.scalars(select(territory_manager.c.territory).where(posts)).all()
    theirs = (membership.c.member == member_id) & membership.c.left_at.is_(None)
    squads = sorted(c.scalars(select(membership.c.squad).where(theirs)))
    journal.hold(c, [*squads, "company"] if managed else squads)
    c.execute(update(territory_manager).where(posts).values(to_at=now()))
    c.execute(update(membership).where(theirs).values(manages=False))
    for id in squads:
        _end(c, id, by, member_id, "removed")
    for id in sorted(managed):
        data = {"id": id, "did": "relieved", "member": member_id}
        journal.append(c, "company", "territory", data, actor=by, subject=id)


def deactivate(c: Connection, by: str, member_id: str) -> None:
    """Closes an account: out of every squad, signed out everywhere, tokens void; what they did stays."""
    lock_territories(c)  # nobody gives them one meanwhile
    admins = select(member.c.id).where(member.c.role == "admin", member.c.deactivated_at.is_(None))
    if list(c.scalars(admins.with_for_update())) == [member_id]:
        raise Conflict(N_("The company needs an admin. This is the last one."))
    end_invites(c, invite.c.made_by == member_id)
    audit.note(c, by, "account_closed", subject=member_id)
    leave_all(c, by, member_id)
    close(c, member_id)


def make_lead(c: Connection, by: str, squad_id: str, member_id: str, lead: bool) -> None:
    """Makes a member a lead, or an ordinary member again; what they look at opens anew, as they may now."""
    if not lead:
        _keep_a_lead(c, squad_id, member_id)
    theirs = here(squad_id) & (membership.c.member == member_id)
    if lead and c.scalar(select(membership.c.own).where(theirs)) is False:
        raise Conflict(N_("Whoever manages the territory may do already what a lead may."))
    if c.execute(update(membership).where(theirs, membership.c.lead != lead).values(lead=lead)).rowcount:
        void_resets(c, member_id)
        audit.note(c, by, "lead_given" if lead else "lead_taken", squad=squad_id, subject=member_id)
        journal.append(c, squad_id, "member", state(c, squad_id, member_id, "changed"), actor=by)
        dismiss(c, member_id, stream=squad_id)


def rename(c: Connection, by: str, squad_id: str, name: str, zone: str) -> None:
    """Changes a squad's name or time zone; days that are past stay the days they were."""
    values = checked_squad(name, zone)
    c.execute(update(squad).where(squad.c.id == squad_id).values(**values))
    audit.note(c, by, "squad_changed", squad=squad_id, **values)
    journal.append(c, squad_id, "squad", {"id": squad_id, **values}, actor=by)


def here(squad_id: str) -> ColumnElement[bool]:
    """The memberships of a squad that stand now."""
    return (membership.c.squad == squad_id) & membership.c.left_at.is_(None)


def lock(c: Connection, squad_id: str) -> None:
    """What is decided about a squad from here to the commit is decided alone."""
    c.execute(select(squad.c.id).where(squad.c.id == squad_id).with_for_update(key_share=True))


def lock_territories(c: Connection) -> None:
    """What is decided about territories, and who is where because of them, is decided alone."""
    c.execute(select(company.c.id).with_for_update())


def end_invites(c: Connection, which: ColumnElement[bool]) -> int:
    """Links and codes of these invitations lead nowhere any more; how many they were."""
    return c.execute(
        update(invite).where(which, invite.c.revoked_at.is_(None)).values(revoked_at=now())
    ).rowcount


def _keep_a_lead(c: Connection, squad_id: str, member_id: str) -> None:
    lock(c, squad_id)  # two leads leave at once
    leads = list(c.scalars(select(membership.c.member).where(here(squad_id), membership.c.lead)))
    if leads == [member_id]:
        raise Conflict(N_("A squad needs a lead. Make somebody else a lead first."))


def _let_go(c: Connection, squad_id: str, member_id: str) -> None:
    """Raises `Conflict` for a last lead, and for whoever is there for the territory's sake alone."""
    _keep_a_lead(c, squad_id, member_id)
    if c.scalar(select(membership.c.own).where(here(squad_id), membership.c.member == member_id)) is False:
        wrong = N_("Whoever manages a territory is in its squads. An admin ends that at the territory.")
        raise Conflict(wrong)


def _end(c: Connection, squad_id: str, by: str, member_id: str, how: str) -> None:
    """Ends what is their own; who manages the territory as well stays for that."""
    gone = case((membership.c.manages, null()), else_=literal(now(), Moment))
    values = {"own": False, "lead": False, "left_at": gone}
    theirs = here(squad_id) & (membership.c.member == member_id)
    ended = update(membership).where(theirs).values(**values).returning(membership.c.left_at)
    if (row := c.execute(ended).one_or_none()) is None:
        return
    if row.left_at is not None:
        end_invites(c, (invite.c.squad == squad_id) & (invite.c.made_by == member_id))
    if how == "removed":
        audit.note(c, by, "member_removed", squad=squad_id, subject=member_id)
    tell(c, squad_id, by, member_id, how, "left")
    dismiss(c, member_id, stream=squad_id)
    jobs.later(c, LEFT, f"{LEFT}:{squad_id}", {"squad": squad_id, "by": by}, now())


def state(c: Connection, squad_id: str, member_id: str, how: str) -> dict[str, Any]:
    """A member in a squad as an entry tells of them; `how` they came to be so."""
    there = here(squad_id) & (membership.c.member == member_id)
    query = select(member.c.role, member.c.colour, membership.c.lead, membership.c.manages)
    row = c.execute(query.outerjoin(membership, there).where(member.c.id == member_id)).one()
    role = "lead" if row.lead else "manager" if row.manages else row.role
    return {"id": member_id, "state": how, "role": role, "colour": row.colour}


def tell(c: Connection, squad_id: str, by: str, member_id: str, how: str, kind: str) -> None:
    """That somebody came, went, or is there for another reason now: one entry, and one line in the feed."""
    at, id, moment = journal.take(c, squad_id), new_id(), now()
    row: dict[str, Any] = {"id": id, "squad": squad_id, "kind": kind, "author": member_id, "client_id": id}
    row |= {"feed_offset": at.offset, "text": "", "captured_at": moment, "recorded_at": moment}
    c.execute(insert(post), row)
    data = state(c, squad_id, member_id, how) | {"post": id}
    journal.append(c, squad_id, "member", data, actor=by, subject=id, at=at)
