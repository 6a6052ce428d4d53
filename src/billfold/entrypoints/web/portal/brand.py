"""A project's look on a page, and the two files that it needs: `/brand/{projectId}/style.css` and `/brand/{projectId}/logo`.

The accent colour comes as a sheet of its own, so that the policy of the pages needs no inline style.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from billfold.domain.tenancy.branding import Branding, Logo, find_branding, find_logo
from billfold.entrypoints.services import Services

_PROJECT_ID: Final = re.compile(r"proj_[0-9a-z_]{1,64}")


@dataclass(frozen=True, slots=True)
class Brand:
    """What `page.html` and the portal show of a project."""

    name: str
    sheet: str | None
    logo: str | None
    return_url: str | None
    support_email: str | None


def brand_of(project_name: str, branding: Branding | None, *, project_id: str, return_url: str | None) -> Brand:
    """Return how a project's page looks; `return_url` is the session's own way back, which goes first."""
    if branding is None:
        return Brand(project_name, None, None, return_url, None)
    accent, logo = branding.accent_color, branding.logo_version
    return Brand(
        name=branding.name or project_name,
        sheet=None if accent is None else f"/brand/{project_id}/style.css?v={accent[1:]}",
        logo=None if logo is None else f"/brand/{project_id}/logo?v={logo}",
        return_url=return_url or branding.return_url,
        support_email=branding.support_email,
    )


def brand_routes() -> list[Route]:
    """Return the routes of the two files."""
    return [
        Route("/brand/{project_id}/style.css", _send_sheet, methods=["GET"]),
        Route("/brand/{project_id}/logo", _send_logo, methods=["GET"]),
    ]


async def _send_sheet(request: Request) -> Response:
    services: Services = request.app.state.services
    project_id = _project_id(request)
    found = None if project_id is None else await services.db.read(find_branding, project_id)
    if found is None or found.accent_color is None:
        return PlainTextResponse("Not found.", 404)
    sheet = f"@layer tokens {{ :root {{ --brand: {found.accent_color}; }} }}\n"
    return Response(sheet, headers=_headers(request, found.accent_color[1:]), media_type="text/css; charset=utf-8")


async def _send_logo(request: Request) -> Response:
    services: Services = request.app.state.services
    project_id = _project_id(request)
    logo: Logo | None = None if project_id is None else await services.db.read(find_logo, project_id)
    if logo is None:
        return PlainTextResponse("Not found.", 404)
    return Response(logo.content, headers=_headers(request, logo.version), media_type=logo.media_type)


def _project_id(request: Request) -> str | None:
    text: str = request.path_params["project_id"]
    return text if _PROJECT_ID.fullmatch(text) else None


def _headers(request: Request, version: str) -> dict[str, str]:
    current = request.query_params.get("v") == version
    return {
        "cache-control": "public, max-age=31536000, immutable" if current else "public, max-age=300",
        "x-content-type-options": "nosniff",
        # A file that is opened by itself may do nothing.
        "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
        "cross-origin-resource-policy": "same-origin",
    }
