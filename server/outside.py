"""Calls to other machines whose addresses people typed in: never into the own network, unless it is allowed.

A name is looked up once, every address it has is checked, and the one that was checked is called: nobody can
answer differently the second time. Nothing follows a redirect.
"""

import asyncio
import socket
from ipaddress import ip_address
from urllib.parse import urlsplit, urlunsplit

from httpx2 import AsyncClient, Response

from server.errors import Invalid
from web.render import N_

TIMEOUT = 20.0
"""Seconds a call may take."""


class Inside(Exception):
    """The address leads into the own network, or nowhere."""


def known_url(field: str, url: str, inside: bool) -> str:
    """An address one may call, as far as its words tell; raises `Invalid` for others."""
    parts = urlsplit(url.strip())
    fine = ("https", "http") if inside else ("https",)
    if parts.scheme not in fine or not parts.hostname or parts.username or len(url) > 1000:
        raise Invalid({field: N_("This is no address we can call: it begins with https://")})
    return url.strip()


def public(address: str) -> bool:
    """Whether an IP address is anybody's: not this machine, a private or a special network."""
    found = ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (mapped is None or mapped.is_global)


async def resolved(host: str, port: int, inside: bool) -> str:
    """The IP address to call for a host; raises `Inside` where any it has is not public."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as failure:
        raise Inside(f"{host} has no address") from failure
    addresses = [str(one[4][0]) for one in found]
    if not addresses or (not inside and not all(public(one) for one in addresses)):
        raise Inside(f"{host} is in the own network")
    return addresses[0]


async def post(url: str, content: bytes, headers: dict[str, str], inside: bool) -> Response:
    """Posts to an address somebody typed in. Raises `Inside`, or what httpx2 raises when nobody answers."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    assert parts.hostname
    port = parts.port or (443 if secure else 80)
    address = await resolved(parts.hostname, port, inside)
    named = f"[{address}]" if ":" in address else address
    there = urlunsplit((parts.scheme, f"{named}:{port}", parts.path, parts.query, ""))
    extensions = {"sni_hostname": parts.hostname} if secure else {}
    async with AsyncClient(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client:
        return await client.post(
            there, content=content, headers={**headers, "Host": parts.netloc}, extensions=extensions
        )
