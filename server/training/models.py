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
    Column("named_at", Moment),  # from when on who is through is told by name to who leads; none: nobody is
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
    ref("by", "member.id", nullable=True),
    Column("client_id", Id),
    Index("uq_training_step_client", "by", "client_id", unique=True),
)
training_done = Table(
    "training_done",
    metadata,
    ref("step", "training_step.id", primary_key=True),
    ref("member", "member.id", primary_key=True),
    Column("at", Moment, nullable=False),
)
training_outline = Table(  # where the product knowledge is
    "training_outline",
    metadata,
    Column("space", String(36), primary_key=True),  # of the drive; empty: the company's
    ref("folder", "drive_folder.id", index=True),
    ref("track", "training_track.id"),
    ref("made_by", "member.id"),
    Column("at", Moment, nullable=False),
)
training_topic = Table(  # documents that were begun with questions
    "training_topic",
    metadata,
    ref("document", "drive_document.id", primary_key=True),
    Column("topic", String(12), nullable=False),
    Column("hash", String(64), nullable=False),  # of the questions alone
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
