"""A Python that has everything loaded, and becomes a server in a moment.

`python -m tests.bed.warm GROUND` (the run's folder, for compiled templates) reads from its stdin, a line
each, what to run: the words after Python's own name, the folder, the environment. For each it forks: the
child is the same process as `python WORDS...` would be, only that it need not import, and compile templates,
for seconds. It answers with the child's id. When its stdin ends, for instance because the test run was
killed, it ends its children and removes their folders.
"""

import atexit
import functools
import gc
import importlib
import json
import os
import runpy
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from tests.bed.guard import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
LATE = ("uvicorn", "httptools", "websockets")
"""What a server imports when it starts to listen."""


class Child:
    """A process that the warm Python became: what `subprocess.Popen` is to a started one."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.process: psutil.Process | None = None
        with suppress(psutil.NoSuchProcess):  # it may have ended already
            self.process = psutil.Process(pid)

    def poll(self) -> int | None:
        """None while it runs."""
        return None if self.process and self.process.is_running() else 0

    def terminate(self) -> None:
        """Asks it to stop."""
        if self.process:
            with suppress(psutil.NoSuchProcess):
                self.process.terminate()

    def wait(self, timeout: float) -> None:
        """Returns once it is gone; a server that does not stop by itself is killed."""
        if self.process:
            try:
                self.process.wait(min(timeout, PATIENCE))
            except psutil.TimeoutExpired:
                self.process.kill()
                self.process.wait(timeout)


class Warm:
    """The warm Python of this process. `ground` is the folder of the run."""

    def __init__(self, ground: Path) -> None:
        env = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT)}
        self.python = subprocess.Popen(
            [sys.executable, "-m", "tests.bed.warm", str(ground)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=env,
            start_new_session=True,
        )
        self.turn = threading.Lock()
        atexit.register(self.end)

    def run(self, words: list[str], folder: Path, env: dict[str, str], out: str = "log") -> Child:
        """Runs `python WORDS...` in the folder: its complaints in `log`, and what it prints, unless told; in
        the end `code` says how it went.
        """
        asked = json.dumps({"words": words, "folder": str(folder), "env": env, "out": out})
        assert self.python.stdin
        assert self.python.stdout
        with self.turn:
            self.python.stdin.write(f"{asked}\n".encode())
            self.python.stdin.flush()
            return Child(int(self.python.stdout.readline()))

    def end(self) -> None:
        """Ends it and whatever it has become."""
        self.python.communicate()


@functools.cache
def warm(ground: Path) -> Warm:
    """The one of this process."""
    return Warm(ground)


def load(ground: Path) -> None:
    """Imports what a server imports, compiles what it would compile, packs what it would pack.

    All of that: what packs has threads of its own, which a fork does not have.
    """
    import server.app
    from tests.bed.templates import compiled_in
    from web.assets import ONE_SHEET, STATIC, packed
    from web.render import LANGS, environment

    assert server.app
    for late in LATE:
        importlib.import_module(late)
    compiled_in(ground)
    for lang in LANGS:
        for name in environment(lang).list_templates():
            environment(lang).get_template(name)
    for path in (ONE_SHEET, *(str(file.relative_to(STATIC)) for file in STATIC.rglob("*"))):
        packed(path)
    gc.collect()
    gc.freeze()


def become(words: list[str], folder: str, env: dict[str, str], out: str) -> None:
    """What `python WORDS...` does, in a child; never returns."""
    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.chdir(folder)
        printed, log = (os.open(name, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644) for name in (out, "log"))
        nothing = os.open(os.devnull, os.O_RDONLY)
        for fd, end in ((nothing, 0), (printed, 1), (log, 2)):
            os.dup2(fd, end)
        os.environ.clear()
        os.environ.update(env)
        execute(words)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
    finally:
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
            Path(folder, "code").write_text(str(code))
        os._exit(code)


def execute(words: list[str]) -> None:
    """`-m MODULE ARGUMENTS...` or `-c CODE ARGUMENTS...`."""
    kind, what, *rest = words
    sys.argv = [what if kind == "-m" else "-c", *rest]
    if kind == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(what, {"__name__": "__main__"})


def end(children: list[tuple[int, str]]) -> None:
    """The test run is over, or gone: nobody is left to use them."""
    left = []
    for pid, folder in children:
        with suppress(psutil.NoSuchProcess):
            one = psutil.Process(pid)
            if one.ppid() == os.getpid():
                one.terminate()
                left.append(one)
                shutil.rmtree(folder, ignore_errors=True)
    for one in psutil.wait_procs(left, PATIENCE)[1]:
        one.kill()


def main(ground: Path) -> None:
    """Until stdin ends."""
    load(ground)
    assert threading.active_count() == 1, "forks must not lose threads"
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody stays behind as a zombie
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the test run's business
    children: list[tuple[int, str]] = []
    for line in sys.stdin.buffer:
        asked: dict[str, Any] = json.loads(line)
        pid = os.fork()
        if not pid:
            become(**asked)
        children.append((pid, asked["folder"]))
        os.write(1, f"{pid}\n".encode())
    end(children)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
