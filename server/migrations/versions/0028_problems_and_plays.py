"""The company's list of problems, on which lines of logs they stand, and what was kept as a play."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0028"
down_revision = "0026"


def upgrade() -> None:
    op.create_table(
        "problem",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("made_by", Id, nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment()),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_problem_made_by_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problem")),
    )
    op.create_table(
        "log_problem",
        sa.Column("line", Id, nullable=False),
        sa.Column("problem", Id, nullable=False),
        sa.Column("member", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["line"], ["log_line.id"], name=op.f("fk_log_problem_line_log_line")),
        sa.ForeignKeyConstraint(["problem"], ["problem.id"], name=op.f("fk_log_problem_problem_problem")),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_log_problem_member_member")),
        sa.PrimaryKeyConstraint("line", "problem", name=op.f("pk_log_problem")),
    )
    op.create_index(op.f("ix_log_problem_problem"), "log_problem", ["problem"])
    op.create_table(
        "play",
        sa.Column("id", Id, nullable=False),
        sa.Column("squad", Id, nullable=False),
        sa.Column("line", Id, nullable=False),
        sa.Column("member", Id, nullable=False),
        sa.Column("client_id", Id, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_play_squad_squad")),
        sa.ForeignKeyConstraint(["line"], ["log_line.id"], name=op.f("fk_play_line_log_line")),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_play_member_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_play")),
    )
    op.create_index(op.f("ix_play_squad"), "play", ["squad"])
    op.create_index(op.f("ix_play_line"), "play", ["line"])
    op.create_index("uq_play_client", "play", ["member", "client_id"], unique=True)
