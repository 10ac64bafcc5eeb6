"""Everything one is told of: the table of kinds, from an entry in the journal to whom it concerns.

A new kind is one row here, and the function that says whom it concerns.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from sqlalchemy import Connection

from channels.frame import Entry
from server.notices import concerns
from server.notices.concerns import Told
from web.render import N_

Concerns = Callable[[Connection, Entry], Iterator[Told]]


class Kind(NamedTuple):
    """One kind of notice.

    `on` is the journal's kind of entry that may be one; `concerns` says whom it concerns. `title` is its line
    in the settings; `text` says one, `many` one that several people caused, `short` what a locked screen may
    show. `path` leads there, with `{squad}` and `{subject}`. `mail`: also by e-mail unless chosen otherwise.
    `urgent`: comes through the quiet hours of whoever is on duty; `into_visits`: also to who is in a visit;
    `chat`: the squad's channels are told as well; `batched`: so many may be concerned that the later ones are
    told by a job.
    """

    on: str
    concerns: Concerns
    icon: str
    title: str
    text: str
    short: str
    path: str
    many: str = ""
    mail: bool = False
    urgent: bool = False
    into_visits: bool = False
    chat: bool = False
    batched: bool = False


CALL = "/calls/{subject}"
POST = "/squads/{squad}/posts/{root}"
KINDS = {
    "call": Kind(
        "call",
        concerns.called,
        "life-buoy",
        N_("Calls for help"),
        N_("%(by)s calls for help"),
        N_("A call for help"),
        CALL,
        urgent=True,
        chat=True,
    ),
    "raised": Kind(
        "call",
        concerns.raised,
        "life-buoy",
        N_("Calls nobody took, which come up to me"),
        N_("Nobody has taken the call of %(by)s yet"),
        N_("A call for help that nobody has taken"),
        CALL,
        mail=True,
        urgent=True,
    ),
    "passed": Kind(
        "call",
        concerns.passed,
        "life-buoy",
        N_("Calls passed on to me"),
        N_("%(by)s passed a call on to you"),
        N_("A call is passed on to you"),
        CALL,
        mail=True,
        urgent=True,
    ),
    "soon": Kind(
        "call",
        concerns.nearly,
        "calendar",
        N_("A call of mine is due soon"),
        N_("A call for help is due soon"),
        N_("A call is due soon"),
        CALL,
    ),
    "late": Kind(
        "call",
        concerns.overdue,
        "calendar",
        N_("A call I asked or have is overdue"),
        N_("A call for help is overdue"),
        N_("A call is overdue"),
        CALL,
        mail=True,
    ),
    "answer": Kind(
        "call",
        concerns.helped,
        "handshake",
        N_("Answers to my calls"),
        N_("%(by)s answered your call"),
        N_("Your call is answered"),
        CALL,
        urgent=True,
        into_visits=True,
    ),
    "claimed": Kind(
        "call",
        concerns.claimed,
        "life-buoy",
        N_("Somebody takes my call"),
        N_("%(by)s is on your call"),
        N_("Somebody is on your call"),
        CALL,
    ),
    "prompted": Kind(
        "call",
        concerns.prompted,
        "heart-handshake",
        N_("A customer was helped: a reason to go there"),
        N_("%(by)s settled a call: a good moment to see the customer"),
        N_("A good moment to see a customer"),
        CALL,
    ),
    "mention": Kind(
        "mention",
        concerns.named,
        "at-sign",
        N_("Somebody names me"),
        N_("%(by)s named you"),
        N_("Somebody named you"),
        POST,
        mail=True,
    ),
    "reply": Kind(
        "reply",
        concerns.answered,
        "reply",
        N_("Replies to what I said or did"),
        N_("%(by)s replied to you"),
        N_("Somebody replied to you"),
        POST,
    ),
    "log": Kind(
        "log",
        concerns.logged,
        "notebook-pen",
        N_("Logs I owe an answer"),
        N_("%(by)s wrote the day’s log"),
        N_("A log of the day"),
        "/logs/{subject}",
    ),
    "log_waits": Kind(
        "log",
        concerns.log_waits,
        "notebook-pen",
        N_("Logs that still wait for an answer"),
        N_("The log of %(by)s still waits for an answer"),
        N_("A log waits for an answer"),
        "/logs/{subject}",
        mail=True,
    ),
    "log_due": Kind(
        "log",
        concerns.log_due,
        "notebook-pen",
        N_("My log of the day is due"),
        N_("Your visits of today are drafted as a log: send it when you are ready"),
        N_("Your log of today is drafted"),
        "/squads/{squad}/logs/today",
    ),
    "question": Kind(
        "question",
        concerns.customer_asked,
        "message-circle",
        N_("A customer asks about what I sent"),
        N_("A customer asks about a document you sent"),
        N_("A customer has a question"),
        POST,
        mail=True,
    ),
    "again": Kind(
        "link",
        concerns.wanted_again,
        "refresh-cw",
        N_("A customer would like a link again that is over"),
        N_("A link you sent is over, and wanted again"),
        N_("A link is wanted again"),
        "/drive/links/{subject}",
    ),
    "announcement": Kind(
        "announced",
        concerns.announced,
        "megaphone",
        N_("Announcements"),
        N_("%(by)s announced something"),
        N_("An announcement"),
        "/announcements/{subject}",
        mail=True,
        chat=True,
        batched=True,
    ),
    "reaction": Kind(
        "reactions",
        concerns.felt,
        "trophy",
        N_("Reactions to my wins"),
        N_("%(by)s reacted to your win"),
        N_("A reaction to your win"),
        POST,
        many=N_("%(by)s and others (%(n)s) reacted to your win"),
    ),
    "handover": Kind(
        "handover",
        concerns.offered,
        "route",
        N_("Stops offered to me"),
        N_("%(by)s offers you a stop"),
        N_("A stop is offered to you"),
        "/sweeps/{sweep}",
        mail=True,
    ),
    "double": Kind(
        "file",
        concerns.doubled,
        "copy",
        N_("A customer I added may be known already"),
        N_("A customer you added may be in the files already"),
        N_("A customer may be in the files twice"),
        "/customers/{subject}",
    ),
    "handed": Kind(
        "file",
        concerns.handed,
        "handshake",
        N_("I take over what somebody had in hand"),
        N_("%(by)s gave you what somebody had in hand who leaves"),
        N_("You take something over"),
        "/squads/{squad}/taken",
    ),
    "hold_met": Kind(
        "file",
        concerns.held("hold_met"),
        "users",
        N_("Somebody works on a customer I go to"),
        N_("%(by)s is working on this customer"),
        N_("Somebody works on a customer of yours"),
        "/customers/{subject}",
    ),
    "hold_asked": Kind(
        "file",
        concerns.held("hold_asked"),
        "users",
        N_("Somebody would like to share a customer I hold"),
        N_("%(by)s would like to share this customer"),
        N_("Somebody asks to share a customer"),
        "/customers/{subject}",
    ),
    "hold_shared": Kind(
        "file",
        concerns.held("hold_shared"),
        "handshake",
        N_("Somebody shares a customer with me"),
        N_("%(by)s shares this customer with you"),
        N_("A customer is shared with you"),
        "/customers/{subject}",
    ),
    "sweep": Kind(
        "sweep",
        concerns.begun,
        "flag",
        N_("A sweep of mine begins"),
        N_("%(by)s began the sweep"),
        N_("Your sweep begins"),
        "/squads/{squad}",
        chat=True,
    ),
    "added": Kind(
        "member",
        concerns.added,
        "users",
        N_("I come into a squad"),
        N_("%(by)s put you into a squad"),
        N_("You are in another squad now"),
        "/squads/{squad}",
        mail=True,
    ),
}
"""In the order of weight: of two about one thing, as a reply that names its reader, the first stands."""
