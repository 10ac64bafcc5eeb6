"""Files, and the posts they hang on. Photos today; the drive's documents stand in the same tables."""

from sqlalchemy import Column, Index, Integer, String, Table

from server.schema import Id, Moment, metadata, ref

file = Table(
    "file",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(12), nullable=False),  # photo
    Column("hash", String(64), nullable=False, index=True),  # SHA-256 of what is stored: its name there
    Column("size", Integer, nullable=False),  # bytes
    Column("media_type", String(80), nullable=False),
    Column("width", Integer),  # pixels, of a picture
    Column("height", Integer),
    ref("made_by", "member.id"),
    Column("client_id", Id, nullable=False),
    Column("made_at", Moment, nullable=False),
    Index("uq_file_client", "made_by", "client_id", unique=True),
)
attachment = Table(
    "attachment",
    metadata,
    Column("id", Id, primary_key=True),  # `client_id` unless that is taken
    ref("post", "post.id"),
    Column("n", Integer, nullable=False),  # its place among the post's
    ref("author", "member.id"),
    Column("client_id", Id, nullable=False),  # of the file, under which it may still be on its way
    ref("file", "file.id", nullable=True, index=True),
    Index("uq_attachment_post_n", "post", "n", unique=True),
    Index(None, "author", "client_id"),
)
