"""The requests about connected accounts and the money that is sent to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from billfold.infrastructure.stripe import translate
from billfold.infrastructure.stripe.requests import PAGE, StripeRequests, in_path
from billfold.infrastructure.stripe.values import StripeConnectedAccount, StripeTransfer, StripeTransferReversal

if TYPE_CHECKING:
    from stripe import params as stripe_params


class ConnectCalls:
    """A part of `StripeClientGateway`; the protocol says what each verb does."""

    _requests: StripeRequests

    async def create_connected_account(
        self, *, email: str, country: str | None, metadata: Mapping[str, str], idempotency_key: str
    ) -> StripeConnectedAccount:
        """Create an Express account: Stripe hosts its onboarding and its dashboard, and it only receives transfers."""
        params: stripe_params.AccountCreateParams = {
            "type": "express",
            "email": email,
            "capabilities": {"transfers": {"requested": True}},
            "metadata": dict(metadata),
        }
        if country is not None:
            params["country"] = country
        return translate.connected_account(await self._requests.post("accounts", params, idempotency_key))

    async def get_connected_account(self, account_id: str) -> StripeConnectedAccount | None:
        """Return a connected account."""
        return await self._requests.find(translate.connected_account, f"accounts/{in_path(account_id)}")

    async def open_onboarding(self, account_id: str, *, refresh_url: str, return_url: str) -> str:
        """Return the address of an onboarding page: an account link."""
        params: stripe_params.AccountLinkCreateParams = {
            "account": account_id,
            "refresh_url": refresh_url,
            "return_url": return_url,
            "type": "account_onboarding",
        }
        return translate.account_link(await self._requests.post("account_links", params))

    async def create_transfer(
        self,
        *,
        amount: int,
        currency: str,
        destination_id: str,
        transfer_group: str,
        description: str,
        metadata: Mapping[str, str],
        idempotency_key: str,
    ) -> StripeTransfer:
        """Send money to a connected account."""
        params: stripe_params.TransferCreateParams = {
            "amount": amount,
            "currency": currency,
            "destination": destination_id,
            "transfer_group": transfer_group,
            "description": description,
            "metadata": dict(metadata),
        }
        return translate.transfer(await self._requests.post("transfers", params, idempotency_key))

    async def list_transfers(self, transfer_group: str) -> Sequence[StripeTransfer]:
        """Return every transfer of a group."""
        params: stripe_params.TransferListParams = {"transfer_group": transfer_group, "limit": PAGE}
        return [translate.transfer(each) for each in await self._requests.every("transfers", params)]

    async def reverse_transfer(
        self, transfer_id: str, *, metadata: Mapping[str, str], idempotency_key: str
    ) -> StripeTransferReversal:
        """Take back what is left of a transfer: without an amount Stripe reverses all of it."""
        params: stripe_params.TransferReversalCreateParams = {"metadata": dict(metadata)}
        path = f"transfers/{in_path(transfer_id)}/reversals"
        return translate.transfer_reversal(await self._requests.post(path, params, idempotency_key))
