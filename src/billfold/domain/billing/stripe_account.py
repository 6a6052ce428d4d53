"""A team's Stripe account as the team's people handle it: connect it, see how it stands, disconnect it (contract G22)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import sqlalchemy as sa

from billfold.base.crypto import Sealer
from billfold.base.errors import Conflict, Invalid, Unavailable
from billfold.domain.billing import imports
from billfold.domain.billing.comparisons import stripe_comparisons
from billfold.domain.billing.customer_claims import stripe_customer_claims
from billfold.domain.billing.customers import team_has_any
from billfold.domain.billing.imports import stripe_import_lines, stripe_imports
from billfold.domain.billing.products import products
from billfold.domain.billing.raw_objects import stripe_raw_objects
from billfold.domain.tenancy import stripe_connections
from billfold.domain.tenancy.stripe_connections import KeySource, StripeConnection, StripeConnections, find_connection
from billfold.domain.tenancy.stripe_keys import StripeKeys
from billfold.domain.tenancy.teams import get_team
from billfold.infrastructure.db.database import Database, Reading, Writing
from billfold.infrastructure.db.statements import command, query
from billfold.infrastructure.stripe.values import StripeAccount

_ANY_PRODUCT: Final = query(sa.select(products.c.id).where(products.c.team_id == sa.bindparam("team_id")).limit(1), str)
# What an import of another account left; children first.
_FORGET: Final = tuple(
    command(sa.delete(table).where(table.c.team_id == sa.bindparam("team_id")))
    for table in (
        stripe_import_lines,
        stripe_imports,
        stripe_raw_objects,
        stripe_customer_claims,
        stripe_comparisons,
    )
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a team stands with Stripe, as `GET T/stripe/status` tells it."""

    connected: bool = False
    is_active: bool = False
    # pending · syncing · ready · error
    sync_status: str = "pending"
    schema_exists: bool = False
    account_name: str | None = None
    key_valid: bool = False


async def connect(
    tx: Writing,
    sealer: Sealer,
    *,
    team_id: str,
    source: KeySource,
    account: StripeAccount,
    keys: StripeKeys,
    now: datetime,
) -> StripeConnection:
    """Store what `StripeConnections.try_keys` found good, for the first time or anew.

    Raises `Conflict` for another account or mode while the team has customers or products of the present one. Copies of
    another account's objects are forgotten.
    """
    team = await get_team(tx, team_id)
    before = await find_connection(tx, team.id)
    connection = await stripe_connections.connect_stripe(
        tx,
        sealer,
        team_id=team.id,
        kind=source.kind,
        account=account,
        keys=keys,
        api_base=source.api_base,
        has_data=await _has_data(tx, team.id),
        now=now,
    )
    if before is not None and before.account_id != account.id:
        for statement in _FORGET:
            await tx.run(statement, team_id=team.id)
    return connection


class SimulatedKeys(Protocol):
    """A simulated account with its secrets, which are told once only."""

    account_id: str
    secret_key: str
    publishable_key: str
    webhook_secret: str


class Simulates(Protocol):
    """Whoever has a simulated account for each team that wants one."""

    async def create_account(
        self, tx: Writing, *, team_id: str, name: str | None = None, clock_offset: timedelta = timedelta(0)
    ) -> Any:
        """Create a team's account and return its `SimulatedKeys`."""
        ...

    async def renew_keys(self, tx: Writing, *, team_id: str) -> Any:
        """Give a team's account new keys and return its `SimulatedKeys`; None if it has none."""
        ...


async def simulate(
    tx: Writing, sealer: Sealer, simulator: Simulates, *, team_id: str, now: datetime
) -> tuple[StripeConnection, SimulatedKeys]:
    """Connect a team to a Stripe account in the box, its former one if it had one, and return the connection and its keys.

    Raises `Conflict` while Stripe is connected, or if the team has data of another account.
    """
    team = await get_team(tx, team_id)
    before = await find_connection(tx, team.id)
    if before is not None and before.is_active:
        raise Conflict("Stripe is connected already: disconnect it first.")
    made: SimulatedKeys | None = await simulator.renew_keys(tx, team_id=team.id)
    if made is None:
        offset = timedelta(microseconds=team.clock_offset_us)
        made = await simulator.create_account(tx, team_id=team.id, name=team.name, clock_offset=offset)
    assert made is not None  # noqa: S101 - either of the two made it
    connection = await connect(
        tx,
        sealer,
        team_id=team.id,
        source=KeySource("simulated", None),
        account=StripeAccount(id=made.account_id, name=team.name, livemode=False),
        keys=StripeKeys(made.secret_key, made.publishable_key, made.webhook_secret),
        now=now,
    )
    return connection, made


async def disconnect(tx: Writing, *, team_id: str, now: datetime) -> None:
    """Wipe the keys, keep the data, and stop an import that runs; a team that is not connected stays so."""
    await imports.end(tx, team_id, "stopped", now=now)
    await stripe_connections.disconnect(tx, team_id=team_id, now=now)


async def standing(db: Database, connections: StripeConnections, team_id: str) -> Standing:
    """Tell how a team stands with Stripe; asks Stripe whether the key is still good.

    A key that does not open with this installation's secret key is not valid (G23). While Stripe does not answer, nobody has
    said that the key is bad.
    """
    connection = await db.read(find_connection, team_id)
    if connection is None:
        return Standing()
    connected = connection.is_active and connection.secret_key_sealed is not None
    return Standing(
        connected=connected,
        is_active=connection.is_active,
        sync_status=connection.sync_status,
        # Every team's data lies in the same tables, which are there from the first connection on.
        schema_exists=True,
        account_name=connection.account_name,
        key_valid=connected and await _is_key_valid(connections, connection),
    )


async def _is_key_valid(connections: StripeConnections, connection: StripeConnection) -> bool:
    try:
        gateway: Any = await connections.gateway(connection.team_id)
        account: StripeAccount = await gateway.get_account()
    except Unavailable:
        return True
    except Invalid:
        return False
    return account.id == connection.account_id


async def _has_data(tx: Reading, team_id: str) -> bool:
    return await team_has_any(tx, team_id) or await tx.first(_ANY_PRODUCT, team_id=team_id) is not None
