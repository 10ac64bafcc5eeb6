"""Photos that are put by hand at a line of a log."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.create_table(
        "log_photo",
        sa.Column("line", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["line"], ["log_line.id"], name=op.f("fk_log_photo_line_log_line")),
        sa.PrimaryKeyConstraint("line", "id", name=op.f("pk_log_photo")),
    )
    op.create_index(op.f("ix_log_photo_id"), "log_photo", ["id"])
