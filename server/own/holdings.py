"""What every table holds of one member: what their export says of it, and what an erasure does with it.

A test walks all tables: whoever makes a new one decides here, or says why nothing of it is anybody's own.
"""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Table, select

from server.schema import metadata
from web.render import N_


class Holding(NamedTuple):
    """Rows of a table that are one member's own.

    `whose` is the column that names the member, or with `via` the one that leads to a row of that table.
    `about` is what the export calls them, empty where they are not in it; `secret` columns never are.
    Rows with the value `but` in their column of that name stand under the member, and are others' words.
    At an erasure rows are deleted where they are `gone`; else `empty` says what is put into their columns,
    and the rest stays.
    """

    whose: str
    about: str = ""
    via: str = ""
    secret: tuple[str, ...] = ()
    gone: bool = False
    empty: dict[str, Any] | None = None
    but: tuple[str, str] | None = None


NOWHERE = {"lat": None, "lon": None, "accuracy": None, "fix_at": None, "source": None, "distance": None}
HOLDINGS = {
    "member": Holding("id", N_("Your profile"), secret=("password",)),
    "login": Holding("member", N_("What you sign in with"), gone=True),
    "session": Holding("member", N_("Where you are signed in"), secret=("hash",), gone=True),
    "api_token": Holding("member", N_("Your API tokens, without the tokens"), secret=("hash",), gone=True),
    "reset_link": Holding("member", gone=True),
    "membership": Holding("member", N_("Squads you are or were in")),
    "invite": Holding("made_by", N_("Invitations you made"), secret=("hash", "code_hash")),
    "visit": Holding(
        "member",
        N_("Your visits: check-ins and how they went"),
        empty={**NOWHERE, "note": "", "reason": None, "outcome_note": "", "next_step": ""},
    ),
    "visit_revision": Holding("visit", N_("What your visits said before"), via="visit", gone=True),
    "post": Holding(
        "author",
        N_("What stands in the feed from you"),
        empty={"text": "", "edited_at": None},
        but=("kind", "question"),  # a customer's, under the link of whoever shared
    ),
    "post_revision": Holding("post", N_("What your messages said before"), via="post", gone=True),
    "reaction": Holding("member", N_("Your reactions")),
    "mention": Holding("member", N_("Where you were named"), gone=True),
    "attachment": Holding("author", N_("Which photo hangs on which post"), gone=True),
    "file": Holding("made_by", N_("Your photos, the pictures beside it"), gone=True),
    "read_mark": Holding("member", N_("How far you have read"), gone=True),
    "log": Holding("member", N_("Your logs")),
    "log_line": Holding(
        "log", N_("What your logs say, line by line"), via="log", empty={"text": "", "told": ""}
    ),
    "log_photo": Holding(
        "line", N_("Which photo stands at which line of your logs"), via="log_line", gone=True
    ),
    "log_revision": Holding("line", N_("What your logs said before"), via="log_line", gone=True),
    "log_recipient": Holding("member", N_("Logs you were asked to answer")),
    "log_reminder": Holding("member", N_("Days on which you were reminded of your log"), gone=True),
    "log_read": Holding("member", N_("Logs you have read")),
    "announcement": Holding(
        "author", N_("What you announced"), empty={"title": "–", "text": "", "edited_at": None}
    ),
    "announcement_revision": Holding(
        "announcement", N_("What your announcements said before"), via="announcement", gone=True
    ),
    "receipt": Holding("member", N_("Announcements you have read")),
    "notice": Holding("member", N_("What you were told of"), gone=True),
    "notice_calm": Holding("member", N_("When you want to be left alone"), gone=True),
    "endpoint": Holding(
        "member", N_("Devices and addresses you are told on"), secret=("secret", "hash"), gone=True
    ),
    "notice_choice": Holding("member", N_("What you want to be told of, and how"), gone=True),
    "look": Holding("subject", N_("Who looked at your days"), gone=True),
    "call": Holding("asker", N_("Calls for help you made")),
    "call_answer": Holding("id", N_("What your answers to calls carried"), via="post", empty={"minimum": ""}),
    "call_file": Holding("answer", N_("Documents on your answers"), via="post", gone=True),
    "log_problem": Holding("member", N_("Problems you marked in logs")),
    "play": Holding("member", N_("What you kept as plays"), empty={"text": ""}),
    "log_filed": Holding("member", N_("What you put from logs into customers’ files")),
    "log_reply": Holding("id", N_("Which lines of logs you spoke to"), via="post"),
    "log_call": Holding("id", N_("Which lines of logs your calls came from"), via="call"),
    "duty": Holding("member", N_("When you were on duty")),
    "customer": Holding("created_by", N_("Customers you added; they are the company’s")),
    "customer_import": Holding("by", N_("Tables of customers you brought"), empty={"filename": "–"}),
    "taken_over": Holding("taker", N_("What you took over from those who left")),
    "customer_name": Holding("by", N_("Names you gave customers")),
    "contact": Holding("by", N_("Contacts you gave; they are the company’s")),
    "fact": Holding("by", N_("What you told of customers; it is the company’s")),
    "customer_hold": Holding("member", N_("Customers you hold or held")),
    "customer_hold_asked": Holding("member", N_("Customers you asked to share"), gone=True),
    "fact_confirmed": Holding("member", N_("What you said is still true")),
    "sweep": Holding("made_by", N_("Sweeps you planned")),
    "lane": Holding("member", N_("Your lanes in sweeps"), empty={"start_lat": None, "start_lon": None}),
    "stop": Holding("by", N_("Stops you did or left out"), empty={"reason": ""}),
    "pact_yes": Holding("member", N_("Pacts you agreed to")),
    "handover": Holding("giver", N_("Stops you offered to others")),
    "arrival": Holding("member", N_("Where you arrived")),
    "sharing": Holding("member", N_("Sweeps in which you share your position"), gone=True),
    "territory_manager": Holding("member", N_("Territories you manage or managed")),
    "drive_folder": Holding("made_by", N_("Folders you made; they are the company’s or your squad’s")),
    "drive_document": Holding("made_by", N_("Documents you brought; they are the company’s or your squad’s")),
    "drive_version": Holding("by", N_("Versions of documents you brought")),
    "drive_bin": Holding("by", N_("What you threw away")),
    "drive_upload": Holding("made_by", N_("What you are uploading"), gone=True),
    "drive_mark": Holding("member", N_("Documents you marked or opened"), gone=True),
    "drive_shown": Holding("member", N_("Documents you showed to customers")),
    "drive_attachment": Holding(
        "post", N_("Which document went along with which words"), via="post", gone=True
    ),
    "drive_card": Holding(
        "author", N_("Answers of yours that are kept in the drive; they are the company’s or your squad’s")
    ),
    "drive_link": Holding(
        "made_by", N_("Links to documents you made, without the links"), secret=("hash", "code")
    ),
    "training_track": Holding(
        "made_by", N_("Training tracks you made; they are the company’s or your squad’s")
    ),
    "training_done": Holding("member", N_("Steps of training you have done"), gone=True),
    "training_outline": Holding(
        "made_by", N_("The outline of product knowledge you began; it is the company’s")
    ),
    "training_plan": Holding("member", N_("What you plan to learn"), gone=True),
    "audit": Holding("actor", N_("What you administered")),
}
NOBODYS = {
    "company": "the company's",
    "squad": "the squad's",
    "territory": "the company's",
    "stream": "where a journal stands",
    "journal": "says once more what the other tables hold; emptied by itself",
    "task": "ids alone, until it is done",
    "access_change": "which sockets had to close",
    "customer_squad": "the squad's",
    "customer_import_row": "rows of a table somebody brought; those of the company’s customers, for a month",
    "search_entry": "says once more what posts and customers say, for finding them; emptied with them",
    "search_gram": "pieces of that",
    "customer_key": "says once more what customers are called, for finding them",
    "customer_tag": "the company's",
    "proposal": "a plan that the squad may take, and that the next one replaces",
    "delivery": "what is on its way, until it has arrived",
    "training_topic": "which documents of the company’s were begun with questions",
    "training_step": "the company’s or the squad’s, as the documents are",
    "drive_tag": "what documents are about",
    "drive_view": "what a customer looked at, who is not named",
    "drive_question": "a customer’s",
    "drive_reading": "how far a document is read",
    "drive_page": "says once more what a document does, page by page, for finding it; goes with it",
    "drive_gram": "pieces of that",
    "drive_head": "where the index of documents stands",
    "problem": "the company's",
    "log_field": "the company's",
    "log_due": "the company's",
    "hall_win": "which visits stand in the hall",
}
"""Tables that hold nothing of one member's own, and why."""


def rows_of(name: str, member: str) -> tuple[Table, ColumnElement[bool]]:
    """A table, and which of its rows are that member's."""
    table, holding = metadata.tables[name], HOLDINGS[name]
    if not holding.via:
        which = table.c[holding.whose] == member
        return table, which & (table.c[holding.but[0]] != holding.but[1]) if holding.but else which
    above, which = rows_of(holding.via, member)
    return table, table.c[holding.whose].in_(select(above.c.id).where(which))
