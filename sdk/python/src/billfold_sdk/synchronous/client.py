# Made by scripts/generate.py from asynchronous/client.py; edits are lost.

"""The client of the billing API."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import httpx2

from billfold_sdk.synchronous.catalog import Prices, Products
from billfold_sdk.synchronous.customers import Checkout, Customers, Portal, Subscriptions
from billfold_sdk.synchronous.events import Events
from billfold_sdk.synchronous.organisation import (
    ApiKeys,
    AuditLog,
    Invitations,
    Members,
    Projects,
    Teams,
)
from billfold_sdk.synchronous.referrals import Programs, Referrals
from billfold_sdk.synchronous.settings import Analytics, Branding, IdentityProviders
from billfold_sdk.synchronous.stripe import Stripe
from billfold_sdk.synchronous.surface import Surface
from billfold_sdk.synchronous.tracking import Links, PromotionCodes, PublishableKeys
from billfold_sdk.synchronous.transport import Transport
from billfold_sdk.synchronous.wallets import Wallets
from billfold_sdk.synchronous.webhooks import Webhooks
from billfold_sdk.credentials import billing_credentials
from billfold_sdk.requests import DEFAULT_RETRIES, DEFAULT_TIMEOUT_SECONDS, segment


class Billfold:
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
        http_client: httpx2.Client | None = None,
    ) -> None:
        headers = billing_credentials(base_url, api_key=api_key, session=session)
        self._transport = Transport(base_url, timeout=timeout, max_retries=max_retries, http_client=http_client)
        root = Surface(self._transport, "/api/billstack", headers, idempotent=False)
        team = root.below(f"/teams/{segment(team_id)}")
        project = team.below(f"/projects/{segment(project_id)}", idempotent=True)
        self.customers = Customers(project)
        self.products = Products(project)
        self.prices = Prices(project)
        self.subscriptions = Subscriptions(project)
        self.checkout = Checkout(project)
        self.portal = Portal(project)
        self.analytics = Analytics(project)
        self.referrals = Referrals(project)
        self.programs = Programs(project)
        self.wallets = Wallets(project)
        self.webhooks = Webhooks(project)
        self.events = Events(project)
        self.links = Links(project)
        self.publishable_keys = PublishableKeys(project)
        self.promotion_codes = PromotionCodes(project)
        self.branding = Branding(project)
        self.identity_providers = IdentityProviders(project)
        self.teams = Teams(root)
        self.projects = Projects(team)
        self.members = Members(team)
        self.invitations = Invitations(team, root)
        self.api_keys = ApiKeys(team)
        self.audit_log = AuditLog(team)
        self.stripe = Stripe(team)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
