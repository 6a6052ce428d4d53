# Made by scripts/generate.py from asynchronous/customer_auth.py; edits are lost.

"""Customers sign in by a link in a letter; members by their password."""

from __future__ import annotations

from billfold_sdk.synchronous.sessions import Sessions
from billfold_sdk.requests import segment
from billfold_sdk.types import affiliate


class CustomerAuth:
    """The sign-in of the project's customers, and of the team's members for the affiliate API."""

    def __init__(self, sessions: Sessions, app_id: str, *, dev_callback_url: str | None) -> None:
        self._sessions = sessions
        self._path = f"/v1/apps/{segment(app_id)}/auth"
        self._dev_callback_url = dev_callback_url

    def send_magic_link(
        self, email: str, *, redirect_url: str | None = None, use_dev: bool = False
    ) -> affiliate.SentAnswer:
        """Send a customer the link; `use_dev` leads it to the client's `dev_callback_url`."""
        target = redirect_url or (self._dev_callback_url if use_dev else None)
        body: affiliate.MagicLink = {"email": email}
        if target is not None:
            body["redirectUrl"] = target
        answer: affiliate.SentAnswer = self._sessions.key().post(f"{self._path}/magic-link", body)
        return answer

    def verify_token(self, token: str) -> affiliate.VerifiedAnswer:
        """Change the token of a link into a session; it works once."""
        body: affiliate.Verify = {"token": token}
        answer: affiliate.VerifiedAnswer = self._sessions.nobody().post(f"{self._path}/verify", body)
        return answer

    def verify_link(self, token: str) -> affiliate.VerifiedAnswer:
        """Do the same for a page that was opened by the link; it uses the token up, so it is sent once."""
        path, query = f"{self._path}/verify", {"token": token}
        answer: affiliate.VerifiedAnswer = self._sessions.nobody().get(path, query, once=True)
        return answer

    def get_session(self, session_token: str | None = None) -> affiliate.SessionAnswer:
        """Return whose session it is."""
        answer: affiliate.SessionAnswer = self._sessions.session(session_token).get(f"{self._path}/session")
        return answer

    def end_session(self, session_token: str | None = None) -> affiliate.SentAnswer:
        """Sign the customer out."""
        answer: affiliate.SentAnswer = self._sessions.session(session_token).delete(f"{self._path}/session")
        return answer

    def login(self, member: affiliate.Login) -> affiliate.LoginAnswer:
        """Sign a member of the team in; `token` is the `member_token` of a client."""
        answer: affiliate.LoginAnswer = self._sessions.nobody().post("/v1/auth/login", member)
        return answer

    def get_settings(self) -> affiliate.SignInSettingsAnswer:
        """Return how customers sign in."""
        answer: affiliate.SignInSettingsAnswer = self._sessions.member().get(f"{self._path}/settings")
        return answer

    def update_settings(self, settings: affiliate.ChangeSignInSettings) -> affiliate.SignInSettingsAnswer:
        """Change it."""
        path = f"{self._path}/settings"
        answer: affiliate.SignInSettingsAnswer = self._sessions.member().patch(path, settings)
        return answer
