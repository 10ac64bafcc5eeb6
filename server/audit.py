"""Who administered what: a row for every act that decides about others, written in its transaction.

What concerns a squad is seen by all who are in it. No secrets, no positions, nothing people wrote each other.
"""

from typing import Any, NamedTuple

from sqlalchemy import JSON, Column, Connection, Index, String, Table, insert

from server.schema import Id, Moment, metadata, new_id, now, ref
from web.render import N_

audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),  # by time, as they were written
    Column("at", Moment, nullable=False),
    ref("actor", "member.id", nullable=True, index=True),  # none: from the server's own machine, or by itself
    Column("kind", String(24), nullable=False),
    ref("squad", "squad.id", nullable=True),  # whom it concerns
    Column("subject", Id),  # most often a member's
    Column("data", JSON, nullable=False),
    Index(None, "squad", "id"),
)


class Words(NamedTuple):
    """What acts of a kind are called together, and what one of them says."""

    title: str
    text: str


KINDS = {
    "company_founded": Words(N_("Company set up"), N_("%(by)s set up the company")),
    "squad_founded": Words(N_("Squads founded"), N_("%(by)s founded the squad %(name)s")),
    "squad_changed": Words(
        N_("Squads renamed"), N_("%(by)s changed the squad’s name or time zone: %(name)s, %(zone)s")
    ),
    "squad_entered": Words(N_("Admins in squads"), N_("%(by)s came into the squad as an admin, uninvited")),
    "lead_given": Words(N_("Leads made"), N_("%(by)s made %(about)s a lead")),
    "lead_taken": Words(N_("Leads ended"), N_("%(by)s ended %(about)s being a lead")),
    "member_removed": Words(N_("Members removed"), N_("%(by)s took %(about)s out of the squad")),
    "account_closed": Words(N_("Accounts closed"), N_("%(by)s closed the account of %(about)s")),
    "member_erased": Words(N_("Accounts erased"), N_("%(by)s erased an account and its words: %(about)s")),
    "invite_made": Words(N_("Invitations made"), N_("%(by)s made an invitation")),
    "invite_ended": Words(N_("Invitations ended"), N_("%(by)s ended the invitation")),
    "reset_made": Words(
        N_("Links to a new password"), N_("%(by)s made a link to a new password for %(about)s")
    ),
    "customers_taken": Words(
        N_("Lists of customers taken along"), N_("%(by)s took the list of %(count)s customers along")
    ),
    "customers_imported": Words(
        N_("Customers brought in from tables"),
        N_("%(by)s put %(count)s customers from a table into the files"),
    ),
    "hall_opened": Words(N_("Wins opened"), N_("%(by)s opened the squad’s wins to the company")),
    "hall_closed": Words(N_("Wins closed"), N_("%(by)s closed the squad’s wins to the company")),
    "territory_made": Words(N_("Territories made"), N_("%(by)s made the territory %(name)s")),
    "territory_changed": Words(
        N_("Territories renamed or moved"), N_("%(by)s renamed or moved the territory %(name)s")
    ),
    "territory_drawn": Words(
        N_("Territories drawn"), N_("%(by)s changed the outline of the territory %(name)s")
    ),
    "territory_closed": Words(N_("Territories closed"), N_("%(by)s closed the territory %(name)s")),
    "manager_made": Words(
        N_("Managers made"), N_("%(by)s made %(about)s a manager of the territory %(name)s")
    ),
    "manager_ended": Words(
        N_("Managers ended"), N_("%(by)s ended %(about)s managing the territory %(name)s")
    ),
    "squad_placed": Words(
        N_("Squads put into territories"), N_("%(by)s put the squad into the territory %(name)s")
    ),
    "squad_unplaced": Words(
        N_("Squads taken out of territories"), N_("%(by)s took the squad out of the territory %(name)s")
    ),
    "manager_came": Words(
        N_("Managers who came to squads"),
        N_("%(about)s manages the squad’s territory now, by %(by)s’s doing"),
    ),
    "manager_went": Words(
        N_("Managers who left squads"),
        N_("%(about)s no longer manages the squad’s territory, by %(by)s’s doing"),
    ),
    "token_made": Words(N_("API tokens made"), N_("%(by)s made an API token of their own: %(name)s")),
    "token_given": Words(
        N_("API tokens from the console"), N_("%(by)s made an API token for %(about)s: %(name)s")
    ),
    "token_revoked": Words(
        N_("API tokens revoked"), N_("%(by)s revoked an API token of their own: %(name)s")
    ),
    "backup_made": Words(N_("Backups"), N_("%(by)s backed everything up")),
    "channel_made": Words(N_("Channels added"), N_("%(by)s added the channel %(name)s")),
    "channel_removed": Words(N_("Channels removed"), N_("%(by)s removed the channel %(name)s")),
    "folder_rights": Words(
        N_("Folders opened or closed"), N_("%(by)s changed who may see or add to the folder %(name)s")
    ),
    "forgot_feed": Words(
        N_("Forgotten: feed and visits"),
        N_("Removed after %(days)s days: posts (%(posts)s), entries of the journal (%(entries)s)"),
    ),
    "forgot_announcements": Words(
        N_("Forgotten: announcements"),
        N_("Removed %(days)s days after they ended: announcements (%(n)s)"),
    ),
    "forgot_looks": Words(
        N_("Forgotten: looks"), N_("Removed after %(days)s days: who looked at whose day (%(n)s)")
    ),
    "forgot_notices": Words(
        N_("Forgotten: notices"), N_("Removed after %(days)s days: what members were told of (%(n)s)")
    ),
    "problem_listed": Words(
        N_("Problems put on the list"), N_("%(by)s put “%(name)s” on the list of problems")
    ),
    "problem_closed": Words(
        N_("Problems taken off the list"), N_("%(by)s took “%(name)s” off the list of problems")
    ),
    "log_due": Words(
        N_("Hours at which logs are due"), N_("%(by)s lets the squad’s logs be due at %(hour)s")
    ),
    "log_not_due": Words(N_("Logs no longer due"), N_("%(by)s lets the squad’s logs be due at no time")),
    "handed_over": Words(N_("Hand-overs"), N_("%(by)s handed over what %(about)s had in hand: %(count)s")),
    "field_listed": Words(N_("Fields put into logs"), N_("%(by)s lets logs ask for “%(name)s”")),
    "field_closed": Words(
        N_("Fields taken out of logs"), N_("%(by)s lets logs no longer ask for “%(name)s”")
    ),
    "question_removed": Words(
        N_("Customers’ questions removed"), N_("%(by)s removed what a customer asked about “%(name)s”")
    ),
    "forgot_drafts": Words(
        N_("Forgotten: drafts"), N_("Removed after %(days)s days: logs that were never sent (%(n)s)")
    ),
    "forgot_bin": Words(
        N_("Forgotten: the drive’s bin"), N_("Removed after %(days)s days in the bin: documents (%(n)s)")
    ),
    "forgot_ended": Words(
        N_("Forgotten: ways in"),
        N_("Removed %(days)s days after they ended: sign-ins, links and tokens (%(n)s)"),
    ),
    "forgot_audit": Words(
        N_("Forgotten: administration"),
        N_("Removed after %(days)s days: lines of this list (%(n)s)"),
    ),
    "restored": Words(N_("Restores"), N_("%(by)s restored the backup of %(made)s")),
}
"""`by` and `about` are names; the rest comes from the row's data."""


def note(
    c: Connection,
    by: str | None,
    kind: str,
    *,
    squad: str | None = None,
    subject: str | None = None,
    **data: Any,
) -> None:
    """Writes down an act of administration; `data` fills the words of its kind."""
    if kind not in KINDS:
        raise ValueError(f"{kind} has no words")
    KINDS[kind].text % {"by": "", "about": "", **data}  # whoever reads it misses nothing
    row = {"id": new_id(), "at": now(), "actor": by, "kind": kind}
    c.execute(insert(audit), {**row, "squad": squad, "subject": subject, "data": data})
