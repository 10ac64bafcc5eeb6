"""The field day that plays by itself: every step goes through the same API phones use."""

import asyncio
import random
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import structlog
import uvicorn
from httpx2 import AsyncClient, HTTPError

from channels.protocol import uvicorn_options
from config import logs
from config.settings import Settings
from server.app import create_app
from server.db import migrate
from server.demo.scene import Scene
from server.demo.seed import Seeded, plant
from server.demo.steps import Step, body
from server.schema import now

log = structlog.get_logger()
PACE = 2.6  # seconds between two things that happen in one squad
AT_ONCE = 4  # stories of one squad that go on side by side
MESSAGES = 0.2  # share of stories that begin with a message rather than a visit
LATE = 0.05  # share of check-ins that waited for a signal


def play_demo(settings: Settings, port: int, folder: Path) -> None:
    """Seeds a fresh folder, serves it on loopback and plays until Ctrl-C."""
    fresh = settings.model_copy(
        update={"data_dir": folder, "database_url": "", "redis_url": "", "host": "127.0.0.1", "port": port}
    )
    for old in folder.glob("muster.db*"):
        old.unlink()
    logs.set_up("WARNING", settings.log_format)
    migrate(fresh)
    with suppress(KeyboardInterrupt):
        asyncio.run(_live(fresh, port))


async def _live(settings: Settings, port: int) -> None:
    seeded = await plant(settings)
    application = create_app(settings)
    config = uvicorn.Config(
        application,
        host=settings.host,
        port=port,
        log_level="warning",
        access_log=False,
        **uvicorn_options(lambda: application.state.hub),
    )
    server = uvicorn.Server(config)
    address = f"http://127.0.0.1:{port}"
    async with AsyncClient(base_url=address, timeout=10) as api:
        playing = asyncio.create_task(play(api, seeded, lambda: server.started))
        playing.add_done_callback(lambda task: task.cancelled() or task.exception())
        try:
            await server.serve()
        finally:
            playing.cancel()


async def play(api: AsyncClient, seeded: Seeded, ready: Callable[[], bool], pace: float = PACE) -> None:
    """Both squads side by side, for as long as the server runs."""
    while not ready():  # noqa: ASYNC110 - uvicorn tells by a flag only
        await asyncio.sleep(0.05)
    print(f"Muster demo: {api.base_url} — sign in as anyone with one click (Ctrl-C ends it)", flush=True)
    async with asyncio.TaskGroup() as squads:
        for scene in seeded.scenes:
            squads.create_task(tell(api, seeded, scene, pace))


async def tell(api: AsyncClient, seeded: Seeded, scene: Scene, pace: float, steps: int | None = None) -> None:
    """One squad's stories, a step at a time; `steps` bounds them for tests."""
    rng: random.Random = scene.rng
    stories = [deque(story) for story in seeded.going_on[scene.team.key]]
    busy: dict[int, str] = {}
    while steps is None or steps > 0:
        if len(stories) < AT_ONCE:
            stories.append(_begin(scene, rng, set(busy.values())))
            busy[id(stories[-1])] = stories[-1][0].who
        story = rng.choice(stories)
        await act(api, seeded, scene, story.popleft())
        while story and story[0].quick:
            await act(api, seeded, scene, story.popleft())
        if not story:
            stories.remove(story)
            busy.pop(id(story), None)
        if steps is not None:
            steps -= 1
        await asyncio.sleep(pace * rng.uniform(0.7, 1.3))


def _begin(scene: Scene, rng: random.Random, busy: set[str]) -> deque[Step]:
    who = scene.next_walker(busy)
    if who is None or rng.random() < MESSAGES:
        return deque(scene.message())
    return deque(scene.visit(who, rng.uniform(4, 12) if rng.random() < LATE else 0.0))


async def act(api: AsyncClient, seeded: Seeded, scene: Scene, step: Step) -> None:
    """One step over HTTP, as its member. A refusal is no end: somebody else was there first."""
    squad = seeded.squads[scene.team.key]
    headers = {"Authorization": f"Bearer {seeded.members[step.who]['token']}"}
    paths = {
        "check_in": ("POST", f"/squads/{squad}/checkins"),
        "close": ("PUT", f"/visits/{step.id}/outcome"),
        "say": ("POST", f"/squads/{squad}/messages"),
        "reply": ("POST", f"/posts/{step.to}/replies"),
        "react": ("PUT", f"/posts/{step.to}/reactions/{step.data.get('kind')}"),
    }
    method, path = paths[step.do]
    sent = body(step, now()) if step.do != "react" else None
    try:
        answer = await api.request(method, f"/api/v1{path}", json=sent, headers=headers)
    except HTTPError as failure:
        log.warning("demo step not sent", step=step.do, failure=type(failure).__name__)
        return
    if answer.status_code >= 400:
        log.info("demo step refused", step=step.do, status=answer.status_code)
