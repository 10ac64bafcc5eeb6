"""What members are told, one by one, and how each wants to be told."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, PrimaryKeyConstraint, String, Table

from server.schema import Id, Moment, metadata, ref

notice = Table(
    "notice",
    metadata,
    Column("id", Id, primary_key=True),
    ref("member", "member.id"),
    Column("key", String(60), nullable=False),  # what it is about: for one thing there is one
    Column("kind", String(16), nullable=False),
    ref("squad", "squad.id", nullable=True),
    Column("offset", Integer),  # on the squad's stream: whoever has read up to there has seen it
    ref("actor", "member.id", nullable=True),
    Column("subject", Id, nullable=False),  # the post, announcement, offer, sweep or squad
    Column("by", JSON, nullable=False),  # all whose doing it is, the last one last
    Column("at", Moment, nullable=False),
    Column("seen_at", Moment),
    Index("uq_notice_member_key", "member", "key", unique=True),
    Index(None, "member", "seen_at"),
    Index(None, "subject"),
)
notice_choice = Table(
    "notice_choice",
    metadata,
    ref("member", "member.id"),
    Column("kind", String(16), nullable=False),
    Column("way", String(8), nullable=False),  # app, push, mail
    Column("on", Boolean, nullable=False),
    PrimaryKeyConstraint("member", "kind", "way"),
)
