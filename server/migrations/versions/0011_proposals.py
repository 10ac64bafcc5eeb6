"""Proposals of lanes, while they are searched for and until they are taken."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "proposal",
        sa.Column("sweep", Id, nullable=False),
        sa.Column("run", Id, nullable=False),
        sa.Column("by", Id, nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("told_at", Moment(), nullable=False),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("found", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["member.id"], name=op.f("fk_proposal_by_member")),
        sa.ForeignKeyConstraint(["sweep"], ["sweep.id"], name=op.f("fk_proposal_sweep_sweep")),
        sa.PrimaryKeyConstraint("sweep", name=op.f("pk_proposal")),
    )
