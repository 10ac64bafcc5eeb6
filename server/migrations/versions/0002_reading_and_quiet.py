"""Where one stood when one came back, and squads that are muted."""

import sqlalchemy as sa
from alembic import op

from server.schema import Id, Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("read_mark") as table:
        table.add_column(sa.Column("since", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("until", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("left_at", Moment()))
        table.add_column(sa.Column("back_at", Moment()))
    with op.batch_alter_table("membership") as table:
        table.add_column(sa.Column("muted_at", Moment()))
        table.add_column(sa.Column("muted_until", Moment()))
    _everything_is_read()


def _everything_is_read() -> None:
    """Nobody finds a history of years unread: whoever has no mark stands where their squad stands now."""
    c = op.get_bind()
    stream = sa.table("stream", sa.column("id", sa.String), sa.column("head", sa.Integer))
    there = sa.table(
        "membership",
        sa.column("squad", Id),
        sa.column("member", Id),
        sa.column("joined_at", Moment),
        sa.column("left_at", Moment),
    )
    mark = sa.table(
        "read_mark",
        sa.column("member", Id),
        sa.column("stream", Id),
        sa.column("offset", sa.Integer),
        sa.column("at", Moment),
    )
    heads = {row.id: row.head for row in c.execute(sa.select(stream))}
    known = {(row.member, row.stream) for row in c.execute(sa.select(mark.c.member, mark.c.stream))}
    rows = [
        {"member": row.member, "stream": row.squad, "offset": heads.get(row.squad, 0), "at": row.joined_at}
        for row in c.execute(sa.select(there).where(there.c.left_at.is_(None)))
        if (row.member, row.squad) not in known
    ]
    if rows:
        c.execute(sa.insert(mark), rows)
