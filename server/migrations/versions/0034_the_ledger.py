"""What a member gave and got back is found from their side."""

from alembic import op

revision = "0034"
down_revision = "0033"
ASKED = (("call", "asker"), ("call_answer", "person"), ("handover", "giver"), ("handover", "answered_by"))


def upgrade() -> None:
    for table, column in ASKED:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
