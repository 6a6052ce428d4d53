"""Session tokens that are signed: JSON Web Tokens for callers that cannot keep a cookie (affiliate contract, sections 1 and 2).

A token names a session in the database, so it ends when that ends. It is signed with keys made from the installation's secret
key, the present one or the one before; its audience says which kind of session it is, so a customer's never opens what a
member's does. What reads it is the strict reader for every login's tokens (`infrastructure/tokens.py`).
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from billfold.base.settings import Settings
from billfold.infrastructure.tokens import TokenRefused, VerifyingKey, read_token, shared_key, sign, verify

Kind = Literal["customer", "member"]

_ISSUER: Final = "billfold"
_PURPOSE: Final = b"billfold session token"


@dataclass(frozen=True, slots=True)
class SessionClaims:
    """What a good token says: whose session of which id; `app_id` is a customer's project, empty for a member."""

    subject: str
    session_id: str
    app_id: str


class SessionTokens:
    """Signs and reads tokens."""

    def __init__(self, settings: Settings) -> None:
        present, previous = settings.keys()
        self._keys = [_derived(key) for key in (present, previous) if key is not None]

    def issue(
        self, kind: Kind, *, subject: str, session_id: str, now: datetime, lives: timedelta, app_id: str = ""
    ) -> str:
        """Return a token for a session that was begun; `subject` is the customer's or the person's id."""
        issued = int(now.timestamp())
        claims: dict[str, Any] = {
            "iss": _ISSUER,
            "aud": kind,
            "sub": subject,
            "sid": session_id,
            "iat": issued,
            "exp": issued + int(lives.total_seconds()),
        }
        if app_id:
            claims["appId"] = app_id
        return sign(claims, self._keys[0][0])

    def read(self, kind: Kind, token: str, now: datetime) -> SessionClaims | None:
        """Return what a token says, None if it is not one of ours, of another kind, or expired."""
        for keys in self._keys:
            try:
                claims = verify(
                    read_token(token),
                    keys,
                    algorithms={"HS256"},
                    issuer=_ISSUER,
                    audiences={kind},
                    leeway_seconds=0,
                    now=now,
                )
            except TokenRefused:
                continue
            session_id, app_id = claims.get("sid"), claims.get("appId", "")
            if isinstance(session_id, str) and isinstance(app_id, str):
                return SessionClaims(claims["sub"], session_id, app_id)
        return None


def looks_signed(token: str) -> bool:
    """Tell whether a text has the form of a signed token: it is never taken for an API key (contract A1)."""
    return token.count(".") == 2  # noqa: PLR2004 - header, claims, signature


def _derived(key: bytes) -> tuple[VerifyingKey, ...]:
    return shared_key(hmac.new(key, _PURPOSE, hashlib.sha256).hexdigest())
