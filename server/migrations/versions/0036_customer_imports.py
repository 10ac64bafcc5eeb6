"""Tables of customers that were brought, row by row until each is in the files."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.create_table(
        "customer_import",
        sa.Column("id", Id, nullable=False),
        sa.Column("squad", Id, nullable=False),
        sa.Column("by", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("head", sa.JSON(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["member.id"], name=op.f("fk_customer_import_by_member")),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_customer_import_squad_squad")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_import")),
    )
    op.create_index(op.f("ix_customer_import_by"), "customer_import", ["by"])
    op.create_index(op.f("ix_customer_import_squad"), "customer_import", ["squad"])
    op.create_table(
        "customer_import_row",
        sa.Column("import", Id, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("likes", sa.JSON(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("choice", sa.String(length=4), nullable=False),
        sa.Column("customer", Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["customer"], ["customer.id"], name=op.f("fk_customer_import_row_customer_customer")
        ),
        sa.ForeignKeyConstraint(
            ["import"], ["customer_import.id"], name=op.f("fk_customer_import_row_import_customer_import")
        ),
        sa.PrimaryKeyConstraint("import", "n", name=op.f("pk_customer_import_row")),
    )
    op.create_index(op.f("ix_customer_import_row_import_verdict"), "customer_import_row", ["import", "verdict"])
    op.create_index(op.f("ix_customer_import_row_import_key"), "customer_import_row", ["import", "key"])
