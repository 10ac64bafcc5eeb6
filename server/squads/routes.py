"""The routers of this feature, in the order they are asked."""

from server.squads import api

routers = (api.router,)
