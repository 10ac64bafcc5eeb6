"""A visit as its post shows it."""

from datetime import datetime
from typing import Any

from server.feed.views import Visit
from server.visits.place import age

LATE = 300
"""Seconds between the phone’s clock and the server’s that are worth a word."""


def late(captured: datetime, recorded: datetime) -> bool:
    """Whether it was said some time before it arrived."""
    return (recorded - captured).total_seconds() > LATE


def visited(row: Any) -> Visit:
    """The visit in a row that has it under `v_`."""
    return Visit(
        row.v_id,
        row.v_customer,
        row.customer_name,
        row.v_distance,
        row.v_accuracy,
        row.v_source,
        age(row.v_fix_at, row.v_captured_at),
        late(row.v_captured_at, row.v_recorded_at),
        late(row.v_recorded_at, row.v_captured_at),
        row.v_reason,
        row.v_note,
        row.v_result,
        row.v_amount,
        row.v_currency,
        row.v_outcome_note,
        row.v_next_step,
        row.v_captured_at,
        row.v_closed_at,
        row.v_ended_at,
        row.v_number,
        row.v_local_date,
    )
