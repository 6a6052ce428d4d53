"""The team's Stripe account: a member's session reaches it, an API key does not."""

from __future__ import annotations

from billfold_sdk.asynchronous.surface import AsyncSurface
from billfold_sdk.types import billing


class AsyncStripe:
    """Connecting, importing and comparing."""

    def __init__(self, team: AsyncSurface) -> None:
        self._team = team

    async def connect(self, keys: billing.ConnectStripe) -> billing.ConnectedAnswer:
        """Connect an account; its key is checked before anything is stored."""
        answer: billing.ConnectedAnswer = await self._team.post("/stripe/connect", keys)
        return answer

    async def disconnect(self) -> billing.Success:
        """Forget the account's keys."""
        answer: billing.Success = await self._team.delete("/stripe/connect")
        return answer

    async def simulate(self) -> billing.SimulatedAnswer:
        """Use the simulator in the box instead of an account."""
        answer: billing.SimulatedAnswer = await self._team.post("/stripe/simulate")
        return answer

    async def get_status(self) -> billing.StatusAnswer:
        """Return whether the account answers and how far the import is."""
        answer: billing.StatusAnswer = await self._team.get("/stripe/status")
        return answer

    async def get_webhook_url(self) -> billing.WebhookUrlAnswer:
        """Return the address to enter in Stripe."""
        answer: billing.WebhookUrlAnswer = await self._team.get("/stripe/webhook-url")
        return answer

    async def start_backfill(self, backfill: billing.StartBackfill | None = None) -> billing.BackfillAnswer:
        """Import what the account holds; again is harmless."""
        answer: billing.BackfillAnswer = await self._team.post("/stripe/backfill", backfill)
        return answer

    async def stop_backfill(self) -> billing.BackfillAnswer:
        """Stop an import where it is; started again with the same wishes it goes on there."""
        answer: billing.BackfillAnswer = await self._team.delete("/stripe/backfill")
        return answer

    async def list_unassigned(
        self, *, type: str | None = None, limit: int | None = None, offset: int | None = None
    ) -> billing.UnassignedAnswer:
        """Return a page of what was imported and belongs to no project, with how many there are of each type."""
        query = {"type": type, "limit": limit, "offset": offset}
        answer: billing.UnassignedAnswer = await self._team.get("/stripe/unassigned", query)
        return answer

    async def assign(self, assignment: billing.AssignStripe) -> billing.AssignedAnswer:
        """Give a Stripe customer or product to a project, with what belongs to it."""
        answer: billing.AssignedAnswer = await self._team.post("/stripe/assign", assignment)
        return answer

    async def get_reconciliation(self) -> billing.Report | None:
        """Return the last comparison with Stripe."""
        answer: billing.ReportAnswer = await self._team.get("/stripe/reconciliation")
        return answer["report"]

    async def start_reconciliation(self, what: billing.CompareStripe | None = None) -> billing.Report | None:
        """Compare a sample, or everything, with Stripe."""
        answer: billing.ReportAnswer = await self._team.post("/stripe/reconciliation", what)
        return answer["report"]
