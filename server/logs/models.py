"""Logs of days and weeks: drafted from visits, line by line, told to the squad once they are published."""

from sqlalchemy import JSON, Column, Date, Index, Integer, String, Table, Text

from server.schema import Id, Moment, metadata, ref

log = Table(
    "log",
    metadata,
    Column("id", Id, primary_key=True),  # also the id of its post, once it is published
    ref("squad", "squad.id"),
    ref("member", "member.id"),
    Column("kind", String(4), nullable=False, server_default="day"),  # day, week
    Column("day", Date, nullable=False),  # the member's; of a week its Monday
    Column("zone", String(40), nullable=False),  # in this zone
    Column("saved_at", Moment, nullable=False),
    Column("published_at", Moment),
    Column("updated_at", Moment),  # told anew since then
    Column("fields", JSON),  # own ones, as they were when it was begun
    Index("uq_log_day", "member", "squad", "kind", "day", unique=True),
    Index(None, "squad", "day"),
)
log_line = Table(
    "log_line",
    metadata,
    Column("id", Id, primary_key=True),
    ref("log", "log.id", index=True),
    Column(
        "key", String(36), nullable=False
    ),  # its visit's id, a day, what a field's is, the name of a section
    ref("visit", "visit.id", nullable=True, index=True),
    Column("text", Text, nullable=False),  # as its author has it now
    Column("told", Text),  # as the squad has it; none: not told yet
    Column("revision", Integer, nullable=False),  # of the text; 0: nobody has touched it, so it is as drafted
    Column("device", String(36), nullable=False),  # which wrote it last; empty: a plain form
    Index("uq_log_line_key", "log", "key", unique=True),
)
log_field = Table(
    "log_field",
    metadata,
    Column("id", Id, primary_key=True),
    ref("squad", "squad.id", nullable=True, index=True),  # none: asked in every squad
    Column("form", String(5), nullable=False),  # day, week, visit
    Column("name", String(80), nullable=False),
    Column("kind", String(6), nullable=False),  # text, number, choice
    Column("choices", JSON, nullable=False),
    ref("made_by", "member.id"),
    Column("made_at", Moment, nullable=False),
    Column("closed_at", Moment),  # asked no more
)
log_photo = Table(
    "log_photo",
    metadata,
    ref("line", "log_line.id", primary_key=True),
    Column("id", Id, primary_key=True, index=True),  # under which its author sends it, before or after
    Column("at", Moment, nullable=False),
)
log_revision = Table(
    "log_revision",
    metadata,
    Column("id", Id, primary_key=True),
    ref("line", "log_line.id", index=True),
    Column("text", Text, nullable=False),
    Column("replaced_at", Moment, nullable=False),
)
log_read = Table(
    "log_read",
    metadata,
    ref("log", "log.id", primary_key=True),
    ref("member", "member.id", primary_key=True),
    Column("at", Moment, nullable=False),
)
log_recipient = Table(
    "log_recipient",
    metadata,
    ref("log", "log.id", primary_key=True),
    ref("member", "member.id", primary_key=True),  # owes it an answer; none: those who lead
)
log_due = Table(
    "log_due",
    metadata,
    ref("squad", "squad.id", primary_key=True),
    Column("hour", String(5), nullable=False),  # HH:MM in the squad's zone
    ref("set_by", "member.id"),
)
log_reminder = Table(
    "log_reminder",
    metadata,
    ref("squad", "squad.id", primary_key=True),
    ref("member", "member.id", primary_key=True),
    Column("day", Date, primary_key=True),
    Column("at", Moment, nullable=False),
)
log_reply = Table(
    "log_reply",
    metadata,
    ref("id", "post.id", primary_key=True),  # the reply, in the thread of the log's post
    ref("line", "log_line.id", index=True),  # what it is about
)
log_call = Table(
    "log_call",
    metadata,
    ref("id", "call.id", primary_key=True),  # what became of the line: somebody's, by a deadline
    ref("line", "log_line.id", index=True),
)
problem = Table(
    "problem",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(60), nullable=False),
    ref("made_by", "member.id"),
    Column("made_at", Moment, nullable=False),
    Column("closed_at", Moment),  # what has it keeps it; it is offered no more
)
log_problem = Table(
    "log_problem",
    metadata,
    ref("line", "log_line.id", primary_key=True),
    ref("problem", "problem.id", primary_key=True, index=True),
    ref("member", "member.id"),
    Column("at", Moment, nullable=False),
)
play = Table(
    "play",
    metadata,
    Column("id", Id, primary_key=True),
    ref("squad", "squad.id", index=True),
    ref("line", "log_line.id", index=True),  # its source
    ref("member", "member.id"),
    Column("client_id", Id, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index("uq_play_client", "member", "client_id", unique=True),
)
log_filed = Table(
    "log_filed",
    metadata,
    Column("id", Id, primary_key=True),
    ref("line", "log_line.id", index=True),
    ref("customer", "customer.id"),
    ref("member", "member.id"),
    Column("kind", String(8), nullable=False),  # fact, contact, touch
    Column("subject", Id),  # of the fact or the contact
    Column("text", Text, nullable=False),  # as it was put into the customer's file
    Column("at", Moment, nullable=False),
)
