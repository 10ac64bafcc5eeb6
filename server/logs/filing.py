"""What a line of a log offers to its customer's file, one press each: a fact, people, the next touch."""

import re
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import Connection, insert, select

from server import journal
from server.access import Who
from server.customers import contacts, facts, touch
from server.customers.contacts import Contact
from server.customers.models import contact, customer_squad
from server.customers.models import customer as customer_table
from server.customers.telling import squads_of
from server.errors import Conflict, Invalid, NotFound
from server.feed import queries as feed
from server.logs.forms import Filed
from server.logs.models import log_filed
from server.logs.talk import line_of
from server.logs.views import Filing, Line, Log, Offer
from server.schema import now
from server.visits.models import visit
from web.render import N_

LATER = timedelta(days=7)
"""The next touch is offered for this long after the day, unless another is chosen."""
PERSON = re.compile(
    r"\b(?:Mr|Ms|Mrs|Dr)\.? [A-Z][\w’'-]+|"
    r"[\u4e00-\u9fff](?:总经理|经理|总|老板娘|老板|主任|院长|园长|校长|店长|老师|女士|先生|师傅|医生|姐)"
)
"""Somebody as one writes of them."""


def offers(one: Log) -> dict[str, list[Offer]]:
    """By line: what of a log could go into the customers' files and is not there yet."""
    return {line.id: found for line in one.visits if line.id and line.told is not None
            and (found := _offers(one, line))}  # fmt: skip


def _offers(one: Log, line: Line) -> list[Offer]:
    assert line.visit
    done = {(filed.kind, filed.text) for filed in line.filed}
    text = " ".join((line.told or "").split())[: facts.MOST]
    found = [Offer("fact", text)] if text and "fact" not in {kind for kind, _ in done} else []
    named = dict.fromkeys(match[0] for match in PERSON.finditer(text))
    found += [Offer("contact", name) for name in named if ("contact", name) not in done]
    if line.visit.next_step and "touch" not in {kind for kind, _ in done}:
        found.append(Offer("touch", line.visit.next_step[:200], one.day + LATER))
    return found


def put(c: Connection, who: Who, id: str, form: Filed) -> tuple[str, bool]:
    """Puts one of them into the customer's file in the caller's name. The same id again: the first result."""
    assert who.squad
    mine = (log_filed.c.id == str(form.id)) & (log_filed.c.member == who.id)
    if (known := c.scalar(select(log_filed.c.id).where(mine))) is not None:
        return str(known), False
    line = line_of(c, id, str(form.line))
    here = select(visit.c.customer).join(customer_squad, customer_squad.c.customer == visit.c.customer)
    here = here.where(visit.c.id == line.visit, customer_squad.c.squad == who.squad)
    if (customer := c.scalar(here)) is None:
        raise Conflict(N_("Only what was said of a customer of the squad goes into a file."))
    if c.scalar(select(log_filed.c.id).where(log_filed.c.id == str(form.id))) is not None:
        raise NotFound
    # The file first, then the streams that hear of it, as all do who change one.
    c.execute(
        select(customer_table.c.id).where(customer_table.c.id == customer).with_for_update(key_share=True)
    )
    journal.hold(c, [who.squad, *squads_of(c, customer)])
    subject, text = _into(c, who, customer, line.visit, form)
    row = {"id": str(form.id), "line": line.id, "customer": customer, "member": who.id, "kind": form.kind}
    c.execute(insert(log_filed), {**row, "subject": subject, "text": text, "at": now()})
    data = {"id": id, "line": line.id, "did": "filed", "kind": form.kind, "customer": customer}
    journal.append(c, who.squad, "log", data, actor=who.id, subject=id)
    return str(form.id), True


def _into(c: Connection, who: Who, customer: str, visited: str, form: Filed) -> tuple[str | None, str]:
    text = " ".join(form.text.split())
    if form.kind == "fact":
        return facts.add(c, who.id, customer, form.about, text, "told", visited), text
    if form.kind == "contact":
        there = (contact.c.customer == customer) & (contact.c.name == text) & contact.c.ended_at.is_(None)
        known = c.scalar(select(contact.c.id).where(there))
        return known or contacts.add(c, who.id, customer, Contact(name=text)), text
    if form.day is None:
        raise Invalid({"day": N_("Choose a day.")})
    touch.plan(c, who.id, customer, form.day, text)
    return None, text


def of_lines(c: Connection, lines: Collection[str]) -> dict[str, list[Filing]]:
    """What of some lines is in a file already."""
    found: dict[str, list[Filing]] = {}
    query = (
        select(log_filed).where(log_filed.c.line.in_(list(lines))).order_by(log_filed.c.at, log_filed.c.id)
    )
    rows = c.execute(query).all()
    people = feed.persons(c, {row.member for row in rows})
    for row in rows:
        found.setdefault(row.line, []).append(Filing(row.kind, row.text, row.customer, people[row.member]))
    return found
