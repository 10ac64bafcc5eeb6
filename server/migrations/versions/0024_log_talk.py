"""What is said to a line of a log, and the calls that lines became."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    for name, target in (("log_reply", "post"), ("log_call", "call")):
        op.create_table(
            name,
            sa.Column("id", Id, nullable=False),
            sa.Column("line", Id, nullable=False),
            sa.ForeignKeyConstraint(["id"], [f"{target}.id"], name=op.f(f"fk_{name}_id_{target}")),
            sa.ForeignKeyConstraint(["line"], ["log_line.id"], name=op.f(f"fk_{name}_line_log_line")),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        )
        op.create_index(op.f(f"ix_{name}_line"), name, ["line"])
