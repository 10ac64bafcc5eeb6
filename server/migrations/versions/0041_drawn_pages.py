"""How many pages of a document can be drawn."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    op.add_column("drive_version", sa.Column("pages", sa.Integer(), nullable=True))
