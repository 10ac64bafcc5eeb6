"""Who took over what from somebody who left."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.create_table(
        "taken_over",
        sa.Column("id", Id, nullable=False),
        sa.Column("squad", Id, nullable=False),
        sa.Column("member", Id, nullable=False),
        sa.Column("taker", Id, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("subject", Id, nullable=False),
        sa.Column("by", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_taken_over_squad_squad")),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_taken_over_member_member")),
        sa.ForeignKeyConstraint(["taker"], ["member.id"], name=op.f("fk_taken_over_taker_member")),
        sa.ForeignKeyConstraint(["by"], ["member.id"], name=op.f("fk_taken_over_by_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taken_over")),
    )
    for column in ("squad", "member", "taker"):
        op.create_index(op.f(f"ix_taken_over_{column}"), "taken_over", [column])
    op.create_index("uq_taken_over", "taken_over", ["squad", "member", "kind", "subject"], unique=True)
