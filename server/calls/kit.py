"""The desk's form for an answer, from its flat fields: words, a price, somebody on the way, a file."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from anyio import to_thread
from starlette.datastructures import UploadFile

from server.access import Who
from server.calls import documents
from server.calls.forms import Answer
from server.errors import Invalid
from server.journal import stamp
from server.photos.intake import digest
from server.schema import as_id, now
from server.visits.forms import parsed
from web.render import N_

HOURS = {"1": 1, "4": 4, "24": 24, "168": 168}
"""How long a price authority may last."""


async def answered(app: Any, who: Who, typed: dict[str, str], sent: Any, named: Sequence[str]) -> Answer:
    """The answer a form means; its file is kept first, under an id made of the answer's and its content's."""
    id = as_id(typed.get("new_id"))
    if id is None:
        raise Invalid({"text": N_("This page is too old. Load it again, then send.")})
    values: dict[str, Any] = {"id": id, "text": typed.get("text", ""), "documents": named}
    if amount := typed.get("amount", "").strip():
        until = now() + timedelta(hours=HOURS.get(typed.get("hours", ""), 4))
        values["authority"] = {"amount": amount, "minimum": typed.get("minimum", ""), "until": stamp(until)}
    if somebody := as_id(typed.get("person")):
        minutes = int(typed["minutes"]) if typed.get("minutes", "").isdecimal() else 30
        eta = now() + timedelta(minutes=min(minutes, 1440))
        values["person"] = {"member": somebody, "eta_at": stamp(eta)}
    if isinstance(sent, UploadFile) and sent.filename:
        file = str(uuid5(UUID(id), await to_thread.run_sync(digest, sent.file)))
        await documents.take(app, who, file, sent)
        values["files"] = [{"id": file, "name": sent.filename}]
    try:
        return parsed(Answer, values)
    except Invalid:
        raise Invalid({"amount": N_("Write the amount in figures, like 86400 or 1299.50.")}) from None
