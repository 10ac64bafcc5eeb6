"""Who works on a customer, and who asked to share it."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.create_table(
        "customer_hold",
        sa.Column("id", Id, nullable=False),
        sa.Column("customer", Id, nullable=False),
        sa.Column("member", Id, nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["customer"], ["customer.id"], name=op.f("fk_customer_hold_customer_customer")),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_customer_hold_member_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_hold")),
    )
    op.create_index(op.f("ix_customer_hold_customer"), "customer_hold", ["customer"])
    op.create_index(op.f("ix_customer_hold_member"), "customer_hold", ["member"])
    op.create_table(
        "customer_hold_asked",
        sa.Column("hold", Id, nullable=False),
        sa.Column("member", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("shared_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["hold"], ["customer_hold.id"], name=op.f("fk_customer_hold_asked_hold_customer_hold")
        ),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_customer_hold_asked_member_member")),
        sa.PrimaryKeyConstraint("hold", "member", name=op.f("pk_customer_hold_asked")),
    )
    op.create_index(op.f("ix_customer_hold_asked_member"), "customer_hold_asked", ["member"])
