"""The routers of this feature, in the order they are asked."""

from server.members import api, signin

routers = (api.router, signin.router)
