"""The customer file. Customers are the company's; squads are linked to those they visit.

Nothing in a file is overwritten: a fact that changed is followed by another, which names it; contacts and
names end and stay. Whoever gave something stays its giver.
"""

from sqlalchemy import JSON, Column, Date, Float, Index, Integer, String, Table, Text

from server.schema import Id, Moment, metadata, ref

customer = Table(
    "customer",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("lat", Float),
    Column("lon", Float),
    Column("position_source", String(8)),  # gps, network, hand, file
    ref("position_by", "member.id", nullable=True),
    ref("created_by", "member.id", nullable=True),
    Column("created_at", Moment, nullable=False),
    ref("merged_into", "customer.id", nullable=True),  # shown in that one's file,
    ref("merged_by", "member.id", nullable=True),  # since somebody said so
    Column("merged_at", Moment),
    Column("kind", String(40), nullable=False, server_default=""),  # hospital, shop: in words
    Column("address", String(200), nullable=False, server_default=""),
    Column("phone", String(40), nullable=False, server_default=""),
    ref("territory", "territory.id", nullable=True, index=True),
    Column("stage", String(8), nullable=False, server_default="new"),  # one of STAGES
    Column("value", String(24)),  # decimal, a year
    Column("currency", String(3)),
    Column("touch_on", Date),  # the next touch: when,
    Column("touch_note", String(200), nullable=False, server_default=""),  # what for,
    ref("touch_by", "member.id", nullable=True),  # and who means to
)
Index(
    "ix_customer_merged_into",
    customer.c.merged_into,
    sqlite_where=customer.c.merged_into.is_not(None),  # of nearly all it is null: SQLite, once it has counted
    postgresql_where=customer.c.merged_into.is_not(None),  # them, would not use an index with all of those
)
customer_squad = Table(
    "customer_squad",
    metadata,
    ref("squad", "squad.id", primary_key=True),
    ref("customer", "customer.id", primary_key=True, index=True),
)
customer_name = Table(
    "customer_name",
    metadata,
    Column("id", Id, primary_key=True),
    ref("customer", "customer.id", index=True),
    Column("name", String(120), nullable=False),
    Column("kind", String(8), nullable=False),  # zh, en, alias
    ref("by", "member.id", nullable=True, index=True),
    Column("at", Moment, nullable=False),
    Column("ended_at", Moment),
)
customer_key = Table(
    "customer_key",
    metadata,
    Column("kind", String(1), primary_key=True),  # see keys.py
    Column("key", String(60), primary_key=True),
    ref("customer", "customer.id", primary_key=True, index=True),
)
customer_tag = Table(
    "customer_tag",
    metadata,
    ref("customer", "customer.id", primary_key=True),
    Column("tag", String(30), primary_key=True, index=True),
)
customer_hold = Table(
    "customer_hold",
    metadata,
    Column("id", Id, primary_key=True),
    ref("customer", "customer.id", index=True),
    ref("member", "member.id", index=True),  # who works on it
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("ended_at", Moment),  # let go before that
)
customer_hold_asked = Table(
    "customer_hold_asked",
    metadata,
    ref("hold", "customer_hold.id", primary_key=True),
    ref("member", "member.id", primary_key=True, index=True),  # who would like to share it
    Column("at", Moment, nullable=False),
    Column("shared_at", Moment),
)
taken_over = Table(
    "taken_over",
    metadata,
    Column("id", Id, primary_key=True),
    ref("squad", "squad.id", index=True),
    ref("member", "member.id", index=True),  # who left
    ref("taker", "member.id", index=True),
    Column("kind", String(8), nullable=False),  # one of leaving.KINDS
    Column("subject", Id, nullable=False),
    ref("by", "member.id"),  # who said so
    Column("at", Moment, nullable=False),
    Index("uq_taken_over", "squad", "member", "kind", "subject", unique=True),
)
customer_import = Table(
    "customer_import",
    metadata,
    Column("id", Id, primary_key=True),
    ref("squad", "squad.id", index=True),
    ref("by", "member.id", index=True),
    Column("at", Moment, nullable=False),
    Column("filename", String(200), nullable=False),
    Column("head", JSON, nullable=False),  # what stands over each column
    Column("mapping", JSON, nullable=False),  # what each column is: one of columns.FIELDS
    Column("state", String(8), nullable=False),  # one of importing.STATES
    Column("rows", Integer, nullable=False),
)
customer_import_row = Table(
    "customer_import_row",
    metadata,
    ref("import", "customer_import.id", primary_key=True),
    Column("n", Integer, primary_key=True),  # its number in the file
    Column("cells", JSON, nullable=False),
    Column("verdict", String(8), nullable=False),  # one of importing.VERDICTS; empty: not looked at yet
    Column("why", JSON, nullable=False),  # what is wrong, by field
    Column("likes", JSON, nullable=False),  # known ones that it may be: [{id, name}]
    Column("first", Integer),  # the row of the same file that it repeats
    Column("key", String(60), nullable=False),  # its bare name
    Column("choice", String(4), nullable=False),  # make, or leave it
    ref("customer", "customer.id", nullable=True),  # that was made of it
    Index(None, "import", "verdict"),
    Index(None, "import", "key"),
)
contact = Table(
    "contact",
    metadata,
    Column("id", Id, primary_key=True),
    ref("customer", "customer.id", index=True),
    Column("name", String(80), nullable=False),
    Column("role", String(80), nullable=False),  # procurement, chief nurse: in words
    Column("part", String(12), nullable=False),  # one of PARTS: what they have to say in it
    Column("phone", String(40), nullable=False),
    Column("channel", String(8), nullable=False),  # one of CHANNELS, or empty
    Column("birthday", String(10), nullable=False),  # 1980-07-03, or 07-03 where the year is not known
    Column("note", String(200), nullable=False),
    ref("by", "member.id", index=True),
    Column("at", Moment, nullable=False),
    ref("replaces", "contact.id", nullable=True),
    Column("ended_at", Moment),
    ref("ended_by", "member.id", nullable=True),
)
fact = Table(
    "fact",
    metadata,
    Column("id", Id, primary_key=True),
    ref("customer", "customer.id"),
    Column("kind", String(12), nullable=False),  # one of facts.KINDS
    Column("text", Text, nullable=False),
    Column("source", String(8), nullable=False),  # one of facts.SOURCES
    ref("visit", "visit.id", nullable=True),  # where it was learned
    ref("by", "member.id", index=True),
    Column("at", Moment, nullable=False),
    ref("replaces", "fact.id", nullable=True),  # what was taken for true before
    Column("ended_at", Moment),  # corrected, or no longer true
    ref("ended_by", "member.id", nullable=True),
    Index(None, "customer", "at"),
)
fact_confirmed = Table(
    "fact_confirmed",
    metadata,
    ref("fact", "fact.id", primary_key=True),
    ref("member", "member.id", primary_key=True, index=True),
    Column("at", Moment, nullable=False),
)
