# Made by scripts/generate.py from asynchronous/user_referrals.py; edits are lost.

"""The referral API as a user's app sees it."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import httpx2

from billfold_sdk.synchronous.surface import Surface
from billfold_sdk.synchronous.transport import Transport
from billfold_sdk.requests import DEFAULT_RETRIES, DEFAULT_TIMEOUT_SECONDS
from billfold_sdk.types import referral


class UserReferrals:
    """`token` is one of the project's own login (JWT), or of a customer's session; `convert` needs none."""

    def __init__(
        self,
        *,
        base_url: str,
        token: str | None = None,
        timeout: float = DEFAULT_TIMEOUT_SECONDS,
        max_retries: int = DEFAULT_RETRIES,
        http_client: httpx2.Client | None = None,
    ) -> None:
        self._transport = Transport(base_url, timeout=timeout, max_retries=max_retries, http_client=http_client)
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._surface = Surface(self._transport, "/api/referral", headers, idempotent=False)
        self._open = Surface(self._transport, "/api/referral", {}, idempotent=False)

    def get_link(self) -> referral.ReferralLink:
        """Return the user's code and link."""
        answer: referral.ReferralLinkAnswer = self._surface.get("/link")
        return answer["data"]

    def convert(self, claim: referral.Convert) -> referral.Conversion:
        """Say that a newcomer registers with a code. The same address counts once, so to send it again is harmless."""
        answer: referral.ConversionAnswer = self._open.post("/convert", claim)
        return answer["data"]

    def get_stats(self) -> referral.ReferralStats:
        """Return what the user's code has brought."""
        answer: referral.ReferralStatsAnswer = self._surface.get("/stats")
        return answer["data"]

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
