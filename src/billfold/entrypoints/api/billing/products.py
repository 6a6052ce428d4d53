"""`…/products`: what a project sells (contract section 3.2, G12)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ConfigDict, Field

from billfold.base.clock import iso
from billfold.domain.billing import products
from billfold.domain.billing.products import LONGEST_DESCRIPTION, LONGEST_NAME, Product, ProductChange
from billfold.entrypoints.api.billing.access import Allowed, path_id
from billfold.entrypoints.api.billing.answers import (
    Body,
    MetadataObject,
    Success,
    Timestamp,
    json_answer,
    json_response,
)
from billfold.entrypoints.api.billing.bodies import ChangeBody, RequestBody, given_fields, read_body
from billfold.entrypoints.api.billing.fields import MetadataField, cleared, read_flag, read_page, text_of
from billfold.entrypoints.api.billing.idempotency import answer_once
from billfold.entrypoints.api.billing.operations import PAGE, operation, query_flag
from billfold.entrypoints.caller import Access
from billfold.entrypoints.recording import Record, RecordedWrites, changes
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Write

router = APIRouter(tags=["Products"])
READ = "products:read"
WRITE = "products:write"

_NAME_TEXT = f"a text of 1 to {LONGEST_NAME} characters"
_DESCRIPTION_TEXT = f"a text of 1 to {LONGEST_DESCRIPTION} characters, or null"
_Name = Annotated[str, text_of(LONGEST_NAME), Field(description=_NAME_TEXT)]
_Description = Annotated[Annotated[str, text_of(LONGEST_DESCRIPTION)] | None, Field(description=_DESCRIPTION_TEXT)]
_CHANGEABLE = ("name", "description", "isActive", "metadata")


class ProductBody(Body):
    """A product of a project; `isActive` false means archived."""

    id: str
    name: str
    description: str | None
    is_active: bool
    stripe_product_id: str
    metadata: MetadataObject
    project_id: str
    created_at: Timestamp
    updated_at: Timestamp


class ProductAnswer(Body):
    """The product."""

    product: ProductBody


class ProductsAnswer(Body):
    """A page of products, newest first."""

    products: list[ProductBody]


class CreateProduct(RequestBody):
    """A new product."""

    name: _Name
    description: _Description = None
    metadata: MetadataField = Field(default_factory=dict)


class UpdateProduct(ChangeBody):
    """What to change; `metadata` replaces what there is, `"description": null` clears it."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": [name]} for name in _CHANGEABLE]})

    name: _Name = ""
    description: _Description = None
    is_active: Annotated[bool, Field(description="true or false")] = True
    metadata: MetadataField = Field(default_factory=dict)


def shape(product: Product) -> ProductBody:
    """Return a product as this surface shows it."""
    return ProductBody(
        id=product.id,
        name=product.name,
        description=product.description,
        is_active=product.is_active,
        stripe_product_id=product.stripe_product_id,
        metadata=product.metadata,
        project_id=product.project_id,
        created_at=iso(product.created_at),
        updated_at=iso(product.updated_at),
    )


@router.get(
    "/products",
    **operation(
        scope=READ,
        answers={200: ProductsAnswer},
        parameters=(query_flag("activeOnly", "Leave archived products out.", default=True), *PAGE),
        is_read=True,
    ),
)
async def list_products(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """List products.

    Newest first; archived ones only with `activeOnly=false`.
    """
    services: Services = request.app.state.services
    active_only = read_flag(request.query_params, "activeOnly", default=True)
    page = read_page(request.query_params)
    rows = await services.db.read(products.list_products, access.project_id, page, active_only=active_only)
    return json_response(ProductsAnswer([shape(row) for row in rows]))


@router.post(
    "/products",
    **operation(scope=WRITE, answers={201: ProductAnswer}, body=CreateProduct, takes_idempotency_key=True),
)
async def create_product(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Create a product.

    In Stripe too, where it is stamped with the project.
    """
    services: Services = request.app.state.services
    body = await read_body(request, CreateProduct)
    stripe = await services.stripe.gateway(access.team_id)
    now = services.clock.now()

    async def work(write: Write, stripe_key: str) -> Product:
        product = await products.create_in_stripe(
            stripe,
            team_id=access.team_id,
            project_id=access.project_id,
            name=body.name,
            description=body.description,
            metadata=body.metadata,
            idempotency_key=stripe_key,
            at=access.time_at(now),
            now=now,
        )
        return await write(products.add_product, product)

    return await answer_once(
        request,
        access,
        work,
        record=Record(
            "product.created", subject=lambda product: product.id, details=lambda product: {"name": product.name}
        ),
        answer=lambda product: json_answer(201, ProductAnswer(shape(product))),
    )


@router.get("/products/{productId}", **operation(scope=READ, answers={200: ProductAnswer}, is_read=True))
async def get_product(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """Get a product.

    An archived one too.
    """
    services: Services = request.app.state.services
    product_id = path_id(request, "productId", "pp_", "Product")
    return json_response(ProductAnswer(shape(await services.db.read(products.get, access.project_id, product_id))))


@router.patch("/products/{productId}", **operation(scope=WRITE, answers={200: ProductAnswer}, body=UpdateProduct))
async def update_product(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Update a product.

    In Stripe too, whose `active` follows `isActive`.
    """
    body = await read_body(request, UpdateProduct)
    given = given_fields(body)
    change = ProductChange(
        name=body.name if "name" in given else None,
        description=cleared(body.description, "description", given),
        is_active=body.is_active if "is_active" in given else None,
        metadata=body.metadata if "metadata" in given else None,
    )
    return json_response(
        ProductAnswer(shape(await _changed(request, access, change, changes("product.updated", given))))
    )


@router.delete("/products/{productId}", **operation(scope=WRITE, answers={200: Success}))
async def archive_product(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Archive a product.

    Stripe deletes no product that has prices, and history must stay: it becomes inactive, here and in Stripe.
    """
    await _changed(request, access, ProductChange(is_active=False), changes("product.archived", ()))
    return json_response(Success(success=True))


async def _changed(request: Request, access: Access, change: ProductChange, record: Record) -> Product:
    services: Services = request.app.state.services
    stripe = await services.stripe.gateway(access.team_id)
    now = services.clock.now()
    return await products.update_product(
        services.db,
        stripe,
        project_id=access.project_id,
        product_id=path_id(request, "productId", "pp_", "Product"),
        change=change,
        write=RecordedWrites(services, access, record),
        at=access.time_at(now),
        now=now,
    )
