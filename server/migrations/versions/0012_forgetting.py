"""How far a stream's content has been forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    with op.batch_alter_table("stream", recreate="never") as table:
        table.add_column(sa.Column("forgotten", sa.Integer(), server_default="0", nullable=False))
