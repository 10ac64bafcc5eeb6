"""The routers of this feature, in the order they are asked."""

from server.members import api, forgotten, profile, signin, tokens

routers = (api.router, signin.router, forgotten.router, profile.router, tokens.router)
