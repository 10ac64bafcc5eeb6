"""Who administered what."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", Id),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("squad", Id),
        sa.Column("subject", Id),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor"], ["member.id"], name=op.f("fk_audit_actor_member")),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_audit_squad_squad")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_actor"), "audit", ["actor"])
    op.create_index(op.f("ix_audit_squad_id"), "audit", ["squad", "id"])
