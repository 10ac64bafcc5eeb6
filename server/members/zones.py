"""Time zones one can live in."""

from functools import cache
from zoneinfo import available_timezones

ODD = ("Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/")


@cache
def known() -> frozenset[str]:
    """Every zone of the IANA database; read from the disk once."""
    return frozenset(available_timezones())


@cache
def offered() -> tuple[str, ...]:
    """Those worth a line in a list: named after a place, old second names left out."""
    return (*sorted(zone for zone in known() if "/" in zone and not zone.startswith(ODD)), "UTC")


def listed(current: str) -> tuple[str, ...]:
    """The list with what is set now, even when that is an odd one."""
    return offered() if current in offered() or current not in known() else (current, *offered())


def usual(lang: str) -> str:
    """What a form starts with before the browser tells its own zone."""
    return "Asia/Shanghai" if lang == "zh" else "UTC"
