"""The application of the billing surface, mounted at `/api/billstack`."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any, Final

from fastapi import APIRouter, FastAPI

from billfold.entrypoints.api.billing import checkout, customers, prices, products, subscriptions
from billfold.entrypoints.api.billing.errors import add_error_handlers
from billfold.entrypoints.api.billing.operations import document, operation_id
from billfold.entrypoints.services import Services

_IN_PROJECT: Final = "/teams/{teamId}/projects/{projectId}"
_ABOUT: Final = (
    "Customers, catalog, checkout, subscriptions, referrals and analytics of a project, over the team's own Stripe account. "
    'Every error is `{"error": "<what is wrong and what to do>"}`.'
)


def create_billing_app(services: Services) -> FastAPI:
    """Return the application; its OpenAPI 3.1 document is at `/openapi.json` below where it is mounted."""
    app = FastAPI(
        title="Billfold billing API",
        version=version("billfold"),
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=operation_id,
    )
    app.state.services = services
    for router in routers():
        app.include_router(router, prefix=_IN_PROJECT)
    add_error_handlers(app)
    kept: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not kept:
            kept.update(document(app))
        return kept

    # The framework's way to replace its own document: it serves what this attribute returns.
    app.openapi = openapi  # type: ignore[method-assign]
    return app


def routers() -> list[APIRouter]:
    """Return the router of every resource, in the order of the document."""
    found = [customers.router, products.router, prices.router, checkout.router, subscriptions.router]
    later = [f"{__package__}.{name}" for name in ("referrals", "analytics")]
    return [*found, *(import_module(name).router for name in later if find_spec(name))]
