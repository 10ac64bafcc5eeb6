"""The wins that squads show to the whole company."""

from sqlalchemy import Column, Integer, Table

from server.schema import metadata, ref

hall_win = Table(
    "hall_win",
    metadata,
    ref("visit", "visit.id", primary_key=True),
    ref("squad", "squad.id", index=True),
    Column("offset", Integer, nullable=False, index=True),  # on the company's stream
)
