"""A request for help: one model for all of them. Its words, photos and thread are its post's."""

from sqlalchemy import Column, Index, Integer, String, Table

from server.schema import Id, Moment, metadata, ref

call = Table(
    "call",
    metadata,
    Column("id", Id, primary_key=True),  # also the id of its post
    ref("squad", "squad.id"),
    ref("asker", "member.id"),
    ref("visit", "visit.id", nullable=True, index=True),  # from within it
    ref("customer", "customer.id"),
    Column("kind", String(24), nullable=False),  # one of the setting's
    Column("due_at", Moment),  # the deadline; none: somebody is waiting in a visit
    Column("state", String(10), nullable=False),  # open, claimed, answered, closed, withdrawn
    ref("owner", "member.id", nullable=True, index=True),
    Column("level", Integer, nullable=False),  # how often it went up unclaimed
    ref("asked", "territory.id", nullable=True),  # whose managers it went up to; none: the squad, or the desk
    Column("opened_at", Moment, nullable=False),  # when the server had it: from here its clock runs
    Column("claimed_at", Moment),  # by whom it has now
    Column("heard_at", Moment),  # when its owner was last heard of
    Column("answered_at", Moment),  # first
    Column("ended_at", Moment),
    Index(None, "squad", "opened_at"),
    Index(None, "state", "opened_at"),
    Index(None, "customer", "opened_at"),
)
