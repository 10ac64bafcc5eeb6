"""What settings that are more than a word or a number have to look like; refused at the start, not later."""

import re
from ipaddress import ip_network


def networks(value: str) -> str:
    """Addresses and networks only: a misspelt one would be believed by nobody, silently."""
    try:
        return ",".join(str(ip_network(one.strip())) for one in value.split(",") if one.strip())
    except ValueError:
        raise ValueError("proxies are written like 127.0.0.1,10.0.0.0/8") from None


def kinds(value: str) -> str:
    """Names and whole seconds."""
    if not re.fullmatch(r"[a-z]{2,24}=[1-9]\d{0,6}( [a-z]{2,24}=[1-9]\d{0,6})*", value):
        raise ValueError("kinds of calls are written like price=60 service=3600")
    return value
