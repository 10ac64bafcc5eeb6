"""What the demo company knows of one customer in each squad: facts old and new, people, the next touch."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, update

from server.access import Who
from server.customers.models import contact, customer, customer_tag, fact
from server.schema import new_id


class Told(NamedTuple):
    """A fact: who told it, so many days ago."""

    by: str
    kind: str
    text: str
    source: str
    days: int


class Known(NamedTuple):
    """What is known of a customer. `people`: name, what they do, their say, a phone number, a note."""

    name: str
    kind: str
    address: str
    tags: tuple[str, ...]
    touch: tuple[str, str]
    facts: tuple[Told, ...]
    people: tuple[tuple[str, str, str, str, str], ...]


FILES = {
    "north": Known(
        "Jinhe Hospital",
        "Hospital",
        "118 Jinhe Road",
        ("key account", "water"),
        ("zhang-wei", "Filters due, ward B"),
        (
            Told("li-na", "decides", "Ms. Luo, together with the chief nurse", "told", 65),
            Told("wang-fang", "has", "AquaPro, 22 units, contract to 30 June", "company", 25),
            Told("zhang-wei", "need", "Ward B 410 ppm, ward D 260", "seen", 87),
            Told("sun-yue", "way_in", "Their engineer knows Harbour Clinic’s", "else", 106),
            Told("li-na", "budget", "Ward equipment is bought in the second quarter", "told", 240),
        ),
        (
            ("Luo Min", "Procurement", "decides", "+86 21 5550 1180", ""),
            ("He Yun", "Chief nurse", "advises", "+86 21 5550 1184", ""),
            ("Fang Jun", "Engineer", "uses", "+86 21 5550 1190", "Wednesdays only"),
        ),
    ),
    "south": Known(
        "南门医院",
        "医院",
        "南门路 66 号",
        ("重点客户",),
        ("lin-xiao", "病区滤芯到期"),
        (
            Told("chen-xi", "decides", "罗科长和护士长一起定", "told", 60),
            Told("lin-xiao", "has", "竞品 22 台,合同到 6 月 30 日", "seen", 20),
            Told("chen-xi", "budget", "病区设备二季度采购", "told", 230),
        ),
        (
            ("罗敏", "采购科", "decides", "021 5550 2210", ""),
            ("何芸", "护士长", "advises", "", "先问她的意见"),
        ),
    ),
}


def plant(
    c: Connection, team: str, people: Mapping[str, Who], customers: Mapping[str, str], at: datetime
) -> None:
    """Writes a squad's file, as of `at`."""
    known = FILES[team]
    id = customers[known.name]
    who, what = known.touch
    head: dict[str, Any] = {
        "kind": known.kind,
        "address": known.address,
        "stage": "talks",
        "touch_note": what,
    }
    head |= {"touch_on": (at + timedelta(days=6)).date(), "touch_by": people[who].id}
    c.execute(update(customer).where(customer.c.id == id).values(**head))
    c.execute(insert(customer_tag), [{"customer": id, "tag": tag} for tag in known.tags])
    for told in known.facts:
        row = {"id": new_id(), "customer": id, "by": people[told.by].id, "at": at - timedelta(days=told.days)}
        c.execute(insert(fact), row | {"kind": told.kind, "text": told.text, "source": told.source})
    for name, role, part, phone, note in known.people:
        about = {"name": name, "role": role, "part": part, "phone": phone, "note": note}
        row = {"id": new_id(), "customer": id, "by": people[known.facts[0].by].id, "at": at}
        c.execute(insert(contact), row | about | {"channel": "", "birthday": ""})
