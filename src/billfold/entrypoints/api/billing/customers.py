"""`…/customers`: the customers of a project (contract section 3.1, G8 to G10)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ConfigDict, Field

from billfold.base.clock import iso
from billfold.domain.billing import customers, linking
from billfold.domain.billing.customers import LONGEST_NAME, Customer
from billfold.domain.tenancy.idempotency_keys import Answer
from billfold.entrypoints.api.billing.access import Allowed, path_id
from billfold.entrypoints.api.billing.answers import (
    Body,
    MetadataObject,
    Success,
    Timestamp,
    json_answer,
    json_response,
)
from billfold.entrypoints.api.billing.bindings import AttributionBody, BoundWrites, PassedOn, attribution_body
from billfold.entrypoints.api.billing.bodies import ChangeBody, given_fields, read_body
from billfold.entrypoints.api.billing.fields import Email, MetadataField, cleared, read_page, text_of
from billfold.entrypoints.api.billing.idempotency import answer_once
from billfold.entrypoints.api.billing.operations import PAGE, operation
from billfold.entrypoints.caller import Access
from billfold.entrypoints.recording import Record, RecordedWrites, changes, write_recorded
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Write

router = APIRouter(tags=["Customers"])
READ = "customers:read"
WRITE = "customers:write"

_Name = Annotated[str, text_of(LONGEST_NAME)]


class CustomerBody(Body):
    """A customer of a project, with the Stripe customer behind it."""

    id: str
    email: str
    name: str | None
    # Null until something of Stripe's is first needed, for a customer who came with a token of the project's login.
    stripe_customer_id: str | None
    metadata: MetadataObject
    project_id: str
    created_at: Timestamp
    updated_at: Timestamp


class CustomerAnswer(Body):
    """The customer."""

    customer: CustomerBody


class CustomersAnswer(Body):
    """A page of customers, newest first."""

    customers: list[CustomerBody]


class CreatedCustomerAnswer(Body, omit_defaults=True):
    """The customer; `attribution` if something was passed on about who brought them."""

    customer: CustomerBody
    attribution: AttributionBody | None = None


class CreateCustomer(PassedOn):
    """A new customer."""

    email: Email
    name: Annotated[_Name | None, Field(description=f"a text of 1 to {LONGEST_NAME} characters, or null")] = None
    metadata: MetadataField = Field(default_factory=dict)


class UpdateCustomer(ChangeBody):
    """What to change; `metadata` replaces what there is, `"name": null` clears the name."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": [name]} for name in ("email", "name", "metadata")]}
    )

    email: Email = ""
    name: Annotated[_Name | None, Field(description=f"a text of 1 to {LONGEST_NAME} characters, or null")] = None
    metadata: MetadataField = Field(default_factory=dict)


def shape(customer: Customer) -> CustomerBody:
    """Return a customer as this surface shows it."""
    return CustomerBody(
        id=customer.id,
        email=customer.email,
        name=customer.name,
        stripe_customer_id=customer.stripe_customer_id or None,
        metadata=customer.metadata,
        project_id=customer.project_id,
        created_at=iso(customer.created_at),
        updated_at=iso(customer.updated_at),
    )


@router.get("/customers", **operation(scope=READ, answers={200: CustomersAnswer}, parameters=PAGE, is_read=True))
async def list_customers(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """List customers.

    Newest first.
    """
    services: Services = request.app.state.services
    page = read_page(request.query_params)
    rows = await services.db.read(customers.list_customers, access.project_id, page)
    return json_response(CustomersAnswer([shape(row) for row in rows]))


@router.post(
    "/customers",
    **operation(scope=WRITE, answers={201: CreatedCustomerAnswer}, body=CreateCustomer, takes_idempotency_key=True),
)
async def create_customer(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Create a customer.

    Creates it in Stripe too, or links to the Stripe customer with the same e-mail address and imports its subscriptions and
    invoices. An address that the project has already is answered with 409; upper and lower case do not matter.

    `referralCode`, `clickToken` and `referralId` tie the customer to who brought them. One that is unknown, too old or switched
    off never stands in the way: the customer is made, and `attribution` says why nothing was bound.
    """
    services: Services = request.app.state.services
    body = await read_body(request, CreateCustomer)
    stripe = await services.stripe.gateway(access.team_id)
    now = services.clock.now()
    bound = BoundWrites(services, access, body.passed(), now)

    async def work(write: Write, stripe_key: str) -> Customer:
        wanted = linking.CustomerRequest(
            team_id=access.team_id,
            project_id=access.project_id,
            email=body.email,
            name=body.name,
            metadata=body.metadata,
        )
        return await linking.create_customer(
            services.db,
            stripe,
            wanted,
            idempotency_key=stripe_key,
            write=bound.around(write),
            at=access.time_at(now),
            now=now,
        )

    def answer(customer: Customer) -> Answer:
        attribution = None if bound.binding is None else attribution_body(bound.binding)
        return json_answer(201, CreatedCustomerAnswer(shape(customer), attribution))

    return await answer_once(
        request, access, work, record=Record("customer.created", subject=lambda customer: customer.id), answer=answer
    )


@router.get("/customers/{customerId}", **operation(scope=READ, answers={200: CustomerAnswer}, is_read=True))
async def get_customer(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """Get a customer."""
    services: Services = request.app.state.services
    customer_id = path_id(request, "customerId", "pc_", "Customer")
    return json_response(CustomerAnswer(shape(await services.db.read(customers.get, access.project_id, customer_id))))


@router.patch("/customers/{customerId}", **operation(scope=WRITE, answers={200: CustomerAnswer}, body=UpdateCustomer))
async def update_customer(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Update a customer.

    In Stripe too. Keys that others put on the Stripe customer stay as they are.
    """
    services: Services = request.app.state.services
    body = await read_body(request, UpdateCustomer)
    given = given_fields(body)
    stripe = await services.stripe.gateway(access.team_id)
    now = services.clock.now()
    changed = await linking.update_customer(
        services.db,
        stripe,
        project_id=access.project_id,
        customer_id=path_id(request, "customerId", "pc_", "Customer"),
        change=linking.CustomerChange(
            email=body.email if "email" in given else None,
            name=cleared(body.name, "name", given),
            metadata=body.metadata if "metadata" in given else None,
        ),
        write=RecordedWrites(services, access, changes("customer.updated", given)),
        at=access.time_at(now),
        now=now,
    )
    return json_response(CustomerAnswer(shape(changed)))


@router.delete("/customers/{customerId}", **operation(scope=WRITE, answers={200: Success}))
async def delete_customer(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Delete a customer.

    Here only: the Stripe customer, its subscriptions and invoices stay.
    """
    services: Services = request.app.state.services
    now = services.clock.now()
    customer_id = path_id(request, "customerId", "pc_", "Customer")
    await write_recorded(
        services,
        access,
        Record("customer.deleted", subject=lambda _: customer_id),
        customers.delete_customer,
        project_id=access.project_id,
        customer_id=customer_id,
        at=access.time_at(now),
        now=now,
    )
    return json_response(Success(success=True))
