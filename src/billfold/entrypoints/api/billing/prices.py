"""`…/products/{productId}/prices` and `…/prices/{priceId}`: what a product costs (contract G11)."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ConfigDict, Field, model_validator

from billfold.base.clock import iso
from billfold.base.errors import Invalid
from billfold.base.money import LARGEST_AMOUNT
from billfold.domain.billing import prices, products
from billfold.domain.billing.prices import LARGEST_INTERVAL_COUNT, LONGEST_NICKNAME, Price, PriceChange
from billfold.entrypoints.api.billing.access import Allowed, path_id
from billfold.entrypoints.api.billing.answers import (
    Body,
    MetadataObject,
    Timestamp,
    json_answer,
    json_response,
)
from billfold.entrypoints.api.billing.bodies import ChangeBody, RequestBody, given_fields, read_body
from billfold.entrypoints.api.billing.fields import (
    Currency,
    MetadataField,
    cleared,
    read_flag,
    read_page,
    text_of,
)
from billfold.entrypoints.api.billing.idempotency import answer_once
from billfold.entrypoints.api.billing.operations import PAGE, operation, query_flag
from billfold.entrypoints.caller import Access
from billfold.entrypoints.recording import Record, RecordedWrites, changes
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Write

router = APIRouter(tags=["Prices"])
READ = "products:read"
WRITE = "products:write"

_FIXED = ("unitAmount", "currency", "type", "interval", "intervalCount")
_CHANGEABLE = ("isActive", "nickname", "metadata")
# One shape for a one-time price and one for each interval, as `CreatePrice._fits_together` checks them.
_KINDS: Final[list[Any]] = [
    {"properties": {"type": {"enum": ["one_time", None]}, "interval": {"type": "null"}, "intervalCount": {"const": 1}}},
    *(
        {
            "required": ["interval"],
            "properties": {
                "type": {"enum": ["recurring", None]},
                "interval": {"const": interval},
                "intervalCount": {"maximum": most},
            },
        }
        for interval, most in LARGEST_INTERVAL_COUNT.items()
    ),
]
_Nickname = Annotated[
    Annotated[str, text_of(LONGEST_NICKNAME)] | None,
    Field(description=f"a text of 1 to {LONGEST_NICKNAME} characters, or null"),
]


class PriceBody(Body):
    """A price of a product; `unitAmount` is in whole minor units, null if Stripe computes it by tiers or usage."""

    id: str
    product_id: str
    unit_amount: int | None
    currency: str
    type: str
    interval: str | None
    interval_count: int
    nickname: str | None
    is_active: bool
    stripe_price_id: str
    metadata: MetadataObject
    project_id: str
    created_at: Timestamp
    updated_at: Timestamp


class PriceAnswer(Body):
    """The price."""

    price: PriceBody


class PricesAnswer(Body):
    """A page of prices, newest first."""

    prices: list[PriceBody]


class CreatePrice(RequestBody):
    """A new price. With an `interval` it recurs, without one it is paid once."""

    model_config = ConfigDict(json_schema_extra={"anyOf": _KINDS})

    unit_amount: Annotated[
        int,
        Field(ge=0, le=LARGEST_AMOUNT, description=f"a whole number of minor units (cents) from 0 to {LARGEST_AMOUNT}"),
    ]
    currency: Currency = "usd"
    type: Annotated[
        Literal["recurring", "one_time"] | None,
        Field(description='"recurring" or "one_time"; it follows from interval'),
    ] = None
    interval: Annotated[
        Literal["day", "week", "month", "year"] | None, Field(description='"day", "week", "month", "year" or null')
    ] = None
    interval_count: Annotated[
        int, Field(ge=1, description="a whole number of intervals, at most three years in all")
    ] = 1
    nickname: _Nickname = None
    metadata: MetadataField = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fits_together(self) -> CreatePrice:
        if self.interval is None:
            if self.type == prices.RECURRING:
                raise Invalid('interval is required for a recurring price: "day", "week", "month" or "year".')
            if self.interval_count != 1:
                raise Invalid("intervalCount needs an interval: a one-time price has none.")
            return self
        if self.type == prices.ONE_TIME:
            raise Invalid("interval must be null for a one-time price.")
        most = LARGEST_INTERVAL_COUNT[self.interval]
        if self.interval_count > most:
            raise Invalid(f"intervalCount must be at most {most} for the interval {self.interval}: three years in all.")
        return self


class UpdatePrice(ChangeBody):
    """What to change; amount, currency and interval never change: create a new price and archive this one."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": [name]} for name in _CHANGEABLE],
            "not": {"anyOf": [{"required": [name]} for name in _FIXED]},
        }
    )

    is_active: Annotated[bool, Field(description="true or false")] = True
    nickname: _Nickname = None
    metadata: MetadataField = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _leaves_fixed_fields_alone(cls, given: Any) -> Any:
        for name in _FIXED:
            if name in given:
                raise Invalid(f"{name} of a price cannot be changed: create a new price and archive this one.")
        return given


def shape(price: Price) -> PriceBody:
    """Return a price as this surface shows it."""
    return PriceBody(
        id=price.id,
        product_id=price.product_id,
        unit_amount=price.unit_amount,
        currency=price.currency,
        type=price.type,
        interval=price.interval,
        interval_count=price.interval_count,
        nickname=price.nickname,
        is_active=price.is_active,
        stripe_price_id=price.stripe_price_id,
        metadata=price.metadata,
        project_id=price.project_id,
        created_at=iso(price.created_at),
        updated_at=iso(price.updated_at),
    )


@router.get(
    "/products/{productId}/prices",
    **operation(
        scope=READ,
        answers={200: PricesAnswer},
        parameters=(query_flag("activeOnly", "Leave archived prices out.", default=True), *PAGE),
        is_read=True,
    ),
)
async def list_prices(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """List a product's prices.

    Newest first; archived ones only with `activeOnly=false`.
    """
    services: Services = request.app.state.services
    active_only = read_flag(request.query_params, "activeOnly", default=True)
    page = read_page(request.query_params)
    product_id = path_id(request, "productId", "pp_", "Product")
    rows = await services.db.read(prices.list_prices, access.project_id, product_id, page, active_only=active_only)
    return json_response(PricesAnswer([shape(row) for row in rows]))


@router.post(
    "/products/{productId}/prices",
    **operation(scope=WRITE, answers={201: PriceAnswer}, body=CreatePrice, takes_idempotency_key=True),
)
async def create_price(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Create a price of a product.

    In Stripe too, where it is stamped with the project.
    """
    services: Services = request.app.state.services
    body = await read_body(request, CreatePrice)
    stripe = await services.stripe.gateway(access.team_id)
    now = services.clock.now()
    product_id = path_id(request, "productId", "pp_", "Product")

    async def work(write: Write, stripe_key: str) -> Price:
        price = await prices.create_in_stripe(
            stripe,
            await services.db.read(products.get, access.project_id, product_id),
            unit_amount=body.unit_amount,
            currency=body.currency,
            interval=body.interval,
            interval_count=body.interval_count,
            nickname=body.nickname,
            metadata=body.metadata,
            idempotency_key=stripe_key,
            at=access.time_at(now),
            now=now,
        )
        return await write(prices.add_price, price)

    return await answer_once(
        request,
        access,
        work,
        record=Record(
            "price.created", subject=lambda price: price.id, details=lambda price: {"product": price.product_id}
        ),
        answer=lambda price: json_answer(201, PriceAnswer(shape(price))),
    )


@router.get("/prices/{priceId}", **operation(scope=READ, answers={200: PriceAnswer}, is_read=True))
async def get_price(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """Get a price.

    An archived one too.
    """
    services: Services = request.app.state.services
    price_id = path_id(request, "priceId", "pri_", "Price")
    return json_response(PriceAnswer(shape(await services.db.read(prices.get, access.project_id, price_id))))


@router.patch("/prices/{priceId}", **operation(scope=WRITE, answers={200: PriceAnswer}, body=UpdatePrice))
async def update_price(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Update a price.

    Only whether it is active, its nickname and its metadata; in Stripe too.
    """
    services: Services = request.app.state.services
    body = await read_body(request, UpdatePrice)
    given = given_fields(body)
    stripe = await services.stripe.gateway(access.team_id)
    now = services.clock.now()
    changed = await prices.update_price(
        services.db,
        stripe,
        project_id=access.project_id,
        price_id=path_id(request, "priceId", "pri_", "Price"),
        change=PriceChange(
            is_active=body.is_active if "is_active" in given else None,
            nickname=cleared(body.nickname, "nickname", given),
            metadata=body.metadata if "metadata" in given else None,
        ),
        write=RecordedWrites(services, access, changes("price.updated", given)),
        at=access.time_at(now),
        now=now,
    )
    return json_response(PriceAnswer(shape(changed)))
