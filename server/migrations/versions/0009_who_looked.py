"""Who looked at whose day."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "look",
        sa.Column("id", Id, nullable=False),
        sa.Column("viewer", Id, nullable=False),
        sa.Column("subject", Id, nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("squad", Id),
        sa.Column("day", sa.Date()),
        sa.Column("first_at", Moment(), nullable=False),
        sa.Column("last_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["viewer"], ["member.id"], name=op.f("fk_look_viewer_member")),
        sa.ForeignKeyConstraint(["subject"], ["member.id"], name=op.f("fk_look_subject_member")),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_look_squad_squad")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look")),
    )
    once = ["viewer", "subject", "looked_on", "kind", "squad", "day"]
    op.create_index("uq_look_once", "look", once, unique=True)
    op.create_index(op.f("ix_look_subject_last_at"), "look", ["subject", "last_at"])
