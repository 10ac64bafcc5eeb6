"""What the leads of the demo company have announced this morning, and who has read it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, update

from channels.frame import Entry
from server.access import Who
from server.announcements import actions
from server.announcements.models import announcement, receipt
from server.demo.cast import Team
from server.demo.history import TEXT_MAX, date_back
from server.schema import new_id

WORDS = {
    "north": (
        "New price list from Monday",
        "The RO-400 goes down by four percent, filters stay as they are. Offers from last week keep "
        "their price. Ask me before you promise anything for more than twenty units.",
    ),
    "south": (
        "周五下午四点半会师",
        "这周在滨江茶馆碰头，每人带一个没成的单子，大家一起想办法。来不了的提前跟我说一声。",
    ),
}
AGO = timedelta(minutes=40)


def tell(c: Connection, team: Team, who: Mapping[tuple[str, str], Who], now: datetime) -> None:
    """The lead's announcement; every second member has read it."""
    handles = [*(person.handle for person in team.people), *team.guests]
    lead, told, before = who[team.key, handles[0]], c.info["told"], len(c.info["told"])
    title, text = WORDS[team.key]
    id = actions.announce(c, lead, new_id(), title, text, TEXT_MAX).id
    for handle in handles[2::2]:
        actions.read(c, who[team.key, handle], id)
    c.execute(update(announcement).where(announcement.c.id == id).values(at=now - AGO))
    c.execute(update(receipt).where(receipt.c.announcement == id).values(at=now - AGO / 2))
    entries = [one for one in told[before:] if isinstance(one, Entry)]
    date_back(c, [(now - AGO / (1 if one.kind == "announced" else 2), one) for one in entries])
