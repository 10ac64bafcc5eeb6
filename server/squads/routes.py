"""The routers of this feature, in the order they are asked."""

from server.squads import api, founding, inviting, joining, pages, setup

routers = (api.router, setup.router, joining.router, founding.router, inviting.router, pages.router)
