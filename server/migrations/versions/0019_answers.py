"""What the answer to a call carries: a price authority, somebody on the way, documents; delivered and opened."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "call_answer",
        sa.Column("id", Id, nullable=False),
        sa.Column("call", Id, nullable=False),
        sa.Column("amount", sa.String(length=24)),
        sa.Column("currency", sa.String(length=3)),
        sa.Column("minimum", sa.String(length=80), nullable=False),
        sa.Column("until", Moment()),
        sa.Column("used_at", Moment()),
        sa.Column("person", Id),
        sa.Column("eta_at", Moment()),
        sa.Column("delivered_at", Moment()),
        sa.Column("opened_at", Moment()),
        sa.ForeignKeyConstraint(["id"], ["post.id"], name=op.f("fk_call_answer_id_post")),
        sa.ForeignKeyConstraint(["call"], ["call.id"], name=op.f("fk_call_answer_call_call")),
        sa.ForeignKeyConstraint(["person"], ["member.id"], name=op.f("fk_call_answer_person_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_answer")),
    )
    op.create_index(op.f("ix_call_answer_call"), "call_answer", ["call"])
    op.create_table(
        "call_file",
        sa.Column("id", Id, nullable=False),
        sa.Column("answer", Id, nullable=False),
        sa.Column("file", Id, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["answer"], ["post.id"], name=op.f("fk_call_file_answer_post")),
        sa.ForeignKeyConstraint(["file"], ["file.id"], name=op.f("fk_call_file_file_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_file")),
    )
    op.create_index(op.f("ix_call_file_answer"), "call_file", ["answer"])
    op.create_index(op.f("ix_call_file_file"), "call_file", ["file"])
