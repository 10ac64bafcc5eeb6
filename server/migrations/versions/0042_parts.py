"""The index of what is part of what has the parts alone."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    op.drop_index(op.f("ix_customer_merged_into"), "customer")
    op.create_index(
        op.f("ix_customer_merged_into"),
        "customer",
        ["merged_into"],
        sqlite_where=sa.text("merged_into IS NOT NULL"),
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
