"""What each type of Stripe event makes us do (contract section 5, G21), as one table that the door, the docs and tests read.

The table holds no code, because every effect is the same: the object that the event is about is fetched and stored. It
says which objects we keep for which types, and in a sentence what a reader may expect.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Effect:
    """What follows an event: `documented` means that the published billing contract names the type."""

    summary: str
    documented: bool = False


_SUBSCRIPTION: Final = "Fetch the subscription; store its status, items and period."
_INVOICE: Final = "Fetch the invoice; store its status and amounts."
_PAYMENT: Final = "Fetch the payment with its latest charge; store its status, refunded amount and dispute."

EFFECTS: Final[Mapping[str, Effect]] = {
    "checkout.session.completed": Effect(
        "Fetch the subscription that the checkout made and store it, which converts a pending referral once it is active "
        "or trialing. In payment mode store the payment only.",
        documented=True,
    ),
    "checkout.session.async_payment_succeeded": Effect("As `checkout.session.completed`."),
    "checkout.session.async_payment_failed": Effect("As `checkout.session.completed`."),
    "customer.created": Effect(
        "Keep the event; never make a customer of a project, whose own API does that.", documented=True
    ),
    "customer.updated": Effect("Fetch the customer; store its e-mail address, name and metadata.", documented=True),
    "customer.deleted": Effect("Hide the customer and refuse new checkouts for it.", documented=True),
    "customer.subscription.created": Effect(
        _SUBSCRIPTION + " A pending referral converts once it is active or trialing.", documented=True
    ),
    "customer.subscription.updated": Effect(_SUBSCRIPTION, documented=True),
    "customer.subscription.deleted": Effect("Fetch the subscription; store that it is canceled.", documented=True),
    "customer.subscription.paused": Effect(_SUBSCRIPTION),
    "customer.subscription.resumed": Effect(_SUBSCRIPTION),
    "customer.subscription.trial_will_end": Effect(_SUBSCRIPTION),
    "customer.subscription.pending_update_applied": Effect(_SUBSCRIPTION),
    "customer.subscription.pending_update_expired": Effect(_SUBSCRIPTION),
    "invoice.created": Effect(_INVOICE),
    "invoice.finalized": Effect(_INVOICE),
    "invoice.updated": Effect(_INVOICE),
    "invoice.paid": Effect(_INVOICE + " The first time it is paid, `invoice.paid` is published.", documented=True),
    "invoice.payment_succeeded": Effect("As `invoice.paid`."),
    "invoice.payment_failed": Effect(_INVOICE, documented=True),
    "invoice_payment.paid": Effect(_INVOICE + " The payment is linked to it."),
    "invoice.voided": Effect(_INVOICE),
    "invoice.marked_uncollectible": Effect(_INVOICE),
    "credit_note.created": Effect(_INVOICE + " What was credited other than by a refund counts as taken back."),
    "credit_note.updated": Effect("As `credit_note.created`."),
    "credit_note.voided": Effect("As `credit_note.created`: what was credited counts as paid again."),
    "payment_intent.succeeded": Effect(_PAYMENT, documented=True),
    "payment_intent.payment_failed": Effect(_PAYMENT + " The failure message is kept.", documented=True),
    "payment_intent.canceled": Effect(_PAYMENT),
    "charge.succeeded": Effect(_PAYMENT, documented=True),
    "charge.failed": Effect(_PAYMENT + " The failure message is kept.", documented=True),
    "charge.updated": Effect(_PAYMENT),
    "charge.refunded": Effect(_PAYMENT + " `payment.refunded` is published when the refunded amount changed."),
    "charge.refund.updated": Effect(_PAYMENT),
    "refund.created": Effect("As `charge.refunded`."),
    "refund.updated": Effect("As `charge.refunded`: a refund can still fail."),
    "refund.failed": Effect("As `charge.refunded`: the amount is no longer refunded."),
    "charge.dispute.created": Effect(_PAYMENT + " `payment.refunded` is published when the dispute's state changed."),
    "charge.dispute.updated": Effect("As `charge.dispute.created`."),
    "charge.dispute.closed": Effect("As `charge.dispute.created`: a won dispute gives the payment back."),
    "charge.dispute.funds_withdrawn": Effect("As `charge.dispute.created`."),
    "charge.dispute.funds_reinstated": Effect("As `charge.dispute.created`."),
    "product.created": Effect("Fetch the product; store it if it carries a project's stamp.", documented=True),
    "product.updated": Effect(
        "Fetch the product; store its name, description and whether it is sold.", documented=True
    ),
    "product.deleted": Effect("Archive the product."),
    "price.created": Effect("Fetch the price; store it if its product is a project's.", documented=True),
    "price.updated": Effect("Fetch the price; store its nickname, metadata and whether it is sold.", documented=True),
    "price.deleted": Effect("Archive the price."),
}

# What the sync fetches; an event about anything else is stored and ignored.
SUBJECTS: Final = frozenset(
    {"customer", "product", "price", "subscription", "invoice", "payment_intent", "charge", "checkout.session"}
)
