"""What an answer carries besides its words, how far it has come, and what was made of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from server.access import Who
from server.calls import documents, telling
from server.calls.forms import Answer
from server.calls.models import call_answer
from server.errors import Conflict, Invalid, NotFound
from server.members.models import member
from server.schema import now
from server.text import checked as checked_text
from server.visits.forms import CURRENCIES
from web.render import N_


def checked(c: Connection, form: Answer, text_max: int, currency: str) -> dict[str, Any]:
    """The row of an answer; raises `Invalid` for what cannot be, or where there is nothing in it at all."""
    carried = form.authority or form.person or form.files or form.documents
    checked_text("text", form.text, text_max, required=not carried)
    given: dict[str, Any] = {"minimum": ""}
    if it := form.authority:
        if it.until <= now():
            raise Invalid({"until": N_("Choose a time that is still to come.")})
        if (money := it.currency or currency) not in CURRENCIES:
            raise Invalid({"currency": N_("This currency is not known.")})
        minimum = checked_text("minimum", it.minimum, 80)
        given |= {"amount": it.amount, "currency": money, "minimum": minimum, "until": it.until}
    if somebody := form.person:
        who = str(somebody.member)
        if c.scalar(select(member.c.id).where(member.c.id == who, member.c.deactivated_at.is_(None))) is None:
            raise Invalid({"person": N_("Choose who is on the way.")})
        given |= {"person": who, "eta_at": somebody.eta_at}
    return given


def give(c: Connection, who: Who, call: str, id: str, given: dict[str, Any], form: Answer) -> None:
    """Keeps what an answer carries."""
    c.execute(insert(call_answer), {"id": id, "call": call, **given})
    if form.files:
        documents.hang(c, who.id, id, {str(one.id): one.name for one in form.files})


def _of(c: Connection, call: str, id: str) -> Any:
    row = c.execute(
        select(call_answer).where(call_answer.c.id == id, call_answer.c.call == call)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def seen(c: Connection, who: Who, call: str, id: str, opened: bool) -> None:
    """The answer is on its asker's phone, or has been looked at: the sender sees it; once each."""
    row = telling.held(c, call)
    known, moment = _of(c, call, id), now()
    fresh: dict[str, datetime] = {} if known.delivered_at else {"delivered_at": moment}
    if opened and not known.opened_at:
        fresh["opened_at"] = moment
    if not fresh:
        return
    c.execute(update(call_answer).where(call_answer.c.id == id).values(**fresh))
    telling.tell(c, row, "opened" if opened else "delivered", who.id, reply=id)


def use(c: Connection, who: Who, call: str, id: str) -> None:
    """The asker makes use of the price they may go down to, while it lasts."""
    row = telling.held(c, call)
    known = _of(c, call, id)
    if known.amount is None:
        raise NotFound
    if known.used_at:
        return
    if known.until < now():
        raise Conflict(N_("This authority has run out. Ask for it anew."))
    c.execute(update(call_answer).where(call_answer.c.id == id).values(used_at=now()))
    telling.tell(c, row, "used", who.id, reply=id)
