"""What a lead or an admin says to all at once, what it said before, and who has read it."""

from sqlalchemy import Column, Index, String, Table, Text

from server.schema import Id, Moment, metadata, ref

announcement = Table(
    "announcement",
    metadata,
    Column("id", Id, primary_key=True),
    ref("squad", "squad.id", nullable=True, index=True),  # none: the whole company
    ref("author", "member.id"),
    Column("client_id", Id, nullable=False),
    Column("title", String(120), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("edited_at", Moment),
    Column("ended_at", Moment),
    Index("uq_announcement_client", "author", "client_id", unique=True),
)
announcement_revision = Table(
    "announcement_revision",
    metadata,
    Column("id", Id, primary_key=True),
    ref("announcement", "announcement.id", index=True),
    Column("title", String(120), nullable=False),
    Column("text", Text, nullable=False),
    Column("replaced_at", Moment, nullable=False),
)
receipt = Table(
    "receipt",
    metadata,
    ref("announcement", "announcement.id", primary_key=True),
    ref("member", "member.id", primary_key=True),
    Column("at", Moment, nullable=False),
)
