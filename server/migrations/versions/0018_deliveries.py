"""What is on its way to devices, addresses and channels, and when members are left alone."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    with op.batch_alter_table("notice") as batch:
        batch.alter_column("member", existing_type=Id, nullable=True)
        batch.add_column(sa.Column("sent_at", Moment()))
    op.create_table(
        "notice_calm",
        sa.Column("member", Id, nullable=False),
        sa.Column("quiet_from", sa.Integer()),
        sa.Column("quiet_to", sa.Integer()),
        sa.Column("visiting", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("duty", sa.Boolean()),
        sa.Column("muted_at", Moment()),
        sa.Column("muted_until", Moment()),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_notice_calm_member_member")),
        sa.PrimaryKeyConstraint("member", name=op.f("pk_notice_calm")),
    )
    op.create_table(
        "endpoint",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("member", Id),
        sa.Column("squad", Id),
        sa.Column("made_by", Id),
        sa.Column("ticket", Id),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("secret", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(length=64)),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("fails", sa.Integer(), nullable=False),
        sa.Column("retry_at", Moment()),
        sa.Column("error", sa.String(length=300)),
        sa.Column("sent_at", Moment()),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_endpoint_member_member")),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_endpoint_squad_squad")),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_endpoint_made_by_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endpoint")),
        sa.UniqueConstraint("hash", name=op.f("uq_endpoint_hash")),
    )
    op.create_index(op.f("ix_endpoint_member"), "endpoint", ["member"])
    op.create_index(op.f("ix_endpoint_squad"), "endpoint", ["squad"])
    op.create_table(
        "delivery",
        sa.Column("id", Id, nullable=False),
        sa.Column("endpoint", Id, nullable=False),
        sa.Column("notice", Id, nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("claim", Id),
        sa.Column("claimed_until", Moment()),
        sa.ForeignKeyConstraint(
            ["endpoint"], ["endpoint.id"], name=op.f("fk_delivery_endpoint_endpoint"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["notice"], ["notice.id"], name=op.f("fk_delivery_notice_notice"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    op.create_index(op.f("ix_delivery_notice"), "delivery", ["notice"])
    op.create_index("uq_delivery_endpoint_notice", "delivery", ["endpoint", "notice"], unique=True)
