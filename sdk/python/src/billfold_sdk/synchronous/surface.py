# Made by scripts/generate.py from asynchronous/surface.py; edits are lost.

"""The requests of one surface: its base path, its credentials, and whether it knows `Idempotency-Key`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from billfold_sdk.synchronous.listing import Listing
from billfold_sdk.synchronous.transport import Transport
from billfold_sdk.requests import Call, Query

Item = TypeVar("Item")


class Surface:
    """`credentials` are the headers of each request; `idempotent` says whether a POST gets an `Idempotency-Key`."""

    def __init__(
        self, transport: Transport, base: str, credentials: Mapping[str, str], *, idempotent: bool
    ) -> None:
        self._transport = transport
        self._base = base
        self._credentials = credentials
        self._idempotent = idempotent

    def below(self, path: str, *, idempotent: bool | None = None) -> Surface:
        """Return a surface below this one."""
        known = self._idempotent if idempotent is None else idempotent
        return Surface(self._transport, f"{self._base}{path}", self._credentials, idempotent=known)

    def get(
        self, path: str, query: Query | None = None, *, once: bool = False, timeout_seconds: float | None = None
    ) -> Any:
        """Return what is at a path; `once` for a GET that uses something up."""
        call = Call("GET", self._base + path, query, headers=self._credentials, once=once, timeout=timeout_seconds)
        return self._transport.send(call)

    def post(self, path: str, body: object = None, *, idempotency_key: str | None = None) -> Any:
        """Send a POST; what is left out is an empty object."""
        call = Call(
            "POST",
            self._base + path,
            body={} if body is None else body,
            headers=self._credentials,
            idempotent=self._idempotent,
            idempotency_key=idempotency_key,
        )
        return self._transport.send(call)

    def put(self, path: str, body: object) -> Any:
        """Send a PUT."""
        return self._transport.send(Call("PUT", self._base + path, body=body, headers=self._credentials))

    def patch(self, path: str, body: object) -> Any:
        """Send a PATCH."""
        return self._transport.send(Call("PATCH", self._base + path, body=body, headers=self._credentials))

    def delete(self, path: str, query: Query | None = None) -> Any:
        """Send a DELETE."""
        return self._transport.send(Call("DELETE", self._base + path, query, headers=self._credentials))

    def list(
        self, path: str, items: Callable[[Any], list[Item]], *, limit: int | None, offset: int | None, **query: Any
    ) -> Listing[Item]:
        """Return the list at a path; `items` finds it in the answer."""

        def load(limit: int | None, offset: int | None) -> list[Item]:
            return items(self.get(path, {**query, "limit": limit, "offset": offset}))

        return Listing(load, limit, offset)
