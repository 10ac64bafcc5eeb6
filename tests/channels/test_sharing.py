"""Shared positions as a process holds them: who hears of whom, in which order, and how they end."""

import re

import orjson

from channels.sharing import Shared, Sharing


def test_who_begins_to_watch_hears_of_themselves_first() -> None:
    """A page shows nobody before its reader: heard later, they would take the others with them."""
    there = Sharing(lambda line: None, lambda *_: None, stale=60, clock=lambda: 1000.0)
    for name in ("zhang", "li", "wang"):
        there.put(Shared("s", "w", name, "t", 1.5, 2.5, None, 1000.0, 1000.0, 5000))
    told = re.findall(rb'"member":"(\w+)"', there.greeting("s", "li"))
    assert told == [b"li", b"zhang", b"wang"]
    assert there.greeting("s", "sun") == b""


def test_what_was_not_heard_of_is_gone() -> None:
    """After its time, after a silence; an end that overtakes what was said before it stays an end."""
    time, sent, told = [1000.0], list[tuple[str, list[str], bytes]](), list[bytes]()
    here = Sharing(
        told.append,
        lambda stream, who, frame: sent.append((stream, sorted(who), frame)),
        stale=60,
        clock=lambda: time[0],
    )
    there = Sharing(lambda line: None, lambda *_: None, stale=60, clock=lambda: time[0])

    def spot(member: str, until: float = 5000) -> Shared:
        return Shared("s", "w", member, "t", 1.5, 2.5, None, time[0], time[0], until)

    here.put(spot("li", until=1030))
    here.put(spot("zhang"))
    for line in told:
        there.heard(line[1:])
    assert there.find("s", "li") == here.find("s", "li")
    time[0] = 1031
    here.expire()
    assert sent[-1][1] == ["li", "zhang"]
    assert b'"position":null' in sent[-1][2]
    assert there.greeting("s", "li") == b""
    time[0] = 1059
    known = here.find("s", "zhang")
    assert known is not None
    here.still(known, 1059, 5000)
    time[0] = 1100
    assert here.find("s", "zhang")
    here.repeat()
    late = told[-1][1:]
    there.heard_end(orjson.dumps(["s", "zhang", 1100.0]))
    there.heard(late)
    assert there.find("s", "zhang") is None
    time[0] = 1120
    assert here.greeting("s", "li") == b""
    here.expire()
    assert here.find("s", "zhang") is None
    there.heard(orjson.dumps({**orjson.loads(late), "seen": 1120.0}))
    assert there.find("s", "zhang")
