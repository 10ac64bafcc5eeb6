"""Who looked at whose work: for the one who was looked at, and for nobody else."""

from sqlalchemy import Column, Date, Index, String, Table

from server.schema import Id, Moment, metadata, ref

look = Table(
    "look",
    metadata,
    Column("id", Id, primary_key=True),
    ref("viewer", "member.id"),
    ref("subject", "member.id"),
    Column("looked_on", Date, nullable=False),  # the subject's day on which it was
    Column("kind", String(12), nullable=False),  # day, customers, ledger, search
    ref("squad", "squad.id", nullable=True),
    Column("day", Date),  # the day that was looked at
    Column("first_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Index("uq_look_once", "viewer", "subject", "looked_on", "kind", "squad", "day", unique=True),
    Index(None, "subject", "last_at"),
)
