"""Members, how they sign in, and the changes of access the hub must hear of."""

from sqlalchemy import Boolean, Column, Integer, String, Table, false

from server.schema import Id, Moment, StreamId, metadata, ref

member = Table(
    "member",
    metadata,
    Column("id", Id, primary_key=True),
    Column("handle", String(40), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("initials", String(4)),
    Column("colour", Integer, nullable=False),
    Column("role", String(8), nullable=False),  # rep, desk, admin
    Column("locale", String(5), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("password", String(255)),
    Column("created_at", Moment, nullable=False),
    Column("deactivated_at", Moment),
    Column("erased_at", Moment),
    ref("last_squad", "squad.id", nullable=True),
)
login = Table(
    "login",
    metadata,
    Column("folded", String(254), primary_key=True),  # handle, e-mail or phone, as compared
    Column("kind", String(8), nullable=False),
    Column("shown", String(254), nullable=False),
    ref("member", "member.id", index=True),
)
session = Table(
    "session",
    metadata,
    Column("id", Id, primary_key=True),
    ref("member", "member.id", index=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("device", String(120), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)
api_token = Table(
    "api_token",
    metadata,
    Column("id", Id, primary_key=True),
    ref("member", "member.id", index=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)
reset_link = Table(
    "reset_link",
    metadata,
    Column("hash", String(64), primary_key=True),
    ref("member", "member.id", index=True),
    ref("made_by", "member.id", nullable=True),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)
# What every process must act on even when it missed the word: sockets to close.
access_change = Table(
    "access_change",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    ref("member", "member.id"),
    Column("stream", StreamId),
    Column("ticket", Id),
    Column("at", Moment, nullable=False),
)
company = Table(
    "company",
    metadata,
    Column("id", Integer, primary_key=True),  # always 1: one company per installation
    Column("name", String(80), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("demo", Boolean, nullable=False, server_default=false()),
    Column("created_at", Moment, nullable=False),
)
