"""Links by which customers open documents; how long each page was looked at; what customers ask."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    op.create_table(
        "drive_link",
        sa.Column("id", Id, nullable=False),
        sa.Column("document", Id, nullable=False),
        sa.Column("squad", Id),
        sa.Column("customer", Id),
        sa.Column("made_by", Id, nullable=False),
        sa.Column("client_id", Id, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("code", sa.String(200)),
        sa.Column("download", sa.Boolean(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment()),
        sa.Column("ended_by", Id),
        sa.Column("again_at", Moment()),
        sa.ForeignKeyConstraint(["customer"], ["customer.id"], name=op.f("fk_drive_link_customer_customer")),
        sa.ForeignKeyConstraint(["document"], ["drive_document.id"], name=op.f("fk_drive_link_document_drive_document")),
        sa.ForeignKeyConstraint(["ended_by"], ["member.id"], name=op.f("fk_drive_link_ended_by_member")),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_drive_link_made_by_member")),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_drive_link_squad_squad")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drive_link")),
        sa.UniqueConstraint("hash", name=op.f("uq_drive_link_hash")),
    )
    op.create_index(op.f("ix_drive_link_customer"), "drive_link", ["customer"])
    op.create_index(op.f("ix_drive_link_document"), "drive_link", ["document"])
    op.create_index("uq_drive_link_client", "drive_link", ["made_by", "client_id"], unique=True)
    op.create_table(
        "drive_view",
        sa.Column("id", Id, nullable=False),
        sa.Column("link", Id, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("pages", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["link"], ["drive_link.id"], name=op.f("fk_drive_view_link_drive_link")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drive_view")),
    )
    op.create_index(op.f("ix_drive_view_link"), "drive_view", ["link"])
    op.create_table(
        "drive_question",
        sa.Column("id", Id, nullable=False),
        sa.Column("link", Id),
        sa.Column("customer", Id),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("about", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(["customer"], ["customer.id"], name=op.f("fk_drive_question_customer_customer")),
        sa.ForeignKeyConstraint(["id"], ["post.id"], name=op.f("fk_drive_question_id_post")),
        sa.ForeignKeyConstraint(["link"], ["drive_link.id"], name=op.f("fk_drive_question_link_drive_link")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drive_question")),
    )
    op.create_index(op.f("ix_drive_question_customer"), "drive_question", ["customer"])
    op.create_index(op.f("ix_drive_question_link"), "drive_question", ["link"])
