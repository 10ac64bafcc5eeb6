"""Training tracks, what is to be read in them step by step, who has done which step; what each member plans
to learn, which is theirs alone.
"""

from sqlalchemy import Column, Date, Index, Integer, String, Table, Text

from server.schema import Id, Moment, metadata, ref

training_track = Table(
    "training_track",
    metadata,
    Column("id", Id, primary_key=True),
    ref("squad", "squad.id", nullable=True, index=True),  # none: the whole company
    Column("name", String(120), nullable=False),
    Column("audience", String(8), nullable=False),  # all, new, rep, desk, admin
    ref("made_by", "member.id"),
    Column("client_id", Id, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index("uq_training_track_client", "made_by", "client_id", unique=True),
)
training_step = Table(
    "training_step",
    metadata,
    Column("id", Id, primary_key=True),
    ref("track", "training_track.id", index=True),
    Column("n", Integer, nullable=False),  # its place, ascending
    ref("document", "drive_document.id", nullable=True, index=True),
    Column("first", Integer),  # pages of the document; none: from its beginning
    Column("last", Integer),
    Column("text", Text, nullable=False),  # what to do or to heed
)
training_done = Table(
    "training_done",
    metadata,
    ref("step", "training_step.id", primary_key=True),
    ref("member", "member.id", primary_key=True),
    Column("at", Moment, nullable=False),
)
training_plan = Table(  # of one's own; of `track` and `document` one is there
    "training_plan",
    metadata,
    Column("id", Id, primary_key=True),
    ref("member", "member.id"),
    ref("track", "training_track.id", nullable=True),
    ref("document", "drive_document.id", nullable=True, index=True),
    Column("n", Integer, nullable=False),  # its place, ascending
    Column("due", Date),  # a day its member set themselves
    Column("done_at", Moment),  # of a document; a track is done by its steps
    Column("at", Moment, nullable=False),
    Column("away_at", Moment),  # taken off, or never wanted: suggested no more
    Index("uq_training_plan_track", "member", "track", unique=True),
    Index("uq_training_plan_document", "member", "document", unique=True),
)
