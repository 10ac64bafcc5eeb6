"""Every table there is, so that one import knows the whole schema."""

from server import audit, jobs, journal
from server.announcements import models as announcements
from server.calls import models as calls
from server.customers import models as customers
from server.drive import models as drive
from server.feed import models as feed
from server.hall import models as hall
from server.logs import models as logs
from server.members import models as members
from server.notices import models as notices
from server.photos import models as photos
from server.schema import metadata
from server.search import models as search
from server.sight import models as sight
from server.squads import models as squads
from server.sweeps import models as sweeps
from server.territories import models as territories
from server.training import models as training
from server.visits import models as visits

__all__ = [
    "announcements",
    "audit",
    "calls",
    "customers",
    "drive",
    "feed",
    "hall",
    "jobs",
    "journal",
    "logs",
    "members",
    "metadata",
    "notices",
    "photos",
    "search",
    "sight",
    "squads",
    "sweeps",
    "territories",
    "training",
    "visits",
]
