"""What is the same for both clients: how a request looks, and when it may be sent again."""

from __future__ import annotations

import json
import random
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, cast
from urllib.parse import quote

import httpx2

from billfold_sdk.errors import BillfoldError, ConnectionFailedError, error_of

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
QueryValue = str | int | bool | Sequence[str]
Query = Mapping[str, QueryValue | None]

DEFAULT_TIMEOUT_SECONDS: Final = 30.0
DEFAULT_RETRIES: Final = 2
_RETRIED: Final = frozenset({408, 429, 500, 502, 503, 504})
_FIRST_WAIT_SECONDS: Final = 0.25
_LONGEST_WAIT_SECONDS: Final = 8.0


@dataclass(frozen=True, slots=True)
class Call:
    """One request; `idempotent` says that the server remembers an `Idempotency-Key` for it."""

    method: Method
    path: str
    query: Query | None = None
    body: object = None
    headers: Mapping[str, str] | None = None
    idempotent: bool = False
    idempotency_key: str | None = None

    def key(self) -> str | None:
        """Return the `Idempotency-Key` to send: the caller's, or a new one for a POST that is remembered."""
        if self.idempotency_key is not None or not (self.idempotent and self.method == "POST"):
            return self.idempotency_key
        return f"sdk-{secrets.token_hex(16)}"


def base_address(base_url: str) -> str:
    """Return the server's address without a slash at its end; raises `ValueError` if it is none."""
    if not re.match(r"https?://[^/]", base_url, re.IGNORECASE):
        raise ValueError("base_url must be the address of your Billfold server, such as https://billing.example.com.")
    return base_url.rstrip("/")


def segment(identifier: str) -> str:
    """Return an identifier as a segment of a path; raises `ValueError` if it could change the path's meaning."""
    if identifier in {"", ".", ".."}:
        raise ValueError("An identifier is missing.")
    return quote(identifier, safe="")


def parameters(query: Query | None) -> dict[str, str]:
    """Return a query without what was left out; a list is joined by commas."""
    if query is None:
        return {}
    return {name: _text(value) for name, value in query.items() if value is not None}


def _text(value: QueryValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value)
    return ",".join(value)


def answer_of(response: httpx2.Response) -> Any:
    """Return an answer's JSON; raises the error of what is not a success."""
    body: Any = None
    try:
        body = json.loads(response.content) if response.content else None
    except ValueError:
        if response.is_success:
            raise BillfoldError(
                "The answer is no JSON: is base_url the address of a Billfold server?", status=response.status_code
            ) from None
    if response.is_success:
        return body
    facts = cast("dict[str, Any]", body) if isinstance(body, dict) else None
    raise error_of(response.status_code, facts, _wait_asked(response.headers.get("Retry-After")))


def _wait_asked(text: str | None) -> float | None:
    return float(text) if text is not None and re.fullmatch(r"\d{1,6}(\.\d{1,3})?", text) else None


def connection_error(base_url: str, error: httpx2.HTTPError) -> ConnectionFailedError:
    """Return why there was no answer."""
    if isinstance(error, httpx2.TimeoutException):
        return ConnectionFailedError("The server did not answer in time.", code="TIMEOUT")
    return ConnectionFailedError(f"The server at {base_url} could not be reached.", code="NETWORK_ERROR")


def may_try_again(error: BillfoldError) -> bool:
    """Tell whether the same request may work a moment later."""
    return error.status == 0 or error.status in _RETRIED


def wait_before(error: BillfoldError, tried: int) -> float:
    """Return the seconds to wait: what the server asks for, else longer each time, at random."""
    if error.retry_after_seconds is not None:
        return min(error.retry_after_seconds, _LONGEST_WAIT_SECONDS)
    # Full jitter: clients that failed together do not come back together.
    return random.uniform(0, min(_FIRST_WAIT_SECONDS * 2**tried, _LONGEST_WAIT_SECONDS))  # noqa: S311 - not a secret
