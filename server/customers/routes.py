"""All of the customers' routes."""

from server.customers import (
    adding_pages,
    api,
    holding_pages,
    import_pages,
    leaving_pages,
    merging_api,
    merging_pages,
    pages,
    taking,
)

routers = (
    *(api.router, adding_pages.router),
    pages.router,
    holding_pages.pages,
    holding_pages.api,
    import_pages.router,
    leaving_pages.router,
    merging_api.router,
    merging_pages.router,
    taking.router,
    taking.api,
)
