"""What can be found, one row a thing, and by which pieces of its words.

What joins the index brings its kind, its words, and where it is shown: a squad, or by a rule of its kind
(`queries.seen`).
"""

from sqlalchemy import Column, Index, String, Table, Text

from server.schema import Id, Moment, metadata, ref

PIECE = 24
"""Letters of a word that are looked for; what comes after them is compared in the words themselves."""

search_entry = Table(
    "search_entry",
    metadata,
    Column("id", Id, primary_key=True),  # of the thing
    Column("kind", String(12), nullable=False),  # a post's kind, or customer
    ref("squad", "squad.id", nullable=True),  # none: its kind says who sees it
    ref("author", "member.id", nullable=True),
    Column("at", Moment, nullable=False, index=True),
    Column("text", Text, nullable=False),
    Index(None, "squad", "at"),
    Index(None, "author", "at"),
)
search_gram = Table(
    "search_gram",
    metadata,
    Column("gram", String(PIECE).with_variant(String(PIECE, collation="C"), "postgresql"), primary_key=True),
    Column("entry", Id, primary_key=True),  # no key: it would need a second index as large as this
    sqlite_with_rowid=False,
)
