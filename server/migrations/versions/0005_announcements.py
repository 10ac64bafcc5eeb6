"""Announcements, what they said before, and who has read them."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", Id, nullable=False),
        sa.Column("squad", Id),
        sa.Column("author", Id, nullable=False),
        sa.Column("client_id", Id, nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("edited_at", Moment()),
        sa.Column("ended_at", Moment()),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_announcement_squad_squad")),
        sa.ForeignKeyConstraint(["author"], ["member.id"], name=op.f("fk_announcement_author_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    op.create_index(op.f("ix_announcement_squad"), "announcement", ["squad"])
    op.create_index("uq_announcement_client", "announcement", ["author", "client_id"], unique=True)
    op.create_table(
        "announcement_revision",
        sa.Column("id", Id, nullable=False),
        sa.Column("announcement", Id, nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("replaced_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement"],
            ["announcement.id"],
            name=op.f("fk_announcement_revision_announcement_announcement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement_revision")),
    )
    op.create_index(op.f("ix_announcement_revision_announcement"), "announcement_revision", ["announcement"])
    op.create_table(
        "receipt",
        sa.Column("announcement", Id, nullable=False),
        sa.Column("member", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement"], ["announcement.id"], name=op.f("fk_receipt_announcement_announcement")
        ),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_receipt_member_member")),
        sa.PrimaryKeyConstraint("announcement", "member", name=op.f("pk_receipt")),
    )
