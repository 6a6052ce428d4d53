# Made by scripts/generate.py from asynchronous/sessions.py; edits are lost.

"""Whose credentials a request of the affiliate API carries: the app's key, a customer's session or a member's token."""

from __future__ import annotations

from billfold_sdk.synchronous.surface import Surface
from billfold_sdk.synchronous.transport import Transport
from billfold_sdk.errors import BillfoldError


class Sessions:
    """A server has many customers at once, so a session is never remembered from one call for another."""

    def __init__(
        self,
        transport: Transport,
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

    def key(self) -> Surface:
        """Return the requests of the app."""
        if self._api_key is None:
            raise BillfoldError("This call needs the api_key of the client.", code="UNAUTHORIZED")
        # A key may be for every project of its team; the header says which one is meant.
        return self._with({"x-api-key": self._api_key, "x-app-id": self._app_id})

    def session(self, session_token: str | None = None) -> Surface:
        """Return the requests of a customer."""
        # An empty one, such as that of a visitor without a cookie, is no reason to take the client's own.
        token = self._session_token if session_token is None else session_token
        if not token:
            raise BillfoldError(
                "This call needs a customer's session: give session_token, or use with_session(token).",
                code="SESSION_INVALID",
            )
        return self._with({"Authorization": f"Bearer {token}"})

    def member(self) -> Surface:
        """Return the requests of a member."""
        if self._member_token is None:
            raise BillfoldError(
                "This call needs the member_token of the client: auth.login gives one.", code="UNAUTHORIZED"
            )
        return self._with({"Authorization": f"Bearer {self._member_token}"})

    def nobody(self) -> Surface:
        """Return the requests of anybody."""
        return self._with({})

    def _with(self, headers: dict[str, str]) -> Surface:
        return Surface(self.transport, "", headers, idempotent=False)
