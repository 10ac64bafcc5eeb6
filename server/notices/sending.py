"""The job of one endpoint: takes what is due there, sends it, and notes how that went."""

import smtplib
from datetime import datetime
from typing import Any

import structlog

from config.logs import masked
from server.db import Database
from server.notices import chat, deliveries, mail, push
from server.schema import now

log = structlog.get_logger()
SAID_NO = (push.Refused, chat.Refused, smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)
"""After these it has surely not arrived; after anything else it may have, and only the answer was lost."""
WAYS = {"push": push.send, "mail": mail.send, "chat": chat.send}


async def send_due(db: Database, data: dict[str, Any]) -> None:
    """Sends as one message what is due at an endpoint. What fails is tried again, ever more seldom."""
    to, settings = data["endpoint"], db.settings
    moment = max(now(), datetime.fromisoformat(data["due"]))
    parcel = await db.write(deliveries.take, to, moment, settings)
    if parcel is None:
        return
    try:
        await WAYS[parcel.kind](parcel, settings)
    except push.Dead:
        await db.write(deliveries.dead, to)
    except Exception as failure:
        words = said(failure)
        log.warning("a notice was not delivered", way=parcel.kind, error=words)
        unsure = not isinstance(failure, SAID_NO)
        await db.write(deliveries.failed, to, parcel, words, moment, unsure)
    else:
        await db.write(deliveries.done, to, parcel)


def said(failure: Exception) -> str:
    """A failure in one line, without a key that its words quote; of a channel its word or number alone."""
    if isinstance(failure, chat.Refused):
        return str(failure)
    return masked(f"{type(failure).__name__}: {failure}".splitlines()[0])
