"""A sweep with far more on it than any squad does in an afternoon."""

from datetime import timedelta

from sqlalchemy import Connection, create_engine, insert, select

from config.settings import Settings
from server.schema import new_id
from server.sweeps.models import lane, stop, sweep
from server.visits.models import visit


def crowd(settings: Settings, id: str, events: int) -> None:
    """Half as many visits as events, evenly over a sweep that is over; each ends a while after it began."""
    engine = create_engine(settings.database)
    with engine.begin() as c:
        _visits(c, id, events // 2)
    engine.dispose()


def _visits(c: Connection, id: str, count: int) -> None:
    row = c.execute(select(sweep).where(sweep.c.id == id)).one()
    people = list(c.scalars(select(lane.c.member).where(lane.c.sweep == id).order_by(lane.c.place)))
    doors = list(c.scalars(select(stop.c.customer).where(stop.c.sweep == id).order_by(stop.c.id)))
    step = (row.ended_at - row.started_at) / (count + 1)
    rows = []
    for n in range(count):
        at, made = row.started_at + step * (n + 1), new_id()
        away = 0.04 * (1 - n / count)
        rows.append(
            {
                **{"id": made, "client_id": made, "squad": row.squad, "member": people[n % len(people)]},
                **{"customer": doors[n % len(doors)], "number": n, "note": "", "local_date": row.local_date},
                **{
                    "lat": row.rally_lat + away * (n % 7 - 3) / 3,
                    "lon": row.rally_lon + away * (n % 5 - 2) / 2,
                },
                **{"accuracy": 5, "fix_at": at, "source": "gps", "captured_at": at, "recorded_at": at},
                **{"result": ("won", "lost", "advanced")[n % 3], "outcome_note": "", "next_step": ""},
                **{"amount": "100", "currency": "CNY", "closed_at": at + timedelta(minutes=2)},
            }
        )
    c.execute(insert(visit), rows)
