"""All of the customers' routes."""

from server.customers import api, merging_api, merging_pages, pages, taking

routers = (api.router, pages.router, merging_api.router, merging_pages.router, taking.router)
