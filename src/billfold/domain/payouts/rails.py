"""Rails: the ways on which money leaves. Each takes an order once, however often it is asked, and says what became of it.

By hand, nothing is called: whoever pays writes a reference down. At Stripe it is a transfer to the payee's connected account.
Stripe replays the answer of an idempotency key for at least 24 hours; after that the same request would pay again. So a transfer
is looked for before each try, in the group that bears the payout's id.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Protocol

from billfold.base.errors import Conflict, Unavailable
from billfold.base.fail_points import reach
from billfold.domain.billing.sync import Gateways
from billfold.domain.payouts.payouts import BY_HAND, STRIPE_TRANSFER
from billfold.infrastructure.stripe.port import StripeGateway, StripeRejected

PAYOUT_STAMP: Final = "billfold_payout_id"
_REVERSAL: Final = "reversal"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be sent: `amount` minor units of `currency`; `payout_id` is the idempotency key."""

    payout_id: str
    amount: int
    currency: str
    destination_id: str | None
    description: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of an order: `reference` finds it on its rail; None is still to be paid by a person."""

    reference: str | None


class Refused(Exception):
    """The rail refuses for good, and nothing was sent; the message may be shown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Rail(Protocol):
    """A way on which money leaves."""

    async def send(self, order: Order) -> Sent:
        """Send an order, or find that it was sent before. Raises `Refused`, or `Unavailable` where nobody knows."""
        ...

    async def take_back(self, order: Order, reference: str) -> str:
        """Take the whole of what was sent back and return the reference of that; raises `Conflict` where it cannot be."""
        ...


class ByHand:
    """A person pays, with a file or without."""

    async def send(self, order: Order) -> Sent:
        """Send nothing: the payout waits for its reference."""
        del order
        return Sent(None)

    async def take_back(self, order: Order, reference: str) -> str:
        """Refuse: what was paid by hand comes back by hand."""
        del order, reference
        raise Conflict("What was paid by hand cannot be taken back from here.")


class StripeTransfers:
    """Transfers from a team's Stripe balance to connected accounts."""

    def __init__(self, gateway: StripeGateway) -> None:
        self._gateway = gateway

    async def send(self, order: Order) -> Sent:
        """Look for the transfer, make it if there is none."""
        made = await self._find(order)
        if made is not None:
            return Sent(made)
        if order.destination_id is None:
            raise Refused("The payee has no Stripe account.")
        reach("before-send")
        try:
            transfer = await self._gateway.create_transfer(
                amount=order.amount,
                currency=order.currency,
                destination_id=order.destination_id,
                transfer_group=order.payout_id,
                description=order.description,
                metadata={PAYOUT_STAMP: order.payout_id},
                idempotency_key=order.payout_id,
            )
        except StripeRejected as refusal:
            # An earlier try may have gone through while we looked: only a payout without a transfer has failed.
            made = await self._find(order)
            if made is None:
                raise Refused(refusal.message) from refusal
            return Sent(made)
        reach("after-send")
        return Sent(transfer.id)

    async def take_back(self, order: Order, reference: str) -> str:
        """Reverse what is left of the transfer; a second time under the same key gives the same reversal.

        Afterwards nothing of it is left with the payee, also where a part of it, or all, had been reversed in Stripe's dashboard.
        """
        try:
            reversal = await self._gateway.reverse_transfer(
                reference,
                metadata={PAYOUT_STAMP: order.payout_id},
                idempotency_key=f"{order.payout_id}:{_REVERSAL}",
            )
        except StripeRejected:
            made = await self._gateway.list_transfers(order.payout_id)
            if any(each.id == reference and each.amount_reversed == each.amount for each in made):
                return reference
            raise
        return reversal.id

    async def _find(self, order: Order) -> str | None:
        for made in await self._gateway.list_transfers(order.payout_id):
            if made.metadata.get(PAYOUT_STAMP) != order.payout_id:
                continue
            if made.amount != order.amount or made.currency != order.currency:
                raise Unavailable("Stripe has a transfer for this payout with another amount: look at it there.")
            return made.id
        return None


# Each rail by its name, asked for a team.
Rails = Callable[[str], Awaitable[Rail]]


def standard_rails(gateways: Gateways) -> dict[str, Rails]:
    """Return the rails of this installation."""

    async def by_hand(team_id: str) -> Rail:
        del team_id
        return ByHand()

    async def stripe(team_id: str) -> Rail:
        return StripeTransfers(await gateways.gateway(team_id))

    return {BY_HAND: by_hand, STRIPE_TRANSFER: stripe}
