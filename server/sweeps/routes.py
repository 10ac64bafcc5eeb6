"""Every route about sweeps."""

from server.sweeps import api, stops_api

routers = (api.router, stops_api.router)
