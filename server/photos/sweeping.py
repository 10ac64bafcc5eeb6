"""What nobody has named for a day is forgotten: photos without a post, files without a row."""

from server.db import Database
from server.photos import actions
from server.schema import now
from server.store import Store


async def sweep(db: Database, store: Store) -> None:
    """Once. What a crash left in the store goes as well; what came again in the meantime is young. What was
    made of a file has its name before a dot.
    """
    await db.write(actions.sweep)
    old = await store.older(now() - actions.KEPT)
    gone = await db.read(actions.unknown, [name.partition(".")[0] for name in old])
    for name in old:
        if name.partition(".")[0] in gone:
            await store.remove(name)
    await store.clear(now() - actions.KEPT)
