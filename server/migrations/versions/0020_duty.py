"""Who is on duty for calls, since when."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "duty",
        sa.Column("id", Id, nullable=False),
        sa.Column("member", Id, nullable=False),
        sa.Column("from_at", Moment(), nullable=False),
        sa.Column("to_at", Moment()),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_duty_member_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
    )
    op.create_index(op.f("ix_duty_member"), "duty", ["member"])
