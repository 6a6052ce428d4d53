"""Addresses of yours that are told what happens; `verify_webhook` checks what comes to them."""

from __future__ import annotations

import builtins

from billfold_sdk.asynchronous.surface import AsyncSurface
from billfold_sdk.requests import segment
from billfold_sdk.types import billing


class AsyncWebhooks:
    """The webhook endpoints of the project."""

    def __init__(self, project: AsyncSurface) -> None:
        self._project = project
        # What shows a secret is remembered nowhere, so its request cannot be repeated for the same answer.
        self._once = project.below("", idempotent=False)

    async def list(self) -> list[billing.Webhook]:
        """List the endpoints."""
        answer: billing.WebhooksAnswer = await self._project.get("/webhooks")
        return answer["webhooks"]

    async def create(self, webhook: billing.CreateWebhook) -> billing.WebhookSecretAnswer:
        """Add an endpoint; its `secret` is shown this once."""
        answer: billing.WebhookSecretAnswer = await self._once.post("/webhooks", webhook)
        return answer

    async def get(self, webhook_id: str) -> billing.Webhook:
        """Return an endpoint."""
        answer: billing.WebhookAnswer = await self._project.get(f"/webhooks/{segment(webhook_id)}")
        return answer["webhook"]

    async def update(self, webhook_id: str, changes: billing.UpdateWebhook) -> billing.Webhook:
        """Change an endpoint, or switch it off and on."""
        answer: billing.WebhookAnswer = await self._project.patch(f"/webhooks/{segment(webhook_id)}", changes)
        return answer["webhook"]

    async def delete(self, webhook_id: str) -> billing.Success:
        """Remove an endpoint with what still waits for it."""
        answer: billing.Success = await self._project.delete(f"/webhooks/{segment(webhook_id)}")
        return answer

    async def rotate_secret(self, webhook_id: str) -> billing.WebhookSecretAnswer:
        """Make a new secret; for a day both sign."""
        answer: billing.WebhookSecretAnswer = await self._once.post(f"/webhooks/{segment(webhook_id)}/rotate-secret")
        return answer

    async def list_deliveries(
        self, webhook_id: str, *, status: str | None = None, before: str | None = None, limit: int | None = None
    ) -> builtins.list[billing.Delivery]:
        """Return a page of deliveries, newest first; the `id` of the last one is the `before` of the next page."""
        query = {"status": status, "before": before, "limit": limit}
        path = f"/webhooks/{segment(webhook_id)}/deliveries"
        answer: billing.DeliveriesAnswer = await self._project.get(path, query)
        return answer["deliveries"]

    async def get_delivery(self, webhook_id: str, delivery_id: str) -> billing.DeliveryDetailAnswer:
        """Return a delivery with each of its attempts."""
        path = f"/webhooks/{segment(webhook_id)}/deliveries/{segment(delivery_id)}"
        answer: billing.DeliveryDetailAnswer = await self._project.get(path)
        return answer

    async def resend_delivery(
        self, webhook_id: str, delivery_id: str, *, idempotency_key: str | None = None
    ) -> billing.Delivery:
        """Send one again."""
        path = f"/webhooks/{segment(webhook_id)}/deliveries/{segment(delivery_id)}/resend"
        answer: billing.DeliveryAnswer = await self._project.post(path, idempotency_key=idempotency_key)
        return answer["delivery"]

    async def resend(self, webhook_id: str, span: billing.ResendWebhook) -> billing.ResentAnswer:
        """Send again what happened in a span of time."""
        answer: billing.ResentAnswer = await self._once.post(f"/webhooks/{segment(webhook_id)}/resend", span)
        return answer

    async def test(
        self, webhook_id: str, event: billing.TestWebhook | None = None, *, idempotency_key: str | None = None
    ) -> billing.Delivery:
        """Send an example of an event."""
        path = f"/webhooks/{segment(webhook_id)}/test"
        answer: billing.DeliveryAnswer = await self._project.post(path, event, idempotency_key=idempotency_key)
        return answer["delivery"]
