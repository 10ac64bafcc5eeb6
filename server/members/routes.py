"""The routers of this feature, in the order they are asked."""

from server.members import api

routers = (api.router,)
