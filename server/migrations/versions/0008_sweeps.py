"""Sweeps: lanes, stops, the pact, handovers, arrivals."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "sweep",
        sa.Column("id", Id, nullable=False),
        sa.Column("squad", Id, nullable=False),
        sa.Column("made_by", Id, nullable=False),
        sa.Column("client_id", Id, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("rally_at", Moment(), nullable=False),
        sa.Column("rally_name", sa.String(length=120), nullable=False),
        sa.Column("rally_lat", sa.Float(), nullable=False),
        sa.Column("rally_lon", sa.Float(), nullable=False),
        sa.Column("rally_customer", Id, nullable=True),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("speed_kmh", sa.Float(), nullable=False),
        sa.Column("detour", sa.Float(), nullable=False),
        sa.Column("visit_minutes", sa.Integer(), nullable=False),
        sa.Column("pact", sa.Text(), nullable=False),
        sa.Column("pact_v", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("started_at", Moment(), nullable=True),
        sa.Column("started_offset", sa.Integer(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_by", Id, nullable=True),
        sa.Column("met_at", Moment(), nullable=True),
        sa.Column("copied_from", Id, nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["copied_from"], ["sweep.id"], name=op.f("fk_sweep_copied_from_sweep")),
        sa.ForeignKeyConstraint(["ended_by"], ["member.id"], name=op.f("fk_sweep_ended_by_member")),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_sweep_made_by_member")),
        sa.ForeignKeyConstraint(
            ["rally_customer"], ["customer.id"], name=op.f("fk_sweep_rally_customer_customer")
        ),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_sweep_squad_squad")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sweep")),
    )
    op.create_index(op.f("ix_sweep_squad_local_date"), "sweep", ["squad", "local_date"], unique=False)
    op.create_index("uq_sweep_client", "sweep", ["made_by", "client_id"], unique=True)
    op.create_index(
        "uq_sweep_running",
        "sweep",
        ["squad"],
        unique=True,
        sqlite_where=sa.text("state IN ('running', 'paused')"),
        postgresql_where=sa.text("state IN ('running', 'paused')"),
    )
    op.create_table(
        "arrival",
        sa.Column("sweep", Id, nullable=False),
        sa.Column("member", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("visit", Id, nullable=True),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_arrival_member_member")),
        sa.ForeignKeyConstraint(["sweep"], ["sweep.id"], name=op.f("fk_arrival_sweep_sweep")),
        sa.ForeignKeyConstraint(["visit"], ["visit.id"], name=op.f("fk_arrival_visit_visit")),
        sa.PrimaryKeyConstraint("sweep", "member", name=op.f("pk_arrival")),
    )
    op.create_table(
        "lane",
        sa.Column("id", Id, nullable=False),
        sa.Column("sweep", Id, nullable=False),
        sa.Column("member", Id, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("area", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("start_lat", sa.Float(), nullable=True),
        sa.Column("start_lon", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_lane_member_member")),
        sa.ForeignKeyConstraint(["sweep"], ["sweep.id"], name=op.f("fk_lane_sweep_sweep")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lane")),
    )
    op.create_index("uq_lane_member", "lane", ["sweep", "member"], unique=True)
    op.create_table(
        "pact_yes",
        sa.Column("sweep", Id, nullable=False),
        sa.Column("member", Id, nullable=False),
        sa.Column("v", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_pact_yes_member_member")),
        sa.ForeignKeyConstraint(["sweep"], ["sweep.id"], name=op.f("fk_pact_yes_sweep_sweep")),
        sa.PrimaryKeyConstraint("sweep", "member", "v", name=op.f("pk_pact_yes")),
    )
    op.create_table(
        "stop",
        sa.Column("id", Id, nullable=False),
        sa.Column("sweep", Id, nullable=False),
        sa.Column("lane", Id, nullable=True),
        sa.Column("customer", Id, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("visit", Id, nullable=True),
        sa.Column("by", Id, nullable=True),
        sa.Column("at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["member.id"], name=op.f("fk_stop_by_member")),
        sa.ForeignKeyConstraint(["customer"], ["customer.id"], name=op.f("fk_stop_customer_customer")),
        sa.ForeignKeyConstraint(["lane"], ["lane.id"], name=op.f("fk_stop_lane_lane")),
        sa.ForeignKeyConstraint(["sweep"], ["sweep.id"], name=op.f("fk_stop_sweep_sweep")),
        sa.ForeignKeyConstraint(["visit"], ["visit.id"], name=op.f("fk_stop_visit_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop")),
    )
    op.create_index(op.f("ix_stop_customer"), "stop", ["customer"], unique=False)
    op.create_index(op.f("ix_stop_lane"), "stop", ["lane"], unique=False)
    op.create_index(op.f("ix_stop_visit"), "stop", ["visit"], unique=False)
    op.create_index("uq_stop_customer", "stop", ["sweep", "customer"], unique=True)
    op.create_table(
        "handover",
        sa.Column("id", Id, nullable=False),
        sa.Column("sweep", Id, nullable=False),
        sa.Column("stop", Id, nullable=False),
        sa.Column("giver", Id, nullable=False),
        sa.Column("taker", Id, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("answered_by", Id, nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["member.id"], name=op.f("fk_handover_answered_by_member")),
        sa.ForeignKeyConstraint(["giver"], ["member.id"], name=op.f("fk_handover_giver_member")),
        sa.ForeignKeyConstraint(["stop"], ["stop.id"], name=op.f("fk_handover_stop_stop")),
        sa.ForeignKeyConstraint(["sweep"], ["sweep.id"], name=op.f("fk_handover_sweep_sweep")),
        sa.ForeignKeyConstraint(["taker"], ["member.id"], name=op.f("fk_handover_taker_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index(op.f("ix_handover_stop"), "handover", ["stop"], unique=False)
    op.create_index(op.f("ix_handover_sweep"), "handover", ["sweep"], unique=False)
    op.create_index(
        "uq_handover_open",
        "handover",
        ["stop"],
        unique=True,
        sqlite_where=sa.text("state = 'offered'"),
        postgresql_where=sa.text("state = 'offered'"),
    )
