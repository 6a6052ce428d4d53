"""The pages of the reference: `/reference`, one for each surface, and one for each group of its operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import NotFound
from billfold.entrypoints.web.pages import render
from billfold.entrypoints.web.reference.operations import Surface, surface_of

# A surface's key and what gives its OpenAPI document.
Documents = Mapping[str, Callable[[], dict[str, Any]]]


class Reference:
    """Reads each document once, when it is first asked for."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._read: dict[str, Surface] = {}

    def routes(self) -> list[Route]:
        """Return the routes of the pages."""
        return [
            Route("/reference", self._show_surfaces, methods=["GET"]),
            Route("/reference/{surface}", self._show_surface, methods=["GET"]),
            Route("/reference/{surface}/{group}", self._show_group, methods=["GET"]),
        ]

    def surface(self, key: str) -> Surface:
        """Return a surface or raise `NotFound`."""
        if key not in self._documents:
            raise NotFound("There is no such API. The reference's first page lists them.")
        if key not in self._read:
            self._read[key] = surface_of(key, self._documents[key]())
        return self._read[key]

    async def _show_surfaces(self, request: Request) -> Response:
        surfaces = [self.surface(key) for key in self._documents]
        return render(request, "reference/surfaces.html", {"surfaces": surfaces})

    async def _show_surface(self, request: Request) -> Response:
        return render(request, "reference/surface.html", {"surface": self.surface(request.path_params["surface"])})

    async def _show_group(self, request: Request) -> Response:
        surface = self.surface(request.path_params["surface"])
        for group in surface.groups:
            if group.slug == request.path_params["group"]:
                return render(request, "reference/group.html", {"surface": surface, "group": group})
        raise NotFound("The reference has no such page.")
