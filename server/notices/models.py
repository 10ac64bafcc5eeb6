"""What members are told, one by one, and how each wants to be told."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    true,
)

from server.schema import Id, Moment, metadata, ref

notice = Table(
    "notice",
    metadata,
    Column("id", Id, primary_key=True),
    ref("member", "member.id", nullable=True),  # none: what a squad's channels are told
    Column("key", String(60), nullable=False),  # what it is about: for one thing there is one
    Column("kind", String(16), nullable=False),
    ref("squad", "squad.id", nullable=True),
    Column("offset", Integer),  # on the squad's stream: whoever has read up to there has seen it
    ref("actor", "member.id", nullable=True),
    Column("subject", Id, nullable=False),  # the post, announcement, offer, sweep or squad
    Column("by", JSON, nullable=False),  # all whose doing it is, the last one last
    Column("at", Moment, nullable=False),
    Column("seen_at", Moment),
    Column("sent_at", Moment),  # when a device of theirs was last told
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
notice_calm = Table(
    "notice_calm",
    metadata,
    ref("member", "member.id", primary_key=True),
    Column("quiet_from", Integer),  # minutes after midnight where they live; none: no quiet hours
    Column("quiet_to", Integer),
    Column("visiting", Boolean, nullable=False, server_default=true()),  # nothing while they are in a visit
    Column("duty", Boolean),  # calls from a visit come through; none: as their part has it
    Column("muted_at", Moment),
    Column("muted_until", Moment),
)
endpoint = Table(
    "endpoint",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(8), nullable=False),  # push: a device; mail; chat: a channel
    ref("member", "member.id", nullable=True, index=True),  # whose; none: a channel's
    ref("squad", "squad.id", nullable=True, index=True),  # of a channel; none: the company's
    ref("made_by", "member.id", nullable=True),
    Column("ticket", Id),  # the sign-in it came with: it ends with that
    Column("name", String(120), nullable=False),
    Column("secret", JSON, nullable=False),  # where it is, with keys
    Column("hash", String(64), unique=True),  # of that: one device is there once
    Column("made_at", Moment, nullable=False),
    Column("fails", Integer, nullable=False),  # in a row
    Column("retry_at", Moment),
    Column("error", String(300)),
    Column("sent_at", Moment),
)
delivery = Table(
    "delivery",
    metadata,
    Column("id", Id, primary_key=True),
    Column("endpoint", Id, ForeignKey("endpoint.id", ondelete="CASCADE"), nullable=False),
    Column("notice", Id, ForeignKey("notice.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("due_at", Moment, nullable=False),
    Column("claim", Id),  # somebody is sending it,
    Column("claimed_until", Moment),  # and is believed until then
    Index("uq_delivery_endpoint_notice", "endpoint", "notice", unique=True),
)
