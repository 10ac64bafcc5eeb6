"""Files, and the posts they hang on."""

import sqlalchemy as sa
from alembic import op

from server.schema import Moment

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "file",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("client_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_file_made_by_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
    )
    op.create_index(op.f("ix_file_hash"), "file", ["hash"])
    op.create_index("uq_file_client", "file", ["made_by", "client_id"], unique=True)
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("post", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("author", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("client_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("file", sa.Uuid(as_uuid=False), nullable=True),
        sa.ForeignKeyConstraint(["author"], ["member.id"], name=op.f("fk_attachment_author_member")),
        sa.ForeignKeyConstraint(["file"], ["file.id"], name=op.f("fk_attachment_file_file")),
        sa.ForeignKeyConstraint(["post"], ["post.id"], name=op.f("fk_attachment_post_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index("uq_attachment_post_n", "attachment", ["post", "n"], unique=True)
    op.create_index(op.f("ix_attachment_author_client_id"), "attachment", ["author", "client_id"])
    op.create_index(op.f("ix_attachment_file"), "attachment", ["file"])


def downgrade() -> None:
    op.drop_table("attachment")
    op.drop_table("file")
