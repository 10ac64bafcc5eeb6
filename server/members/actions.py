"""What can be done with members: set up the company, add people, sign in and out, tokens, profiles."""

import re
import secrets
import unicodedata
from datetime import timedelta
from typing import Any, NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, delete, func, insert, select, update

from server import audit, journal
from server.access import digest
from server.errors import Conflict, Invalid, NotFound
from server.members.leaving import dismiss
from server.members.models import api_token, company, login, member, reset_link, session
from server.members.queries import COLOURS, next_colour
from server.members.zones import known
from server.schema import new_id, now
from server.squads.models import membership
from server.text import name as checked_name
from web.render import LANGS, N_

hasher = PasswordHasher()


class Session(NamedTuple):
    """A fresh sign-in: the secret for the cookie, told only now, and its id."""

    token: str
    id: str


def set_up_company(
    c: Connection,
    company_name: str,
    name: str,
    address: str,
    password: str | None,
    locale: str,
    zone: str,
    currency: str = "CNY",
) -> str:
    """The company, its stream, and its first member, an admin. `password` is hashed already."""
    if c.scalar(select(company.c.id)) is not None:
        raise Conflict(N_("This server has its company already."))
    checked_zone(zone)
    row = {"id": 1, "name": checked_name("company", company_name), "zone": zone, "currency": currency}
    c.execute(insert(company), {**row, "demo": False, "created_at": now()})
    journal.open_stream(c, "company", "company")
    journal.open_stream(c, "desk", "desk")
    first = add_member(c, name=name, login=address, password=password, role="admin", locale=locale, zone=zone)
    audit.note(c, first, "company_founded")
    return first


def add_member(
    c: Connection,
    *,
    name: str,
    login: str | None = None,
    password: str | None = None,
    role: str = "rep",
    locale: str = "en",
    zone: str = "UTC",
    handle: str | None = None,
) -> str:
    """A new member with their own stream; colours are given in order of joining. Answers the id."""
    name = checked_name("name", name)
    count = c.scalar(select(func.count()).select_from(member)) or 0
    id = new_id()
    handle = _free_handle(c, handle or name, count)
    row = {
        "id": id,
        "handle": handle,
        "name": name,
        "colour": next_colour(c),
        "role": role,
        "locale": locale if locale in LANGS else "en",
        "zone": checked_zone(zone),
        "password": password,
        "created_at": now(),
    }
    c.execute(insert(member), row)
    _add_login(c, id, "handle", handle)
    if login:
        _add_login(c, id, "email" if "@" in folded(login) else "phone", login)
    journal.open_stream(c, f"me:{id}", "member")
    return id


def folded(text: str) -> str:
    """A login as compared: neither case, spaces, full width nor a phone number's punctuation matter."""
    text = unicodedata.normalize("NFKC", text).strip().casefold()
    return (
        text if "@" in text or not re.fullmatch(r"\+?[\d\s().-]{5,}", text) else re.sub(r"[\s().-]", "", text)
    )


def _add_login(c: Connection, id: str, kind: str, shown: str) -> None:
    key = folded(shown)
    if not key or len(key) > 254:
        raise Invalid({"login": N_("Write a phone number or an e-mail address.")})
    if c.scalar(select(login.c.member).where(login.c.folded == key)) is not None:
        raise Invalid({"login": N_("Somebody signs in with this already.")})
    c.execute(insert(login), {"folded": key, "kind": kind, "shown": shown.strip(), "member": id})


def _free_handle(c: Connection, wanted: str, count: int) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", wanted.casefold()).strip("-")[:32] or f"m-{count + 1}"
    handle, number = base, 1
    while c.scalar(select(login.c.folded).where(login.c.folded == handle)) is not None:
        number += 1
        handle = f"{base}-{number}"
    return handle


def checked_zone(zone: str) -> str:
    """A zone of the IANA database."""
    if zone not in known():
        raise Invalid({"zone": N_("This time zone is not known.")})
    return zone


def checked_password(password: str, least: int) -> str:
    """A password long enough, and not endless."""
    if len(password) < least:
        raise Invalid({"password": N_("A password has at least %(least)s characters.")}, {"least": least})
    if len(password) > 1000:
        raise Invalid({"password": N_("This is too long: at most %(most)s characters.")}, {"most": 1000})
    return password


def hashed(password: str) -> str:
    """argon2id; slow on purpose, so never inside a transaction."""
    return hasher.hash(password)


DECOY = "$argon2id$v=19$m=65536,t=3,p=4$Id+c9XiOil9TLD5t9OAipA$TsZmelf+fesehfIQo16YXzJDlahive8biJD2ZWVltWk"
"""Nobody's password. Written down: to make one takes as long as a tenth of a start."""


def fits(stored: str | None, password: str) -> bool:
    """Whether a password fits; takes as long when there is nobody to fit."""
    try:
        return hasher.verify(stored or DECOY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def open_session(c: Connection, member_id: str, device: str, days: int) -> Session:
    """Signs a member in on a device."""
    token, id, moment = secrets.token_urlsafe(32), new_id(), now()
    row: dict[str, Any] = {"id": id, "member": member_id, "hash": digest(token), "device": device[:120]}
    row |= {"created_at": moment, "seen_at": moment, "expires_at": moment + timedelta(days=days)}
    c.execute(insert(session), row)
    return Session(token, id)


def sign_out(c: Connection, member_id: str, id: str) -> None:
    """Ends one of the member's sessions; its sockets close at once."""
    gone = c.execute(delete(session).where(session.c.id == id, session.c.member == member_id))
    if gone.rowcount:
        dismiss(c, member_id, ticket=id)


def sign_out_everywhere(c: Connection, member_id: str) -> None:
    """Ends all of a member's sessions."""
    c.execute(delete(session).where(session.c.member == member_id))
    dismiss(c, member_id)


def change_password(c: Connection, member_id: str, password: str, keep: str | None) -> None:
    """Sets a password that is hashed already, signs out everywhere but here, and voids links to another."""
    c.execute(update(member).where(member.c.id == member_id).values(password=password))
    void_resets(c, member_id)
    for id in c.scalars(select(session.c.id).where(session.c.member == member_id)).all():
        if id != keep:
            sign_out(c, member_id, id)


def void_resets(c: Connection, member_id: str) -> None:
    """Ends the links with which somebody else could set a member's password."""
    theirs = (reset_link.c.member == member_id) & reset_link.c.used_at.is_(None)
    c.execute(update(reset_link).where(theirs).values(used_at=now()))


def new_token(c: Connection, member_id: str, name: str) -> str:
    """A new API token of the member's own, told only now."""
    audit.note(c, member_id, "token_made", subject=member_id, name=name[:80])
    return _token(c, member_id, name)


def _token(c: Connection, member_id: str, name: str) -> str:
    token = secrets.token_urlsafe(32)
    row = {"id": new_id(), "member": member_id, "hash": digest(token), "name": name[:80], "created_at": now()}
    c.execute(insert(api_token), row)
    return token


def new_token_for(c: Connection, handle: str, name: str) -> str:
    """A new API token for whoever has this handle."""
    id = c.scalar(select(member.c.id).where(member.c.handle == handle, member.c.deactivated_at.is_(None)))
    if id is None:
        raise NotFound
    audit.note(c, None, "token_given", subject=id, name=name[:80])
    return _token(c, id, name)


def change_profile(
    c: Connection, member_id: str, *, name: str, initials: str, colour: int, locale: str, zone: str
) -> None:
    """Changes how a member is shown; each of their squads hears of it."""
    if not 1 <= colour <= COLOURS:
        raise Invalid({"colour": N_("Choose one of the ten colours.")})
    if locale not in LANGS:
        raise Invalid({"locale": N_("Choose one of the languages.")})
    values = {
        "name": checked_name("name", name),
        "initials": checked_name("initials", initials, 2) if initials.strip() else None,
        "colour": colour,
        "locale": locale,
        "zone": checked_zone(zone),
    }
    before = c.execute(select(member).where(member.c.id == member_id)).one()
    if all(before._mapping[name] == value for name, value in values.items()):
        return
    c.execute(update(member).where(member.c.id == member_id).values(**values))
    here = (membership.c.member == member_id) & membership.c.left_at.is_(None)
    squads = select(membership.c.squad, membership.c.lead, membership.c.manages).where(here)
    for squad, lead, manages in c.execute(squads.order_by(membership.c.squad)).all():
        role = "lead" if lead else "manager" if manages else before.role
        data = {"id": member_id, "state": "changed", "role": role, "colour": colour}
        journal.append(c, squad, "member", data, actor=member_id)


def close(c: Connection, member_id: str) -> None:
    """Ends an account's ways in: no sign-in, no token. `squads.actions.deactivate` is the whole of it."""
    moment = now()
    c.execute(update(member).where(member.c.id == member_id).values(deactivated_at=moment))
    c.execute(update(api_token).where(api_token.c.member == member_id).values(revoked_at=moment))
    sign_out_everywhere(c, member_id)
