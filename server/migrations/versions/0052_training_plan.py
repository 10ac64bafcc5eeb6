"""What each member plans to learn, where the product knowledge is, and since when a track tells who is through."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    op.add_column("training_track", sa.Column("named_at", Moment(), nullable=True))
    # Others point at this table: SQLite cannot make it anew, and need not.
    by = sa.Column("by", Id, sa.ForeignKey("member.id", name=op.f("fk_training_step_by_member")), nullable=True)
    op.add_column("training_step", by, inline_references=True)
    op.add_column("training_step", sa.Column("client_id", Id, nullable=True))
    op.create_index("uq_training_step_client", "training_step", ["by", "client_id"], unique=True)
    op.create_table(
        "training_outline",
        sa.Column("space", sa.String(length=36), nullable=False),
        sa.Column("folder", Id, nullable=False),
        sa.Column("track", Id, nullable=False),
        sa.Column("made_by", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["folder"], ["drive_folder.id"], name=op.f("fk_training_outline_folder_drive_folder")),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_training_outline_made_by_member")),
        sa.ForeignKeyConstraint(["track"], ["training_track.id"], name=op.f("fk_training_outline_track_training_track")),
        sa.PrimaryKeyConstraint("space", name=op.f("pk_training_outline")),
    )
    op.create_index(op.f("ix_training_outline_folder"), "training_outline", ["folder"])
    op.create_table(
        "training_topic",
        sa.Column("document", Id, nullable=False),
        sa.Column("topic", sa.String(length=12), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["drive_document.id"], name=op.f("fk_training_topic_document_drive_document")),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_training_topic")),
    )
    op.create_table(
        "training_plan",
        sa.Column("id", Id, nullable=False),
        sa.Column("member", Id, nullable=False),
        sa.Column("track", Id, nullable=True),
        sa.Column("document", Id, nullable=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("away_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["document"], ["drive_document.id"], name=op.f("fk_training_plan_document_drive_document")),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_training_plan_member_member")),
        sa.ForeignKeyConstraint(["track"], ["training_track.id"], name=op.f("fk_training_plan_track_training_track")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_plan")),
    )
    op.create_index(op.f("ix_training_plan_document"), "training_plan", ["document"])
    op.create_index("uq_training_plan_document", "training_plan", ["member", "document"], unique=True)
    op.create_index("uq_training_plan_track", "training_plan", ["member", "track"], unique=True)
