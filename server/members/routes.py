"""All routers of this feature."""

from fastapi import APIRouter

routers: tuple[APIRouter, ...] = ()
