"""Whose credentials a request of the affiliate API carries: the app's key, a customer's session or a member's token."""

from __future__ import annotations

from billfold_sdk.asynchronous.surface import AsyncSurface
from billfold_sdk.asynchronous.transport import AsyncTransport
from billfold_sdk.errors import BillfoldError


class AsyncSessions:
    """A server has many customers at once, so a session is never remembered from one call for another."""

    def __init__(
        self,
        transport: AsyncTransport,
        *,
        app_id: str,
        api_key: str | None = None,
        session_token: str | None = None,
        member_token: str | None = None,
    ) -> None:
        self.transport = transport
        self._app_id = app_id
        self._api_key = api_key
        self._session_token = session_token
        self._member_token = member_token

    def key(self) -> AsyncSurface:
        """Return the requests of the app."""
        if self._api_key is None:
            raise BillfoldError("This call needs the api_key of the client.", code="UNAUTHORIZED")
        # A key may be for every project of its team; the header says which one is meant.
        return self._with({"x-api-key": self._api_key, "x-app-id": self._app_id})

    def session(self, session_token: str | None = None) -> AsyncSurface:
        """Return the requests of a customer."""
        # An empty one, such as that of a visitor without a cookie, is no reason to take the client's own.
        token = self._session_token if session_token is None else session_token
        if not token:
            raise BillfoldError(
                "This call needs a customer's session: give session_token, or use with_session(token).",
                code="SESSION_INVALID",
            )
        return self._with({"Authorization": f"Bearer {token}"})

    def member(self) -> AsyncSurface:
        """Return the requests of a member."""
        if self._member_token is None:
            raise BillfoldError(
                "This call needs the member_token of the client: auth.login gives one.", code="UNAUTHORIZED"
            )
        return self._with({"Authorization": f"Bearer {self._member_token}"})

    def nobody(self) -> AsyncSurface:
        """Return the requests of anybody."""
        return self._with({})

    def _with(self, headers: dict[str, str]) -> AsyncSurface:
        return AsyncSurface(self.transport, "", headers, idempotent=False)
