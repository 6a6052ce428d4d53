"""Customers sign in by a mailed link: how a customer of a project proves his mailbox to us (affiliate contract, section 2).

A link's token is 256 random bits, of which the SHA-256 is kept; it works once and for 15 minutes of the wall clock. Where
it leads is one of the addresses that the project configured, never what a request says: the token must not go anywhere
else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from billfold.base.crypto import token_hash
from billfold.base.errors import BillfoldError, Conflict, Invalid
from billfold.base.ids import new_token
from billfold.domain.billing import customers as customer_rows
from billfold.domain.billing.customers import Customer, checked_email, customers, normalised_email
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Json, Moment

LIVES: Final = timedelta(minutes=15)
SESSION_LIVES: Final = timedelta(days=7)
MOST_URLS: Final = 20
LONGEST_URL: Final = 2_048
_TOKEN_BYTES: Final = 32
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
# A used token is remembered for a day, to tell "used" from "unknown".
_REMEMBERED: Final = timedelta(days=1)

customer_sign_in_settings = sa.Table(
    "customer_sign_in_settings",
    metadata,
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), primary_key=True),
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), nullable=False),
    sa.Column("auto_create_customer", sa.Boolean, nullable=False),
    # Where a link leads, the first one if a request names none; none at all: a page of ours.
    sa.Column("redirect_urls", Json, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
)
customer_sign_in_tokens = sa.Table(
    "customer_sign_in_tokens",
    metadata,
    sa.Column("token_hash", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("customer_id", sa.Text, sa.ForeignKey(customers.c.id), nullable=False),
    sa.Column("email_normalised", sa.Text, nullable=False),
    sa.Column("redirect_url", sa.Text),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("used_at", Moment),
    sa.Index("ix_customer_sign_in_tokens_expires_at", "expires_at"),
    sa.Index("ix_customer_sign_in_tokens_customer_id", "customer_id"),
)
mailbox_proofs = sa.Table(
    "mailbox_proofs",
    metadata,
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), primary_key=True),
    sa.Column("customer_id", sa.Text, sa.ForeignKey(customers.c.id), primary_key=True),
    # Which address was proved: a customer whose address changes has not proved the new one.
    sa.Column("email_normalised", sa.Text, nullable=False),
    sa.Column("proved_at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class SignInSettings:
    """How customers of a project sign in; `updated_at` is in the team's time."""

    project_id: str
    team_id: str
    auto_create_customer: bool
    redirect_urls: list[str]
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class SignInToken:
    """What a mailed token stands for."""

    token_hash: str
    project_id: str
    customer_id: str
    email_normalised: str
    redirect_url: str | None
    expires_at: datetime
    used_at: datetime | None


class TokenInvalid(BillfoldError):
    """The token was never made, or is of another project."""


class TokenExpired(TokenInvalid):
    """The token is older than a quarter of an hour."""


class TokenUsed(TokenInvalid):
    """The token was used before."""


_SETTINGS: Final = query(
    sa.select(*customer_sign_in_settings.c).where(customer_sign_in_settings.c.project_id == sa.bindparam("project_id")),
    SignInSettings,
)
_new_settings = insert_row(customer_sign_in_settings)
_PUT_SETTINGS: Final = command(
    _new_settings.on_conflict_do_update(
        index_elements=["project_id"],
        set_={name: _new_settings.excluded[name] for name in ("auto_create_customer", "redirect_urls", "updated_at")},
    )
)
_ADD: Final = command(insert_row(customer_sign_in_tokens))
_its = sa.and_(
    customer_sign_in_tokens.c.project_id == sa.bindparam("of_project"),
    customer_sign_in_tokens.c.token_hash == sa.bindparam("wanted_hash"),
)
_FIND: Final = query(sa.select(*customer_sign_in_tokens.c).where(_its), SignInToken)
_USE: Final = query(
    sa.update(customer_sign_in_tokens)
    .where(
        _its,
        customer_sign_in_tokens.c.used_at.is_(None),
        customer_sign_in_tokens.c.expires_at > sa.bindparam("now", type_=Moment()),
    )
    .values(used_at=sa.bindparam("now", type_=Moment()))
    .returning(*customer_sign_in_tokens.c),
    SignInToken,
)
_FORGET: Final = command(
    sa.delete(customer_sign_in_tokens).where(
        customer_sign_in_tokens.c.expires_at <= sa.bindparam("before", type_=Moment())
    )
)
_new_proof = insert(mailbox_proofs).values(
    {column.name: sa.bindparam(column.name, type_=column.type) for column in mailbox_proofs.c}
)
_PROVE: Final = command(
    _new_proof.on_conflict_do_update(
        index_elements=["project_id", "customer_id"],
        set_={"email_normalised": _new_proof.excluded.email_normalised, "proved_at": _new_proof.excluded.proved_at},
    )
)
_PROVED: Final = query(
    sa.select(mailbox_proofs.c.proved_at)
    .join(customers, customers.c.id == mailbox_proofs.c.customer_id)
    .where(
        mailbox_proofs.c.project_id == sa.bindparam("project_id"),
        mailbox_proofs.c.customer_id == sa.bindparam("customer_id"),
        customers.c.email_normalised == mailbox_proofs.c.email_normalised,
    ),
    datetime,
)


async def get_settings(tx: Reading, *, team_id: str, project_id: str, at: datetime) -> SignInSettings:
    """Return how customers of a project sign in; what it is before anybody decided, if nobody did."""
    found = await tx.first(_SETTINGS, project_id=project_id)
    return found or SignInSettings(project_id, team_id, auto_create_customer=False, redirect_urls=[], updated_at=at)


async def put_settings(tx: Writing, settings: SignInSettings) -> SignInSettings:
    """Store how customers sign in; `Invalid` for an address that no link may lead to."""
    _check_urls(settings.redirect_urls)
    await tx.run(_PUT_SETTINGS, **values_of(settings))
    return settings


async def issue_token(
    tx: Writing, settings: SignInSettings, email: str, *, leads_to: str | None, at: datetime, now: datetime
) -> tuple[Customer, str] | None:
    """Make a token for the customer with this address and return both; None if there is none and none may be made.

    `leads_to` is what `allowed_url` returned, or None for a page of ours. Raises `Invalid` for what is no address.
    """
    email = checked_email(email)
    customer = await customer_rows.find_by_email(tx, settings.project_id, email)
    if customer is None and settings.auto_create_customer:
        customer = await _new_customer(tx, settings, email, at=at, now=now)
    if customer is None:
        return None
    token = new_token(_TOKEN_BYTES)
    await tx.run(
        _ADD,
        token_hash=token_hash(token),
        project_id=settings.project_id,
        customer_id=customer.id,
        email_normalised=customer.email_normalised,
        redirect_url=leads_to,
        expires_at=now + LIVES,
        used_at=None,
    )
    return customer, token


def allowed_url(settings: SignInSettings, redirect_url: str | None) -> str | None:
    """Return where a link leads: the address asked for if the project configured it, the first one, or None for our own page."""
    if redirect_url is None:
        return settings.redirect_urls[0] if settings.redirect_urls else None
    if redirect_url not in settings.redirect_urls:
        raise Invalid("redirectUrl must be one of the addresses that this app has configured for signing in.")
    return redirect_url


async def use_token(tx: Writing, project_id: str, token: str, *, now: datetime) -> tuple[SignInToken, Customer]:
    """Use a token up, note that its mailbox is proved, and return it with its customer.

    Raises `TokenUsed`, `TokenExpired`, or `TokenInvalid` for any other: also if the customer's address was changed since.
    """
    hashed = token_hash(token)
    used = await tx.first(_USE, of_project=project_id, wanted_hash=hashed, now=now)
    if used is None:
        found = await tx.first(_FIND, of_project=project_id, wanted_hash=hashed)
        raise _refusal(found)
    customer = await customer_rows.get(tx, project_id, used.customer_id)
    if normalised_email(customer.email) != used.email_normalised:
        raise TokenInvalid("This sign-in link is not valid: ask for a new one.")
    await tx.run(
        _PROVE,
        project_id=project_id,
        customer_id=customer.id,
        email_normalised=customer.email_normalised,
        proved_at=now,
    )
    return used, customer


async def check_token(tx: Reading, project_id: str, token: str, *, now: datetime) -> str | None:
    """Return where a good token leads without using it up; raises as `use_token`."""
    found = await tx.first(_FIND, of_project=project_id, wanted_hash=token_hash(token))
    if found is None or found.used_at is not None or found.expires_at <= now:
        raise _refusal(found)
    return found.redirect_url


async def mailbox_proved_at(tx: Reading, project_id: str, customer_id: str) -> datetime | None:
    """Return when a customer proved the address that he has now by a link mailed there; None: never (contract A16)."""
    return await tx.first(_PROVED, project_id=project_id, customer_id=customer_id)


async def forget_old_tokens(tx: Writing, *, now: datetime) -> int:
    """Delete what expired a day ago; for a recurring job."""
    return await tx.run(_FORGET, before=now - _REMEMBERED)


def _refusal(found: SignInToken | None) -> TokenInvalid:
    if found is None:
        return TokenInvalid("This sign-in link is not valid: ask for a new one.")
    if found.used_at is not None:
        return TokenUsed("This sign-in link was used before: ask for a new one.")
    return TokenExpired("This sign-in link has expired: ask for a new one.")


def _check_urls(urls: Sequence[str]) -> None:
    if len(urls) > MOST_URLS or len(set(urls)) != len(urls):
        raise Invalid(f"redirectUrls may hold up to {MOST_URLS} different addresses.")
    for url in urls:
        try:
            parts = urlsplit(url)
            host = parts.hostname
        except ValueError:
            parts, host = urlsplit(""), None
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
        is_plain = parts.username is None and parts.password is None and not parts.fragment
        if not is_safe or not is_plain or not host or len(url) > LONGEST_URL or not url.isprintable() or "\\" in url:
            raise Invalid(
                "redirectUrls must be https addresses such as https://app.example.com/signed-in; http is for this machine only."
            )


async def _new_customer(
    tx: Writing, settings: SignInSettings, email: str, *, at: datetime, now: datetime
) -> Customer | None:
    new = customer_rows.new_customer(
        team_id=settings.team_id,
        project_id=settings.project_id,
        email=email,
        name=None,
        stripe_customer_id="",
        metadata={},
        at=at,
        now=now,
    )
    try:
        return await customer_rows.add_customer(tx, new)
    except Conflict:
        # Two links were asked for at once, and the other one's customer is there now.
        return await customer_rows.find_by_email(tx, settings.project_id, email)
