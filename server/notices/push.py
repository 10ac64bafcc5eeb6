"""Web Push: our own key, what a device gave us, a message it alone can read (RFC 8030, 8291, 8292)."""

import base64
import os
import time
from typing import Any
from urllib.parse import urlsplit

import http_ece
import orjson
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from py_vapid import Vapid02

from config.settings import Settings
from server import outside
from server.errors import Invalid
from server.notices.deliveries import Parcel
from web.render import N_

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve P-256."""
KEPT = 24 * 3600
"""Seconds a push service keeps it for a device that is off."""
GONE = (404, 410)


class Dead(Exception):
    """There is no such device any more."""


class Refused(Exception):
    """The service did not take it."""


def vapid(settings: Settings) -> ec.EllipticCurvePrivateKey:
    """The installation's own key. It follows from its secret, so that all processes have the same."""
    made = HKDF(hashes.SHA256(), 48, salt=b"muster", info=b"vapid").derive(settings.secret.encode())
    return ec.derive_private_key(int.from_bytes(made) % (ORDER - 1) + 1, ec.SECP256R1())


def public_key(settings: Settings) -> str:
    """What browsers are given, as they want it: the point, uncompressed, in base64 for addresses."""
    return base64.urlsafe_b64encode(_point(vapid(settings))).rstrip(b"=").decode()


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def decoded(text: str) -> bytes:
    """Base64 for addresses, without its padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def checked_device(url: str, keys: dict[str, str], inside: bool) -> dict[str, Any]:
    """What is kept of a device; raises `Invalid` for what is no subscription."""
    outside.known_url("endpoint", url, inside)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(keys["p256dh"]))
        fine = len(decoded(keys["auth"])) == 16
    except (KeyError, ValueError):
        fine = False
    if not fine:
        raise Invalid({"keys": N_("These are no keys of a device.")})
    return {"endpoint": url.strip(), "p256dh": keys["p256dh"], "auth": keys["auth"]}


async def send(parcel: Parcel, settings: Settings) -> None:
    """A kind and a link, no more: what it is about is on the page. Raises `Dead` or `Refused`."""
    several, one = parcel.several, parcel.notices[-1]
    body = {
        "kind": "several" if several else one.kind,
        "link": "/notices" if several else f"/notices/{one.id}",
    }
    where, urgent = parcel.secret["endpoint"], any(told.urgent for told in parcel.notices)
    answer = await outside.post(
        where,
        sealed(orjson.dumps(body), parcel.secret),
        {
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEPT),
            "Urgency": "high" if urgent else "normal",
            "Topic": "several" if several else one.id.replace("-", ""),
            **_signed(where, settings),
        },
        settings.notice_inside,
    )
    if answer.status_code in GONE:
        raise Dead
    if answer.status_code >= 300:
        raise Refused(f"{urlsplit(where).hostname}: {answer.status_code}")


def sealed(content: bytes, secret: dict[str, str]) -> bytes:
    """Encrypted for one device, with a key made for this message alone."""
    made: bytes = http_ece.encrypt(
        content,
        salt=os.urandom(16),
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=decoded(secret["p256dh"]),
        auth_secret=decoded(secret["auth"]),
        version="aes128gcm",
    )
    return made


def _signed(where: str, settings: Settings) -> dict[str, str]:
    parts = urlsplit(where)
    contact = (
        f"mailto:{settings.smtp_from}"
        if settings.smtp_from
        else settings.public_url or "https://muster.invalid"
    )
    claims = {"sub": contact, "aud": f"{parts.scheme}://{parts.netloc}", "exp": int(time.time()) + KEPT // 2}
    headers: dict[str, str] = Vapid02(vapid(settings)).sign(claims)
    return headers
