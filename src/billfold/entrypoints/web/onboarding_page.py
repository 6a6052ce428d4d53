"""The clickable onboarding of a connected account: `GET|POST /simulator/{teamId}/connect/{accountId}/{token}`.

As at Stripe, whoever knows the link may use it: it holds 192 random bits, is good for ten minutes, and once.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from billfold.entrypoints.web.pages import render
from billfold.infrastructure.stripe_simulator import Simulator

_FORM_LIMIT: Final = 4_096
_REFUSED: Final = "refused"


def onboarding_routes(simulator: Simulator) -> list[Route]:
    """Return the page's routes."""

    async def show(request: Request) -> Response:
        view = await simulator.find_onboarding(
            request.path_params["team_id"], request.path_params["account_id"], request.path_params["token"]
        )
        if view is None:
            return _dead(request)
        parts = urlsplit(view.return_url)
        origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc.isascii() and "'" not in parts.netloc else ""
        return render(
            request,
            "onboarding.html",
            {"view": view, "action": request.url.path},
            # The answer to the form leads there.
            form_targets=[origin] if origin and " " not in origin and ";" not in origin else [],
        )

    async def finish(request: Request) -> Response:
        body = await request.body()
        form = parse_qs(body.decode("utf-8", "replace"), max_num_fields=20) if len(body) <= _FORM_LIMIT else {}
        leads_to = await simulator.finish_onboarding(
            request.path_params["team_id"],
            request.path_params["account_id"],
            request.path_params["token"],
            is_refused=form.get("outcome") == [_REFUSED],
        )
        return _dead(request) if leads_to is None else RedirectResponse(leads_to, status_code=303)

    path = "/{team_id}/connect/{account_id}/{token}"
    return [Route(path, show, methods=["GET"]), Route(path, finish, methods=["POST"])]


def _dead(request: Request) -> Response:
    return render(request, "onboarding.html", {"view": None, "action": ""}, 404)
