"""What a squad had done when all had arrived at the rally point."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("sweep", sa.Column("met_sums", sa.JSON(none_as_null=True), nullable=True))
