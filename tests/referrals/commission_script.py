"""What happens to one partner program in a random history, step by step, made from a seed: for `commission_history.py`."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from billfold.domain.referrals import presets
from billfold.domain.referrals.terms import Fixed, ProductRate, Rule, Share, Terms, Tier

FRIENDS: Final = 3
# Stand for the products of a telling: each has rows of its own.
SPECIAL: Final = "special"
OTHER: Final = "other"
CURRENCIES: Final = ("usd", "usd", "eur", "jpy", "kwd")
STEP: Final = timedelta(hours=6)
TERMS: Final = (
    presets.partner_program(basis_points=2000, hold_days=0, min_payout_cents=0),
    presets.partner_program(basis_points=1250, hold_days=30, min_payout_cents=0),
    Terms(
        converts_on="payment",
        enrolment="application",
        rules=(
            Rule(
                "referrer",
                "payment",
                Share(1000),
                "payout",
                hold_days=7,
                tiers=(Tier(5_000, "usd", Share(2000)), Tier(9_000, "eur", Share(3333))),
            ),
        ),
    ),
    Terms(
        converts_on="payment",
        enrolment="application",
        rules=(
            Rule("referrer", "payment", Fixed(333, "usd"), "payout", hold_days=30, payments_max=4),
            Rule("referrer", "payment", Share(777), "payout", hold_days=14, months_max=1),
        ),
    ),
    Terms(
        converts_on="payment",
        enrolment="application",
        rules=(
            Rule("referrer", "payment", Fixed(120, "jpy"), "payout", months_max=2),
            Rule(
                "referrer",
                "payment",
                Share(1500),
                "payout",
                hold_days=30,
                product_rates=(ProductRate(SPECIAL, Fixed(251, "usd")), ProductRate(OTHER, Share(3333))),
                tiers=(Tier(4_000, "kwd", Fixed(77, "kwd")), Tier(3_000, "usd", Share(2100))),
            ),
        ),
    ),
)


@dataclass(frozen=True)
class Billed:
    """An invoice as Stripe has it now."""

    number: int
    friend: int
    currency: str
    paid: int
    untaxed: int
    paid_at: datetime
    refunded: int = 0
    disputed: int = 0
    credited: int = 0
    # What its lines come to for the special product, another one, and none of ours.
    lines: tuple[int, int, int] = (0, 0, 0)
    status: str = "paid"


@dataclass
class Script:
    """What happens, step by step, made from a seed."""

    seed: int
    steps: list[tuple[Any, ...]] = field(default_factory=list)

    def write(self, length: int) -> Script:
        chance = random.Random(self.seed)
        kinds = {
            "pay": 8, "refund": 4, "refund_fails": 2, "dispute": 2, "won": 2, "credit": 2, "credit_void": 1,
            "pause": 1, "resume": 2, "edit": 2, "rate": 1, "void": 1, "restore": 2, "payout": 2, "time": 3,
            "bill_void": 1, "write_off": 1, "part_back": 1, "bank_back": 1,
        }  # fmt: skip
        paid = 0
        for kind in chance.choices(list(kinds), list(kinds.values()), k=length):
            if kind == "pay":
                cents = chance.randint(1, 9_999)
                tax = chance.choice([0, 0, cents // 5])
                special = chance.choice([0, 0, cents // 3, -(cents // 4)])
                lines = (special, chance.randint(0, cents), cents // 2)
                friend = chance.randrange(FRIENDS)
                self.steps.append((kind, friend, cents, cents - tax, chance.choice(CURRENCIES), lines))
                paid += 1
            else:
                self.steps.append((kind, chance.randrange(max(paid, 1)), chance.random(), chance.randrange(len(TERMS))))
        return self
