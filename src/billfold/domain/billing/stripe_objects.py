"""The objects of Stripe that we mirror: how each kind is fetched, routed to a project and stored.

Every kind goes the same way: what Stripe answers is stored under the rule that the newer answer wins, whatever the event
said that made us ask (DESIGN section 5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

from billfold.domain.billing import (
    customers,
    invoices,
    payment_methods,
    payments,
    prices,
    products,
    raw_objects,
    subscriptions,
)
from billfold.domain.billing.metadata import PROJECT_STAMP, stripe_text
from billfold.domain.billing.news import is_news
from billfold.domain.billing.routing import (
    CustomerNeeded,
    Fetched,
    ProductNeeded,
    Route,
    Unrouted,
    required_customer,
    route,
    stamped_project,
)
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.stripe.port import StripeGateway
from billfold.infrastructure.stripe.values import (
    StripeCheckoutSession,
    StripeCustomer,
    StripeInvoice,
    StripePayment,
    StripePrice,
    StripeProduct,
    StripeSetupIntent,
    StripeSubscription,
)

StripeObject: TypeAlias = (
    StripeCustomer
    | StripeProduct
    | StripePrice
    | StripeSubscription
    | StripeInvoice
    | StripePayment
    | StripeCheckoutSession
    | StripeSetupIntent
)

_Row: TypeAlias = (
    customers.Customer
    | products.Product
    | prices.Price
    | subscriptions.Subscription
    | invoices.Invoice
    | payments.Payment
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What Stripe told about one object of a team's account.

    `fetched_at` is the wall clock from before Stripe was asked, `at` the team's time. `stamps` is metadata of the checkout
    session that made the object. `is_of_erased` says that its customer was erased, and that `value` tells no more of him.
    `is_import` says that nothing happened that made us ask: what is older than the customer here is then stored and not
    announced. `customer_stamp` and `products` are what had to be fetched besides to place it; None is a product that Stripe does
    not have.
    """

    team_id: str
    value: StripeObject
    fetched_at: datetime
    at: datetime
    stamps: Mapping[str, str] = field(default_factory=dict)
    is_import: bool = False
    is_of_erased: bool = False
    customer_stamp: Fetched | None = None
    products: Mapping[str, StripeProduct | None] = field(default_factory=dict)


async def fetch(
    gateway: StripeGateway, subject_type: str, subject_id: str
) -> tuple[StripeObject, Mapping[str, str]] | None:
    """Return an object as it is now, with the metadata of the checkout that made it if that is what was asked for.

    None if the account has no such object (any more).
    """
    value: StripeObject | None
    match subject_type:
        case "subscription":
            value = await gateway.get_subscription(subject_id)
        case "invoice":
            value = await gateway.get_invoice(subject_id)
        case "payment_intent":
            value = await gateway.get_payment_intent(subject_id)
        case "charge":
            value = await gateway.get_charge(subject_id)
        case "customer":
            value = await gateway.get_customer(subject_id)
        case "product":
            value = await gateway.get_product(subject_id)
        case "price":
            value = await gateway.get_price(subject_id)
        case "checkout.session":
            return await _fetch_checkout(gateway, subject_id)
        case _:
            raise LookupError(f"nothing fetches a {subject_type}")
    return None if value is None else (value, {})


async def store_answer(tx: Writing, answer: Answer, *, now: datetime) -> str:
    """Store what Stripe answered in the project it belongs to, and return that project; raises `Unrouted`."""
    match answer.value:
        case StripeSubscription() as value:
            project_id = await _store_subscription(tx, answer, value, now)
        case StripeInvoice() as value:
            project_id = await _store_invoice(tx, answer, value, now)
        case StripePayment() as value:
            project_id = await _store_payment(tx, answer, value, now)
        case StripeCustomer() as value:
            project_id = await _store_customer(tx, answer, value, now)
        case StripeProduct() as value:
            project_id = await _store_product(tx, answer, value, now)
        case StripePrice() as value:
            project_id = await _store_price(tx, answer, value, now)
        case StripeSetupIntent() as value:
            way = await _routed(tx, answer, value.customer_id, value.metadata)
            project_id = way.project_id
            await payment_methods.note_saved(tx, value, way, team_id=answer.team_id, now=now)
        case StripeCheckoutSession() as value:
            # One that made nothing (it is not finished, or there was nothing to pay) leaves nothing to store.
            project_id = (await _routed(tx, answer, value.customer_id, value.metadata)).project_id
    return project_id


async def known_project(tx: Reading, team_id: str, subject_type: str, stripe_id: str) -> str | None:
    """Return the project that has a row of ours for an object, or None."""
    row: _Row | None = None
    match subject_type:
        case "subscription":
            row = await subscriptions.find_by_stripe_id(tx, team_id, stripe_id)
        case "invoice":
            row = await invoices.find_by_stripe_id(tx, team_id, stripe_id)
        case "payment_intent" | "charge":
            row = await payments.find_by_stripe_id(tx, team_id, stripe_id)
        case "product":
            row = await products.find_by_stripe_id(tx, team_id, stripe_id)
        case "price":
            row = await prices.find_by_stripe_id(tx, team_id, stripe_id)
        case "customer":
            row = next(iter(await customers.find_by_stripe_id(tx, team_id, stripe_id)), None)
        case _:
            return None
    return None if row is None else row.project_id


async def archive_missing(
    tx: Writing, team_id: str, subject_type: str, stripe_id: str, *, fetched_at: datetime, at: datetime, now: datetime
) -> str | None:
    """Archive a product or price that Stripe does not have any more; return its project, None if it is not ours."""
    if subject_type == "product":
        product = await products.find_by_stripe_id(tx, team_id, stripe_id)
        if product is None:
            return None
        gone = StripeProduct(
            id=stripe_id,
            name=product.name,
            description=product.description,
            active=False,
            metadata={},
            created=product.created_at,
            deleted=True,
        )
        await products.store(
            tx, team_id=team_id, project_id=product.project_id, value=gone, fetched_at=fetched_at, at=at, now=now
        )
        return product.project_id
    price = await prices.find_by_stripe_id(tx, team_id, stripe_id) if subject_type == "price" else None
    if price is None:
        return None
    product = await products.get(tx, price.project_id, price.product_id)
    last = StripePrice(
        id=stripe_id,
        product_id=product.stripe_product_id,
        unit_amount=price.unit_amount,
        currency=price.currency,
        type=price.type,
        interval=price.interval,
        interval_count=price.interval_count,
        nickname=price.nickname,
        active=False,
        metadata={key: stripe_text(value) for key, value in price.metadata.items()},
        created=price.created_at,
    )
    await prices.store(tx, product=product, value=last, fetched_at=fetched_at, at=at, now=now)
    return price.project_id


async def _fetch_checkout(gateway: StripeGateway, session_id: str) -> tuple[StripeObject, Mapping[str, str]] | None:
    session = await gateway.get_checkout_session(session_id)
    if session is None:
        return None
    made: StripeObject | None = None
    if session.subscription_id is not None:
        made = await gateway.get_subscription(session.subscription_id)
    elif session.payment_intent_id is not None:
        made = await gateway.get_payment_intent(session.payment_intent_id)
    elif session.setup_intent_id is not None and session.status == "complete":
        made = await gateway.get_setup_intent(session.setup_intent_id)
    return (session, {}) if made is None else (made, session.metadata)


async def _routed(tx: Writing, answer: Answer, stripe_customer_id: str | None, *stamps: Mapping[str, str]) -> Route:
    return await route(
        tx,
        team_id=answer.team_id,
        stripe_customer_id=stripe_customer_id,
        stamps=(*stamps, answer.stamps),
        customer_stamp=answer.customer_stamp,
    )


async def _store_subscription(tx: Writing, answer: Answer, value: StripeSubscription, now: datetime) -> str:
    known = await subscriptions.find_by_stripe_id(tx, answer.team_id, value.id)
    if known is not None:
        project_id, customer_id = known.project_id, known.customer_id
    else:
        way = await _routed(tx, answer, value.customer_id, value.metadata)
        project_id, customer_id = way.project_id, required_customer(way)
        for item in value.items:
            if await prices.find_by_stripe_id(tx, answer.team_id, item.price.id) is None:
                await _product_of(tx, answer, item.price, now)
    await subscriptions.store(
        tx,
        team_id=answer.team_id,
        project_id=project_id,
        customer_id=customer_id,
        value=value,
        fetched_at=answer.fetched_at,
        at=answer.at,
        now=now,
        announce=known is not None or await _is_news(tx, answer, project_id, customer_id, value.created),
    )
    return project_id


async def _store_invoice(tx: Writing, answer: Answer, value: StripeInvoice, now: datetime) -> str:
    known: invoices.Invoice | subscriptions.Subscription | None
    known = await invoices.find_by_stripe_id(tx, answer.team_id, value.id)
    if known is None and value.subscription_id is not None:
        known = await subscriptions.find_by_stripe_id(tx, answer.team_id, value.subscription_id)
    if known is not None:
        project_id, customer_id = known.project_id, known.customer_id
    else:
        way = await _routed(tx, answer, value.customer_id, value.metadata, value.subscription_metadata)
        project_id, customer_id = way.project_id, required_customer(way)
    await invoices.store(
        tx,
        team_id=answer.team_id,
        project_id=project_id,
        customer_id=customer_id,
        value=value,
        fetched_at=answer.fetched_at,
        at=answer.at,
        now=now,
        announce=await _is_news(tx, answer, project_id, customer_id, value.paid_at or value.created),
    )
    return project_id


async def _store_payment(tx: Writing, answer: Answer, value: StripePayment, now: datetime) -> str:
    stripe_payment_id = payments.stripe_payment_id_of(value)
    known: payments.Payment | invoices.Invoice | None
    known = await payments.find_by_stripe_id(tx, answer.team_id, stripe_payment_id)
    if known is None:
        known = await invoices.find_by_payment(tx, answer.team_id, stripe_payment_id)
    customer_id: str | None
    if known is None:
        try:
            way = await _routed(tx, answer, value.customer_id, value.metadata)
            project_id, customer_id = way.project_id, way.customer_id
        except CustomerNeeded as needed:
            # The customer's stamp may not be that of the subscription which is paid; its invoice tells.
            known = await invoices.expect_invoice(tx, answer.team_id, stripe_payment_id)
            if known is None:
                raise Unrouted(
                    "Several projects have this Stripe customer, and no invoice is paid by this yet."
                ) from needed
    if known is not None:
        project_id, customer_id = known.project_id, known.customer_id
    await payments.store(
        tx,
        team_id=answer.team_id,
        project_id=project_id,
        customer_id=customer_id,
        value=value,
        fetched_at=answer.fetched_at,
        at=answer.at,
        now=now,
        announce=(not answer.is_import)
        if customer_id is None
        else await _is_news(tx, answer, project_id, customer_id, value.created),
    )
    return project_id


async def _is_news(tx: Writing, answer: Answer, project_id: str, customer_id: str, happened_at: datetime) -> bool:
    if not answer.is_import:
        return True
    return is_news(await customers.lock_even_deleted(tx, project_id, customer_id), happened_at)


async def _store_customer(tx: Writing, answer: Answer, value: StripeCustomer, now: datetime) -> str:
    holders = await customers.find_by_stripe_id(tx, answer.team_id, value.id)
    if value.deleted:
        await raw_objects.forget(tx, answer.team_id, value.id)
    if not holders:
        # Also for `customer.created`: customers of a project are made by its own API only (contract G21).
        raise Unrouted("No project of this team has this Stripe customer.")
    for holder in holders:
        if value.deleted:
            await customers.mark_deleted(tx, project_id=holder.project_id, customer_id=holder.id, at=answer.at, now=now)
        else:
            await customers.refresh(tx, holder, value, fetched_at=answer.fetched_at, at=answer.at, now=now)
    return holders[0].project_id


async def _store_product(tx: Writing, answer: Answer, value: StripeProduct, now: datetime) -> str:
    known = await products.find_by_stripe_id(tx, answer.team_id, value.id)
    project_id = known.project_id if known else await stamped_project(tx, answer.team_id, value.metadata)
    if project_id is None:
        raise Unrouted("The product carries no project_id: it is imported on request only.")
    await products.store(
        tx,
        team_id=answer.team_id,
        project_id=project_id,
        value=value,
        fetched_at=answer.fetched_at,
        at=answer.at,
        now=now,
    )
    return project_id


async def _store_price(tx: Writing, answer: Answer, value: StripePrice, now: datetime) -> str:
    known = await prices.find_by_stripe_id(tx, answer.team_id, value.id)
    if known is not None:
        product = await products.get(tx, known.project_id, known.product_id)
    else:
        found = await _product_of(tx, answer, value, now)
        if found is None:
            raise Unrouted("No project of this team has the price's product.")
        if await stamped_project(tx, answer.team_id, value.metadata) not in {None, found.project_id}:
            raise Unrouted("The price's project_id metadata names another project than its product's.")
        product = found
    price = await prices.store(tx, product=product, value=value, fetched_at=answer.fetched_at, at=answer.at, now=now)
    if known is None:
        await subscriptions.link_price(tx, price)
    return product.project_id


async def _product_of(tx: Writing, answer: Answer, value: StripePrice, now: datetime) -> products.Product | None:
    """Return the product of a new price, None if no project has it.

    Its own event may come later, so an unknown one is asked for at Stripe and stored if it is stamped.
    """
    product = await products.find_by_stripe_id(tx, answer.team_id, value.product_id)
    if product is not None:
        return product
    if value.product_id not in answer.products:
        raise ProductNeeded(value.product_id)
    fetched = answer.products[value.product_id]
    if fetched is None:
        return None
    try:
        await _store_product(tx, answer, fetched, now)
    except Unrouted:
        return None
    return await products.find_by_stripe_id(tx, answer.team_id, value.product_id)


def with_customer_stamp(answer: Answer, customer: StripeCustomer | None) -> Answer:
    """Return the answer with what the Stripe customer's own metadata says, for routing it once more."""
    stamp = None if customer is None else customer.metadata.get(PROJECT_STAMP)
    return replace(answer, customer_stamp=Fetched(stamp))
