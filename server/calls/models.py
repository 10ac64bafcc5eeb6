"""A request for help: one model for all of them. Its words, photos and thread are its post's."""

from sqlalchemy import Column, Index, Integer, String, Table

from server.schema import Id, Moment, metadata, ref

call = Table(
    "call",
    metadata,
    Column("id", Id, primary_key=True),  # also the id of its post
    ref("squad", "squad.id"),
    ref("asker", "member.id", index=True),
    ref("visit", "visit.id", nullable=True, index=True),  # from within it
    ref("customer", "customer.id"),
    Column("kind", String(24), nullable=False),  # one of the setting's
    Column("due_at", Moment),  # the deadline; none: somebody is waiting in a visit
    Column("state", String(10), nullable=False),  # open, claimed, answered, closed, withdrawn
    ref("owner", "member.id", nullable=True, index=True),
    Column("level", Integer, nullable=False),  # how often it went up unclaimed
    ref("asked", "territory.id", nullable=True),  # whose managers it went up to; none: the squad, or the desk
    Column("opened_at", Moment, nullable=False),  # when the server had it: from here its clock runs
    Column("looked_at", Moment),  # when somebody who could help first had it before their eyes
    Column("claimed_at", Moment),  # by whom it has now
    Column("heard_at", Moment),  # when its owner was last heard of
    Column("answered_at", Moment),  # first
    Column("ended_at", Moment),
    Column("soon_at", Moment),  # when it was said that the deadline is near,
    Column("late_at", Moment),  # and that it has passed
    Column("prompt_at", Moment),  # when its end became a prompt to the squad
    Index(None, "squad", "opened_at"),
    Index(None, "state", "opened_at"),
    Index(None, "customer", "opened_at"),
)
call_answer = Table(
    "call_answer",
    metadata,
    ref("id", "post.id", primary_key=True),  # the post with its words
    ref("call", "call.id", index=True),
    Column("amount", String(24)),  # a price authority: down to this, a decimal,
    Column("currency", String(3)),
    Column("minimum", String(80), nullable=False),  # from how much on, in words,
    Column("until", Moment),  # until then,
    Column("used_at", Moment),  # and when it was made use of
    ref("person", "member.id", nullable=True, index=True),  # is on the way
    Column("eta_at", Moment),  # and will be there then
    Column("delivered_at", Moment),  # to the asker's phone
    Column("opened_at", Moment),  # seen by them
)
call_file = Table(
    "call_file",
    metadata,
    Column("id", Id, primary_key=True),
    ref("answer", "post.id", index=True),
    ref("file", "file.id", index=True),
    Column("name", String(200), nullable=False),
)
duty = Table(
    "duty",
    metadata,
    Column("id", Id, primary_key=True),
    ref("member", "member.id", index=True),
    Column("from_at", Moment, nullable=False),
    Column("to_at", Moment),  # none: now
)
