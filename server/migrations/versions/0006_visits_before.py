"""What a visit said before its words were changed."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "visit_revision",
        sa.Column("id", Id, nullable=False),
        sa.Column("visit", Id, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("result", sa.String(length=12)),
        sa.Column("amount", sa.String(length=24)),
        sa.Column("currency", sa.String(length=3)),
        sa.Column("outcome_note", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("replaced_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["visit"], ["visit.id"], name=op.f("fk_visit_revision_visit_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_revision")),
    )
    op.create_index(op.f("ix_visit_revision_visit"), "visit_revision", ["visit"])
