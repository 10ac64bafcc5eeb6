"""A visit: opened by a check-in, closed by an outcome."""

from sqlalchemy import Column, Date, Float, Index, Integer, String, Table, Text

from server.schema import Id, Moment, metadata, ref

visit = Table(
    "visit",
    metadata,
    Column("id", Id, primary_key=True),  # also the id of its post
    ref("squad", "squad.id"),
    ref("member", "member.id"),
    ref("customer", "customer.id"),
    Column("client_id", Id, nullable=False),  # the id the phone made; `id` unless somebody else used it
    Column("lat", Float),
    Column("lon", Float),
    Column("accuracy", Float),  # metres
    Column("fix_at", Moment),
    Column("source", String(8)),  # gps, network, hand
    Column("distance", Float),  # metres from the customer's position, at the check-in
    Column("captured_at", Moment, nullable=False),  # the phone's clock
    Column("recorded_at", Moment, nullable=False),  # the server's
    Column("local_date", Date, nullable=False),  # the squad's day
    Column("number", Integer, nullable=False),  # the member's nth visit of that day
    Column("note", Text, nullable=False),
    Column("reason", String(16)),  # why far away: elsewhere, gps, address
    Column("result", String(12)),
    Column("amount", String(24)),  # decimal
    Column("currency", String(3)),
    Column("outcome_note", Text, nullable=False, default=""),
    Column("next_step", Text, nullable=False, default=""),
    Column("closed_at", Moment),
    Column("ended_at", Moment),
    Column("retracted_at", Moment),
    Index("uq_visit_client", "member", "client_id", unique=True),
    Index(None, "squad", "local_date"),
    Index(None, "member", "captured_at"),
    Index(None, "customer", "captured_at"),
)
visit_revision = Table(
    "visit_revision",
    metadata,
    Column("id", Id, primary_key=True),
    ref("visit", "visit.id", index=True),
    Column("note", Text, nullable=False),
    Column("result", String(12)),
    Column("amount", String(24)),
    Column("currency", String(3)),
    Column("outcome_note", Text, nullable=False),
    Column("next_step", Text, nullable=False),
    Column("replaced_at", Moment, nullable=False),
)
