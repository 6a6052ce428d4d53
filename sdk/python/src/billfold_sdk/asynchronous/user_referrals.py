"""The referral API as a user's app sees it."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import httpx2

from billfold_sdk.asynchronous.surface import AsyncSurface
from billfold_sdk.asynchronous.transport import AsyncTransport
from billfold_sdk.requests import DEFAULT_RETRIES, DEFAULT_TIMEOUT_SECONDS
from billfold_sdk.types import referral


class AsyncUserReferrals:
    """`token` is one of the project's own login (JWT), or of a customer's session; `convert` needs none."""

    def __init__(
        self,
        *,
        base_url: str,
        token: str | None = None,
        timeout: float = DEFAULT_TIMEOUT_SECONDS,
        max_retries: int = DEFAULT_RETRIES,
        http_client: httpx2.AsyncClient | None = None,
    ) -> None:
        self._transport = AsyncTransport(base_url, timeout=timeout, max_retries=max_retries, http_client=http_client)
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._surface = AsyncSurface(self._transport, "/api/referral", headers, idempotent=False)
        self._open = AsyncSurface(self._transport, "/api/referral", {}, idempotent=False)

    async def get_link(self) -> referral.ReferralLink:
        """Return the user's code and link."""
        answer: referral.ReferralLinkAnswer = await self._surface.get("/link")
        return answer["data"]

    async def convert(self, claim: referral.Convert) -> referral.Conversion:
        """Say that a newcomer registers with a code. The same address counts once, so to send it again is harmless."""
        answer: referral.ConversionAnswer = await self._open.post("/convert", claim)
        return answer["data"]

    async def get_stats(self) -> referral.ReferralStats:
        """Return what the user's code has brought."""
        answer: referral.ReferralStatsAnswer = await self._surface.get("/stats")
        return answer["data"]

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
