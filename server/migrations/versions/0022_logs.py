"""Logs: a member's day in lines, what they said before, and who has read them."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0022"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "log",
        sa.Column("id", Id, nullable=False),
        sa.Column("squad", Id, nullable=False),
        sa.Column("member", Id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("saved_at", Moment(), nullable=False),
        sa.Column("published_at", Moment()),
        sa.Column("updated_at", Moment()),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_log_squad_squad")),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_log_member_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log")),
    )
    op.create_index("uq_log_day", "log", ["member", "squad", "day"], unique=True)
    op.create_index(op.f("ix_log_squad_day"), "log", ["squad", "day"])
    op.create_table(
        "log_line",
        sa.Column("id", Id, nullable=False),
        sa.Column("log", Id, nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("visit", Id),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("told", sa.Text()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["log"], ["log.id"], name=op.f("fk_log_line_log_log")),
        sa.ForeignKeyConstraint(["visit"], ["visit.id"], name=op.f("fk_log_line_visit_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_line")),
    )
    op.create_index(op.f("ix_log_line_log"), "log_line", ["log"])
    op.create_index(op.f("ix_log_line_visit"), "log_line", ["visit"])
    op.create_index("uq_log_line_key", "log_line", ["log", "key"], unique=True)
    op.create_table(
        "log_revision",
        sa.Column("id", Id, nullable=False),
        sa.Column("line", Id, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("replaced_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["line"], ["log_line.id"], name=op.f("fk_log_revision_line_log_line")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_revision")),
    )
    op.create_index(op.f("ix_log_revision_line"), "log_revision", ["line"])
    op.create_table(
        "log_read",
        sa.Column("log", Id, nullable=False),
        sa.Column("member", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["log"], ["log.id"], name=op.f("fk_log_read_log_log")),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_log_read_member_member")),
        sa.PrimaryKeyConstraint("log", "member", name=op.f("pk_log_read")),
    )
