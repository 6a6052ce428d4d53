"""What is told outside of each event of the house: which public events, and the object as the billing API shows it.

Run by the sequencer, in its unit (`domain/webhooks/sequencing.py`): for many events of one name at once, whatever their projects.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from billfold.base.clock import iso
from billfold.domain.billing.payments import Payment
from billfold.domain.billing.told import Key, told_customers, told_payments, told_subscriptions
from billfold.domain.referrals.referrals import Referral
from billfold.domain.referrals.rewards import Reward
from billfold.domain.referrals.told import told_referrals, told_rewards
from billfold.domain.webhooks.public_types import PUBLIC_TYPES
from billfold.domain.webhooks.sequencing import Announcement, Happened, Renderer
from billfold.entrypoints.api.billing import customers, subscriptions
from billfold.entrypoints.api.billing.answers import Body, Timestamp
from billfold.entrypoints.api.billing.referrals import ReferralBody, shape_referral
from billfold.infrastructure.db.database import Reading


class PaymentBody(Body):
    """A payment in minor units of its currency."""

    id: str
    customer_id: str | None
    stripe_payment_id: str
    status: str
    currency: str
    amount: int
    amount_received: int
    amount_refunded: int
    disputed: bool
    amount_disputed: int
    failure_message: str | None
    project_id: str
    created_at: Timestamp
    updated_at: Timestamp


class ToldReferral(ReferralBody):
    """A referral with when it converted."""

    converted_at: Timestamp | None


class RewardBody(Body):
    """A reward in minor units of its currency, or in whole units of a wallet."""

    id: str
    referral_id: str
    customer_id: str
    amount: int
    currency: str
    settles_as: str
    status: str
    failure_reason: str | None
    created_at: Timestamp
    settled_at: Timestamp | None


Told = Sequence[Announcement]
_Look = Callable[[Reading, Iterable[Key]], Awaitable[Mapping[str, Any]]]


def _of_one(
    field: str, noun: str, look: _Look, shape: Callable[[Any], Body], types: Callable[[Happened], Sequence[str]]
) -> Renderer:
    """Return the renderer of events about one object, whose id is in `field` of the payload; `types` are what each is told as."""

    async def render(tx: Reading, happened: Sequence[Happened]) -> list[Told]:
        found = await look(tx, [(each.project_id, each.payload[field]) for each in happened])
        return [
            [_announcement(name, noun, shape(found[each.payload[field]])) for name in types(each)] for each in happened
        ]

    return render


def _always(*names: str) -> Callable[[Happened], Sequence[str]]:
    return lambda _: names


def _as_it_says(happened: Happened) -> Sequence[str]:
    changes: Sequence[str] = happened.payload["changes"]
    return changes


async def _converted(tx: Reading, happened: Sequence[Happened]) -> list[Told]:
    """Tell of a conversion: that it was made, if it was, that it converted, and what was given for it at once."""
    referrals = await told_referrals(tx, [(each.project_id, each.payload["referral_id"]) for each in happened])
    rewards = await told_rewards(
        tx, [(each.project_id, id_) for each in happened for id_ in each.payload.get("reward_ids", ())]
    )
    told: list[Told] = []
    for each in happened:
        names = ["referral.applied"] if each.payload.get("is_new") else []
        referral = _referral(referrals[each.payload["referral_id"]])
        made = [rewards[id_] for id_ in each.payload.get("reward_ids", ())]
        told.append(
            [
                *(_announcement(name, "referral", referral) for name in [*names, "referral.converted"]),
                *(
                    _announcement(name, "reward", _reward(reward))
                    for reward in made
                    # Its own id as that of the settlement says that it was in the wallet at once.
                    for name in ("reward.earned", *(("reward.settled",) if reward.settlement_id == reward.id else ()))
                ),
            ]
        )
    return told


async def _carried(tx: Reading, happened: Sequence[Happened]) -> list[Told]:
    del tx
    return [[Announcement(each.name, each.payload["object_id"], each.payload["data"])] for each in happened]


async def _tested(tx: Reading, happened: Sequence[Happened]) -> list[Told]:
    """Tell the example of a type, to somebody who tries a receiver."""
    del tx
    asked = [PUBLIC_TYPES[each.payload["type"]] for each in happened]
    return [[Announcement(each.name, each.example_object_id, each.example, is_test=True)] for each in asked]


async def _untold(tx: Reading, happened: Sequence[Happened]) -> list[Told]:
    del tx
    return [[] for _ in happened]


def _payment(payment: Payment) -> PaymentBody:
    return PaymentBody(
        id=payment.id,
        customer_id=payment.customer_id,
        stripe_payment_id=payment.stripe_payment_id,
        status=payment.status,
        currency=payment.currency,
        amount=payment.amount,
        amount_received=payment.amount_received,
        amount_refunded=payment.amount_refunded,
        disputed=payment.disputed,
        amount_disputed=payment.amount_disputed,
        failure_message=payment.failure_message,
        project_id=payment.project_id,
        created_at=iso(payment.created_at),
        updated_at=iso(payment.updated_at),
    )


def _referral(referral: Referral) -> ToldReferral:
    shown = msgspec.structs.asdict(shape_referral(referral))
    return ToldReferral(**shown, converted_at=None if referral.converted_at is None else iso(referral.converted_at))


def _reward(reward: Reward) -> RewardBody:
    return RewardBody(
        id=reward.id,
        referral_id=reward.referral_id,
        customer_id=reward.earner_id,
        amount=reward.amount,
        currency=reward.unit,
        settles_as=reward.settles_as,
        status=reward.status,
        failure_reason=reward.failure,
        created_at=iso(reward.created_at),
        settled_at=None if reward.settled_at is None else iso(reward.settled_at),
    )


def _announcement(name: str, noun: str, body: Any) -> Announcement:
    return Announcement(name, body.id, {noun: msgspec.to_builtins(body)})


def _customer(*names: str) -> Renderer:
    return _of_one("customer_id", "customer", told_customers, customers.shape, _always(*names))


def _subscription(types: Callable[[Happened], Sequence[str]]) -> Renderer:
    return _of_one("subscription_id", "subscription", told_subscriptions, subscriptions.shape, types)


def _told_payment() -> Renderer:
    return _of_one("payment_id", "payment", told_payments, _payment, _as_it_says)


def _told_referral(name: str) -> Renderer:
    return _of_one("referral_id", "referral", told_referrals, _referral, _always(name))


def _told_reward(name: str) -> Renderer:
    return _of_one("reward_id", "reward", told_rewards, _reward, _always(name))


RENDERERS: Final[Mapping[str, Renderer]] = {
    # What carries its own payload is told by its own name, and nothing else has that name.
    **dict.fromkeys(PUBLIC_TYPES, _carried),
    "customer.created": _customer("customer.created"),
    "customer.updated": _customer("customer.updated"),
    "customer.deleted": _customer("customer.deleted"),
    "subscription.started": _subscription(_as_it_says),
    "subscription.changed": _subscription(_as_it_says),
    "subscription.ended": _subscription(_always("subscription.canceled")),
    "payment.settled": _told_payment(),
    "payment.refunded": _told_payment(),
    "referral.applied": _told_referral("referral.applied"),
    "referral.converted": _converted,
    "referral.voided": _told_referral("referral.voided"),
    "reward.earned": _told_reward("reward.earned"),
    "reward.reversed": _told_reward("reward.reversed"),
    "reward.settled": _told_reward("reward.settled"),
    "example.asked": _tested,
    # The house's own: a payment is told when its money arrives, a reward when it is earned and when it is settled.
    "invoice.paid": _untold,
    "reward.available": _untold,
    "invoice.corrected": _untold,
    "payment.card_shared": _untold,
    # That a payout by hand is on its way concerns its payee, who gets a letter; the outside is told when it is paid or fails.
    "payout.sent": _untold,
}


def is_told(name: str) -> bool:
    """Tell whether the outside is told anything of events of this name."""
    return RENDERERS.get(name, _untold) is not _untold
