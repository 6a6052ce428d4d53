"""Sending one request through the official library and reading its answer as plain JSON.

Calls use the library's public `raw_request_async`, which keeps its headers, form encoding, retries and error classes.
Measured with an in-memory transport and a subscription of 2 kB: 62 µs a call, against 395 µs through
`client.v1.subscriptions.retrieve_async`, which builds an object for every nested dictionary that we would take apart again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar
from urllib.parse import quote

import stripe

from billfold.infrastructure.stripe.failures import failure_from, is_missing
from billfold.infrastructure.stripe.port import StripeUnavailable
from billfold.infrastructure.stripe.translate import BadObject

Value = TypeVar("Value")

# Pinned: what Stripe answers must not change when an account's default version does. It is the version that the installed
# library's types describe; a test fails when an upgrade of the library moves it, and `translate` must be read again then.
API_VERSION: Final = "2026-10-28.endive"

# A hundred objects a page is the most that Stripe gives. So many pages are no customer's; the bound stops a compatible
# server that says "more follows" for ever.
PAGE: Final = 100
_MOST_PAGES: Final = 100
# One call with the library's retries and their pauses. A job's lease is longer, and so is the patience of an HTTP client.
_WHOLE_CALL_SECONDS: Final = 25.0

# Otherwise the library writes an id into the home directory and sends it, the platform and timings with every request.
stripe.enable_telemetry = False
# At INFO it logs every address, and with it the e-mail addresses that customers are looked up by.
logging.getLogger("stripe").setLevel(logging.WARNING)


class StripeRequests:
    """One connection's client object and the calls that are under way on it."""

    def __init__(
        self,
        secret_key: str,
        *,
        api_base: str | None,
        http: stripe.HTTPClient,
        retries: int,
        patience: float = _WHOLE_CALL_SECONDS,
    ) -> None:
        self._http = http
        self._patience = patience
        self._client = stripe.StripeClient(
            secret_key,
            stripe_version=API_VERSION,
            base_addresses={"api": (api_base or stripe.DEFAULT_API_BASE).rstrip("/")},
            max_network_retries=retries,
            http_client=http,
        )
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def get(self, path: str, params: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Fetch an object or one page of a list."""
        return _object(await self.answer("get", path, params))

    async def post(self, path: str, params: Mapping[str, Any], idempotency_key: str | None = None) -> Mapping[str, Any]:
        """Create or change an object; without a key the library makes one up, so that its own retries are safe."""
        return _object(await self.answer("post", path, params, idempotency_key))

    async def delete(self, path: str) -> Mapping[str, Any]:
        """Delete or cancel an object."""
        return _object(await self.answer("delete", path))

    async def find(
        self, shape: Callable[[Mapping[str, Any]], Value], path: str, params: Mapping[str, Any] | None = None
    ) -> Value | None:
        """Fetch an object, or None if Stripe says that there is none."""
        try:
            answer = await self._call("get", path, params, None)
        except stripe.StripeError as error:
            if is_missing(error):
                return None
            raise failure_from(error) from None
        return shape(_object(answer))

    async def every(self, path: str, params: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Fetch a whole list, page by page."""
        found: list[Mapping[str, Any]] = []
        asked = dict(params)
        for _ in range(_MOST_PAGES):
            page = await self.get(path, asked)
            listed = listed_in(page)
            found.extend(listed)
            if not (listed and page.get("has_more")):
                break
            asked["starting_after"] = listed[-1].get("id")
        return found

    async def answer(
        self, method: str, path: str, params: Mapping[str, Any] | None = None, idempotency_key: str | None = None
    ) -> stripe.StripeResponse:
        """Send a request and return its answer with the body as it came."""
        try:
            return await self._call(method, path, params, idempotency_key)
        except stripe.StripeError as error:
            # Not chained: the library's error holds the whole answer, which may repeat a part of the key.
            raise failure_from(error) from None

    async def close(self) -> None:
        """Wait for the calls under way, then close the connections."""
        await self._idle.wait()
        await self._http.close_async()  # type: ignore[no-untyped-call] # the library's own

    async def _call(
        self, method: str, path: str, params: Mapping[str, Any] | None, idempotency_key: str | None
    ) -> stripe.StripeResponse:
        self._under_way += 1
        self._idle.clear()
        try:
            async with asyncio.timeout(self._patience):
                answer: stripe.StripeResponse = await self._client.raw_request_async(
                    method, f"/v1/{path}", **(params or {}), idempotency_key=idempotency_key
                )
        except TimeoutError:
            raise StripeUnavailable("Stripe does not answer at the moment. Try again.") from None
        else:
            return answer
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()


def listed_in(page: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the objects of one page of a list."""
    listed = page.get("data")
    if not isinstance(listed, list) or not all(isinstance(each, Mapping) for each in listed):
        raise BadObject("a list of Stripe's has no array of objects in data")
    return listed


def in_path(identifier: str) -> str:
    """Return an id as it may stand in an address."""
    return quote(identifier, safe="")


def _object(answer: stripe.StripeResponse) -> Mapping[str, Any]:
    if not isinstance(answer.data, Mapping):
        raise StripeUnavailable("Stripe answered with something that is not an object.")
    return answer.data
