"""What of a log's lines was put into a customer's file."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0030"
down_revision = "0028"


def upgrade() -> None:
    op.create_table(
        "log_filed",
        sa.Column("id", Id, nullable=False),
        sa.Column("line", Id, nullable=False),
        sa.Column("customer", Id, nullable=False),
        sa.Column("member", Id, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("subject", Id),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["line"], ["log_line.id"], name=op.f("fk_log_filed_line_log_line")),
        sa.ForeignKeyConstraint(["customer"], ["customer.id"], name=op.f("fk_log_filed_customer_customer")),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_log_filed_member_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_filed")),
    )
    op.create_index(op.f("ix_log_filed_line"), "log_filed", ["line"])
