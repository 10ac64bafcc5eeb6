"""Whether a column is one of many values, which go to the database as one: it knows the question already,
however many there are. Written out one by one they took as long as the reading, and PostgreSQL’s plan for
any 128 took a minute.
"""

from typing import Any

from sqlalchemy import JSON, BindParameter, Boolean, ColumnElement, String, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Many(TypeDecorator[list[Any]]):
    """A list in one parameter."""

    impl = JSON
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Any) -> Any:
        return dialect.type_descriptor(ARRAY(self.of) if dialect.name == "postgresql" else JSON())

    def process_bind_param(self, value: list[Any] | None, dialect: Any) -> Any:
        kept = None if dialect.name == "postgresql" else self.of.dialect_impl(dialect).bind_processor(dialect)
        return [kept(one) for one in value or ()] if kept else value


class among(FunctionElement[bool]):  # noqa: N801 - reads like any other function of the database
    """Whether a column is one of the values in the parameter of that name, a list."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], values: str) -> None:
        # With its length PostgreSQL would cut what is longer, and find it.
        of = String() if isinstance(column.type, String) else column.type
        many: BindParameter[Any] = bindparam(values, type_=_Many(of))
        super().__init__(column, many)

    def self_group(self, against: Any = None) -> Any:
        """As it is: compared with true, SQLite would look at every row."""
        return self


@compiles(among, "sqlite")
def _sqlite(element: Any, compiler: Any, **named: Any) -> str:
    column, many = (compiler.process(one, **named) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({many}))"  # noqa: S608 - no values stand in it


@compiles(among, "postgresql")
def _postgresql(element: Any, compiler: Any, **named: Any) -> str:
    column, many = (compiler.process(one, **named) for one in element.clauses)
    return f"{column} = ANY ({many})"
