"""What a call's deadline has done, and when it became a prompt to its squad."""

import sqlalchemy as sa
from alembic import op

from server.schema import Moment

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    for name in ("soon_at", "late_at", "prompt_at"):
        op.add_column("call", sa.Column(name, Moment()))
