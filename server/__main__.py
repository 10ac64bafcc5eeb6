"""The commands: `python -m server serve | work | migrate | seed | demo | token | backup | restore | …`.

Each loads what it needs once the settings are known to be right: all of the server takes seconds to load.
"""

import asyncio
import gc
import signal
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated

import orjson
import typer
from pydantic import ValidationError

from config import logs
from config.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False)
Host = Annotated[str | None, typer.Option(help="Address to listen on (MUSTER_HOST)")]
Port = Annotated[int | None, typer.Option(help="Port to listen on (PORT)")]


@app.command()
def serve(host: Host = None, port: Port = None) -> None:
    """Runs the web server. On SQLite the tables are brought up to date first."""
    settings = configured()
    logs.set_up(settings.log_level, settings.log_format)
    # All that is loaded stays: looking through it for what does not takes an eighth of the start.
    gc.disable()
    checked(settings)
    from server.db import migrate

    if settings.embedded:
        migrate(settings)
    run(settings, host or settings.host, port or settings.port)


def configured() -> Settings:
    """The settings; ends with what is wrong with them, one a line."""
    try:
        return Settings()
    except ValidationError as wrong:
        for error in wrong.errors():
            typer.echo(f"{error['loc'][0]}: {error['msg']}", err=True)
        raise typer.Exit(2) from None


def checked(settings: Settings) -> None:
    """Ends where files cannot be kept and a setting has to change; not where S3 is away for a while."""
    from obstore.exceptions import BaseError

    from server.store import Store, Unusable

    try:
        with suppress(OSError, BaseError):
            asyncio.run(Store(settings).ping())
    except Unusable as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(2) from None


def run(settings: Settings, host: str, port: int) -> None:
    """Serves until told to stop."""
    import uvicorn

    from channels.protocol import uvicorn_options
    from server.app import create_app

    application = create_app(settings)
    # A wave of reconnecting phones makes much that lives for moments and little that stays. With the usual
    # thresholds looking through it again and again took a third of the wave's time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
    gc.enable()
    uvicorn.run(
        application,
        host=host,
        port=port,
        # More talkative than this it writes down every header: cookies and tokens.
        log_level="info" if settings.log_level == "DEBUG" else settings.log_level.lower(),
        access_log=False,
        server_header=False,
        # Unless told, uvicorn believes whoever is on this machine: a rate limit by address would be no limit.
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=settings.proxies,
        **uvicorn_options(lambda: application.state.hub),
    )


@app.command()
def work() -> None:
    """Does the jobs that are due, beside web servers; SIGTERM or Ctrl-C ends it in good order."""
    settings = configured()
    logs.set_up(settings.log_level, settings.log_format)
    checked(settings)
    asyncio.run(working(settings))


async def working(settings: Settings) -> None:
    """Until told to stop."""
    import structlog

    from server.metrics import Metrics
    from server.parts import running

    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, ended.set)
    parts = SimpleNamespace()
    async with running(settings, Metrics(), parts):
        parts.jobs.start()
        structlog.get_logger().info("jobs are done here", kinds=sorted(parts.jobs.kinds))
        await ended.wait()


@app.command(name="migrate")
def migrate_() -> None:
    """Brings the tables to the newest form."""
    settings = configured()
    from server.db import migrate

    migrate(settings)


@app.command()
def token(handle: str, name: str = "command line") -> None:
    """Prints a new API token for a member."""

    settings = configured()
    from server.db import Database, migrate
    from server.errors import NotFound
    from server.members import actions as members

    async def make() -> str:
        db = Database(settings)
        await db.start()
        try:
            return await db.write(members.new_token_for, handle, name)
        finally:
            await db.stop()

    migrate(settings)
    try:
        typer.echo(asyncio.run(make()))
    except NotFound:
        typer.echo(f"Nobody here has the handle {handle}", err=True)
        raise typer.Exit(1) from None


@app.command()
def backup(file: Path) -> None:
    """Writes everything, files included, as it is now; people go on working meanwhile."""
    settings = configured()
    checked(settings)
    from server.backup import back_up

    made = back_up(settings, file)
    typer.echo(f"{file}: {sum(made['rows'].values())} rows, {len(made['sha256'])} parts")
    if made["missing"]:
        typer.echo(f"{len(made['missing'])} files are not where they should be: doctor --all", err=True)


@app.command(name="restore")
def restore_(
    file: Path,
    keep_sessions: Annotated[bool, typer.Option("--keep-sessions", help="Nobody need sign in anew")] = False,
) -> None:
    """Brings a backup back, into an installation without a company."""
    settings = configured()
    checked(settings)
    from server.archive import Damaged
    from server.restore import Refused, restore

    try:
        made = restore(settings, file, keep_sessions)
    except (Damaged, Refused) as failure:
        typer.echo(str(failure), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"As it was at {made['made']}: {sum(made['rows'].values())} rows")


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="A list of {about, state, words}")] = False,
    every_file: Annotated[bool, typer.Option("--all", help="Look into every file, not a sample")] = False,
) -> None:
    """Looks at everything; ends with 1 when something has failed."""
    settings = configured()
    from server.doctor import examine

    found = list(examine(settings, every_file))
    if as_json:
        typer.echo(orjson.dumps([one._asdict() for one in found]).decode())
    else:
        for one in found:
            typer.echo(f"{one.state:8}{one.about:12}{one.words}")
    if any(one.state == "failed" for one in found):
        raise typer.Exit(1)


@app.command()
def seed(
    demo: Annotated[bool, typer.Option("--demo", help="The demo company; needs an empty database")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print members, tokens and squads")] = False,
) -> None:
    """Fills an empty database with the demo company."""
    if not demo:
        raise typer.BadParameter("nothing to seed without --demo")
    settings = configured()
    from server.db import migrate
    from server.demo.seed import seed_demo

    migrate(settings)
    made = asyncio.run(seed_demo(settings))
    typer.echo(orjson.dumps(made).decode() if as_json else f"{len(made['members'])} members")


@app.command(name="demo")
def demo_(port: Port = None) -> None:
    """A demo company in a fresh folder, and a field day that plays by itself."""
    settings = configured()
    from server.demo.play import play_demo

    play_demo(settings, port or settings.port, Path(settings.data_dir).parent / ".demo")


if __name__ == "__main__":
    app()
