"""The requests about what a buyer brought along to a checkout: its reference, its metadata, the promotion codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from billfold.infrastructure.stripe import translate
from billfold.infrastructure.stripe.requests import StripeRequests, in_path, listed_in
from billfold.infrastructure.stripe.values import StripeCheckoutSession, StripePromotionCode

if TYPE_CHECKING:
    from stripe import params as stripe_params
    from stripe.params import checkout as checkout_params

# A subscription is made by one checkout; a promotion code's text is unique among the active ones.
_FEW: Final = 10


class CheckoutCalls:
    """A part of `StripeClientGateway`; the protocol says what each verb does."""

    _requests: StripeRequests

    async def get_checkout_of_subscription(
        self, subscription_id: str, *, customer_id: str
    ) -> StripeCheckoutSession | None:
        """Return the completed checkout that made a subscription."""
        params: checkout_params.SessionListParams = {
            "customer": customer_id,
            "subscription": subscription_id,
            "limit": _FEW,
        }
        page = await self._requests.get("checkout/sessions", params)
        found = [translate.checkout_session(each) for each in listed_in(page)]
        return next((each for each in found if each.status == "complete"), None)

    async def get_used_promotion_codes(self, invoice_id: str) -> Sequence[str]:
        """Return the ids of the promotion codes behind an invoice's discounts."""
        params: stripe_params.InvoiceRetrieveParams = {"expand": ["discounts"]}
        return (
            await self._requests.find(translate.used_promotion_codes, f"invoices/{in_path(invoice_id)}", params) or ()
        )

    async def get_promotion_code(self, promotion_code_id: str) -> StripePromotionCode | None:
        """Return a promotion code."""
        return await self._requests.find(translate.promotion_code, f"promotion_codes/{in_path(promotion_code_id)}")

    async def find_promotion_codes(self, text: str) -> Sequence[StripePromotionCode]:
        """Return the promotion codes of this text, the active one first."""
        params: stripe_params.PromotionCodeListParams = {"code": text, "limit": _FEW}
        page = await self._requests.get("promotion_codes", params)
        found = [translate.promotion_code(each) for each in listed_in(page)]
        return sorted(found, key=lambda each: not each.active)
