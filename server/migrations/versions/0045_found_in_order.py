"""What a squad or a person said is gone through from the newest on."""

from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    op.drop_index(op.f("ix_search_entry_author"), "search_entry")
    op.create_index(op.f("ix_search_entry_author_at"), "search_entry", ["author", "at"])
    op.create_index(op.f("ix_search_entry_squad_at"), "search_entry", ["squad", "at"])
