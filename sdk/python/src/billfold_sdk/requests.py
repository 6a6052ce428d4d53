"""What is the same for both clients: how a request looks, and when it may be sent again."""

from __future__ import annotations

import json
import random
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
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
LONGEST_WAIT_SECONDS: Final = 8.0
# More make a number too large, and the longest wait is reached long before.
_MOST_DOUBLINGS: Final = 16


@dataclass(frozen=True, slots=True)
class Call:
    """One request; `idempotent` says that the server remembers an `Idempotency-Key` for it.

    `once` is for a GET that uses something up; `timeout` is in seconds, instead of the client's.
    """

    method: Method
    path: str
    query: Query | None = None
    body: object = None
    headers: Mapping[str, str] | None = None
    idempotent: bool = False
    idempotency_key: str | None = None
    once: bool = False
    timeout: float | None = None

    def key(self) -> str | None:
        """Return the `Idempotency-Key` of a POST that is remembered: the caller's, or a new one."""
        if not (self.idempotent and self.method == "POST"):
            return None
        return self.idempotency_key or f"sdk-{secrets.token_hex(16)}"

    def may_be_sent_again(self) -> bool:
        """Tell whether sending it twice does no harm: it changes nothing, or the server can tell that it is the same."""
        return not self.once and (self.method == "GET" or (self.idempotent and self.method == "POST"))


def headers_of(call: Call, key: str | None) -> dict[str, str]:
    """Return what is sent before the body. A secret that was read from a file may end in a line break: it is left out."""
    headers = {name: value.strip() for name, value in (call.headers or {}).items()}
    return {"Accept": "application/json", **headers, **({} if key is None else {"Idempotency-Key": key})}


def no_cookies() -> CookieJar:
    """Return a jar that keeps nothing: what one answer sets must not go along with another user's request."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))


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
    if response.has_redirect_location:
        raise BillfoldError(
            "The server redirects elsewhere: is base_url its own address, with https?",
            status=response.status_code,
            code="REDIRECTED",
        )
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


def is_passing(error: BillfoldError) -> bool:
    """Tell whether the same request may work a moment later."""
    return isinstance(error, ConnectionFailedError) or error.status in _RETRIED


def wait_before(error: BillfoldError, tried: int) -> float:
    """Return the seconds to wait: what the server asks for, else longer each time, at random."""
    # Full jitter: clients that failed together do not come back together.
    longest = min(_FIRST_WAIT_SECONDS * 2 ** min(tried, _MOST_DOUBLINGS), LONGEST_WAIT_SECONDS)
    chance = random.uniform(0, longest)  # noqa: S311 - not a secret
    if error.retry_after_seconds is None:
        return chance
    return error.retry_after_seconds + min(chance, _FIRST_WAIT_SECONDS)


def is_too_long(wait: float) -> bool:
    """Tell whether a caller should hear of a refusal now, instead of waiting this long, or of coming too early."""
    return wait > LONGEST_WAIT_SECONDS + _FIRST_WAIT_SECONDS
