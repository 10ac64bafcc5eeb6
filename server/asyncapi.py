"""The live protocol as an AsyncAPI document."""

from typing import Any

from server.live import KINDS

TEXT = {"type": "string"}
NUMBER = {"type": "integer", "minimum": 0}
ABOUT = {
    "checkin": "A member checked in: `data` is the visit.",
    "outcome": "A visit was closed: `data` is the visit; its post rises to this offset.",
    "visit": "A visit's note or pin was changed: `data` is the visit.",
    "message": "A message to the squad: {id, text, photos}, and the documents with it, if any.",
    "photo": "A photo a post has waited for came, or will not: {post, photos: [{id, width, height}]}.",
    "reply": "A reply: {id, post, parent, text}, and the documents with it, if any.",
    "attached": "What hangs on these posts is called otherwise, or not for all to see: {posts}.",
    "edited": "Words were changed: {id, post, text}.",
    "deleted": "A post or reply was taken back: {id, post}; with `visit` true an undone check-in; of what a "
    "customer asked about a document also {customer}.",
    "reactions": "The reactions of a post are now: {post, reactions: {kind: [member ids]}}.",
    "erased": "On squads' streams and `company`: a member's name and words are gone, everywhere: {id}.",
    "member": "Somebody joined, left, was removed or changed, or manages the squad's territory (`manages`), "
    "or no longer (`managed`): {id, state, role, colour}.",
    "squad": "The squad's name or zone changed: {id, name, zone}.",
    "customer": "A customer of the squad is new or moved: {id, name, position}.",
    "file": "A customer’s file: {id, did} with `did` learned, corrected, confirmed, retired {fact}, contact, "
    "contact changed, contact gone {contact}, touch {day}, merged or parted {other}, held {until}, released, "
    "handed {member, of}, asked or shared {member}, imported {count} (many new ones), or changed; on `me` "
    "doubled, where one you made may be known already, and hold_met, hold_asked, hold_shared, handed {by}; "
    "what it says is in /customers/{id}.",
    "announced": "On a squad's stream or `company`: an announcement: {id, title, text}.",
    "announcement": "It was put right or ended: {id, title, text, ended}.",
    "receipts": "Who has read an announcement now: {id, read: [member ids]}.",
    "win": "On `company`: a squad won, or no longer: {id, squad, member, won}; what it shows is in /hall.",
    "cheers": "On `company`: who cheers a win of the hall now: {id, cheers: [member ids]}.",
    "hall": "On `company`: what a squad shows of its wins from now on: {squad, on, customer, amount}.",
    "call": "A call for help: {id, squad, asker, visit, customer, kind, state, owner, level, due_at, "
    "late_at, opened_at, looked_at, claimed_at, answered_at, ended_at} and what was `did`: "
    "called, looked (somebody who could help has seen it), claimed, released, passed, answered, "
    "closed, again, withdrawn, raised (nobody took it: it went up a territory, then to the desk),"
    " soon or late (its deadline is near, has passed), prompted (it is closed, and a reason to "
    "see the customer again), silent or left (its owner was not heard of, or left: it was put "
    "back), said, moved (its asker is in another visit now, or back in this one), and of an "
    "answer delivered, opened, used; with the `text` of a new one on the squad’s stream, and the "
    "`reply` of an answer or a word. On the squad’s stream, on `desk`, and on `me` of its asker "
    "and of whom it went to.",
    "log": "A member’s log of a day: {id, day, did: published, updated, or waits (nobody who owes it an "
    "answer has given one)}, on `me` {squad, day, did: due}; "
    "{id, line, did: marked, problems: [ids]}, {id, line, did: kept, play}, {id, "
    "line, did: filed (into the customer's file), kind: fact, contact or touch, customer}; who has read "
    "it now: {id, did: read, read: [member ids]}. The log itself is in /logs.",
    "duty": "On `company`: who is on duty for calls now: {on: [member ids]}.",
    "sweep": "A sweep was planned, changed, started, paused or ended: `data` is it, without its lanes.",
    "lanes": "A sweep's plan changed: {sweep, changed, lanes: [those that differ, each with all its stops], "
    "order: [ids of all lanes], loose: [stops in nobody's lane] or null if as before, gone: [lane ids]}.",
    "stop": "A stop was done, skipped or is planned again: {sweep, id, lane, customer, state, reason, "
    "visit, by, at}.",
    "pact": "Who agreed to a sweep's pact in version v: {sweep, v, yes: [member ids]}.",
    "handover": "A stop was offered, taken, declined or taken back: {id, sweep, stop, from, to, state, at, "
    "answered_by}.",
    "arrived": "Who is at the rally point now: {sweep, member, arrived: [{member, at}]}.",
    "met": "All are at a sweep’s rally point: {sweep, post, at, visits, wins, value: {currency: amount}}.",
    "drive": "Something in the drive changed, on the stream of its part, a squad’s or `company`: {did, "
    "folder, document}; with `did` made, brought, changed, binned, restored, or read (what is written in it "
    "is found and shown from now on). What it is now, those who may see it are told by /drive.",
    "training": "A training track was made, changed or ended, on the stream of its squad or `company`: {id, "
    "did}; on `me` with `did` done or undone (a step of it) or planned (your plan changed). It is told by "
    "/training and /me/plan.",
    "link": "A link to a document: {id, document, customer, did} with `did` made, changed, ended, seen "
    "{view} (a customer looked, or still does), again (it is over, wanted once more) or removed (something "
    "that was asked about it); on `me` of whoever made it, and on the streams of the squads whose customer "
    "it is for. Who may see more is told by /drive.",
    "shown": "A member showed a document in a visit: {id, visit, customer, document, n}, n its version. "
    "What it is called, those who may see it are told by /drive.",
    "question": "A customer asks about a document that was shared: {id, link, customer, text}.",
    "retention": "What is older than a date was removed, being kept so many days: {before, days, posts, "
    "entries}, how many; fetch the state again.",
    "territory": "On `company`: a territory was changed, or its managers or squads: {id, did}; with `did` "
    "made, renamed, moved {parent}, drawn, closed, appointed {member}, relieved {member}, placed {squad} or "
    "unplaced {squad}.",
    "mention": "On `me`: somebody named you: {post, squad}.",
    "inside": "On `me` of who is in several squads: the open visit you are in now: {visit, since}, "
    "both null for none.",
    "read": "On `me`: you have read a squad up to here: {squad, offset}.",
    "look": "On `me`: somebody looked at your day, customers or ledger: {id, viewer, kind, squad, day, "
    "first_at, last_at}.",
    "notices": "On `me`: something to be told of is new, seen or gone; what there is is in /me/notices: "
    "{unseen: how many, ids: which, null for all}.",
    "mute": "On `me`: you muted a squad, or no longer do: {squad, muted, until}.",
}
SIGNS = {
    "ready": "The replay of this stream is done; live from here.",
    "beat": "Every 20 s: where the stream stands; `now`, as in `ready` and `reset`, is the server’s time.",
    "reset": "Cannot resume: fetch the state again, go on from here.",
    "presence": "Who is connected: {here: [member ids]}; no offset, never replayed.",
    "shared": "Where somebody is who shares it while a sweep runs: {sweep, member, position, at, until, "
    "fresh_for: seconds}; with `position` null no longer. Only to those who share; once yours is null, so is "
    "everybody’s. No offset, never replayed.",
}


def document() -> dict[str, Any]:
    """AsyncAPI 3.0: one channel, server to client only."""
    messages = {kind: _message(kind, about) for kind, about in {**ABOUT, **SIGNS}.items()}
    assert set(KINDS) <= set(ABOUT)
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Muster live", "version": "1", "description": "Text frames of JSON, listen only."},
        "channels": {
            "live": {
                "address": "/live",
                "description": "`?streams=<id>[@<epoch>.<offset>],…&as=html|data`. Close codes: 1008 no "
                "longer allowed, 1012 restarting, 1013 too slow, 1003 and 1009 bad input.",
                "messages": {kind: {"$ref": f"#/components/messages/{kind}"} for kind in messages},
            }
        },
        "operations": {"receive": {"action": "send", "channel": {"$ref": "#/channels/live"}}},
        "components": {"messages": messages},
    }


def _message(kind: str, about: str) -> dict[str, Any]:
    properties = {"kind": {"const": kind}, "stream": TEXT, "epoch": TEXT, "offset": NUMBER}
    if kind in ABOUT:
        properties |= {
            "at": TEXT,
            "actor": TEXT,
            "subject": TEXT,
            "data": {"type": "object"},
            "content": TEXT,
        }
    if kind in ("ready", "beat", "reset"):
        properties["now"] = TEXT
    if kind in ("presence", "shared"):
        properties["data"] = {"type": "object"}
    payload = {"type": "object", "properties": properties, "required": ["kind", "stream"]}
    return {"name": kind, "summary": about, "payload": payload}
