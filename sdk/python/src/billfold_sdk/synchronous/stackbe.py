# Made by scripts/generate.py from asynchronous/stackbe.py; edits are lost.

"""The client of the affiliate API, under the names of its published samples."""

from __future__ import annotations

import os
from types import TracebackType
from typing import Self

import httpx2

from billfold_sdk.synchronous.affiliates import Affiliates
from billfold_sdk.synchronous.customer_auth import CustomerAuth
from billfold_sdk.synchronous.partner_program import (
    Applications,
    Commissions,
    Deals,
    Partners,
    PartnerSettings,
    Payouts,
)
from billfold_sdk.synchronous.sessions import Sessions
from billfold_sdk.synchronous.transport import Transport
from billfold_sdk.requests import DEFAULT_RETRIES, DEFAULT_TIMEOUT_SECONDS


class StackBE:
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
        http_client: httpx2.Client | None = None,
    ) -> None:
        address = base_url or os.environ.get("BILLFOLD_URL")
        if address is None:
            raise ValueError("Give base_url, the address of your Billfold server, or set BILLFOLD_URL.")
        self._transport = Transport(address, timeout=timeout, max_retries=max_retries, http_client=http_client)
        sessions = Sessions(
            self._transport, app_id=app_id, api_key=api_key, session_token=session_token, member_token=member_token
        )
        self._app_id, self._api_key, self._member_token = app_id, api_key, member_token
        self._dev_callback_url = dev_callback_url
        self.affiliates = Affiliates(sessions)
        self.auth = CustomerAuth(sessions, app_id, dev_callback_url=dev_callback_url)
        self.applications = Applications(sessions, app_id)
        self.partners = Partners(sessions, app_id)
        self.settings = PartnerSettings(sessions, app_id)
        self.commissions = Commissions(sessions, app_id)
        self.deals = Deals(sessions, app_id)
        self.payouts = Payouts(sessions, app_id)

    def with_session(self, session_token: str) -> StackBE:
        """Return a client for one customer's session; this one stays as it is, so that no user gets another's.

        It uses this one's connections: they end when this one is closed.
        """
        return StackBE(
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

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
