"""Uploads to the drive that may be cut and go on."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.create_table(
        "drive_upload",
        sa.Column("id", Id, nullable=False),
        sa.Column("folder", Id, nullable=False),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("made_by", Id, nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("document", Id),
        sa.ForeignKeyConstraint(["document"], ["drive_document.id"], name=op.f("fk_drive_upload_document_drive_document")),
        sa.ForeignKeyConstraint(["folder"], ["drive_folder.id"], name=op.f("fk_drive_upload_folder_drive_folder")),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_drive_upload_made_by_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drive_upload")),
    )
    op.create_index(op.f("ix_drive_upload_document"), "drive_upload", ["document"])
    op.create_index(op.f("ix_drive_upload_folder"), "drive_upload", ["folder"])
    op.create_index(op.f("ix_drive_upload_made_at"), "drive_upload", ["made_at"])
    op.create_index(op.f("ix_drive_upload_made_by"), "drive_upload", ["made_by"])
