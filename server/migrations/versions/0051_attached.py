"""Documents of the drive that hang on posts."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    op.create_table(
        "drive_attachment",
        sa.Column("post", Id, nullable=False),
        sa.Column("document", Id, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["drive_document.id"], name=op.f("fk_drive_attachment_document_drive_document")),
        sa.ForeignKeyConstraint(["post"], ["post.id"], name=op.f("fk_drive_attachment_post_post")),
        sa.PrimaryKeyConstraint("post", "document", name=op.f("pk_drive_attachment")),
    )
    op.create_index(op.f("ix_drive_attachment_document"), "drive_attachment", ["document"])
