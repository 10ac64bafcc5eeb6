"""Answers in threads that are kept in the drive as cards."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    op.create_table(
        "drive_card",
        sa.Column("document", Id, nullable=False),
        sa.Column("post", Id, nullable=False),
        sa.Column("squad", Id, nullable=False),
        sa.Column("author", Id, nullable=False),
        sa.Column("said_at", Moment(), nullable=False),
        sa.Column("by", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["author"], ["member.id"], name=op.f("fk_drive_card_author_member")),
        sa.ForeignKeyConstraint(["by"], ["member.id"], name=op.f("fk_drive_card_by_member")),
        sa.ForeignKeyConstraint(["document"], ["drive_document.id"], name=op.f("fk_drive_card_document_drive_document")),
        sa.ForeignKeyConstraint(["post"], ["post.id"], name=op.f("fk_drive_card_post_post")),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_drive_card_squad_squad")),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_drive_card")),
    )
