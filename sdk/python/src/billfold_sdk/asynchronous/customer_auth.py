"""Customers sign in by a link in a letter; members by their password."""

from __future__ import annotations

from billfold_sdk.asynchronous.sessions import AsyncSessions
from billfold_sdk.requests import segment
from billfold_sdk.types import affiliate


class AsyncCustomerAuth:
    """The sign-in of the project's customers, and of the team's members for the affiliate API."""

    def __init__(self, sessions: AsyncSessions, app_id: str, *, dev_callback_url: str | None) -> None:
        self._sessions = sessions
        self._path = f"/v1/apps/{segment(app_id)}/auth"
        self._dev_callback_url = dev_callback_url

    async def send_magic_link(
        self, email: str, *, redirect_url: str | None = None, use_dev: bool = False
    ) -> affiliate.SentAnswer:
        """Send a customer the link; `use_dev` leads it to the client's `dev_callback_url`."""
        target = redirect_url or (self._dev_callback_url if use_dev else None)
        body: affiliate.MagicLink = {"email": email}
        if target is not None:
            body["redirectUrl"] = target
        answer: affiliate.SentAnswer = await self._sessions.key().post(f"{self._path}/magic-link", body)
        return answer

    async def verify_token(self, token: str) -> affiliate.VerifiedAnswer:
        """Change the token of a link into a session; it works once."""
        body: affiliate.Verify = {"token": token}
        answer: affiliate.VerifiedAnswer = await self._sessions.nobody().post(f"{self._path}/verify", body)
        return answer

    async def verify_link(self, token: str) -> affiliate.VerifiedAnswer:
        """Do the same for a page that was opened by the link; it uses the token up, so it is sent once."""
        path, query = f"{self._path}/verify", {"token": token}
        answer: affiliate.VerifiedAnswer = await self._sessions.nobody().get(path, query, once=True)
        return answer

    async def get_session(self, session_token: str | None = None) -> affiliate.SessionAnswer:
        """Return whose session it is."""
        answer: affiliate.SessionAnswer = await self._sessions.session(session_token).get(f"{self._path}/session")
        return answer

    async def end_session(self, session_token: str | None = None) -> affiliate.SentAnswer:
        """Sign the customer out."""
        answer: affiliate.SentAnswer = await self._sessions.session(session_token).delete(f"{self._path}/session")
        return answer

    async def login(self, member: affiliate.Login) -> affiliate.LoginAnswer:
        """Sign a member of the team in; `token` is the `member_token` of a client."""
        answer: affiliate.LoginAnswer = await self._sessions.nobody().post("/v1/auth/login", member)
        return answer

    async def get_settings(self) -> affiliate.SignInSettingsAnswer:
        """Return how customers sign in."""
        answer: affiliate.SignInSettingsAnswer = await self._sessions.member().get(f"{self._path}/settings")
        return answer

    async def update_settings(self, settings: affiliate.ChangeSignInSettings) -> affiliate.SignInSettingsAnswer:
        """Change it."""
        path = f"{self._path}/settings"
        answer: affiliate.SignInSettingsAnswer = await self._sessions.member().patch(path, settings)
        return answer
