"""A team's Stripe account: the sealed keys, the gateway made of them, the secrets that its webhooks are signed with.

The three secrets are sealed under the team's id and their column's name, so a value copied into another row or column does
not open (contract G23). A signing secret that is replaced stays good for 24 hours beside its successor, because Stripe signs
with both for that long (SCENARIOS A8).

The webhook's door asks for a team's secrets with every event, jobs ask for its gateway: both are answered from memory for up
to a second, so a changed or withdrawn key counts everywhere within that time, in every process.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from billfold.base.crypto import SealBroken, Sealer, same
from billfold.base.errors import Conflict, Invalid, Unavailable
from billfold.domain.tenancy.stripe_keys import StripeKeys, check_keys
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Database, Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Moment
from billfold.infrastructure.stripe.port import StripeGateway
from billfold.infrastructure.stripe.values import StripeAccount

PREVIOUS_SECRET_LIVES: Final = timedelta(hours=24)
FRESH_NANOSECONDS: Final = 1_000_000_000
# Anybody may ask for teams that do not exist, so what is remembered is bounded.
_MOST_REMEMBERED: Final = 10_000
# An open gateway holds connections to Stripe; the one that was used longest ago is closed first.
_MOST_GATEWAYS: Final = 500

_NOT_CONNECTED: Final = "Stripe is not connected. Connect a Stripe account in the team's settings first."
_NOT_OPENED: Final = (
    "The stored Stripe keys do not open with this BILLFOLD_SECRET_KEY. Start with the key they were stored with, or connect "
    "Stripe again."
)

stripe_connections = sa.Table(
    "stripe_connections",
    metadata,
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), primary_key=True),
    # 'simulated' (the simulator in the box) or 'stripe' (Stripe itself or a compatible server).
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("account_id", sa.Text, nullable=False),
    sa.Column("account_name", sa.Text),
    sa.Column("livemode", sa.Boolean, nullable=False),
    # The address of a compatible server; None for Stripe's own and for the simulator.
    sa.Column("api_base", sa.Text),
    # Sealed; all are None after a disconnection.
    sa.Column("secret_key_sealed", sa.Text),
    sa.Column("publishable_key_sealed", sa.Text),
    sa.Column("webhook_secret_sealed", sa.Text),
    sa.Column("previous_webhook_secret_sealed", sa.Text),
    sa.Column("previous_webhook_secret_until", Moment),
    sa.Column("is_active", sa.Boolean, nullable=False),
    # pending · syncing · ready · error (contract G25).
    sa.Column("sync_status", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class StripeConnection:
    """A team's connection as it is stored; the secrets stay sealed."""

    team_id: str
    kind: str
    account_id: str
    account_name: str | None
    livemode: bool
    api_base: str | None
    secret_key_sealed: str | None
    publishable_key_sealed: str | None
    webhook_secret_sealed: str | None
    previous_webhook_secret_sealed: str | None
    previous_webhook_secret_until: datetime | None
    is_active: bool
    sync_status: str
    created_at: datetime
    updated_at: datetime


_GET: Final = query(
    sa.select(*stripe_connections.c).where(stripe_connections.c.team_id == sa.bindparam("team_id")), StripeConnection
)
_LOCK: Final = query(
    sa.select(*stripe_connections.c).where(stripe_connections.c.team_id == sa.bindparam("team_id")).with_for_update(),
    StripeConnection,
)
_ACTIVE: Final = query(
    sa.select(*stripe_connections.c)
    .where(stripe_connections.c.team_id > sa.bindparam("after"), stripe_connections.c.is_active)
    .order_by(stripe_connections.c.team_id)
    .limit(sa.bindparam("largest")),
    StripeConnection,
)
_ADDED: Final = insert_row(stripe_connections)
_PUT: Final = command(
    _ADDED.on_conflict_do_update(
        index_elements=[stripe_connections.c.team_id],
        set_={
            column.name: _ADDED.excluded[column.name]
            for column in stripe_connections.c
            if column.name not in {"team_id", "created_at"}
        },
    )
)
_SET_SYNC_STATUS: Final = command(
    sa.update(stripe_connections)
    .where(stripe_connections.c.team_id == sa.bindparam("of_team"))
    .values(sync_status=sa.bindparam("new_status"))
)


async def connect_stripe(
    tx: Writing,
    sealer: Sealer,
    *,
    team_id: str,
    kind: str,
    account: StripeAccount,
    keys: StripeKeys,
    api_base: str | None,
    has_data: bool,
    now: datetime,
) -> StripeConnection:
    """Store a team's connection, new or changed (G22).

    `account` is what Stripe answered to the secret key, asked before this unit. `has_data` says that the team has customers
    of the present account: then another account, or the other mode of it, raises `Conflict`. A changed signing secret leaves
    its predecessor good for 24 hours.
    """
    livemode = check_keys(keys)
    stored = await tx.first(_LOCK, team_id=team_id)
    if has_data and stored is not None and (stored.account_id, stored.livemode) != (account.id, livemode):
        raise Conflict(
            "This team's data belongs to another Stripe account or mode. Connect that one, or make a new team for this one."
        )
    previous, previous_until = _previous_secret(sealer, stored, keys.webhook_secret, now)

    def sealed(secret: str | None, field: str) -> str | None:
        return None if secret is None else sealer.seal(secret, owner=team_id, field=field)

    same_account = stored is not None and stored.account_id == account.id
    connection = StripeConnection(
        team_id=team_id,
        kind=kind,
        account_id=account.id,
        account_name=account.name,
        livemode=livemode,
        api_base=api_base,
        secret_key_sealed=sealed(keys.secret_key, "secret_key"),
        publishable_key_sealed=sealed(keys.publishable_key, "publishable_key"),
        webhook_secret_sealed=sealed(keys.webhook_secret, "webhook_secret"),
        previous_webhook_secret_sealed=sealed(previous, "previous_webhook_secret"),
        previous_webhook_secret_until=previous_until,
        is_active=True,
        sync_status=stored.sync_status if stored is not None and same_account else "pending",
        created_at=now if stored is None else stored.created_at,
        updated_at=now,
    )
    await tx.run(_PUT, **values_of(connection))
    return connection


def _previous_secret(
    sealer: Sealer, stored: StripeConnection | None, webhook_secret: str, now: datetime
) -> tuple[str | None, datetime | None]:
    """Return the signing secret that stays good beside the new one, and until when."""
    if stored is None:
        return None, None
    try:
        replaced = open_secret(sealer, stored, "webhook_secret")
        if replaced is not None and not same(replaced, webhook_secret):
            return replaced, now + PREVIOUS_SECRET_LIVES
        return open_secret(sealer, stored, "previous_webhook_secret"), stored.previous_webhook_secret_until
    except SealBroken:
        # Sealed with a key that is gone. Connecting again is exactly how a team gets out of that.
        return None, None


def open_secret(sealer: Sealer, connection: StripeConnection, field: str) -> str | None:
    """Return one of a connection's secrets in the clear, None if it has none; raises `SealBroken`.

    `field` is secret_key, publishable_key, webhook_secret or previous_webhook_secret.
    """
    sealed: str | None = getattr(connection, f"{field}_sealed")
    return None if sealed is None else sealer.open(sealed, owner=connection.team_id, field=field)


async def disconnect(tx: Writing, *, team_id: str, now: datetime) -> None:
    """Wipe a team's keys and keep its data (G22); a team that is not connected stays so."""
    stored = await tx.first(_LOCK, team_id=team_id)
    if stored is None:
        return
    wiped = replace(
        stored,
        secret_key_sealed=None,
        publishable_key_sealed=None,
        webhook_secret_sealed=None,
        previous_webhook_secret_sealed=None,
        previous_webhook_secret_until=None,
        is_active=False,
        updated_at=now,
    )
    await tx.run(_PUT, **values_of(wiped))


async def set_sync_status(tx: Writing, *, team_id: str, status: str) -> None:
    """Note how far the import of the account's data is: pending, syncing, ready or error (G25)."""
    await tx.run(_SET_SYNC_STATUS, of_team=team_id, new_status=status)


async def find_connection(tx: Reading, team_id: str) -> StripeConnection | None:
    """Return a team's connection, disconnected ones too, or None if there never was one."""
    return await tx.first(_GET, team_id=team_id)


async def active_connections(tx: Reading, *, after: str = "", limit: int = 500) -> list[StripeConnection]:
    """Return connections in use by team id, from the one behind `after`: for the sweep and for `doctor`."""
    return await tx.all(_ACTIVE, after=after, largest=limit)


@dataclass(frozen=True, slots=True)
class WebhookSecrets:
    """What an incoming event of a team is checked with; two secrets for 24 hours after a rotation."""

    secrets: tuple[str, ...]
    livemode: bool
    account_id: str

    def __repr__(self) -> str:
        """Show nothing secret."""
        return f"WebhookSecrets({self.account_id}, {len(self.secrets)} secrets)"


@dataclass(frozen=True, slots=True)
class _Remembered:
    until_ns: int
    connection: StripeConnection | None
    # None: they do not open.
    secrets: tuple[str | None, str | None] | None
    # What the webhook door gets as long as no older secret counts beside the present one: each delivery asks.
    at_the_door: WebhookSecrets | None = None


def _at_the_door(connection: StripeConnection, secrets: tuple[str, ...]) -> WebhookSecrets:
    return WebhookSecrets(secrets=secrets, livemode=connection.livemode, account_id=connection.account_id)


@dataclass(frozen=True, slots=True)
class KeySource:
    """Which server a new key is for: `kind` and `api_base` as a connection keeps them."""

    kind: str
    api_base: str | None


async def _stripes_own(team_id: str, secret_key: str) -> KeySource:
    del team_id, secret_key
    return KeySource("stripe", None)


class StripeConnections:
    """Every team's gateway and signing secrets. One object for the whole process."""

    def __init__(
        self,
        db: Database,
        sealer: Sealer,
        connect: Callable[[str, str | None, str], StripeGateway],
        source_of: Callable[[str, str], Awaitable[KeySource]] = _stripes_own,
    ) -> None:
        """Take `connect(secret_key, api_base, kind)`, which makes a gateway without asking anything of Stripe.

        `source_of(team_id, secret_key)` says which server a key that a team enters is for; raises `Invalid`.
        """
        self._db = db
        self._sealer = sealer
        self._connect = connect
        self._source_of = source_of
        self._remembered: dict[str, _Remembered] = {}
        # With the sealed key each was made of: sealing is never the same twice, so it changes with every connect.
        self._gateways: dict[str, tuple[str, StripeGateway]] = {}
        self._closing: set[asyncio.Task[None]] = set()

    async def gateway(self, team_id: str) -> StripeGateway:
        """Return the gateway to a team's account; raises `Invalid` with what to do if there is none."""
        connection = (await self._look(team_id)).connection
        sealed = connection.secret_key_sealed if connection is not None and connection.is_active else None
        if connection is None or sealed is None:
            self._close(team_id)
            raise Invalid(_NOT_CONNECTED)
        known = self._gateways.get(team_id)
        if known is not None and known[0] == sealed:
            self._gateways[team_id] = self._gateways.pop(team_id)  # now the latest used
            return known[1]
        self._close(team_id)
        try:
            secret_key = self._sealer.open(sealed, owner=team_id, field="secret_key")
        except SealBroken as error:
            raise Invalid(_NOT_OPENED) from error
        gateway = self._connect(secret_key, connection.api_base, connection.kind)
        self._gateways[team_id] = (sealed, gateway)
        if len(self._gateways) > _MOST_GATEWAYS:
            self._close(next(iter(self._gateways)))
        return gateway

    async def try_keys(self, team_id: str, keys: StripeKeys) -> tuple[KeySource, StripeAccount]:
        """Return the account that new keys open, asked of Stripe before anything is stored (G22); raises `Invalid`."""
        check_keys(keys)
        source = await self._source_of(team_id, keys.secret_key)
        gateway = self._connect(keys.secret_key, source.api_base, source.kind)
        try:
            return source, await gateway.get_account()
        finally:
            await gateway.close()

    async def webhook_secrets(self, team_id: str, now: datetime) -> WebhookSecrets | None:
        """Return what a team's events are checked with, None for an unknown or disconnected team.

        Raises `Unavailable` if the stored secrets do not open, so that Stripe keeps the event and sends it again.
        """
        remembered = self._remembered.get(team_id)
        if remembered is None or remembered.until_ns < time.monotonic_ns():
            remembered = await self._look(team_id)
        if remembered.at_the_door is not None:
            return remembered.at_the_door
        connection = remembered.connection
        if connection is None or not connection.is_active:
            return None
        if remembered.secrets is None:
            raise Unavailable(_NOT_OPENED)
        present, previous = remembered.secrets
        until = connection.previous_webhook_secret_until
        held = (present, previous if until is not None and now < until else None)
        return _at_the_door(connection, tuple(secret for secret in held if secret is not None))

    def forget(self, team_id: str) -> None:
        """Read the team's connection anew at the next use; called after this process changed it."""
        self._remembered.pop(team_id, None)

    async def close(self) -> None:
        """Close every gateway after the calls under way on it."""
        for team_id in list(self._gateways):
            self._close(team_id)
        await asyncio.gather(*self._closing)

    async def _look(self, team_id: str) -> _Remembered:
        remembered = self._remembered.get(team_id)
        if remembered is not None and remembered.until_ns >= time.monotonic_ns():
            return remembered
        asked_at = time.monotonic_ns()
        connection = await self._db.read(find_connection, team_id)
        secrets: tuple[str | None, str | None] | None = (None, None)
        if connection is not None:
            try:
                secrets = (
                    open_secret(self._sealer, connection, "webhook_secret"),
                    open_secret(self._sealer, connection, "previous_webhook_secret"),
                )
            except SealBroken:
                secrets = None
        if len(self._remembered) >= _MOST_REMEMBERED:
            self._remembered.clear()
        at_the_door = None
        if connection is not None and connection.is_active and secrets is not None and secrets[0] is not None:
            only_present = connection.previous_webhook_secret_until is None
            at_the_door = _at_the_door(connection, (secrets[0],)) if only_present else None
        until = asked_at + FRESH_NANOSECONDS
        remembered = self._remembered[team_id] = _Remembered(until, connection, secrets, at_the_door)
        return remembered

    def _close(self, team_id: str) -> None:
        _, gateway = self._gateways.pop(team_id, ("", None))
        if gateway is not None:
            # Not awaited here: a call that is under way on it may take as long as Stripe does.
            task = asyncio.create_task(gateway.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
