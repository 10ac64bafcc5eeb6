"""Training tracks with their steps, and who has done them."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    op.create_table(
        "training_track",
        sa.Column("id", Id, nullable=False),
        sa.Column("squad", Id, nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("audience", sa.String(length=8), nullable=False),
        sa.Column("made_by", Id, nullable=False),
        sa.Column("client_id", Id, nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_training_track_made_by_member")),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_training_track_squad_squad")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_track")),
    )
    op.create_index(op.f("ix_training_track_squad"), "training_track", ["squad"])
    op.create_index("uq_training_track_client", "training_track", ["made_by", "client_id"], unique=True)
    op.create_table(
        "training_step",
        sa.Column("id", Id, nullable=False),
        sa.Column("track", Id, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("document", Id, nullable=True),
        sa.Column("first", sa.Integer(), nullable=True),
        sa.Column("last", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["drive_document.id"], name=op.f("fk_training_step_document_drive_document")),
        sa.ForeignKeyConstraint(["track"], ["training_track.id"], name=op.f("fk_training_step_track_training_track")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_step")),
    )
    op.create_index(op.f("ix_training_step_document"), "training_step", ["document"])
    op.create_index(op.f("ix_training_step_track"), "training_step", ["track"])
    op.create_table(
        "training_done",
        sa.Column("step", Id, nullable=False),
        sa.Column("member", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_training_done_member_member")),
        sa.ForeignKeyConstraint(["step"], ["training_step.id"], name=op.f("fk_training_done_step_training_step")),
        sa.PrimaryKeyConstraint("step", "member", name=op.f("pk_training_done")),
    )
