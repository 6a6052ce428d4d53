"""Ways to pay, and the setup intents that saved them."""

from __future__ import annotations

from billfold.infrastructure.stripe.translate.fields import (
    Json,
    expanded,
    moment_or_1970,
    optional_object,
    optional_reference,
    optional_text,
    optional_whole,
    required_text,
    text_map,
)
from billfold.infrastructure.stripe.values import StripePaymentMethod, StripeSetupIntent


def payment_method(data: Json) -> StripePaymentMethod:
    """Translate a way to pay; what is told of it stands under the name of its type."""
    kind = required_text(data, "type")
    details = optional_object(data, kind)
    return StripePaymentMethod(
        id=required_text(data, "id"),
        type=kind,
        brand=(optional_text(details, "display_brand") or optional_text(details, "brand")) if kind == "card" else None,
        last4=optional_text(details, "last4"),
        exp_month=optional_whole(details, "exp_month"),
        exp_year=optional_whole(details, "exp_year"),
        created=moment_or_1970(data, "created"),
    )


def setup_intent(data: Json) -> StripeSetupIntent:
    """Translate a setup intent whose `payment_method` was expanded."""
    method = expanded(data, "payment_method")
    return StripeSetupIntent(
        id=required_text(data, "id"),
        customer_id=optional_reference(data, "customer"),
        status=required_text(data, "status"),
        method=payment_method(method) if method else None,
        metadata=text_map(data),
    )


def own_payment_method(data: Json) -> StripePaymentMethod | None:
    """Translate the expanded `default_payment_method` of a subscription, None if it has none of its own."""
    method = expanded(data, "default_payment_method")
    return payment_method(method) if method else None


def customers_payment_method(data: Json) -> StripePaymentMethod | None:
    """Translate the expanded default of a customer's `invoice_settings`, None if there is none."""
    return own_payment_method(optional_object(data, "invoice_settings"))
