"""When a call was first before the eyes of somebody who could help."""

import sqlalchemy as sa
from alembic import op

from server.schema import Moment

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    op.add_column("call", sa.Column("looked_at", Moment()))
