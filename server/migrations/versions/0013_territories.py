"""Territories and their managers, who are listed among the members of the squads in them."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "territory",
        sa.Column("id", Id, nullable=False),
        sa.Column("parent", Id),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("area", sa.JSON()),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment()),
        sa.ForeignKeyConstraint(["parent"], ["territory.id"], name=op.f("fk_territory_parent_territory")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territory")),
    )
    op.create_index(op.f("ix_territory_parent"), "territory", ["parent"])
    op.create_table(
        "territory_manager",
        sa.Column("id", Id, nullable=False),
        sa.Column("territory", Id, nullable=False),
        sa.Column("member", Id, nullable=False),
        sa.Column("from_at", Moment(), nullable=False),
        sa.Column("to_at", Moment()),
        sa.ForeignKeyConstraint(
            ["territory"], ["territory.id"], name=op.f("fk_territory_manager_territory_territory")
        ),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_territory_manager_member_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territory_manager")),
    )
    op.create_index(op.f("ix_territory_manager_territory"), "territory_manager", ["territory"])
    op.create_index(op.f("ix_territory_manager_member"), "territory_manager", ["member"])
    op.create_index(
        "uq_territory_manager_now",
        "territory_manager",
        ["territory", "member"],
        unique=True,
        sqlite_where=sa.text("to_at IS NULL"),
        postgresql_where=sa.text("to_at IS NULL"),
    )
    # Others point at this table: SQLite cannot make it anew, and need not.
    op.add_column(
        "squad",
        sa.Column("territory", Id, sa.ForeignKey("territory.id", name=op.f("fk_squad_territory_territory"))),
        inline_references=True,
    )
    op.create_index(op.f("ix_squad_territory"), "squad", ["territory"])
    with op.batch_alter_table("membership", recreate="never") as table:
        table.add_column(sa.Column("own", sa.Boolean(), server_default=sa.true(), nullable=False))
        table.add_column(sa.Column("manages", sa.Boolean(), server_default=sa.false(), nullable=False))
