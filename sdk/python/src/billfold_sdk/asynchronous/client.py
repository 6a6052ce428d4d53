"""The client of the billing API."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import httpx2

from billfold_sdk.asynchronous.catalog import AsyncPrices, AsyncProducts
from billfold_sdk.asynchronous.customers import AsyncCheckout, AsyncCustomers, AsyncPortal, AsyncSubscriptions
from billfold_sdk.asynchronous.events import AsyncEvents
from billfold_sdk.asynchronous.organisation import (
    AsyncApiKeys,
    AsyncAuditLog,
    AsyncInvitations,
    AsyncMembers,
    AsyncProjects,
    AsyncTeams,
)
from billfold_sdk.asynchronous.referrals import AsyncPrograms, AsyncReferrals
from billfold_sdk.asynchronous.settings import AsyncAnalytics, AsyncBranding, AsyncIdentityProviders
from billfold_sdk.asynchronous.stripe import AsyncStripe
from billfold_sdk.asynchronous.surface import AsyncSurface
from billfold_sdk.asynchronous.tracking import AsyncLinks, AsyncPromotionCodes, AsyncPublishableKeys
from billfold_sdk.asynchronous.transport import AsyncTransport
from billfold_sdk.asynchronous.wallets import AsyncWallets
from billfold_sdk.asynchronous.webhooks import AsyncWebhooks
from billfold_sdk.credentials import billing_credentials
from billfold_sdk.requests import DEFAULT_RETRIES, DEFAULT_TIMEOUT_SECONDS, segment


class AsyncBillfold:
    """One project of one team.

    `api_key` is `bs_…`; instead of it, `session` is a member's session, for what belongs to the team. `timeout` is in
    seconds, for one try. Use it as a context manager, or close it.
    """

    def __init__(
        self,
        *,
        base_url: str,
        team_id: str,
        project_id: str,
        api_key: str | None = None,
        session: str | None = None,
        timeout: float = DEFAULT_TIMEOUT_SECONDS,
        max_retries: int = DEFAULT_RETRIES,
        http_client: httpx2.AsyncClient | None = None,
    ) -> None:
        headers = billing_credentials(base_url, api_key=api_key, session=session)
        self._transport = AsyncTransport(base_url, timeout=timeout, max_retries=max_retries, http_client=http_client)
        root = AsyncSurface(self._transport, "/api/billstack", headers, idempotent=False)
        team = root.below(f"/teams/{segment(team_id)}")
        project = team.below(f"/projects/{segment(project_id)}", idempotent=True)
        self.customers = AsyncCustomers(project)
        self.products = AsyncProducts(project)
        self.prices = AsyncPrices(project)
        self.subscriptions = AsyncSubscriptions(project)
        self.checkout = AsyncCheckout(project)
        self.portal = AsyncPortal(project)
        self.analytics = AsyncAnalytics(project)
        self.referrals = AsyncReferrals(project)
        self.programs = AsyncPrograms(project)
        self.wallets = AsyncWallets(project)
        self.webhooks = AsyncWebhooks(project)
        self.events = AsyncEvents(project)
        self.links = AsyncLinks(project)
        self.publishable_keys = AsyncPublishableKeys(project)
        self.promotion_codes = AsyncPromotionCodes(project)
        self.branding = AsyncBranding(project)
        self.identity_providers = AsyncIdentityProviders(project)
        self.teams = AsyncTeams(root)
        self.projects = AsyncProjects(team)
        self.members = AsyncMembers(team)
        self.invitations = AsyncInvitations(team, root)
        self.api_keys = AsyncApiKeys(team)
        self.audit_log = AsyncAuditLog(team)
        self.stripe = AsyncStripe(team)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
