"""`/teams/{teamId}/stripe/unassigned` and `/assign`: what is in the Stripe account and in no project (contract G9, G12)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, StringConstraints

from billfold.base.clock import iso
from billfold.base.errors import Invalid
from billfold.domain.billing import assignments, raw_objects
from billfold.domain.billing.raw_objects import KINDS, RawObject, unpacked
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.api.billing import customers, products
from billfold.entrypoints.api.billing.access import TeamAllowed
from billfold.entrypoints.api.billing.answers import Body, Timestamp, json_response
from billfold.entrypoints.api.billing.bodies import RequestBody, read_body
from billfold.entrypoints.api.billing.customers import CustomerBody
from billfold.entrypoints.api.billing.fields import AnyId, read_page
from billfold.entrypoints.api.billing.operations import PAGE, operation
from billfold.entrypoints.api.billing.products import ProductBody
from billfold.entrypoints.caller import TeamAccess
from billfold.entrypoints.recording import Record, RecordedWrites
from billfold.entrypoints.services import Services

router = APIRouter(prefix="/teams/{teamId}/stripe", tags=["Stripe connection"])
# As Stripe writes them: letters, digits and underscores.
_StripeId = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[A-Za-z0-9_]+$")]


class UnassignedBody(Body):
    """An object of the Stripe account that is in no project, as an import last read it."""

    id: str
    type: str
    name: str | None
    email: str | None
    status: str | None
    stripe_customer_id: str | None
    created: Timestamp
    fetched_at: Timestamp


class UnassignedAnswer(Body):
    """A page of what is in no project, newest first, and how much there is of each kind."""

    objects: list[UnassignedBody]
    counts: dict[str, int]


class AssignStripe(RequestBody):
    """What goes into which project; exactly one of the two Stripe ids."""

    project_id: Annotated[AnyId, Field(description="the id of a project of the team, `proj_…`")]
    stripe_customer_id: Annotated[_StripeId | None, Field(description="a Stripe customer's id, `cus_…`")] = None
    stripe_product_id: Annotated[_StripeId | None, Field(description="a Stripe product's id, `prod_…`")] = None


class ImportedBody(Body):
    """How many objects came in with it."""

    subscriptions: int
    invoices: int
    charges: int
    prices: int


class AssignedAnswer(Body):
    """The customer or the product as it is in the project, and what came in with it."""

    customer: CustomerBody | None
    product: ProductBody | None
    imported: ImportedBody


def shape(copy: RawObject) -> UnassignedBody:
    """Return a copy as this surface lists it: a few fields to know it by."""
    found = unpacked(copy.body) or {}
    return UnassignedBody(
        id=copy.stripe_id,
        type=copy.type,
        name=_text(found, "name") or _text(found, "number") or _text(found, "nickname"),
        email=_text(found, "email") or _text(found, "customer_email"),
        status=_text(found, "status"),
        stripe_customer_id=copy.stripe_customer_id,
        created=iso(copy.created),
        fetched_at=iso(copy.fetched_at),
    )


def _text(found: dict[str, Any], name: str) -> str | None:
    value = found.get(name)
    return value if isinstance(value, str) and value else None


@router.get(
    "/unassigned",
    **operation(
        role=Role.ADMIN,
        answers={200: UnassignedAnswer},
        parameters=(
            {
                "name": "type",
                "in": "query",
                "description": "The kind of object.",
                "schema": {"type": "string", "enum": list(KINDS), "default": "customer"},
            },
            *PAGE,
        ),
        is_read=True,
    ),
)
async def list_unassigned(
    request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.ADMIN))]
) -> Response:
    """List what is in the Stripe account and in no project.

    It is what imports have found and the events since then have told of; nothing before the first import.
    """
    services: Services = request.app.state.services
    kind = request.query_params.get("type", "customer")
    if kind not in KINDS:
        raise Invalid(f"type must be one of {', '.join(KINDS)}.")
    page = read_page(request.query_params)
    copies = await services.db.read(raw_objects.list_unassigned, access.team_id, kind, page)
    counts = await services.db.read(raw_objects.count_unassigned, access.team_id)
    return json_response(UnassignedAnswer([shape(copy) for copy in copies], counts))


@router.post("/assign", **operation(role=Role.ADMIN, answers={200: AssignedAnswer}, body=AssignStripe))
async def assign_stripe(request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.ADMIN))]) -> Response:
    """Assign a Stripe customer or product to a project.

    The object is stamped with the project in Stripe. A customer's subscriptions, invoices and charges come in with him, a
    product's prices with it; nobody is credited for what they paid before. 409: another project has it, or another customer
    has the address. Again is as good: what is missing comes in.
    """
    services: Services = request.app.state.services
    body = await read_body(request, AssignStripe)
    if (body.stripe_customer_id is None) is (body.stripe_product_id is None):
        raise Invalid("Send exactly one of stripeCustomerId and stripeProductId.")
    stripe = await services.stripe.gateway(access.team_id)
    details = {"projectId": body.project_id, "stripeId": body.stripe_customer_id or body.stripe_product_id}
    write = RecordedWrites(
        services, access, Record("stripe.assigned", subject=lambda made: made.id, details=lambda _: details)
    )
    if body.stripe_customer_id is not None:
        customer = await assignments.assign_customer(
            services.db,
            stripe,
            services.backfill,
            team_id=access.team_id,
            project_id=body.project_id,
            stripe_customer_id=body.stripe_customer_id,
            write=write,
            clock=services.clock,
        )
        came = ImportedBody(customer.subscriptions, customer.invoices, customer.charges, 0)
        return json_response(AssignedAnswer(customers.shape(customer.customer), None, came))
    product = await assignments.assign_product(
        services.db,
        stripe,
        services.backfill,
        team_id=access.team_id,
        project_id=body.project_id,
        stripe_product_id=body.stripe_product_id or "",
        write=write,
        clock=services.clock,
    )
    return json_response(AssignedAnswer(None, products.shape(product.product), ImportedBody(0, 0, 0, product.prices)))
