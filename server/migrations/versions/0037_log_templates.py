"""Logs of weeks beside those of days, and own fields of both and of visits."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    op.add_column("log", sa.Column("kind", sa.String(length=4), nullable=False, server_default="day"))
    op.add_column("log", sa.Column("fields", sa.JSON()))
    op.drop_index("uq_log_day", table_name="log")
    op.create_index("uq_log_day", "log", ["member", "squad", "kind", "day"], unique=True)
    op.create_table(
        "log_field",
        sa.Column("id", Id, nullable=False),
        sa.Column("squad", Id),
        sa.Column("form", sa.String(length=5), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("made_by", Id, nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment()),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_log_field_squad_squad")),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_log_field_made_by_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_field")),
    )
    op.create_index(op.f("ix_log_field_squad"), "log_field", ["squad"])
