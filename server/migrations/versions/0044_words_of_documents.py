"""What is written in documents, page by page, and the index it is found by."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    op.add_column("drive_version", sa.Column("why", sa.String(8), nullable=True))
    op.create_table(
        "drive_reading",
        sa.Column("document", Id, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"], ["drive_document.id"], name=op.f("fk_drive_reading_document_drive_document")
        ),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_drive_reading")),
    )
    op.create_table(
        "drive_page",
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document", Id, nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"], ["drive_document.id"], name=op.f("fk_drive_page_document_drive_document")
        ),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_drive_page")),
    )
    op.create_index(op.f("ix_drive_page_document"), "drive_page", ["document"])
    op.create_table(
        "drive_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("space", sa.String(36), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drive_head")),
        sa.UniqueConstraint("space", name=op.f("uq_drive_head_space")),
    )
    op.create_table(
        "drive_gram",
        sa.Column("head", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "gram",
            sa.String(32).with_variant(sa.String(32, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("bits", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("head", "gram", "block", name=op.f("pk_drive_gram")),
        sqlite_with_rowid=False,
    )
