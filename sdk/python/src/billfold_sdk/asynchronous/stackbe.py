"""The client of the affiliate API, under the names of its published samples."""

from __future__ import annotations

import os
from types import TracebackType
from typing import Self

import httpx2

from billfold_sdk.asynchronous.affiliates import AsyncAffiliates
from billfold_sdk.asynchronous.customer_auth import AsyncCustomerAuth
from billfold_sdk.asynchronous.partner_program import (
    AsyncApplications,
    AsyncCommissions,
    AsyncDeals,
    AsyncPartners,
    AsyncPartnerSettings,
    AsyncPayouts,
)
from billfold_sdk.asynchronous.sessions import AsyncSessions
from billfold_sdk.asynchronous.transport import AsyncTransport
from billfold_sdk.requests import DEFAULT_RETRIES, DEFAULT_TIMEOUT_SECONDS


class AsyncStackBE:
    """`app_id` is the project; `api_key` is `bs_…`; without `base_url` the environment variable `BILLFOLD_URL` counts.

    `session_token` is a customer's session for every call that needs one, only where the client serves one customer (see
    `with_session`); `member_token` comes from `auth.login`.
    """

    def __init__(
        self,
        *,
        app_id: str,
        api_key: str | None = None,
        base_url: str | None = None,
        session_token: str | None = None,
        member_token: str | None = None,
        dev_callback_url: str | None = None,
        timeout: float = DEFAULT_TIMEOUT_SECONDS,
        max_retries: int = DEFAULT_RETRIES,
        http_client: httpx2.AsyncClient | None = None,
    ) -> None:
        address = base_url or os.environ.get("BILLFOLD_URL")
        if address is None:
            raise ValueError("Give base_url, the address of your Billfold server, or set BILLFOLD_URL.")
        self._transport = AsyncTransport(address, timeout=timeout, max_retries=max_retries, http_client=http_client)
        sessions = AsyncSessions(
            self._transport, app_id=app_id, api_key=api_key, session_token=session_token, member_token=member_token
        )
        self._app_id, self._api_key, self._member_token = app_id, api_key, member_token
        self._dev_callback_url = dev_callback_url
        self.affiliates = AsyncAffiliates(sessions)
        self.auth = AsyncCustomerAuth(sessions, app_id, dev_callback_url=dev_callback_url)
        self.applications = AsyncApplications(sessions, app_id)
        self.partners = AsyncPartners(sessions, app_id)
        self.settings = AsyncPartnerSettings(sessions, app_id)
        self.commissions = AsyncCommissions(sessions, app_id)
        self.deals = AsyncDeals(sessions, app_id)
        self.payouts = AsyncPayouts(sessions, app_id)

    def with_session(self, session_token: str) -> AsyncStackBE:
        """Return a client for one customer's session; this one stays as it is, so that no user gets another's.

        It uses this one's connections: they end when this one is closed.
        """
        return AsyncStackBE(
            app_id=self._app_id,
            api_key=self._api_key,
            base_url=self._transport.base_url,
            session_token=session_token,
            member_token=self._member_token,
            dev_callback_url=self._dev_callback_url,
            timeout=self._transport.timeout,
            max_retries=self._transport.max_retries,
            http_client=self._transport.client,
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
