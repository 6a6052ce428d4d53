"""`billfold connect`: a team's own Stripe account, for the first time or with new keys."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from billfold.base.settings import Settings
    from billfold.domain.tenancy.stripe_connections import StripeConnection
    from billfold.domain.tenancy.stripe_keys import StripeKeys
    from billfold.infrastructure.stripe.values import StripeAccount
    from billfold.wiring import Installation


def connect(
    *,
    team_id: Annotated[str, typer.Option(help="The team, as billfold init and billfold doctor print it: team_….")],
    stripe_secret_key: Annotated[
        str,
        typer.Option(
            envvar="STRIPE_SECRET_KEY", help="A key of its Stripe (or compatible) account: sk_test_… or sk_live_…."
        ),
    ],
    webhook_secret: Annotated[
        str,
        typer.Option(envvar="STRIPE_WEBHOOK_SECRET", help="The signing secret of its webhook endpoint: whsec_…."),
    ],
) -> None:
    """Connect a team to its Stripe account, or give the connection new keys.

    The key is tried before anything is stored. A new signing secret leaves the one before it good for 24 hours. A team that
    has customers stays with its account.
    """
    from billfold.cli.opening import read_settings  # noqa: PLC0415 - only what this command needs
    from billfold.domain.tenancy.stripe_keys import StripeKeys  # noqa: PLC0415 - see above

    keys = StripeKeys(stripe_secret_key, None, webhook_secret)
    settings = read_settings()
    connection = asyncio.run(_connect(settings, team_id, keys))
    mode = "live" if connection.livemode else "test"
    typer.echo(f"Connected {team_id} to {connection.account_id} ({mode} mode). Try it with: billfold doctor")
    typer.echo(f"Stripe's events go to {settings.webhook_url(team_id)}")


async def _connect(settings: Settings, team_id: str, keys: StripeKeys) -> StripeConnection:
    from billfold.cli.installing import try_account  # noqa: PLC0415 - only what this command needs
    from billfold.cli.opening import open_installation  # noqa: PLC0415 - see above

    async with open_installation(settings) as installation:
        account = await try_account(installation, keys.secret_key, keys.webhook_secret)
        now = installation.services.clock.now()
        stored: StripeConnection = await installation.services.db.write(
            _store, installation, team_id, account, keys, now=now
        )
    return stored


async def _store(
    tx: Any, installation: Installation, team_id: str, account: StripeAccount, keys: StripeKeys, *, now: datetime
) -> StripeConnection:
    from billfold.domain.billing.customers import team_has_any  # noqa: PLC0415 - only what this command needs
    from billfold.domain.tenancy import stripe_connections, teams  # noqa: PLC0415 - see above

    services = installation.services
    team = await teams.get_team(tx, team_id)
    return await stripe_connections.connect_stripe(
        tx,
        services.sealer,
        team_id=team.id,
        kind="stripe",
        account=account,
        keys=keys,
        api_base=services.settings.stripe_api_base,
        has_data=await team_has_any(tx, team.id),
        now=now,
    )
