"""The application of the affiliate surface, mounted at `/v1`.

`ROUTERS` lists the resources; each is a module with a `router` whose routes have one `Guard` and are described by `operation`.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from types import ModuleType
from typing import Final

import structlog
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.routing import Route

from billfold.base.errors import BillfoldError
from billfold.entrypoints.api.affiliate import (
    affiliates,
    application_reviews,
    applications,
    commissions,
    customer_auth,
    deal_reviews,
    deals,
    mail_settings,
    member_auth,
    partner,
    partner_lists,
    payout_batches,
    payouts,
    portal_link,
    program_settings,
    track,
)
from billfold.entrypoints.api.affiliate.access import Guard, count
from billfold.entrypoints.api.affiliate.errors import (
    TooMany,
    add_error_handlers,
    business_response,
    envelope,
    unexpected_response,
)
from billfold.entrypoints.api.affiliate.operations import document, operation_id
from billfold.entrypoints.caller import Unauthorized
from billfold.entrypoints.client_address import client_address
from billfold.entrypoints.limits import AsgiApp, RequestLimits, network_of
from billfold.entrypoints.openapi import serve_document
from billfold.entrypoints.quotas import Quotas
from billfold.entrypoints.services import Services
from billfold.entrypoints.session_tokens import SessionTokens

_log = structlog.get_logger(__name__)

PREFIX: Final = "/v1"
LARGEST_BODY: Final = 64 * 1024
_ABOUT: Final = (
    "The partner program: applications, partners, their links, commissions, payouts and deals. An app is a project. Amounts are "
    'dollars with `…Cents` twins. Every error is `{"statusCode", "message", "error", "code"}`.'
)

# The resources, in the order of the document.
ROUTERS: Final[tuple[ModuleType, ...]] = (
    applications,
    partner,
    partner_lists,
    portal_link,
    customer_auth,
    member_auth,
    track,
    application_reviews,
    program_settings,
    mail_settings,
    commissions,
    payout_batches,
    payouts,
    deals,
    deal_reviews,
    affiliates,
)


def create_affiliate_app(services: Services) -> AsgiApp:
    """Return the application for every path that begins with `/v1/`, with its limits in front."""
    return RequestLimits(affiliate_api(services), largest_body=LARGEST_BODY, envelope=envelope)


def affiliate_api(services: Services | None) -> FastAPI:
    """Return the routes; without services they have nothing but their OpenAPI document at `/v1/affiliate/openapi.json`."""
    app = FastAPI(
        title="Billfold affiliate API",
        version=version("billfold"),
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{PREFIX}/affiliate/openapi.json",
        redirect_slashes=False,
    )
    app.state.services = services
    app.state.quotas = Quotas()
    if services is not None:
        app.state.tokens = SessionTokens(services.settings)
    # By path, in which a brace stands behind every letter: `/settings` is matched before `/{affiliateId}`.
    app.router.routes.extend(_served(route) for route in sorted(routes(), key=lambda route: route.path))
    add_error_handlers(app)
    serve_document(app, lambda: document(app, _described().routes))
    return app


def routes() -> Iterator[APIRoute]:
    """Give every route of this surface; paths begin after `/v1`."""
    for resource in ROUTERS:
        for route in resource.router.routes:
            if isinstance(route, APIRoute):
                yield route


def _described() -> APIRouter:
    """Return every route as the framework describes it; whoever never asks for the document never pays for this."""
    described = APIRouter(generate_unique_id_function=operation_id)
    for route in routes():
        described.add_api_route(
            PREFIX + route.path,
            route.endpoint,
            methods=list(route.methods or ()),
            tags=route.tags,
            status_code=route.status_code,
            response_model=None,
            openapi_extra=route.openapi_extra,
        )
    return described


def guard_of(route: APIRoute) -> Guard:
    """Return who may call a route."""
    (guard,) = [each.call for each in route.dependant.dependencies if isinstance(each.call, Guard)]
    return guard


def _served(route: APIRoute) -> Route:
    """Return the route as it is served: the caller's access, the endpoint, and the headers that every answer has."""
    guard, endpoint = guard_of(route), route.endpoint

    async def serve(request: Request) -> Response:
        try:
            response: Response = await endpoint(request, await guard(request))
        except BillfoldError as error:
            response = business_response(_counted(request, error))
        except Exception:  # noqa: BLE001 - whatever it is, the answer is in the envelope
            _log.exception("affiliate_api.failed", path=route.path)
            response = unexpected_response()
        quota = getattr(request.state, "quota", None)
        if quota is not None:
            response.headers.update(quota.headers)
        return response

    served = Route(PREFIX + route.path, serve, methods=list(route.methods or ()), name=route.name)
    # Starlette adds HEAD to every GET; the document does not know it.
    served.methods = set(route.methods or ())
    return served


def _counted(request: Request, error: BillfoldError) -> BillfoldError:
    """Count a wrong credential for the network that sent it: whoever guesses is answered 429, a right one never is."""
    if not isinstance(error, Unauthorized):
        return error
    services: Services = request.app.state.services
    network = network_of(client_address(request, services.settings))
    try:
        count(request, f"guesses:{network}", services.settings.bad_keys_per_minute)
    except TooMany as too_many:
        return too_many
    return error
