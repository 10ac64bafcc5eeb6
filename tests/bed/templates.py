"""Templates that are compiled once a run. To compile all of them takes a process five seconds, and each of
the run's processes that renders pages did it anew.
"""

from pathlib import Path

from jinja2 import FileSystemBytecodeCache

from web.render import LANGS, environment


def compiled_in(ground: Path) -> None:
    """What is compiled from now on is kept in the run's folder, each language's by itself; what is there is
    taken.
    """
    folder = ground / "templates"
    folder.mkdir(exist_ok=True)
    for lang in LANGS:
        environment(lang).bytecode_cache = FileSystemBytecodeCache(str(folder), f"{lang}-%s.cache")
