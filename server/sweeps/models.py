"""A sweep: its lanes and their stops, who agreed to its pact, what was handed on, who has arrived."""

from sqlalchemy import JSON, Column, Date, Float, Index, Integer, String, Table, Text

from server.schema import Id, Moment, metadata, ref

sweep = Table(
    "sweep",
    metadata,
    Column("id", Id, primary_key=True),
    ref("squad", "squad.id"),
    ref("made_by", "member.id"),
    Column("client_id", Id, nullable=False),
    Column("name", String(80), nullable=False),
    Column("local_date", Date, nullable=False),  # the squad's day
    Column("starts_at", Moment, nullable=False),
    Column("rally_at", Moment, nullable=False),
    Column("rally_name", String(120), nullable=False),
    Column("rally_lat", Float, nullable=False),
    Column("rally_lon", Float, nullable=False),
    ref("rally_customer", "customer.id", nullable=True),
    Column("ends_at", Moment, nullable=False),  # then it ends by itself
    Column("mode", String(8), nullable=False),  # walk, bike, car
    Column("speed_kmh", Float, nullable=False),
    Column("detour", Float, nullable=False),  # how much longer the way is than the straight line
    Column("visit_minutes", Integer, nullable=False),
    Column("pact", Text, nullable=False),
    Column("pact_v", Integer, nullable=False),  # a changed text is agreed to anew
    Column("state", String(8), nullable=False),  # planned, running, paused, ended
    Column("started_at", Moment),
    Column("started_offset", Integer),  # where the squad's stream stood then
    Column("ended_at", Moment),
    ref("ended_by", "member.id", nullable=True),  # nobody: by itself
    Column("met_at", Moment),  # all had arrived,
    Column("met_sums", JSON(none_as_null=True)),  # and this was the day's work by then
    ref("copied_from", "sweep.id", nullable=True),
    Column("created_at", Moment, nullable=False),
    Column("changed", Integer, nullable=False),  # counts changes of the plan: none is overwritten unseen
    Index("uq_sweep_client", "made_by", "client_id", unique=True),
    Index(None, "squad", "local_date"),
)
Index(
    "uq_sweep_running",
    sweep.c.squad,
    unique=True,
    sqlite_where=sweep.c.state.in_(["running", "paused"]),
    postgresql_where=sweep.c.state.in_(["running", "paused"]),
)
lane = Table(
    "lane",
    metadata,
    Column("id", Id, primary_key=True),
    ref("sweep", "sweep.id"),
    ref("member", "member.id"),
    Column("place", Integer, nullable=False),
    Column("name", String(80), nullable=False),
    Column("area", JSON(none_as_null=True)),  # a GeoJSON polygon
    Column("start_lat", Float),
    Column("start_lon", Float),
    Index("uq_lane_member", "sweep", "member", unique=True),
)
stop = Table(
    "stop",
    metadata,
    Column("id", Id, primary_key=True),
    ref("sweep", "sweep.id"),
    ref("lane", "lane.id", nullable=True, index=True),  # none: named, and in nobody's lane
    ref("customer", "customer.id", index=True),
    Column("place", Integer, nullable=False),
    Column("state", String(8), nullable=False),  # planned, done, skipped
    Column("reason", String(400), nullable=False),
    ref("visit", "visit.id", nullable=True, index=True),
    ref("by", "member.id", nullable=True),  # who did or skipped it, whosever lane it is in
    Column("at", Moment),
    Index("uq_stop_customer", "sweep", "customer", unique=True),
)
pact_yes = Table(
    "pact_yes",
    metadata,
    ref("sweep", "sweep.id", primary_key=True),
    ref("member", "member.id", primary_key=True),
    Column("v", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
)
handover = Table(
    "handover",
    metadata,
    Column("id", Id, primary_key=True),
    ref("sweep", "sweep.id", index=True),
    ref("stop", "stop.id"),
    ref("giver", "member.id", index=True),
    ref("taker", "member.id", nullable=True),  # none: whoever takes it first
    Column("state", String(10), nullable=False),  # offered, accepted, declined, withdrawn
    Column("at", Moment, nullable=False),
    ref("answered_by", "member.id", nullable=True, index=True),
    Column("answered_at", Moment),
    Index(None, "stop"),
)
Index(
    "uq_handover_open",
    handover.c.stop,
    unique=True,
    sqlite_where=handover.c.state == "offered",
    postgresql_where=handover.c.state == "offered",
)
arrival = Table(
    "arrival",
    metadata,
    ref("sweep", "sweep.id", primary_key=True),
    ref("member", "member.id", primary_key=True),
    Column("at", Moment, nullable=False),
    ref("visit", "visit.id", nullable=True),  # the check-in that told
)
sharing = Table(  # who shows where they are; where that is stands nowhere, it is told and forgotten
    "sharing",
    metadata,
    ref("sweep", "sweep.id", primary_key=True),
    ref("member", "member.id", primary_key=True),
    Column("ticket", Id, nullable=False),  # the session or token that sends it
    ref("membership", "membership.id"),  # whoever goes and comes again switches it on again
    Column("since", Moment, nullable=False),
)
proposal = Table(
    "proposal",
    metadata,
    ref("sweep", "sweep.id", primary_key=True),  # one at a time; another one takes its place
    Column("run", Id, nullable=False),
    ref("by", "member.id"),
    Column("changed", Integer, nullable=False),  # the sweep's, when it was asked for
    Column("state", String(9), nullable=False),  # searching, ready, failed, taken
    Column("asked_at", Moment, nullable=False),
    Column("told_at", Moment, nullable=False),  # when the search was last heard of
    Column("progress", JSON, nullable=False),
    Column("found", JSON(none_as_null=True)),
)
