"""The drive: folders, documents with their versions, tags, marks, the bin."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "drive_bin",
        sa.Column("id", Id, nullable=False),
        sa.Column("squad", Id),
        sa.Column("what", sa.String(8), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("by", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["member.id"], name=op.f("fk_drive_bin_by_member")),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_drive_bin_squad_squad")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drive_bin")),
    )
    op.create_index(op.f("ix_drive_bin_at"), "drive_bin", ["at"])
    op.create_table(
        "drive_folder",
        sa.Column("id", Id, nullable=False),
        sa.Column("squad", Id),
        sa.Column("parent", Id),
        sa.Column("top", Id, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("rights", sa.String(4), nullable=False),
        sa.Column("made_by", Id, nullable=False),
        sa.Column("client_id", Id, nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("bin", Id),
        sa.ForeignKeyConstraint(["bin"], ["drive_bin.id"], name=op.f("fk_drive_folder_bin_drive_bin")),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_drive_folder_made_by_member")),
        sa.ForeignKeyConstraint(["parent"], ["drive_folder.id"], name=op.f("fk_drive_folder_parent_drive_folder")),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_drive_folder_squad_squad")),
        sa.ForeignKeyConstraint(["top"], ["drive_folder.id"], name=op.f("fk_drive_folder_top_drive_folder")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drive_folder")),
    )
    op.create_index(op.f("ix_drive_folder_bin"), "drive_folder", ["bin"])
    op.create_index(op.f("ix_drive_folder_parent"), "drive_folder", ["parent"])
    op.create_index(op.f("ix_drive_folder_squad"), "drive_folder", ["squad"])
    op.create_index(op.f("ix_drive_folder_top"), "drive_folder", ["top"])
    op.create_index("uq_drive_folder_client", "drive_folder", ["made_by", "client_id"], unique=True)
    op.create_table(
        "drive_document",
        sa.Column("id", Id, nullable=False),
        sa.Column("folder", Id, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("made_by", Id, nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("bin", Id),
        sa.ForeignKeyConstraint(["bin"], ["drive_bin.id"], name=op.f("fk_drive_document_bin_drive_bin")),
        sa.ForeignKeyConstraint(["folder"], ["drive_folder.id"], name=op.f("fk_drive_document_folder_drive_folder")),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_drive_document_made_by_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drive_document")),
    )
    op.create_index(op.f("ix_drive_document_bin"), "drive_document", ["bin"])
    op.create_index(op.f("ix_drive_document_folder"), "drive_document", ["folder"])
    op.create_table(
        "drive_version",
        sa.Column("id", Id, nullable=False),
        sa.Column("document", Id, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(80), nullable=False),
        sa.Column("suffix", sa.String(8), nullable=False),
        sa.Column("by", Id, nullable=False),
        sa.Column("client_id", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["member.id"], name=op.f("fk_drive_version_by_member")),
        sa.ForeignKeyConstraint(["document"], ["drive_document.id"], name=op.f("fk_drive_version_document_drive_document")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drive_version")),
    )
    op.create_index(op.f("ix_drive_version_hash"), "drive_version", ["hash"])
    op.create_index("uq_drive_version_client", "drive_version", ["by", "client_id"], unique=True)
    op.create_index("uq_drive_version_n", "drive_version", ["document", "n"], unique=True)
    op.create_table(
        "drive_tag",
        sa.Column("document", Id, nullable=False),
        sa.Column("tag", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["drive_document.id"], name=op.f("fk_drive_tag_document_drive_document")),
        sa.PrimaryKeyConstraint("document", "tag", name=op.f("pk_drive_tag")),
    )
    op.create_table(
        "drive_mark",
        sa.Column("member", Id, nullable=False),
        sa.Column("document", Id, nullable=False),
        sa.Column("favourite_at", Moment()),
        sa.Column("opened_at", Moment()),
        sa.ForeignKeyConstraint(["document"], ["drive_document.id"], name=op.f("fk_drive_mark_document_drive_document")),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_drive_mark_member_member")),
        sa.PrimaryKeyConstraint("member", "document", name=op.f("pk_drive_mark")),
    )
