"""Who shares their position while a sweep runs. Not where they are."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "sharing",
        sa.Column("sweep", Id, nullable=False),
        sa.Column("member", Id, nullable=False),
        sa.Column("ticket", Id, nullable=False),
        sa.Column("membership", Id, nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_sharing_member_member")),
        sa.ForeignKeyConstraint(
            ["membership"], ["membership.id"], name=op.f("fk_sharing_membership_membership")
        ),
        sa.ForeignKeyConstraint(["sweep"], ["sweep.id"], name=op.f("fk_sharing_sweep_sweep")),
        sa.PrimaryKeyConstraint("sweep", "member", name=op.f("pk_sharing")),
    )
