"""Every documented type has an effect, and the guide says the same as the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from billfold.domain.billing.stripe_event_types import EFFECTS, SUBJECTS
from billfold.infrastructure.stripe.translate import decode_event
from tests.webhooks.fake_stripe import about, event_body

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "stripe-events.md"

# Contract section 5, in its order.
DOCUMENTED = (
    "checkout.session.completed", "customer.created", "customer.updated", "customer.deleted",
    "customer.subscription.created", "customer.subscription.updated", "customer.subscription.deleted", "invoice.paid",
    "invoice.payment_failed", "payment_intent.succeeded", "payment_intent.payment_failed", "product.created",
    "product.updated", "price.created", "price.updated", "charge.succeeded", "charge.failed",
)  # fmt: skip
# Contract G21.
EXTRA = (
    "invoice.created", "invoice.finalized", "invoice.updated", "invoice.voided", "invoice.marked_uncollectible",
    "customer.subscription.paused", "customer.subscription.resumed",
)  # fmt: skip


def rows() -> list[str]:
    return [
        f"| `{event_type}` | {'yes' if effect.documented else ''} | {effect.summary} |"
        for event_type, effect in EFFECTS.items()
    ]


def test_all_17_documented_types_have_an_effect() -> None:
    assert len(DOCUMENTED) == 17
    assert set(DOCUMENTED) == {event_type for event_type, effect in EFFECTS.items() if effect.documented}


def test_the_extra_types_of_g21_have_an_effect() -> None:
    assert set(EXTRA) <= set(EFFECTS)


def test_the_guide_lists_every_type_with_its_effect() -> None:
    table = [line for line in GUIDE.read_text().splitlines() if line.startswith("| `")]
    assert table == rows(), "paste what rows() gives into docs/guide/stripe-events.md"


@pytest.mark.parametrize("event_type", EFFECTS)
def test_every_type_with_an_effect_has_a_subject_that_can_be_fetched(event_type: str) -> None:
    family = event_type.partition(".")[0]
    kind = {"checkout": "checkout.session"}.get(family, family)
    links = (
        {"payment_intent": "pi_1", "invoice": "in_1"} if family in {"refund", "invoice_payment", "credit_note"} else {}
    )
    event = decode_event(event_body(event_type, about(kind, "x_1", **links)))
    assert event.subject_type in SUBJECTS
    assert event.subject_id
