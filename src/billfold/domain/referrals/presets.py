"""The three products as terms (the table of DESIGN section 3). A fourth product is a fourth constructor here.

Nothing else in the domain knows these names: a program is what its terms say.
"""

from __future__ import annotations

from billfold.domain.referrals.terms import Fixed, Rule, Share, Terms


def customer_referrals(*, referrer_cents: int, referee_cents: int, currency: str) -> Terms:
    """Return the terms by which a customer brings a customer: both are credited once the second one subscribes.

    The credits go to their Stripe balances; amounts are in minor units of `currency`.
    """
    return Terms(
        converts_on="subscription",
        rules=(
            Rule("referrer", "conversion", Fixed(referrer_cents, currency), "stripe_balance"),
            Rule("referee", "conversion", Fixed(referee_cents, currency), "stripe_balance"),
        ),
    )


def partner_program(
    *, basis_points: int = 2000, hold_days: int = 30, min_payout_cents: int = 5000, attribution_days: int = 30
) -> Terms:
    """Return the terms by which a partner earns a share of each payment of those they bring.

    It is held for as long as refunds are usual, then paid out. A click counts for `attribution_days` (affiliate contract,
    section 5).
    """
    return Terms(
        converts_on="payment",
        enrolment="application",
        rules=(Rule("referrer", "payment", Share(basis_points), "payout", hold_days=hold_days),),
        attribution_days=attribution_days,
        min_payout=min_payout_cents,
    )


def sign_up_bonus(*, value: int = 5, unit: str = "ai_credits") -> Terms:
    """Return the terms by which a user who brings a user earns units of the product itself at once."""
    return Terms(converts_on="signup", rules=(Rule("referrer", "conversion", Fixed(value, unit), "wallet"),))
