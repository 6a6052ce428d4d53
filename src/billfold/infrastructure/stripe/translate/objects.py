"""Accounts, customers, the catalog, checkout sessions and subscriptions."""

from __future__ import annotations

from billfold.infrastructure.stripe.translate.fields import (
    BadObject,
    Json,
    flag,
    moment_or_1970,
    optional_moment,
    optional_object,
    optional_objects,
    optional_reference,
    optional_text,
    optional_whole,
    required_moment,
    required_reference,
    required_text,
    required_whole,
    text_map,
    whole_or_zero,
)
from billfold.infrastructure.stripe.values import (
    StripeAccount,
    StripeBalanceTransaction,
    StripeCheckoutSession,
    StripeCustomer,
    StripePrice,
    StripeProduct,
    StripePromotionCode,
    StripeSubscription,
    StripeSubscriptionItem,
)


def account(data: Json, *, livemode: bool) -> StripeAccount:
    """Translate an account; the object does not say its mode, the key that fetched it does."""
    dashboard = optional_object(optional_object(data, "settings"), "dashboard")
    name = optional_text(dashboard, "display_name") or optional_text(optional_object(data, "business_profile"), "name")
    return StripeAccount(id=required_text(data, "id"), name=name or None, livemode=livemode)


def customer(data: Json) -> StripeCustomer:
    """Translate a customer, or what Stripe keeps of a deleted one."""
    return StripeCustomer(
        id=required_text(data, "id"),
        email=optional_text(data, "email"),
        name=optional_text(data, "name"),
        metadata=text_map(data),
        balance=whole_or_zero(data, "balance"),
        currency=optional_text(data, "currency"),
        created=moment_or_1970(data, "created"),
        deleted=flag(data, "deleted"),
    )


def product(data: Json) -> StripeProduct:
    """Translate a product, or what Stripe keeps of a deleted one."""
    deleted = flag(data, "deleted")
    return StripeProduct(
        id=required_text(data, "id"),
        name=(optional_text(data, "name") or "") if deleted else required_text(data, "name"),
        description=optional_text(data, "description"),
        active=flag(data, "active"),
        metadata=text_map(data),
        created=moment_or_1970(data, "created"),
        deleted=deleted,
    )


def price(data: Json) -> StripePrice:
    """Translate a price."""
    recurring = optional_object(data, "recurring")
    return StripePrice(
        id=required_text(data, "id"),
        product_id=required_reference(data, "product"),
        unit_amount=optional_whole(data, "unit_amount"),
        currency=required_text(data, "currency").lower(),
        type=optional_text(data, "type") or ("recurring" if recurring else "one_time"),
        interval=required_text(recurring, "interval") if recurring else None,
        interval_count=optional_whole(recurring, "interval_count") or 1,
        nickname=optional_text(data, "nickname"),
        active=flag(data, "active"),
        metadata=text_map(data),
        created=moment_or_1970(data, "created"),
    )


def subscription(data: Json) -> StripeSubscription:
    """Translate a subscription.

    Since version 2025-03-31.basil the period stands on the items, before that on the subscription itself.
    """
    lines = optional_objects(optional_object(data, "items"), "data")
    period = lines[0] if lines and lines[0].get("current_period_end") is not None else data
    return StripeSubscription(
        id=required_text(data, "id"),
        customer_id=required_reference(data, "customer"),
        status=required_text(data, "status"),
        items=tuple(_subscription_item(line) for line in lines),
        cancel_at_period_end=flag(data, "cancel_at_period_end"),
        current_period_start=optional_moment(period, "current_period_start"),
        current_period_end=optional_moment(period, "current_period_end"),
        trial_end=optional_moment(data, "trial_end"),
        canceled_at=optional_moment(data, "canceled_at"),
        ended_at=optional_moment(data, "ended_at"),
        metadata=text_map(data),
        created=required_moment(data, "created"),
    )


def _subscription_item(data: Json) -> StripeSubscriptionItem:
    found = optional_object(data, "price")
    if not found:
        raise BadObject("a subscription item has no price")
    quantity = optional_whole(data, "quantity")
    # A metered item has no quantity; it counts once.
    return StripeSubscriptionItem(
        id=required_text(data, "id"), price=price(found), quantity=1 if quantity is None else quantity
    )


def checkout_session(data: Json) -> StripeCheckoutSession:
    """Translate a checkout session."""
    return StripeCheckoutSession(
        id=required_text(data, "id"),
        url=optional_text(data, "url"),
        mode=required_text(data, "mode"),
        status=optional_text(data, "status"),
        payment_status=optional_text(data, "payment_status") or "unpaid",
        customer_id=optional_reference(data, "customer"),
        subscription_id=optional_reference(data, "subscription"),
        payment_intent_id=optional_reference(data, "payment_intent"),
        setup_intent_id=optional_reference(data, "setup_intent"),
        metadata=text_map(data),
        created=required_moment(data, "created"),
        expires_at=required_moment(data, "expires_at"),
        client_reference_id=optional_text(data, "client_reference_id"),
        promotion_code_ids=used_promotion_codes(data),
    )


def used_promotion_codes(data: Json) -> tuple[str, ...]:
    """Return the ids of the promotion codes behind the discounts of a checkout session, or of an invoice's expanded ones."""
    discounts = data.get("discounts")
    expanded = [each for each in discounts if isinstance(each, dict)] if isinstance(discounts, list) else []
    codes = (optional_reference(each, "promotion_code") for each in expanded)
    return tuple(dict.fromkeys(code for code in codes if code is not None))


def promotion_code(data: Json) -> StripePromotionCode:
    """Translate a promotion code."""
    return StripePromotionCode(
        id=required_text(data, "id"), code=required_text(data, "code"), active=flag(data, "active")
    )


def balance_transaction(data: Json) -> StripeBalanceTransaction:
    """Translate a change of a customer's balance."""
    return StripeBalanceTransaction(
        id=required_text(data, "id"),
        customer_id=required_reference(data, "customer"),
        amount=required_whole(data, "amount"),
        currency=required_text(data, "currency").lower(),
        ending_balance=whole_or_zero(data, "ending_balance"),
        metadata=text_map(data),
        created=required_moment(data, "created"),
    )
