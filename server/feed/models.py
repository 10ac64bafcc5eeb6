"""Posts, what was said under them, and how the squad felt about it."""

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from server.schema import Id, Moment, metadata, ref

post = Table(
    "post",
    metadata,
    Column("id", Id, primary_key=True),
    ref("squad", "squad.id"),
    Column(
        "kind", String(12), nullable=False
    ),  # checkin, message, joined, left, reply, call, answer, log, question
    ref("author", "member.id"),
    Column("client_id", Id, nullable=False),
    ref("root", "post.id", nullable=True),  # of a reply: the post the thread hangs under
    ref("parent", "post.id", nullable=True),  # of a reply to a reply
    Column("feed_offset", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("captured_at", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("edited_at", Moment),
    Column("deleted_at", Moment),
    Index("uq_post_client", "author", "client_id", unique=True),
    Index(None, "squad", "feed_offset"),
    Index(None, "root", "feed_offset"),
)
post_revision = Table(
    "post_revision",
    metadata,
    Column("id", Id, primary_key=True),
    ref("post", "post.id", index=True),
    Column("text", Text, nullable=False),
    Column("replaced_at", Moment, nullable=False),
)
reaction = Table(
    "reaction",
    metadata,
    ref("post", "post.id"),
    ref("member", "member.id"),
    Column("kind", String(12), nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("post", "kind", "member"),
)
mention = Table(
    "mention",
    metadata,
    ref("post", "post.id", primary_key=True),
    ref("member", "member.id", primary_key=True, index=True),
)
read_mark = Table(
    "read_mark",
    metadata,
    ref("member", "member.id", primary_key=True),
    Column("stream", Id, primary_key=True),
    Column("offset", Integer, nullable=False),
    Column("at", Moment, nullable=False),  # when they were last seen reading
    Column("since", Integer, nullable=False, server_default="0"),  # the offset when they last came back,
    Column("until", Integer, nullable=False, server_default="0"),  # the stream's head at that moment,
    Column("left_at", Moment),  # when they had been here before,
    Column("back_at", Moment),  # and the moment
)
