"""The application of the billing surface, mounted at `/api/billstack`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import version
from types import ModuleType
from typing import Final

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.routing import Route

from billfold.entrypoints.api.billing import (
    analytics,
    api_keys,
    attribution_rules,
    audit_log,
    branding,
    checkout,
    customers,
    events,
    explanations,
    identity_provider,
    invitations,
    links,
    members,
    portal,
    prices,
    products,
    program_terms,
    programs,
    projects,
    referral_verdicts,
    referrals,
    stripe_connection,
    stripe_objects,
    stripe_reconciliation,
    subscriptions,
    teams,
    wallet_settings,
    wallets,
    webhook_deliveries,
    webhooks,
)
from billfold.entrypoints.api.billing.access import Guard
from billfold.entrypoints.api.billing.errors import add_error_handlers
from billfold.entrypoints.api.billing.operations import document, operation_id
from billfold.entrypoints.openapi import serve_document
from billfold.entrypoints.services import Services

_IN_PROJECT: Final = "/teams/{teamId}/projects/{projectId}"
# A request is matched against the routes one after the other, some 3 µs each: what an app calls all day is matched first.
_MATCHED_FIRST: Final = ("/wallets/{customerId}/spend", "/referrals/apply", "/customers/{customerId}")
_ABOUT: Final = (
    "Customers, catalog, checkout, subscriptions, referrals and analytics of a project, over the team's own Stripe account, and "
    "who may do what in a team. "
    'Every error is `{"error": "<what is wrong and what to do>"}`.'
)


def create_billing_app(services: Services | None) -> FastAPI:
    """Return the application; its OpenAPI 3.1 document is at `/openapi.json` below where it is mounted.

    Without services it has nothing but that document.
    """
    app = FastAPI(
        title="Billfold billing API",
        version=version("billfold"),
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.services = services
    if services is not None:
        app.state.spend_door = wallets.SpendDoor(services)
    app.router.routes.extend(_served(path, route) for path, route in sorted(_everything(), key=_rank))
    add_error_handlers(app)
    serve_document(app, lambda: document(app, _described().routes))
    return app


def routes() -> Iterator[APIRoute]:
    """Give the routes of every resource of a project, in the order of the document; paths begin after the project."""
    yield from _of(
        (
            customers,
            products,
            prices,
            checkout,
            subscriptions,
            portal,
            referrals,
            referral_verdicts,
            explanations,
            attribution_rules,
            links,
            programs,
            program_terms,
            wallets,
            wallet_settings,
            analytics,
            webhooks,
            webhook_deliveries,
            events,
            branding,
            identity_provider,
        )
    )


def team_routes() -> Iterator[APIRoute]:
    """Give the routes that take a session only, in the order of the document; paths begin with `/teams` or the like."""
    yield from _of(
        (
            teams,
            projects,
            members,
            invitations,
            api_keys,
            stripe_connection,
            stripe_objects,
            stripe_reconciliation,
            audit_log,
        )
    )


def _everything() -> Iterator[tuple[str, APIRoute]]:
    for route in routes():
        yield _IN_PROJECT + route.path, route
    for route in team_routes():
        yield route.path, route


def _described() -> APIRouter:
    """Return every route as the framework describes it; whoever never asks for the document never pays for this."""
    described = APIRouter(generate_unique_id_function=operation_id)
    for path, route in _everything():
        described.add_api_route(
            path,
            route.endpoint,
            methods=list(route.methods or ()),
            tags=route.tags,
            status_code=route.status_code,
            response_model=None,
            openapi_extra=route.openapi_extra,
        )
    return described


def _of(resources: Iterable[ModuleType]) -> Iterator[APIRoute]:
    for resource in resources:
        for route in resource.router.routes:
            if isinstance(route, APIRoute):
                yield route


def _served(path: str, route: APIRoute) -> Route:
    """Return the route as it is served: the caller's access, the endpoint, and nothing between.

    The framework would solve the dependency and open two exit stacks for it on every request: about a third of the processor
    time of a small read. Its description of the route is kept for the document.
    """
    (guard,) = [each.call for each in route.dependant.dependencies if isinstance(each.call, Guard)]
    endpoint = route.endpoint

    async def serve(request: Request) -> Response:
        response: Response = await endpoint(request, await guard(request))
        return response

    served = Route(path, serve, methods=list(route.methods or ()), name=route.name)
    # Starlette adds HEAD to every GET; the document does not know it.
    served.methods = set(route.methods or ())
    return served


def _rank(each: tuple[str, APIRoute]) -> int:
    path = each[1].path
    return _MATCHED_FIRST.index(path) if path in _MATCHED_FIRST else len(_MATCHED_FIRST)
