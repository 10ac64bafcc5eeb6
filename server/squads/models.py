"""Squads, who is in them and since when, and the invitations to them."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, false, true

from server.schema import Id, Moment, metadata, ref

squad = Table(
    "squad",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("hall", Boolean, nullable=False, server_default=false()),  # its wins are shown to the company,
    Column("hall_customer", Boolean, nullable=False, server_default=true()),  # with the customer's name,
    Column("hall_amount", Boolean, nullable=False, server_default=true()),  # with the amount
    ref("territory", "territory.id", nullable=True, index=True),
)
membership = Table(
    "membership",
    metadata,
    Column("id", Id, primary_key=True),
    ref("squad", "squad.id"),
    ref("member", "member.id", index=True),
    Column("lead", Boolean, nullable=False, server_default=false()),
    Column("own", Boolean, nullable=False, server_default=true()),  # came in, and goes by leaving; or is here
    Column("manages", Boolean, nullable=False, server_default=false()),  # for the territory's sake; or both
    Column("joined_at", Moment, nullable=False),
    Column("left_at", Moment),
    Column("muted_at", Moment),  # its unread is shown quietly,
    Column("muted_until", Moment),  # until then, or until it is taken back
)
Index(
    "uq_membership_now",
    membership.c.squad,
    membership.c.member,
    unique=True,
    sqlite_where=membership.c.left_at.is_(None),
    postgresql_where=membership.c.left_at.is_(None),
)
invite = Table(
    "invite",
    metadata,
    Column("id", Id, primary_key=True),
    ref("squad", "squad.id", index=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("code_hash", String(64), nullable=False, unique=True),
    Column("role", String(8), nullable=False),
    ref("made_by", "member.id"),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("most", Integer, nullable=False),
    Column("used", Integer, nullable=False, default=0),
    Column("revoked_at", Moment),
)
