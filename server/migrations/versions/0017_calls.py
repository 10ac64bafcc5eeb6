"""Calls for help, and the desk's stream."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "call",
        sa.Column("id", Id, nullable=False),
        sa.Column("squad", Id, nullable=False),
        sa.Column("asker", Id, nullable=False),
        sa.Column("visit", Id),
        sa.Column("customer", Id, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("due_at", Moment()),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("owner", Id),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("asked", Id),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("claimed_at", Moment()),
        sa.Column("heard_at", Moment()),
        sa.Column("answered_at", Moment()),
        sa.Column("ended_at", Moment()),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_call_squad_squad")),
        sa.ForeignKeyConstraint(["asker"], ["member.id"], name=op.f("fk_call_asker_member")),
        sa.ForeignKeyConstraint(["visit"], ["visit.id"], name=op.f("fk_call_visit_visit")),
        sa.ForeignKeyConstraint(["customer"], ["customer.id"], name=op.f("fk_call_customer_customer")),
        sa.ForeignKeyConstraint(["owner"], ["member.id"], name=op.f("fk_call_owner_member")),
        sa.ForeignKeyConstraint(["asked"], ["territory.id"], name=op.f("fk_call_asked_territory")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
    )
    op.create_index(op.f("ix_call_visit"), "call", ["visit"])
    op.create_index(op.f("ix_call_owner"), "call", ["owner"])
    op.create_index(op.f("ix_call_squad_opened_at"), "call", ["squad", "opened_at"])
    op.create_index(op.f("ix_call_state_opened_at"), "call", ["state", "opened_at"])
    op.create_index(op.f("ix_call_customer_opened_at"), "call", ["customer", "opened_at"])
    op.execute(
        "INSERT INTO stream (id, kind, epoch, head) SELECT 'desk', 'desk', epoch, 0 FROM stream "
        "WHERE id = 'company'"
    )
