"""What counts in the ledger, and how: the same for everybody, and shown on its page."""

from dataclasses import dataclass

from web.render import N_


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of entry: what one of them is called, its icon, and when it counts."""

    name: str
    icon: str
    counts: str


GAVE = {
    "visit": Rule(N_("A visit"), "stamp", N_("Each check-in that stands: the squad sees it and can help.")),
    "fact": Rule(
        N_("A fact"), "lightbulb", N_("Each fact in a customer’s file. Your own put right counts once.")
    ),
    "contact": Rule(
        N_("Somebody there"), "user", N_("Each person at a customer. Your own put right counts once.")
    ),
    "confirm": Rule(N_("Still true"), "check", N_("Each fact of somebody else’s you said is still true.")),
    "file": Rule(
        N_("A file"), "file-text", N_("Each document or new version in the drive, each file on an answer.")
    ),
    "answer": Rule(
        N_("A call answered"), "life-buoy", N_("Each call of somebody else’s, however many words it took.")
    ),
    "reply": Rule(
        N_("A log answered"), "notebook-pen", N_("Each log of somebody else’s, however many words it took.")
    ),
    "stop": Rule(N_("A stop taken over"), "route", N_("Each stop you took from a team-mate and went to.")),
    "along": Rule(N_("Went along"), "users", N_("Each call to which you were sent, or went yourself.")),
    "win": Rule(
        N_("A win helped with"), "handshake", N_("Each win of somebody else’s whose call you answered.")
    ),
    "play": Rule(N_("A play kept"), "bookmark", N_("Each line of a log you kept for the squad.")),
}
GOT = {
    "intel": Rule(N_("A way in"), "key-round", N_("Each answer to a call for a way in.")),
    "care": Rule(N_("Care or service"), "heart-handshake", N_("Each answer to a call for care or service.")),
    "support": Rule(N_("Support"), "life-buoy", N_("Each answer to any other call of yours.")),
    "file": Rule(N_("A file"), "file-text", N_("Each file on an answer to you.")),
    "along": Rule(N_("Somebody came"), "users", N_("Each time somebody came to you after a call.")),
    "reply": Rule(
        N_("An answer to a log"), "notebook-pen", N_("Each log of yours, once for each who answered.")
    ),
    "stop": Rule(N_("A stop taken off"), "route", N_("Each stop of yours a team-mate took and went to.")),
    "win": Rule(
        N_("A win with help"), "handshake", N_("Each win of yours, once for each who answered your call.")
    ),
    "confirm": Rule(
        N_("A fact confirmed"), "check", N_("Each time somebody said that a fact of yours is still true.")
    ),
    "fact": Rule(N_("A fact"), "lightbulb", N_("Each fact somebody else gave of a customer you visited.")),
    "contact": Rule(
        N_("Somebody there"), "user", N_("Each person somebody else named at a customer you visited.")
    ),
}
SIDES = {"gave": GAVE, "got": GOT}
ANSWERS = {"entry": "intel", "care": "care", "service": "care"}
"""As what an answer to a call of a kind counts for whoever asked; any other kind is support."""
MUTUAL = {"answer": ("intel", "care", "support")} | {
    kind: (kind,) for kind in ("file", "along", "reply", "stop", "win", "confirm")
}
"""What one gives to one: it stands once in the giver's account and once in the other's, as these kinds.

A document in the drive is given to all, and so is in nobody's.
"""
