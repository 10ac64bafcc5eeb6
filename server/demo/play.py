"""The demo company in a fresh database, served from this process, and a field day that plays by itself."""

import asyncio
from contextlib import suppress
from pathlib import Path

import uvicorn
from httpx2 import AsyncClient

from channels.protocol import uvicorn_options
from config import logs
from config.settings import Settings
from server.app import create_app
from server.db import migrate
from server.demo.day import Day
from server.demo.seed import Seeded, plant
from server.demo.voice import Voice


def play_demo(settings: Settings, port: int, folder: Path, seed: int = 1, speed: float = 1.0) -> None:
    """Seeds a fresh folder, serves it on loopback and plays until Ctrl-C."""
    fresh = settings.model_copy(
        update={"data_dir": folder, "database_url": "", "redis_url": "", "host": "127.0.0.1", "port": port}
    )
    for old in folder.glob("muster.db*"):
        old.unlink()
    logs.set_up("WARNING", settings.log_format)
    migrate(fresh)
    with suppress(KeyboardInterrupt):
        asyncio.run(_live(fresh, seed, speed))


async def _live(settings: Settings, seed: int, speed: float) -> None:
    seeded = await plant(settings, seed)
    application = create_app(settings)
    config = uvicorn.Config(
        application,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        **uvicorn_options(lambda: application.state.hub),
    )
    server = uvicorn.Server(config)
    # No proxy has a say in what goes to this very process.
    async with AsyncClient(base_url=f"http://{settings.host}:{settings.port}", trust_env=False) as api:
        playing = asyncio.create_task(_play(server, api, seeded, speed))
        try:
            await server.serve()
        finally:
            playing.cancel()
            await asyncio.wait([playing])


async def _play(server: uvicorn.Server, api: AsyncClient, seeded: Seeded, speed: float) -> None:
    """Both squads side by side, for as long as the server runs."""
    while not server.started:  # noqa: ASYNC110 - uvicorn tells by a flag only
        await asyncio.sleep(0.05)
    address = str(api.base_url).rstrip("/")
    print(f"Muster demo: {address} — sign in as anyone with one click (Ctrl-C ends it)", flush=True)
    await asyncio.gather(*(day.run() for day in days(api, seeded, speed)))


def days(api: AsyncClient, seeded: Seeded, speed: float) -> list[Day]:
    """One day for each squad."""
    found = []
    for scene in seeded.scenes:
        key = scene.team.key
        tokens = {handle: seeded.members[handle]["token"] for handle in scene.everybody}
        voice = Voice(api, tokens, seeded.squads[key])
        found.append(Day(scene, voice, seeded.going_on[key], speed))
    return found
