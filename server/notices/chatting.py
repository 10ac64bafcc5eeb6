"""One message to one chat service, in a process of its own: `python -m server.notices.chatting`.

It reads what to say from stdin, as JSON, and answers on stdout. Whatever the libraries in here do, follow
redirects or look a name up twice, each of its connections is checked by the address it really goes to.
"""

import json
import logging
import re
import socket
import sys
from typing import Any

import apprise

from server.outside import public

SERVICES = frozenset(
    {
        *(
            "bark",
            "dingtalk",
            "discord",
            "feishu",
            "googlechat",
            "gchat",
            "gotify",
            "gotifys",
            "json",
            "jsons",
        ),
        *("lark", "line", "matrix", "matrixs", "mattermost", "mmost", "mmosts", "msteams", "ntfy", "ntfys"),
        *("pushdeer", "pushdeers", "pushover", "rocket", "rockets", "schan", "serverchan", "slack", "tgram"),
        *("webex", "wecombot", "workflow", "workflows", "wxteams", "xml", "xmls", "zulip"),
    }
)
"""Those that are reached over the web; none that does something on this machine."""
NATIVE = (
    (r"https://oapi\.dingtalk\.com/robot/send\?access_token=([0-9a-zA-Z]+)", r"dingtalk://\1"),
    (r"https://open\.feishu\.cn/open-apis/bot/v2/hook/([0-9a-zA-Z-]+)/?", r"feishu://\1"),
    (r"https://open\.larksuite\.com/open-apis/bot/v2/hook/([0-9a-zA-Z-]+)/?", r"lark://\1"),
)
"""Addresses as the services give them out, which the library does not know in this form."""


class Guarded(socket.socket):
    """Connects to nobody in the own network."""

    refused = False

    def connect(self, address: Any) -> None:
        """As ever, where the address is public."""
        if self.family in (socket.AF_INET, socket.AF_INET6) and not public(str(address[0])):
            Guarded.refused = True
            raise OSError("in the own network")
        super().connect(address)


class Reasons(logging.Handler):
    """Keeps the numbers that a service refused with: its words may hold a key."""

    found = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Hears the library."""
        if number := re.search(r"error=(\d{3})", record.getMessage()):
            Reasons.found = number.group(1)


def instance(url: str) -> Any:
    """The service an address is of; None for what is none, or none that is let in."""
    for pattern, instead in NATIVE:
        if re.fullmatch(pattern, url):
            url = re.sub(pattern, instead, url)
    made = apprise.Apprise.instantiate(url, suppress_exceptions=True)
    if made is None:
        return None
    schemes = set[str]()
    for own in (made.protocol, made.secure_protocol):
        schemes |= {own} if isinstance(own, str) else set(own or ())
    return made if schemes and schemes <= SERVICES else None


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """What came of it: the service's name, and an error, empty where it was taken or only looked at."""
    made = instance(asked["url"])
    if made is None:
        return {"service": "", "error": "unknown"}
    found = {"service": str(made.service_name), "error": ""}
    if "body" not in asked:
        return found
    if not asked["inside"]:
        socket.socket = Guarded  # type: ignore[misc]
    logging.getLogger("apprise").addHandler(Reasons())
    if made.notify(title=asked["title"], body=asked["body"], body_format=apprise.NotifyFormat.TEXT):
        return found
    return found | {"error": "inside" if Guarded.refused else Reasons.found or "away"}


if __name__ == "__main__":
    json.dump(answer(json.load(sys.stdin)), sys.stdout)
