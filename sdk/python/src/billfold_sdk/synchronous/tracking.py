# Made by scripts/generate.py from asynchronous/tracking.py; edits are lost.

"""Where links lead, keys for pages, and Stripe's promotion codes that stand for somebody."""

from __future__ import annotations

from billfold_sdk.synchronous.surface import Surface
from billfold_sdk.requests import segment
from billfold_sdk.types import billing


class Links:
    """Where links lead and which hosts are the project's own."""

    def __init__(self, project: Surface) -> None:
        self._project = project

    def get(self) -> billing.Links:
        """Return the settings."""
        answer: billing.LinksAnswer = self._project.get("/links")
        return answer["links"]

    def update(self, links: billing.SetLinks) -> billing.Links:
        """Set them."""
        answer: billing.LinksAnswer = self._project.put("/links", links)
        return answer["links"]


class PublishableKeys:
    """Keys for pages: they track visits from their origins and open nothing else."""

    def __init__(self, project: Surface) -> None:
        self._project = project

    def list(self) -> list[billing.PublishableKey]:
        """List them."""
        answer: billing.PublishableKeysAnswer = self._project.get("/publishable-keys")
        return answer["publishableKeys"]

    def create(
        self, key: billing.CreatePublishableKey, *, idempotency_key: str | None = None
    ) -> billing.PublishableKey:
        """Make a key for some origins."""
        answer: billing.PublishableKeyAnswer = self._project.post(
            "/publishable-keys", key, idempotency_key=idempotency_key
        )
        return answer["publishableKey"]

    def revoke(self, publishable_key_id: str) -> billing.Success:
        """End a key at once."""
        answer: billing.Success = self._project.delete(f"/publishable-keys/{segment(publishable_key_id)}")
        return answer


class PromotionCodes:
    """Stripe's promotion codes that stand for somebody's referral code."""

    def __init__(self, project: Surface) -> None:
        self._project = project

    def list(self) -> list[billing.PromotionCode]:
        """List them."""
        answer: billing.PromotionCodesAnswer = self._project.get("/promotion-codes")
        return answer["promotionCodes"]

    def create(
        self, code: billing.TiePromotionCode, *, idempotency_key: str | None = None
    ) -> billing.PromotionCode:
        """Tie a promotion code of the Stripe account to a referral code."""
        answer: billing.PromotionCodeAnswer = self._project.post(
            "/promotion-codes", code, idempotency_key=idempotency_key
        )
        return answer["promotionCode"]

    def delete(self, promotion_code_id: str) -> billing.Success:
        """Untie one; it goes on giving its discount."""
        answer: billing.Success = self._project.delete(f"/promotion-codes/{segment(promotion_code_id)}")
        return answer
