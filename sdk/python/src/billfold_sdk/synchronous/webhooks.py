# Made by scripts/generate.py from asynchronous/webhooks.py; edits are lost.

"""Addresses of yours that are told what happens; `verify_webhook` checks what comes to them."""

from __future__ import annotations

import builtins

from billfold_sdk.synchronous.surface import Surface
from billfold_sdk.requests import segment
from billfold_sdk.types import billing


class Webhooks:
    """The webhook endpoints of the project."""

    def __init__(self, project: Surface) -> None:
        self._project = project
        # What shows a secret is remembered nowhere, so its request cannot be repeated for the same answer.
        self._once = project.below("", idempotent=False)

    def list(self) -> list[billing.Webhook]:
        """List the endpoints."""
        answer: billing.WebhooksAnswer = self._project.get("/webhooks")
        return answer["webhooks"]

    def create(self, webhook: billing.CreateWebhook) -> billing.WebhookSecretAnswer:
        """Add an endpoint; its `secret` is shown this once."""
        answer: billing.WebhookSecretAnswer = self._once.post("/webhooks", webhook)
        return answer

    def get(self, webhook_id: str) -> billing.Webhook:
        """Return an endpoint."""
        answer: billing.WebhookAnswer = self._project.get(f"/webhooks/{segment(webhook_id)}")
        return answer["webhook"]

    def update(self, webhook_id: str, changes: billing.UpdateWebhook) -> billing.Webhook:
        """Change an endpoint, or switch it off and on."""
        answer: billing.WebhookAnswer = self._project.patch(f"/webhooks/{segment(webhook_id)}", changes)
        return answer["webhook"]

    def delete(self, webhook_id: str) -> billing.Success:
        """Remove an endpoint with what still waits for it."""
        answer: billing.Success = self._project.delete(f"/webhooks/{segment(webhook_id)}")
        return answer

    def rotate_secret(self, webhook_id: str) -> billing.WebhookSecretAnswer:
        """Make a new secret; for a day both sign."""
        answer: billing.WebhookSecretAnswer = self._once.post(f"/webhooks/{segment(webhook_id)}/rotate-secret")
        return answer

    def list_deliveries(
        self, webhook_id: str, *, status: str | None = None, before: str | None = None, limit: int | None = None
    ) -> builtins.list[billing.Delivery]:
        """Return a page of deliveries, newest first; the `id` of the last one is the `before` of the next page."""
        query = {"status": status, "before": before, "limit": limit}
        path = f"/webhooks/{segment(webhook_id)}/deliveries"
        answer: billing.DeliveriesAnswer = self._project.get(path, query)
        return answer["deliveries"]

    def get_delivery(self, webhook_id: str, delivery_id: str) -> billing.DeliveryDetailAnswer:
        """Return a delivery with each of its attempts."""
        path = f"/webhooks/{segment(webhook_id)}/deliveries/{segment(delivery_id)}"
        answer: billing.DeliveryDetailAnswer = self._project.get(path)
        return answer

    def resend_delivery(
        self, webhook_id: str, delivery_id: str, *, idempotency_key: str | None = None
    ) -> billing.Delivery:
        """Send one again."""
        path = f"/webhooks/{segment(webhook_id)}/deliveries/{segment(delivery_id)}/resend"
        answer: billing.DeliveryAnswer = self._project.post(path, idempotency_key=idempotency_key)
        return answer["delivery"]

    def resend(self, webhook_id: str, span: billing.ResendWebhook) -> billing.ResentAnswer:
        """Send again what happened in a span of time."""
        answer: billing.ResentAnswer = self._once.post(f"/webhooks/{segment(webhook_id)}/resend", span)
        return answer

    def test(
        self, webhook_id: str, event: billing.TestWebhook | None = None, *, idempotency_key: str | None = None
    ) -> billing.Delivery:
        """Send an example of an event."""
        path = f"/webhooks/{segment(webhook_id)}/test"
        answer: billing.DeliveryAnswer = self._project.post(path, event, idempotency_key=idempotency_key)
        return answer["delivery"]
