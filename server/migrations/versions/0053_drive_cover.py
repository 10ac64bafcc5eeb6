"""Documents of which a picture of the first page came along."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    op.add_column(
        "drive_version", sa.Column("cover", sa.Boolean(), nullable=False, server_default=sa.false())
    )
