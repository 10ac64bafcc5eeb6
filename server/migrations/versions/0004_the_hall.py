"""The company's hall of wins; every squad's are closed until its lead opens them."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    # Others point at this table: SQLite cannot make it anew, and need not.
    with op.batch_alter_table("squad", recreate="never") as table:
        table.add_column(sa.Column("hall", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column("hall_customer", sa.Boolean(), server_default=sa.true(), nullable=False))
        table.add_column(sa.Column("hall_amount", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.create_table(
        "hall_win",
        sa.Column("visit", Id, nullable=False),
        sa.Column("squad", Id, nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["visit"], ["visit.id"], name=op.f("fk_hall_win_visit_visit")),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_hall_win_squad_squad")),
        sa.PrimaryKeyConstraint("visit", name=op.f("pk_hall_win")),
    )
    op.create_index(op.f("ix_hall_win_squad"), "hall_win", ["squad"])
    op.create_index(op.f("ix_hall_win_offset"), "hall_win", ["offset"])
