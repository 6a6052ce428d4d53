"""What is told of referrals and rewards: when, and what it looks like."""

from __future__ import annotations

from typing import Any, Final

from billfold.domain.webhooks.public_type import PublicType
from billfold.domain.webhooks.schemas import (
    TEXT,
    TEXT_OR_NULL,
    TIMESTAMP,
    TIMESTAMP_OR_NULL,
    WHOLE,
    Schema,
    an_object,
    one_of,
)

_REFERRAL_SCHEMA: Final[Schema] = an_object(
    referral=an_object(
        id=TEXT,
        code=TEXT,
        referrerCustomerId=TEXT,
        refereeCustomerId=TEXT_OR_NULL,
        status=one_of("pending", "converted", "expired", "void"),
        createdAt=TIMESTAMP,
        convertedAt=TIMESTAMP_OR_NULL,
    )
)
_REFERRAL: Final[dict[str, Any]] = {
    "id": "ref_06dxk3a8n5t2c7w4e9mb",
    "code": "K7QM4XPD",
    "referrerCustomerId": "pc_06dxh8r1b6y3k9d5v2sn",
    "refereeCustomerId": "pc_06dxk2m9w41f8h3r7tqv",
    "status": "pending",
    "createdAt": "2026-03-02T09:30:20Z",
    "convertedAt": None,
}
_REWARD_SCHEMA: Final[Schema] = an_object(
    reward=an_object(
        id=TEXT,
        referralId=TEXT,
        customerId=TEXT,
        amount=WHOLE,
        currency=TEXT,
        settlesAs=one_of("stripe_balance", "payout", "wallet"),
        status=one_of("held", "available", "failed", "settled", "void"),
        failureReason=TEXT_OR_NULL,
        createdAt=TIMESTAMP,
        settledAt=TIMESTAMP_OR_NULL,
    )
)
_REWARD: Final[dict[str, Any]] = {
    "id": "rw_06dxk3a8n2h6p9z4j7fd",
    "referralId": _REFERRAL["id"],
    "customerId": _REFERRAL["referrerCustomerId"],
    "amount": 1000,
    "currency": "usd",
    "settlesAs": "stripe_balance",
    "status": "available",
    "failureReason": None,
    "createdAt": "2026-03-02T09:31:05Z",
    "settledAt": None,
}


def _referral(name: str, when: str, **differs: object) -> PublicType:
    return PublicType(name, "Referrals", when, "referral", _REFERRAL_SCHEMA, {"referral": {**_REFERRAL, **differs}})


def _reward(name: str, when: str, **differs: object) -> PublicType:
    return PublicType(name, "Rewards", when, "reward", _REWARD_SCHEMA, {"reward": {**_REWARD, **differs}})


REFERRAL_TYPES: Final = (
    _referral(
        "referral.applied",
        "A customer, or the address of somebody who signs up, came with a code. `refereeCustomerId` is null as long as the "
        "address is nobody's account.",
    ),
    _referral(
        "referral.converted",
        "The referred customer did what the program's terms ask for. Once, unless a sign-up that never became an account was "
        "taken back and converts again.",
        status="converted",
        convertedAt="2026-03-02T09:31:05Z",
    ),
    _referral(
        "referral.voided",
        "Somebody decided that the referral counts for nothing.",
        status="void",
    ),
    _reward(
        "reward.earned",
        "A reward was earned, for a conversion or a payment; `amount` is what it is worth now, in minor units of `currency` or "
        "whole units of a wallet. It may be `held` for its holding period. Told again when something of it that had been "
        "reversed is earned after all.",
    ),
    _reward(
        "reward.settled",
        "The earner has it: on the Stripe balance or in the wallet. What is paid out is told by `payout_paid`.",
        status="settled",
        settledAt="2026-03-02T09:31:07Z",
    ),
    _reward(
        "reward.reversed",
        "It is worth less than it was, because of a refund, a lost dispute, or a decision; `amount` is what is left.",
        amount=400,
    ),
)
