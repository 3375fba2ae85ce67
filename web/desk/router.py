"""A server's parts in, the router of the corpus desk out: for editors only."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from web.desk.changes import add_changes
from web.desk.desk import Desk
from web.desk.guard import editor
from web.desk.views import add_pages
from web.services import Services


def desk_router(services: Services) -> APIRouter:
    """Return the pages and the changes of the corpus desk."""
    router = APIRouter(dependencies=[Depends(editor)], include_in_schema=False)
    desk = Desk(services)
    add_pages(router, desk)
    add_changes(router, desk)
    return router
