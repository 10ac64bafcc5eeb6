"""SQL that is compiled once a run. SQLAlchemy keeps what it compiled with each engine, and every test has
engines of its own: to compile the same statements anew was an eighth of the run's time.
"""

import functools
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache


def once(create: Callable[..., Any]) -> Callable[..., Any]:
    """`create_engine` or its asynchronous twin, whose engines of one driver share dialect and cache."""
    kept: dict[str, tuple[Dialect, LRUCache]] = {}

    @functools.wraps(create)
    def created(url: Any, **options: Any) -> Any:
        made = create(url, **options)
        engine: Engine = getattr(made, "sync_engine", made)
        if "isolation_level" in options:  # the dialect knows of it
            return made
        if engine.driver in kept:
            engine.dialect, cache = kept[engine.driver]
            engine.update_execution_options(compiled_cache=cache)
        else:  # not before it has asked its first connection what kind of database that is

            @event.listens_for(engine.pool, "connect")
            def _keep(*_: object) -> None:
                kept.setdefault(engine.driver, (engine.dialect, LRUCache(2000)))

        return made

    return created
