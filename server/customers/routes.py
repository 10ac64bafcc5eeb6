"""All of the customers' routes."""

from server.customers import adding_pages, api, merging_api, merging_pages, pages, taking

routers = (
    *(api.router, adding_pages.router),
    pages.router,
    merging_api.router,
    merging_pages.router,
    taking.router,
)
