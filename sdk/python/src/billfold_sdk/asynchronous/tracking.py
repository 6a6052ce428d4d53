"""Where links lead, keys for pages, and Stripe's promotion codes that stand for somebody."""

from __future__ import annotations

from billfold_sdk.asynchronous.surface import AsyncSurface
from billfold_sdk.requests import segment
from billfold_sdk.types import billing


class AsyncLinks:
    """Where links lead and which hosts are the project's own."""

    def __init__(self, project: AsyncSurface) -> None:
        self._project = project

    async def get(self) -> billing.Links:
        """Return the settings."""
        answer: billing.LinksAnswer = await self._project.get("/links")
        return answer["links"]

    async def update(self, links: billing.SetLinks) -> billing.Links:
        """Set them."""
        answer: billing.LinksAnswer = await self._project.put("/links", links)
        return answer["links"]


class AsyncPublishableKeys:
    """Keys for pages: they track visits from their origins and open nothing else."""

    def __init__(self, project: AsyncSurface) -> None:
        self._project = project

    async def list(self) -> list[billing.PublishableKey]:
        """List them."""
        answer: billing.PublishableKeysAnswer = await self._project.get("/publishable-keys")
        return answer["publishableKeys"]

    async def create(
        self, key: billing.CreatePublishableKey, *, idempotency_key: str | None = None
    ) -> billing.PublishableKey:
        """Make a key for some origins."""
        answer: billing.PublishableKeyAnswer = await self._project.post(
            "/publishable-keys", key, idempotency_key=idempotency_key
        )
        return answer["publishableKey"]

    async def revoke(self, publishable_key_id: str) -> billing.Success:
        """End a key at once."""
        answer: billing.Success = await self._project.delete(f"/publishable-keys/{segment(publishable_key_id)}")
        return answer


class AsyncPromotionCodes:
    """Stripe's promotion codes that stand for somebody's referral code."""

    def __init__(self, project: AsyncSurface) -> None:
        self._project = project

    async def list(self) -> list[billing.PromotionCode]:
        """List them."""
        answer: billing.PromotionCodesAnswer = await self._project.get("/promotion-codes")
        return answer["promotionCodes"]

    async def create(
        self, code: billing.TiePromotionCode, *, idempotency_key: str | None = None
    ) -> billing.PromotionCode:
        """Tie a promotion code of the Stripe account to a referral code."""
        answer: billing.PromotionCodeAnswer = await self._project.post(
            "/promotion-codes", code, idempotency_key=idempotency_key
        )
        return answer["promotionCode"]

    async def delete(self, promotion_code_id: str) -> billing.Success:
        """Untie one; it goes on giving its discount."""
        answer: billing.Success = await self._project.delete(f"/promotion-codes/{segment(promotion_code_id)}")
        return answer
