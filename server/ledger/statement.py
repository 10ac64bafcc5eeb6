"""A month's statement of one's own account, for paper and for spreadsheets."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from server.access import Who
from server.ledger import account
from server.ledger.account import Account, Entry, Wanted
from server.ledger.rules import SIDES
from server.schema import now
from server.spreadsheets import Row
from web.render import N_, named, translate

NAMES = {"gave": N_("Gave"), "got": N_("Got back")}
SUMS = (N_("Side"), N_("What"), N_("How many"), N_("When it counts"))
HEAD = (N_("When"), N_("Side"), N_("What"), N_("Customer"), N_("With"), N_("In words"), N_("Where"))


def month_of(wanted: Wanted, zone: str) -> Wanted:
    """The month asked for, or this one where somebody lives."""
    return Wanted(month=wanted.month or now().astimezone(ZoneInfo(zone)).strftime("%Y-%m"))


def drawn(c: Connection, who: Who, wanted: Wanted) -> tuple[Account, list[Entry]]:
    """The account of a month, and all its entries, the first first."""
    return account.own(c, who, wanted), account.everything(c, who, wanted.month)


def sheets(
    it: Account, entries: Sequence[Entry], lang: str, zone: str, home: str
) -> list[tuple[str, list[Row]]]:
    """The sums with their rules, and every entry; `home` stands before what it leads to."""
    sums: list[Row] = [[translate(lang, one) for one in SUMS]]
    for side, rules in SIDES.items():
        for kind, rule in rules.items():
            words = (NAMES[side], rule.name)
            count = it.sums[side][kind]
            sums.append([*(translate(lang, one) for one in words), count, translate(lang, rule.counts)])
    rows: list[Row] = [[translate(lang, one) for one in HEAD]]
    here = ZoneInfo(zone)
    for one in entries:
        at = one.at.astimezone(here).strftime("%Y-%m-%d %H:%M")
        what = translate(lang, SIDES[one.side][one.kind].name)
        whom = named(one.other.name, lang) if one.other else ""
        where = f"{home}{one.href}" if one.href else ""
        rows.append([at, translate(lang, NAMES[one.side]), what, one.customer_name, whom, one.words, where])
    return [(translate(lang, N_("Ledger")), sums), (translate(lang, N_("Entries")), rows)]
