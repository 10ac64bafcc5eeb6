"""What members are told, and how they want to be."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", Id, nullable=False),
        sa.Column("member", Id, nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("squad", Id),
        sa.Column("offset", sa.Integer()),
        sa.Column("actor", Id),
        sa.Column("subject", Id, nullable=False),
        sa.Column("by", sa.JSON(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("seen_at", Moment()),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_notice_member_member")),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_notice_squad_squad")),
        sa.ForeignKeyConstraint(["actor"], ["member.id"], name=op.f("fk_notice_actor_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index("uq_notice_member_key", "notice", ["member", "key"], unique=True)
    op.create_index(op.f("ix_notice_member_seen_at"), "notice", ["member", "seen_at"])
    op.create_index(op.f("ix_notice_subject"), "notice", ["subject"])
    op.create_table(
        "notice_choice",
        sa.Column("member", Id, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_notice_choice_member_member")),
        sa.PrimaryKeyConstraint("member", "kind", "way", name=op.f("pk_notice_choice")),
    )
