"""Every route about sweeps."""

from server.sweeps import (
    api,
    pages,
    plan_pages,
    proposals_api,
    replay_api,
    replay_pages,
    sharing_routes,
    stop_pages,
    stops_api,
)

routers = (
    api.router,
    stops_api.router,
    proposals_api.router,
    sharing_routes.api,
    sharing_routes.pages,
    pages.router,
    stop_pages.router,
    plan_pages.router,
    replay_api.router,
    replay_pages.router,
)
