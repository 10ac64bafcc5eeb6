"""Which documents were shown to a customer, in which visit."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    op.create_table(
        "drive_shown",
        sa.Column("id", Id, nullable=False),
        sa.Column("visit", Id, nullable=False),
        sa.Column("document", Id, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("member", Id, nullable=False),
        sa.Column("client_id", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["drive_document.id"], name=op.f("fk_drive_shown_document_drive_document")),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_drive_shown_member_member")),
        sa.ForeignKeyConstraint(["visit"], ["visit.id"], name=op.f("fk_drive_shown_visit_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drive_shown")),
    )
    op.create_index("uq_drive_shown_client", "drive_shown", ["member", "client_id"], unique=True)
    op.create_index("uq_drive_shown_once", "drive_shown", ["visit", "document"], unique=True)
    op.create_index(op.f("ix_drive_shown_document"), "drive_shown", ["document"])
