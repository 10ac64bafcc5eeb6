"""The customer file: names, tags, contacts, facts and who confirmed them, the next touch."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0025"
down_revision = "0024"


def _fk(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def upgrade() -> None:
    # Others point at this table: SQLite cannot make it anew, and need not.
    for column in (
        sa.Column("kind", sa.String(length=40), nullable=False, server_default=""),
        sa.Column("address", sa.String(length=200), nullable=False, server_default=""),
        sa.Column("phone", sa.String(length=40), nullable=False, server_default=""),
        sa.Column("territory", Id, sa.ForeignKey("territory.id", name=op.f("fk_customer_territory_territory"))),
        sa.Column("stage", sa.String(length=8), nullable=False, server_default="new"),
        sa.Column("value", sa.String(length=24)),
        sa.Column("currency", sa.String(length=3)),
        sa.Column("touch_on", sa.Date()),
        sa.Column("touch_note", sa.String(length=200), nullable=False, server_default=""),
        sa.Column("touch_by", Id, sa.ForeignKey("member.id", name=op.f("fk_customer_touch_by_member"))),
    ):
        op.add_column("customer", column, inline_references=True)
    op.create_index(op.f("ix_customer_territory"), "customer", ["territory"])
    op.create_table(
        "customer_name",
        sa.Column("id", Id, nullable=False),
        sa.Column("customer", Id, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("by", Id),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("ended_at", Moment()),
        _fk("customer_name", "customer", "customer"),
        _fk("customer_name", "by", "member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_name")),
    )
    op.create_index(op.f("ix_customer_name_customer"), "customer_name", ["customer"])
    op.create_index(op.f("ix_customer_name_by"), "customer_name", ["by"])
    op.create_table(
        "customer_tag",
        sa.Column("customer", Id, nullable=False),
        sa.Column("tag", sa.String(length=30), nullable=False),
        _fk("customer_tag", "customer", "customer"),
        sa.PrimaryKeyConstraint("customer", "tag", name=op.f("pk_customer_tag")),
    )
    op.create_index(op.f("ix_customer_tag_tag"), "customer_tag", ["tag"])
    op.create_table(
        "contact",
        sa.Column("id", Id, nullable=False),
        sa.Column("customer", Id, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column("part", sa.String(length=12), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("birthday", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("by", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("replaces", Id),
        sa.Column("ended_at", Moment()),
        sa.Column("ended_by", Id),
        _fk("contact", "customer", "customer"),
        _fk("contact", "by", "member"),
        _fk("contact", "replaces", "contact"),
        _fk("contact", "ended_by", "member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index(op.f("ix_contact_customer"), "contact", ["customer"])
    op.create_index(op.f("ix_contact_by"), "contact", ["by"])
    op.create_table(
        "fact",
        sa.Column("id", Id, nullable=False),
        sa.Column("customer", Id, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("visit", Id),
        sa.Column("by", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("replaces", Id),
        sa.Column("ended_at", Moment()),
        sa.Column("ended_by", Id),
        _fk("fact", "customer", "customer"),
        _fk("fact", "visit", "visit"),
        _fk("fact", "by", "member"),
        _fk("fact", "replaces", "fact"),
        _fk("fact", "ended_by", "member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
    )
    op.create_index(op.f("ix_fact_customer_at"), "fact", ["customer", "at"])
    op.create_index(op.f("ix_fact_by"), "fact", ["by"])
    op.create_table(
        "fact_confirmed",
        sa.Column("fact", Id, nullable=False),
        sa.Column("member", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        _fk("fact_confirmed", "fact", "fact"),
        _fk("fact_confirmed", "member", "member"),
        sa.PrimaryKeyConstraint("fact", "member", name=op.f("pk_fact_confirmed")),
    )
    op.create_index(op.f("ix_fact_confirmed_member"), "fact_confirmed", ["member"])
