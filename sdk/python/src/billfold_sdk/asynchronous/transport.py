"""One request: time-outs, retries where they are safe, and errors as classes."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2

from billfold_sdk.errors import BillfoldError
from billfold_sdk.requests import (
    DEFAULT_RETRIES,
    DEFAULT_TIMEOUT_SECONDS,
    Call,
    answer_of,
    base_address,
    connection_error,
    headers_of,
    is_passing,
    is_too_long,
    no_cookies,
    parameters,
    wait_before,
)


class AsyncTransport:
    """Sends calls to one server; `http_client` replaces the client that it would make and then closes."""

    def __init__(
        self,
        base_url: str,
        *,
        timeout: float = DEFAULT_TIMEOUT_SECONDS,
        max_retries: int = DEFAULT_RETRIES,
        http_client: httpx2.AsyncClient | None = None,
    ) -> None:
        self.base_url = base_address(base_url)
        self.timeout = timeout
        self.max_retries = max_retries
        self.client = http_client or httpx2.AsyncClient(cookies=no_cookies())
        self._owns_client = http_client is None

    async def aclose(self) -> None:
        """Close the connections, unless the HTTP client was given."""
        if self._owns_client:
            await self.client.aclose()

    async def send(self, call: Call) -> Any:
        """Send a request and return its JSON answer; raises `BillfoldError` for everything that is not a success."""
        key = call.key()
        retries = self.max_retries if call.may_be_sent_again() else 0
        tried = 0
        while True:
            try:
                return await self._send_once(call, key)
            except BillfoldError as error:
                wait = wait_before(error, tried)
                if tried >= retries or not is_passing(error) or is_too_long(wait):
                    raise
            await asyncio.sleep(wait)
            tried += 1

    async def _send_once(self, call: Call, key: str | None) -> Any:
        try:
            response = await self.client.request(
                call.method,
                f"{self.base_url}{call.path}",
                params=parameters(call.query),
                json=call.body,
                headers=headers_of(call, key),
                timeout=self.timeout if call.timeout is None else call.timeout,
                follow_redirects=False,
            )
        except httpx2.HTTPError as error:
            raise connection_error(self.base_url, error) from error
        return answer_of(response)
