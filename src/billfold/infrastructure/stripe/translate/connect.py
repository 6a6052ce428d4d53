"""Connected accounts and the money that is sent to them, as Stripe's JSON has them."""

from __future__ import annotations

from billfold.infrastructure.stripe.translate.fields import (
    Json,
    flag,
    moment_or_1970,
    optional_object,
    optional_text,
    required_reference,
    required_text,
    required_whole,
    text_map,
    whole_or_zero,
)
from billfold.infrastructure.stripe.values import StripeConnectedAccount, StripeTransfer, StripeTransferReversal


def connected_account(data: Json) -> StripeConnectedAccount:
    """Translate a connected account."""
    can_be_sent = optional_text(optional_object(data, "capabilities"), "transfers") == "active"
    return StripeConnectedAccount(
        id=required_text(data, "id"),
        country=optional_text(data, "country"),
        default_currency=optional_text(data, "default_currency"),
        can_receive=can_be_sent and flag(data, "payouts_enabled"),
        details_submitted=flag(data, "details_submitted"),
        metadata=text_map(data),
    )


def account_link(data: Json) -> str:
    """Return the address that an account link is made for."""
    return required_text(data, "url")


def transfer(data: Json) -> StripeTransfer:
    """Translate a transfer."""
    return StripeTransfer(
        id=required_text(data, "id"),
        amount=required_whole(data, "amount"),
        amount_reversed=whole_or_zero(data, "amount_reversed"),
        currency=required_text(data, "currency").lower(),
        destination_id=required_reference(data, "destination"),
        transfer_group=optional_text(data, "transfer_group"),
        metadata=text_map(data),
        created=moment_or_1970(data, "created"),
    )


def transfer_reversal(data: Json) -> StripeTransferReversal:
    """Translate a reversal of a transfer."""
    return StripeTransferReversal(
        id=required_text(data, "id"),
        transfer_id=required_reference(data, "transfer"),
        amount=required_whole(data, "amount"),
        currency=required_text(data, "currency").lower(),
    )
