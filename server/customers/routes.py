"""All of the customers' routes."""

from server.customers import api, pages

routers = (api.router, pages.router)
