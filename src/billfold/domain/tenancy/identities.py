"""Identity providers: the logins whose tokens a project believes.

A project says who issues its users' tokens, for which audience, and how their signatures are checked: with the keys
published at an address (`jwks_url`), with a copy of them (`jwks`), or with a secret that both know (`secret`, which is kept
sealed under the provider's id). A kind takes its own algorithms only, so a published key can never serve as a shared
secret (RFC 8725, section 3.1).

A token names no project. It is found by issuer and audience, so such a pair belongs to one project of the installation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.crypto import SealBroken, Sealer
from billfold.base.errors import Conflict, Invalid, NotFound, Unavailable
from billfold.base.ids import new_id
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import any_of, command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Json, Moment
from billfold.infrastructure.tokens import (
    ASYMMETRIC,
    SYMMETRIC,
    KeysInvalid,
    VerifyingKey,
    published_keys,
    shared_key,
)

JWKS_URL: Final = "jwks_url"
JWKS: Final = "jwks"
SECRET: Final = "secret"  # noqa: S105 - the name of a kind
ALGORITHMS: Final = {JWKS_URL: ASYMMETRIC, JWKS: ASYMMETRIC, SECRET: SYMMETRIC}
LARGEST_LEEWAY_SECONDS: Final = 300
LONGEST_NAME: Final = 500
MOST_AUDIENCES: Final = 20
LARGEST_JWKS: Final = 64 * 1024
LONGEST_SECRET: Final = 4_096
MOST_PROVIDERS: Final = 20

identity_providers = sa.Table(
    "identity_providers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), nullable=False),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("issuer", sa.Text, nullable=False),
    sa.Column("audiences", Json, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("algorithms", Json, nullable=False),
    # Of the three, the one that the kind names.
    sa.Column("jwks_url", sa.Text),
    sa.Column("jwks", sa.Text),
    sa.Column("secret_sealed", sa.Text),
    sa.Column("leeway_seconds", sa.BigInteger, nullable=False),
    # True: this login proves every address before it issues a token, so a token that does not say so counts as proved.
    sa.Column("proves_emails", sa.Boolean, nullable=False),
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.CheckConstraint("kind IN ('jwks_url', 'jwks', 'secret')", name="kind"),
    sa.UniqueConstraint("project_id", "issuer"),
)

identity_audiences = sa.Table(
    "identity_audiences",
    metadata,
    sa.Column("issuer", sa.Text, primary_key=True),
    sa.Column("audience", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("provider_id", sa.Text, sa.ForeignKey(identity_providers.c.id), nullable=False),
    sa.Index("ix_identity_audiences_provider_id", "provider_id"),
)


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """A login of a project; the secret stays sealed."""

    id: str
    team_id: str
    project_id: str
    issuer: str
    audiences: list[str]
    kind: str
    algorithms: list[str]
    jwks_url: str | None
    jwks: str | None
    secret_sealed: str | None
    leeway_seconds: int
    proves_emails: bool
    is_active: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class WantedProvider:
    """What a team configures; of `jwks_url`, `jwks` and `secret` the one that `kind` names is given.

    `secret=None` for the kind `secret` keeps the stored one. An empty list of algorithms means all that the kind may use.
    """

    issuer: str
    audiences: Sequence[str]
    kind: str
    algorithms: Sequence[str] = ()
    jwks_url: str | None = None
    jwks: str | None = None
    secret: str | None = None
    leeway_seconds: int = 0
    proves_emails: bool = False
    is_active: bool = True

    def __repr__(self) -> str:
        """Show nothing secret, so that a traceback cannot either."""
        return f"WantedProvider(issuer={self.issuer!r}, kind={self.kind!r})"


_mine = identity_providers.c.project_id == sa.bindparam("project_id")
_OF_PROJECT: Final = query(
    sa.select(*identity_providers.c).where(_mine).order_by(identity_providers.c.issuer), IdentityProvider
)
_LOCK: Final = query(
    sa.select(*identity_providers.c)
    .where(_mine, identity_providers.c.issuer == sa.bindparam("issuer"))
    .with_for_update(),
    IdentityProvider,
)
# A project or team that was removed believes no token any more, and keeps nobody from an audience.
_is_gone = (
    sa.exists()
    .where(
        projects.c.id == identity_audiences.c.project_id,
        teams.c.id == projects.c.team_id,
        sa.or_(projects.c.deleted_at.is_not(None), teams.c.deleted_at.is_not(None)),
    )
    .correlate(identity_audiences)
)
_CLAIMED: Final = query(
    sa.select(*identity_providers.c)
    .where(
        identity_audiences.c.issuer == sa.bindparam("issuer"),
        any_of(identity_audiences.c.audience, "audiences"),
        identity_providers.c.is_active,
        ~_is_gone,
    )
    .select_from(
        identity_audiences.join(identity_providers, identity_providers.c.id == identity_audiences.c.provider_id)
    )
    .distinct(),
    IdentityProvider,
)
_ADDED: Final = insert_row(identity_providers)
_PUT: Final = query(
    _ADDED.on_conflict_do_update(
        index_elements=[identity_providers.c.project_id, identity_providers.c.issuer],
        set_={
            column.name: _ADDED.excluded[column.name]
            for column in identity_providers.c
            if column.name not in {"id", "team_id", "project_id", "issuer", "created_at"}
        },
    ).returning(*identity_providers.c),
    IdentityProvider,
)
_CLAIM: Final = query(
    insert_row(identity_audiences).on_conflict_do_nothing().returning(identity_audiences.c.audience), str
)
_FREE: Final = command(
    sa.delete(identity_audiences).where(
        identity_audiences.c.issuer == sa.bindparam("issuer"),
        identity_audiences.c.audience == sa.bindparam("audience"),
        _is_gone,
    )
)
_RELEASE: Final = command(
    sa.delete(identity_audiences).where(
        identity_audiences.c.provider_id == sa.bindparam("provider_id"),
        identity_audiences.c.project_id == sa.bindparam("project_id"),
    )
)
_DELETE: Final = command(
    sa.delete(identity_providers).where(_mine, identity_providers.c.id == sa.bindparam("provider_id"))
)


async def put_provider(
    tx: Writing, sealer: Sealer, *, team_id: str, project_id: str, wanted: WantedProvider, now: datetime
) -> IdentityProvider:
    """Store a project's login, new or in place of the one with the same issuer.

    Raises `Invalid` for what cannot be right, `Conflict` if another project has this issuer with one of these audiences:
    a token would not say which of the two it is for. `jwks_url` is already checked by whoever would call it.
    """
    _check(wanted)
    stored = await tx.first(_LOCK, project_id=project_id, issuer=wanted.issuer)
    if stored is None and len(await providers_of_project(tx, project_id)) >= MOST_PROVIDERS:
        raise Conflict(f"A project has at most {MOST_PROVIDERS} identity providers: remove one first.")
    provider_id = new_id("idp_") if stored is None else stored.id
    provider = await tx.one(
        _PUT,
        **values_of(
            IdentityProvider(
                id=provider_id,
                team_id=team_id,
                project_id=project_id,
                issuer=wanted.issuer,
                audiences=list(wanted.audiences),
                kind=wanted.kind,
                algorithms=list(wanted.algorithms or ALGORITHMS[wanted.kind]),
                jwks_url=wanted.jwks_url,
                jwks=wanted.jwks,
                secret_sealed=_sealed(sealer, provider_id, stored, wanted),
                leeway_seconds=wanted.leeway_seconds,
                proves_emails=wanted.proves_emails,
                is_active=wanted.is_active,
                created_at=now,
                updated_at=now,
            )
        ),
    )
    if provider.id != provider_id:
        # Another request made it between the look and the write; its secret would be sealed under the wrong id.
        raise Conflict("This identity provider was being configured by somebody else: try again.")
    await tx.run(_RELEASE, provider_id=provider.id, project_id=project_id)
    # In one order for everybody, so that two projects that want each other's pairs do not wait for each other.
    for audience in sorted(wanted.audiences):
        await tx.run(_FREE, issuer=wanted.issuer, audience=audience)
        claimed = await tx.first(
            _CLAIM, issuer=wanted.issuer, audience=audience, project_id=project_id, provider_id=provider.id
        )
        if claimed is None:
            raise Conflict(
                "Another project already takes tokens of this issuer for this audience: "
                "a token must say which project it is for, so give each project an audience of its own."
            )
    return provider


async def providers_of_project(tx: Reading, project_id: str) -> list[IdentityProvider]:
    """Return a project's logins, by issuer."""
    return await tx.all(_OF_PROJECT, project_id=project_id)


async def delete_provider(tx: Writing, *, project_id: str, issuer: str | None) -> IdentityProvider:
    """Remove a login, the only one if `issuer` is None; `NotFound` if there is none, `Invalid` if there are several."""
    stored = await providers_of_project(tx, project_id)
    if issuer is None and len(stored) > 1:
        raise Invalid("This project has several identity providers: say which one with ?issuer=.")
    found = next((each for each in stored if issuer in {None, each.issuer}), None)
    if found is None:
        raise NotFound("Identity provider not found")
    await tx.run(_RELEASE, provider_id=found.id, project_id=project_id)
    await tx.run(_DELETE, provider_id=found.id, project_id=project_id)
    return found


async def find_provider(tx: Reading, issuer: str, audiences: Sequence[str]) -> IdentityProvider | None:
    """Return the active login that an unverified token claims to come from.

    None if there is none, or if the audiences belong to several: such a token does not say which project it is for.
    """
    found = await tx.all(_CLAIMED, issuer=issuer, audiences=list(audiences)[:MOST_AUDIENCES])
    return found[0] if len(found) == 1 else None


def stored_keys(sealer: Sealer, provider: IdentityProvider) -> tuple[VerifyingKey, ...]:
    """Return the keys of a provider that needs no look at the network; raises `Unavailable` if the seal does not open."""
    if provider.kind == JWKS:
        return published_keys(provider.jwks or "")
    try:
        return shared_key(sealer.open(provider.secret_sealed or "", owner=provider.id, field="secret"))
    except SealBroken:
        raise Unavailable(
            "The stored secret does not open with this BILLFOLD_SECRET_KEY: configure the identity provider again."
        ) from None


def _sealed(sealer: Sealer, provider_id: str, stored: IdentityProvider | None, wanted: WantedProvider) -> str | None:
    if wanted.kind != SECRET:
        return None
    if wanted.secret is not None:
        return sealer.seal(wanted.secret, owner=provider_id, field="secret")
    if stored is None or stored.secret_sealed is None:
        raise Invalid('secret is required for the kind "secret".')
    return stored.secret_sealed


def _check(wanted: WantedProvider) -> None:
    if wanted.kind not in ALGORITHMS:
        raise Invalid(f"kind must be one of {', '.join(ALGORITHMS)}.")
    allowed = ALGORITHMS[wanted.kind]
    if set(wanted.algorithms) - set(allowed):
        raise Invalid(f'algorithms of the kind "{wanted.kind}" are {", ".join(allowed)}.')
    if not _is_name(wanted.issuer):
        raise Invalid(f"issuer must be the exact iss of the tokens, 1 to {LONGEST_NAME} characters.")
    if not 1 <= len(wanted.audiences) <= MOST_AUDIENCES or not all(_is_name(each) for each in wanted.audiences):
        raise Invalid(f"audiences must be 1 to {MOST_AUDIENCES} texts of 1 to {LONGEST_NAME} characters.")
    if len(set(wanted.audiences)) != len(wanted.audiences):
        raise Invalid("audiences must not name one twice.")
    if not 0 <= wanted.leeway_seconds <= LARGEST_LEEWAY_SECONDS:
        raise Invalid(f"leewaySeconds must be from 0 to {LARGEST_LEEWAY_SECONDS}.")
    given = {JWKS_URL: wanted.jwks_url, JWKS: wanted.jwks, SECRET: wanted.secret}
    if any(value is not None for kind, value in given.items() if kind != wanted.kind):
        raise Invalid(f'The kind "{wanted.kind}" takes nothing but its own keys: send one of jwksUrl, jwks and secret.')
    if wanted.kind != SECRET and given[wanted.kind] is None:
        raise Invalid(f'{"jwksUrl" if wanted.kind == JWKS_URL else "jwks"} is required for the kind "{wanted.kind}".')
    _check_keys(wanted)


def _check_keys(wanted: WantedProvider) -> None:
    """Refuse keys that could never verify a token, while somebody is there to read why."""
    try:
        if wanted.jwks is not None:
            if len(wanted.jwks) > LARGEST_JWKS:
                raise Invalid(f"jwks must be at most {LARGEST_JWKS} characters.")
            if not published_keys(wanted.jwks):
                raise Invalid(
                    "jwks holds no usable key: RS256 with 2048 bits or more, ES256 (P-256) or EdDSA (Ed25519), use sig."
                )
        if wanted.secret is not None:
            if len(wanted.secret) > LONGEST_SECRET:
                raise Invalid(f"secret must be at most {LONGEST_SECRET} characters.")
            shared_key(wanted.secret)
    except KeysInvalid as error:
        raise Invalid(f"{'jwks' if wanted.jwks is not None else 'secret'} is not usable: {error}.") from None


def _is_name(text: str) -> bool:
    return 1 <= len(text) <= LONGEST_NAME and text.isprintable()
