"""Jobs that are due at some time."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "task",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claimed_by", Id),
        sa.Column("claimed_until", Moment()),
        sa.Column("last_error", sa.String(length=300)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("key", name=op.f("uq_task_key")),
    )
    op.create_index(op.f("ix_task_due_at"), "task", ["due_at"])
    op.create_index(op.f("ix_task_claimed_until"), "task", ["claimed_until"])
