"""Customers are the company's; squads are linked to those they visit."""

from sqlalchemy import Column, Float, String, Table

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
    ref("merged_into", "customer.id", nullable=True),
)
customer_squad = Table(
    "customer_squad",
    metadata,
    ref("squad", "squad.id", primary_key=True),
    ref("customer", "customer.id", primary_key=True, index=True),
)
