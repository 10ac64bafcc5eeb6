"""Territories, a tree, and who manages them since when."""

from sqlalchemy import JSON, Column, Index, String, Table

from server.schema import Id, Moment, metadata, ref

territory = Table(
    "territory",
    metadata,
    Column("id", Id, primary_key=True),
    ref("parent", "territory.id", nullable=True, index=True),  # none: it stands at the top
    Column("name", String(80), nullable=False),
    Column("area", JSON(none_as_null=True)),  # a GeoJSON Polygon or MultiPolygon, WGS-84
    Column("created_at", Moment, nullable=False),
    Column("closed_at", Moment),
)
territory_manager = Table(
    "territory_manager",
    metadata,
    Column("id", Id, primary_key=True),
    ref("territory", "territory.id", index=True),
    ref("member", "member.id", index=True),
    Column("from_at", Moment, nullable=False),
    Column("to_at", Moment),
)
Index(
    "uq_territory_manager_now",
    territory_manager.c.territory,
    territory_manager.c.member,
    unique=True,
    sqlite_where=territory_manager.c.to_at.is_(None),
    postgresql_where=territory_manager.c.to_at.is_(None),
)
