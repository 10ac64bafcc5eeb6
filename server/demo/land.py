"""The demo company's territories: the town, and its two banks with a squad each, along the river."""

from collections.abc import Mapping

from sqlalchemy import Connection

from server.demo.cast import TEAMS, TOWN
from server.schema import new_id
from server.territories import actions
from server.territories.actions import Limits
from web.town import place as on_earth

RIVER = (
    *((80, 757), (120, 752), (300, 770), (470, 742), (620, 690), (760, 668)),
    *((900, 690), (1010, 752), (1100, 850), (1230, 930), (1360, 1050), (1388, 1130)),
)
"""From west to east; all of it pixels of the town's drawing."""
BANKS = {
    "north": (*RIVER, (1520, 1130), (1520, 60), (80, 60)),
    "south": (*RIVER, (80, 1130)),
}
LIMITS = Limits(most=10, levels=2)


def lay_out(c: Connection, by: str, founded: Mapping[str, str], manager: str) -> None:
    """Makes them, puts each squad into its own, and gives the town its manager."""
    town = actions.make(c, by, new_id(), TOWN, None, LIMITS).id
    for team in TEAMS:
        bank = actions.make(c, by, new_id(), team.territory, town, LIMITS).id
        corners = BANKS[team.key]
        ring = [[lon, lat] for lat, lon in (on_earth(*corner) for corner in (*corners, corners[0]))]
        actions.draw(c, by, bank, {"type": "Polygon", "coordinates": [ring]})
        actions.place(c, by, founded[team.key], bank)
    actions.appoint(c, by, town, manager)
