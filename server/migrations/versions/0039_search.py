"""What can be found, and by which pieces of its words. What is there already is put in by a job."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0039"
down_revision = "0038"
GRAM = sa.String(24).with_variant(sa.String(24, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "search_entry",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("squad", Id),
        sa.Column("author", Id),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["squad"], ["squad.id"], name=op.f("fk_search_entry_squad_squad")),
        sa.ForeignKeyConstraint(["author"], ["member.id"], name=op.f("fk_search_entry_author_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
    )
    op.create_index(op.f("ix_search_entry_author"), "search_entry", ["author"])
    op.create_index(op.f("ix_search_entry_at"), "search_entry", ["at"])
    op.create_table(
        "search_gram",
        sa.Column("gram", GRAM, nullable=False),
        sa.Column("entry", Id, nullable=False),
        sa.PrimaryKeyConstraint("gram", "entry", name=op.f("pk_search_gram")),
        sqlite_with_rowid=False,
    )
