"""Which customer is asking: a Bearer token of the project's own login, or a customer's session of ours.

The token says by itself, unproved, which login it comes from; that finds the login's settings and with them the project.
Everything after that is proved: the signature with the login's keys, then issuer, audience and times. The user is found in
one read; the first call of a user, and the first that proves his address, write.

Every refusal is the same 401 to the caller. The reason stands in our log, without the token.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog

from billfold.base.errors import Conflict, Unavailable
from billfold.domain.billing import customer_sessions
from billfold.domain.billing.customer_identities import KnownUser, TokenUser, find_user, provision, token_user
from billfold.domain.billing.customer_sessions import find_customer_session
from billfold.domain.referrals.sign_ups import prove_email
from billfold.domain.tenancy.identities import JWKS_URL, IdentityProvider, find_provider, stored_keys
from billfold.domain.tenancy.team_time import InTeamTime
from billfold.domain.tenancy.teams import get_team
from billfold.entrypoints.caller import Unauthorized
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.key_sets import KeySets
from billfold.infrastructure.outbound import Outbound
from billfold.infrastructure.tokens import ReadToken, TokenRefused, UnknownKey, VerifyingKey, read_token, verify

_log = structlog.get_logger(__name__)

_SCHEME: Final = "bearer"
# A login that was changed or removed counts within a second, in every process.
_KEPT_SECONDS: Final = 0.5
_MOST_KEPT: Final = 1_000
# Two first calls of one user meet at most once; more means that something else is wrong.
_TRIES: Final = 3


class LoginUnreachable(Unavailable):
    """The login's keys cannot be had now, so nothing can be said about the token."""


@dataclass(frozen=True, slots=True)
class Identity(InTeamTime):
    """A customer of a project who proved himself; `clock_offset_us` is how far the team's time is ahead."""

    project_id: str
    customer_id: str
    clock_offset_us: int


@dataclass(frozen=True, slots=True)
class _Kept:
    provider: IdentityProvider
    # None for a login whose keys are published at an address.
    keys: tuple[VerifyingKey, ...] | None
    until: float


class Identities:
    """Resolves customers; remembers logins for half a second and their published keys as `KeySets` does."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._key_sets = KeySets(Outbound(allow_private=services.settings.outbound_private))
        self._kept: dict[tuple[str, tuple[str, ...]], _Kept] = {}

    async def identify(self, authorization: str | None) -> Identity:
        """Return who sends this `Authorization` header; raises `Unauthorized`, or `Unavailable` if it cannot be judged."""
        token = _bearer(authorization)
        now = self._services.clock.now()
        if token.startswith(customer_sessions.PREFIX):
            session = await self._services.db.read(find_customer_session, token, now)
            if session is None:
                raise Unauthorized("Unauthorized")
            return Identity(session.project_id, session.customer_id, session.clock_offset_us)
        try:
            read = read_token(token)
            kept = await self._login(read)
            claims = await self._verified(read, kept, now)
        except TokenRefused as refused:
            _log.info("identity.refused", reason=str(refused))
            raise Unauthorized("Unauthorized") from None
        return await self._user(kept.provider, claims, now)

    def forget(self) -> None:
        """Read every login anew at its next token; called after this process changed one."""
        self._kept.clear()

    async def close(self) -> None:
        """End the fetches under way."""
        await self._key_sets.close()

    async def _login(self, read: ReadToken) -> _Kept:
        asked = (read.issuer, read.audiences)
        kept = self._kept.get(asked)
        if kept is not None and kept.until >= time.monotonic():
            return kept
        if not all(text.isprintable() for text in (read.issuer, *read.audiences)):
            raise TokenRefused("iss or aud holds an unprintable character")
        provider = await self._services.db.read(find_provider, read.issuer, read.audiences)
        if provider is None:
            raise TokenRefused("no project, or more than one, takes this issuer and audience")
        keys = None if provider.kind == JWKS_URL else stored_keys(self._services.sealer, provider)
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        kept = self._kept[asked] = _Kept(provider, keys, time.monotonic() + _KEPT_SECONDS)
        return kept

    async def _verified(self, read: ReadToken, kept: _Kept, now: datetime) -> Mapping[str, Any]:
        provider = kept.provider
        rules: dict[str, Any] = {
            "algorithms": provider.algorithms,
            "issuer": provider.issuer,
            "audiences": provider.audiences,
            "leeway_seconds": provider.leeway_seconds,
            "now": now,
        }
        if kept.keys is not None:
            return verify(read, kept.keys, **rules)
        url = provider.jwks_url or ""
        try:
            keys = await self._key_sets.keys(provider.id, url)
        except Unavailable as error:
            raise LoginUnreachable(error.message, retry_after_seconds=error.retry_after_seconds) from None
        try:
            return verify(read, keys, **rules)
        except UnknownKey:
            return verify(read, await self._key_sets.newer_keys(provider.id, url), **rules)

    async def _user(self, provider: IdentityProvider, claims: Mapping[str, Any], now: datetime) -> Identity:
        user = token_user(
            provider.issuer,
            claims["sub"],
            email=claims.get("email"),
            email_verified=claims.get("email_verified", provider.proves_emails),
            name=claims.get("name"),
        )
        for _ in range(_TRIES):
            known: KnownUser | None = await self._services.db.read(
                find_user, project_id=provider.project_id, issuer=user.issuer, subject=user.subject
            )
            if known is not None and (known.is_proved or not user.email_verified):
                return Identity(provider.project_id, known.customer_id, known.clock_offset_us)
            try:
                return await self._services.db.write(_provision, provider.team_id, provider.project_id, user, now)
            except Conflict:
                # Another first call won; what it made is found now.
                continue
        raise Unavailable("The account could not be made now. Try again shortly.")


async def _provision(tx: Writing, team_id: str, project_id: str, user: TokenUser, now: datetime) -> Identity:
    """Make or link the customer, and let a first proof of the address count at once, all or nothing."""
    team = await get_team(tx, team_id)
    at = team.time_at(now)
    made = await provision(tx, team_id=team_id, project_id=project_id, user=user, at=at, now=now)
    customer = made.customer
    if customer.email and (made.is_first_proof or made.is_new):
        await prove_email(
            tx,
            team_id=team_id,
            project_id=project_id,
            customer_id=customer.id,
            email=customer.email,
            now=now,
            verified=made.is_first_proof,
        )
    return Identity(project_id, customer.id, team.clock_offset_us)


def _bearer(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != _SCHEME or not token.strip():
        raise Unauthorized("Unauthorized")
    return token.strip()
