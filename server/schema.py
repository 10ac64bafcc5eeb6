"""What every table is made of: one metadata with named constraints, and the column types."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import uuid_utils
from sqlalchemy import Column, DateTime, ForeignKey, MetaData, String, TypeDecorator, Uuid
from sqlalchemy.engine import Dialect

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class _Id(Uuid[str]):
    """Stored as 32 digits it is read by cutting, not by way of a `UUID`: a page reads a thousand."""

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """From the driver's value to text with dashes."""
        if dialect.supports_native_uuid:
            return super().result_processor(dialect, coltype)  # type: ignore[no-untyped-call]
        return _dashed


def _dashed(value: str | None) -> str | None:
    return value and f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"


Id = _Id(as_uuid=False)
"""A UUID, a string in Python."""

StreamId = String(40)
"""A stream's key: a squad's id, `company`, `desk`, or `me:<member id>`."""


class Moment(TypeDecorator[datetime]):
    """An instant: aware UTC in Python on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses naive times: nobody could say what they mean."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive time")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite hands back naive times, which are UTC."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def ref(name: str, target: str, **options: Any) -> Column[str]:
    """A column that points at another table's id, required unless said otherwise."""
    options.setdefault("nullable", False)
    return Column(name, Id, ForeignKey(target), **options)


def as_id(text: object) -> str | None:
    """A UUID as it is stored, whichever way it was written; None for anything else."""
    try:
        return str(UUID(str(text)))
    except ValueError:
        return None


def new_id() -> str:
    """A UUIDv7: sortable by time of making."""
    return str(uuid_utils.uuid7())


def now() -> datetime:
    """The server's time, UTC."""
    return datetime.now(UTC)
