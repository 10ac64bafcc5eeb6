"""The shape of the tree, as `{territory: the one above, or None}`; nothing here knows a database."""

from collections.abc import Callable, Iterator, Mapping

Parents = Mapping[str, str | None]


def upward(parents: Parents, id: str | None) -> Iterator[str]:
    """A territory and those above it, up to the top; nothing for None."""
    while id is not None:
        yield id
        id = parents[id]


def children(parents: Parents) -> dict[str | None, list[str]]:
    """Whatever lies directly below each; below None what stands at the top."""
    found: dict[str | None, list[str]] = {}
    for id, parent in parents.items():
        found.setdefault(parent, []).append(id)
    return found


def branch(parents: Parents, id: str) -> dict[str, int]:
    """A territory with all below it, and how many levels below it each is."""
    under = children(parents)
    found, waiting = {id: 0}, [id]
    while waiting:
        above = waiting.pop()
        for one in under.get(above, []):
            found[one] = found[above] + 1
            waiting.append(one)
    return found


def walked(parents: Parents, key: Callable[[str], str]) -> Iterator[tuple[str, int]]:
    """All of them, each before what is below it, those side by side in the order of `key`; with the level."""
    under = children(parents)
    waiting = [(one, 0) for one in sorted(under.get(None, []), key=key, reverse=True)]
    while waiting:
        id, level = waiting.pop()
        yield id, level
        waiting += [(one, level + 1) for one in sorted(under.get(id, []), key=key, reverse=True)]
