"""The parts behind the routes, put together: for the web server, and for `work`, which has no routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from channels.frame import Entry
from channels.hub import Hub
from channels.redis_relay import RedisRelay
from channels.relay import MemoryRelay
from channels.sharing import Unshared
from channels.source import Dismissal
from config.settings import Settings
from server import socket
from server.administration import retention
from server.calls import deadlines, escalation
from server.customers import imported, importing
from server.db import Database
from server.drive import reading, sweeping, uploads
from server.drive.leaves import Leaves
from server.feed.common import ROOM, Commons
from server.jobs import Due
from server.journal import Forgotten
from server.limits import Limits
from server.live import Source
from server.logs import reminding, talk
from server.metrics import Metrics
from server.notices import actions as notices
from server.notices import deliveries, sending
from server.own import erase
from server.photos.intake import Intake
from server.photos.sweeping import sweep
from server.search import keeping as search
from server.search.soon import Soon
from server.squads import actions as squads
from server.store import Store
from server.sweeps import arriving, run
from server.sweeps.proposing import Proposing
from server.worker import Action, Effect, Kinds, Worker


def kinds_of_jobs(state: Any) -> Kinds:
    """Everything `jobs.later` may ask for, and what is done regularly; `state` holds the parts."""
    settings = state.db.settings
    waits, silence = settings.calls, settings.call_silence

    def left(c: Connection, data: dict[str, Any]) -> None:
        arriving.left(c, data)
        escalation.left(c, data, waits)

    return {
        escalation.JOB: Action(lambda c, data: escalation.due(c, data, waits, silence)),
        deadlines.JOB: Action(deadlines.due),
        talk.WAITS: Action(talk.unanswered),
        "log-reminders": Effect(lambda _: state.db.write(reminding.remind), every=reminding.EVERY),
        run.END: Action(run.end_due),
        squads.LEFT: Action(left),
        "retention": Effect(lambda _: retention.keep_no_longer(state.db), every=timedelta(days=1)),
        erase.AGAIN: Action(erase.again),
        notices.MORE: Action(lambda c, data: notices.more(c, data, settings)),
        deliveries.JOB: Effect(lambda data: sending.send_due(state.db, data)),
        importing.JOB: Effect(lambda data: imported.go_on(state.db, data)),
        "customers-imports": Effect(lambda _: imported.forget_old(state.db), every=timedelta(days=1)),
        reading.JOB: Effect(lambda data: reading.read(state.db, state.store, settings, data)),
        "drive-unread": Effect(lambda _: reading.fill_up(state.db), every=timedelta(hours=1)),
        "drive-index": Effect(lambda _: sweeping.sweep(state.db), every=timedelta(days=1)),
        "drive-uploads": Effect(lambda _: state.db.write(uploads.forget), every=timedelta(hours=1)),
        "search": Effect(lambda _: search.fill_up(state.db), every=timedelta(hours=1)),
        "photos": Effect(lambda _: sweep(state.db, state.store), every=timedelta(hours=1)),
    }


@asynccontextmanager
async def running(settings: Settings, metrics: Metrics, state: Any) -> AsyncIterator[None]:
    """Starts the parts, as attributes of `state`, and stops them at the end. Jobs wait for `jobs.start()`."""
    state.db = Database(settings)
    await state.db.start()
    state.relay = RedisRelay(settings.redis_url) if settings.redis_url else MemoryRelay()
    state.limits = Limits(settings)
    state.commons = Commons(ROOM)
    state.store = Store(settings)
    state.photos = Intake(settings, state.db, state.store)
    state.leaves = Leaves(state.store)
    state.search = Soon(state.db)
    state.hub = Hub(
        Source(state.db),
        state.relay,
        beat=settings.live_beat,
        poll=settings.live_poll,
        buffer_limit=settings.live_buffer,
        stale=settings.share_stale,
        redacting=("deleted", "erased", "retention", "attached"),
    )
    state.proposing = Proposing(settings, state.db)
    state.admissions = socket.Admissions(state.db)
    state.jobs = Worker(
        state.db,
        kinds_of_jobs(state),
        poll=settings.jobs_poll,
        lease=settings.jobs_lease,
        ran=lambda kind, how: metrics.jobs.labels(kind, how).inc(),
    )
    state.db.before_commit = lambda c, items: written(c, items, settings)
    state.db.on_commit = lambda items: tell(state.hub, state.jobs, state.search, metrics, items)
    await state.hub.start()
    state.search.start()
    yield
    await state.search.stop()
    await state.proposing.stop()
    await state.jobs.stop()
    await state.hub.stop()
    await state.db.stop()


def written(c: Connection, items: list[Any], settings: Settings) -> None:
    """Before a commit, in the same transaction: what was changed is found, and who it concerns hears."""
    search.note(c, items)
    notices.note(c, items, settings)


def tell(hub: Hub, jobs: Worker, search: Soon, metrics: Metrics, items: list[Any]) -> None:
    """After a commit, never before: entries to watchers and search, the door to those who lost access."""
    entries = [item for item in items if isinstance(item, Entry)]
    for entry in entries:
        metrics.entries.labels(entry.kind).inc()
    if entries:
        hub.announce(entries)
        search.heard(entries)
    for item in items:
        if isinstance(item, Dismissal):
            hub.dismiss(item.member, item.stream, item.ticket)
        elif isinstance(item, Unshared):
            hub.sharing.end(item)
        elif isinstance(item, Forgotten):
            hub.forget(item.stream)
        elif isinstance(item, Due):
            jobs.wake(item.at)
