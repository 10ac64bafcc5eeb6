"""Who manages a territory is a member of every squad in it or below: listed and seen like everybody, and for
that reason they may look, check in, post and cheer there; and they may do what a lead may.

These memberships are kept, not worked out: whatever changes the tree calls `settle`. So nobody else has to
ask for the tree: neither the admission of a request, nor unread counts, mentions or lists of members.
"""

from collections.abc import Collection

from sqlalchemy import Connection, case, insert, literal, null, select, update

from server import audit, journal
from server.members.actions import void_resets
from server.members.leaving import dismiss
from server.schema import Moment, new_id, now
from server.squads.actions import all_read, end_invites, here, tell
from server.squads.models import invite, membership, squad
from server.territories.models import territory, territory_manager

NOW = territory_manager.c.to_at.is_(None)


def settle(c: Connection, by: str, squads: Collection[str]) -> None:
    """Brings these squads' managers up to what the tree says now; each who comes or goes is an entry there.

    Whoever loses a squad has its sockets closed. The company's stream is held with those of the squads, for
    the entry about the tree itself that follows.
    """
    wanted = managers_over(c, squads)
    manages = select(membership.c.squad, membership.c.member).where(
        membership.c.squad.in_(squads), membership.c.manages, membership.c.left_at.is_(None)
    )
    found = {(row.squad, row.member) for row in c.execute(manages)}
    journal.hold(c, {"company", *(squad_id for squad_id, _ in wanted ^ found)})
    for squad_id, member_id in sorted(wanted ^ found):
        if (squad_id, member_id) in wanted:
            _take_up(c, by, squad_id, member_id)
        else:
            _give_up(c, by, squad_id, member_id)


def managers_over(c: Connection, squads: Collection[str]) -> set[tuple[str, str]]:
    """(squad, member) for all who manage a squad's territory or one above."""
    start = select(squad.c.id.label("squad"), squad.c.territory)
    up = start.where(squad.c.id.in_(squads), squad.c.territory.is_not(None)).cte("up", recursive=True)
    step = select(up.c.squad, territory.c.parent).join(territory, territory.c.id == up.c.territory)
    up = up.union(step.where(territory.c.parent.is_not(None)))
    query = select(up.c.squad, territory_manager.c.member).join(
        territory_manager, (territory_manager.c.territory == up.c.territory) & NOW
    )
    return {(row.squad, row.member) for row in c.execute(query)}


def _take_up(c: Connection, by: str, squad_id: str, member_id: str) -> None:
    theirs = here(squad_id) & (membership.c.member == member_id)
    if c.execute(update(membership).where(theirs).values(manages=True)).rowcount:
        dismiss(c, member_id, stream=squad_id)  # what they look at opens anew, as they may now
    else:
        row = {"id": new_id(), "squad": squad_id, "member": member_id, "joined_at": now()}
        c.execute(insert(membership), row | {"own": False, "manages": True})
        all_read(c, squad_id, member_id)
    void_resets(c, member_id)  # a lead's link to their account must not open this squad too
    audit.note(c, by, "manager_came", squad=squad_id, subject=member_id)
    tell(c, squad_id, by, member_id, "manages", "manages")


def _give_up(c: Connection, by: str, squad_id: str, member_id: str) -> None:
    theirs = here(squad_id) & (membership.c.member == member_id)
    values = {"manages": False, "left_at": case((membership.c.own, null()), else_=literal(now(), Moment))}
    ended = update(membership).where(theirs).values(**values).returning(membership.c.lead)
    if not c.execute(ended).scalar_one():
        end_invites(c, (invite.c.squad == squad_id) & (invite.c.made_by == member_id))
    audit.note(c, by, "manager_went", squad=squad_id, subject=member_id)
    tell(c, squad_id, by, member_id, "managed", "managed")
    dismiss(c, member_id, stream=squad_id)
