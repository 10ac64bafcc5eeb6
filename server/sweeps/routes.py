"""Every route about sweeps."""

from server.sweeps import api, pages, stop_pages, stops_api

routers = (api.router, stops_api.router, pages.router, stop_pages.router)
