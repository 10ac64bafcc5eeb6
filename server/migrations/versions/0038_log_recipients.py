"""Who owes a log an answer, when a squad's logs are due, and who was reminded of theirs."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    op.create_table(
        "log_recipient",
        sa.Column("log", Id, nullable=False),
        sa.Column("member", Id, nullable=False),
        sa.ForeignKeyConstraint(["log"], ["log.id"], name=op.f("fk_log_recipient_log_log")),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_log_recipient_member_member")),
        sa.PrimaryKeyConstraint("log", "member", name=op.f("pk_log_recipient")),
    )
    op.create_table(
        "log_due",
        sa.Column("squad", Id, nullable=False),
        sa.Column("hour", sa.String(length=5), nullable=False),
        sa.Column("set_by", Id, nullable=False),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_log_due_squad_squad")),
        sa.ForeignKeyConstraint(["set_by"], ["member.id"], name=op.f("fk_log_due_set_by_member")),
        sa.PrimaryKeyConstraint("squad", name=op.f("pk_log_due")),
    )
    op.create_table(
        "log_reminder",
        sa.Column("squad", Id, nullable=False),
        sa.Column("member", Id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_log_reminder_squad_squad")),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_log_reminder_member_member")),
        sa.PrimaryKeyConstraint("squad", "member", "day", name=op.f("pk_log_reminder")),
    )
