"""`billfold init`: the first team, or one more."""

from __future__ import annotations

import asyncio
import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from billfold.base.settings import Settings
    from billfold.infrastructure.stripe.values import StripeAccount
    from billfold.wiring import Installation


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for; without a Stripe key the connection is simulated."""

    team: str
    project: str
    email: str
    stripe_secret_key: str | None
    webhook_secret: str | None


def init(
    *,
    team: Annotated[str, typer.Option(help="The team's name.")],
    project: Annotated[str, typer.Option(help="The name of its first project.")],
    email: Annotated[str, typer.Option(help="The owner's e-mail address.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")] = False,
    as_exports: Annotated[
        bool, typer.Option("--exports", help="Print lines for a shell instead, under the names that the examples read.")
    ] = False,
    stripe_secret_key: Annotated[
        str | None,
        typer.Option(
            envvar="STRIPE_SECRET_KEY",
            help="Connect this Stripe (or compatible) account instead of a simulated one: sk_test_… or sk_live_….",
        ),
    ] = None,
    webhook_secret: Annotated[
        str | None,
        typer.Option(envvar="STRIPE_WEBHOOK_SECRET", help="The signing secret of its webhook endpoint: whsec_…."),
    ] = None,
) -> None:
    """Create a team with its owner, a project, an API key with full access and a Stripe connection.

    Gives an empty database its tables first. The secrets are printed this once only.
    """
    from billfold.base.errors import Invalid  # noqa: PLC0415 - only what this command needs
    from billfold.cli.opening import read_settings  # noqa: PLC0415 - see above

    if (stripe_secret_key is None) != (webhook_secret is None):
        raise Invalid("Give both --stripe-secret-key and --webhook-secret, or neither for a simulated account.")
    settings = read_settings()
    if stripe_secret_key is None and not settings.simulator:
        raise Invalid("BILLFOLD_SIMULATOR is off: give --stripe-secret-key and --webhook-secret.")
    made = asyncio.run(_install(settings, Wanted(team, project, email, stripe_secret_key, webhook_secret)))
    if as_exports:
        typer.echo(exports_of(settings, made))
    else:
        typer.echo(json.dumps(made) if as_json else _tell(settings, made))


def exports_of(settings: Settings, made: Mapping[str, Any]) -> str:
    """Return what was made as shell lines: the server's address, the ids, the key, and how the owner signs in."""
    named = {
        "BILLFOLD_URL": settings.public_url,
        "BILLFOLD_TEAM": made["teamId"],
        "BILLFOLD_PROJECT": made["projectId"],
        "BILLFOLD_API_KEY": made["apiKey"],
        "BILLFOLD_OWNER": made["ownerEmail"],
        "BILLFOLD_OWNER_PASSWORD": made["ownerPassword"],
    }
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in named.items())


async def _install(settings: Settings, wanted: Wanted) -> dict[str, Any]:
    from billfold.cli.opening import open_installation  # noqa: PLC0415 - only what this command needs

    async with open_installation(settings, make=True) as installation:
        return await create_team_with_everything(installation, wanted)


async def create_team_with_everything(installation: Installation, wanted: Wanted) -> dict[str, Any]:
    """Create what `billfold init` promises, in one unit, and return what it prints with `--json`.

    A Stripe key is tried before anything is stored.
    """
    from billfold.base.errors import Conflict  # noqa: PLC0415 - only what this command needs
    from billfold.base.passwords import hash_password, new_password  # noqa: PLC0415 - see above
    from billfold.domain.tenancy.users import find_user  # noqa: PLC0415 - see above
    from billfold.infrastructure.db.database import DuplicateRow  # noqa: PLC0415 - see above

    db = installation.services.db
    taken = Conflict(f"{wanted.email} is already a user here. Give the owner another address.")
    if await db.read(find_user, wanted.email) is not None:
        raise taken
    account = None
    if wanted.stripe_secret_key is not None and wanted.webhook_secret is not None:
        account = await try_account(installation, wanted.stripe_secret_key, wanted.webhook_secret)
    password = new_password()
    try:
        made: dict[str, Any] = await db.write(create_everything, installation, wanted, account, hash_password(password))
    except DuplicateRow:
        # Somebody else created the same user in between.
        raise taken from None
    return {
        "teamId": made["teamId"],
        "projectId": made["projectId"],
        "apiKey": made["apiKey"],
        "ownerEmail": wanted.email,
        "ownerPassword": password,
        "webhookUrl": installation.services.settings.webhook_url(made["teamId"]),
        "webhookSecret": made["webhookSecret"],
        "simulatorSecretKey": made["simulatorSecretKey"],
    }


async def try_account(installation: Installation, secret_key: str, webhook_secret: str) -> StripeAccount:
    """Return the account that a Stripe key opens; raises `Invalid` for keys of a wrong form or that Stripe refuses."""
    from billfold.domain.tenancy.stripe_keys import StripeKeys, check_keys  # noqa: PLC0415 - only what this needs
    from billfold.infrastructure.stripe.client import connect  # noqa: PLC0415 - see above

    check_keys(StripeKeys(secret_key, None, webhook_secret))
    gateway = connect(secret_key, api_base=installation.services.settings.stripe_api_base)
    try:
        return await gateway.get_account()
    finally:
        await gateway.close()


async def create_everything(
    tx: Any, installation: Installation, wanted: Wanted, account: StripeAccount | None, password_hash: str
) -> dict[str, str | None]:
    """Create team, owner, project, key and connection in one unit; `account` is what a given Stripe key opened."""
    from billfold.domain.tenancy import api_keys, members, projects, stripe_connections, teams, users  # noqa: PLC0415
    from billfold.domain.tenancy.stripe_keys import StripeKeys  # noqa: PLC0415 - only what this command needs
    from billfold.infrastructure.stripe.values import StripeAccount  # noqa: PLC0415 - see above

    now = installation.services.clock.now()
    team = await teams.create_team(tx, name=wanted.team, now=now)
    owner = await users.create_user(tx, email=wanted.email, password_hash=password_hash, now=now)
    await members.add_member(tx, team_id=team.id, user_id=owner.id, role=members.Role.OWNER, now=now)
    project = await projects.create_project(tx, team_id=team.id, name=wanted.project, now=now)
    _, raw_key = await api_keys.create_api_key(
        tx, team_id=team.id, project_id=None, name="init", scopes=(), expires_at=None, now=now
    )
    simulated = None
    if account is None:
        simulated = await installation.simulator.create_account(tx, team_id=team.id, name=wanted.team)
        account = StripeAccount(id=simulated.account_id, name=wanted.team, livemode=False)
        keys = StripeKeys(simulated.secret_key, simulated.publishable_key, simulated.webhook_secret)
    else:
        keys = StripeKeys(wanted.stripe_secret_key or "", None, wanted.webhook_secret or "")
    await stripe_connections.connect_stripe(
        tx,
        installation.services.sealer,
        team_id=team.id,
        kind="stripe" if simulated is None else "simulated",
        account=account,
        keys=keys,
        api_base=installation.services.settings.stripe_api_base if simulated is None else None,
        has_data=False,
        now=now,
    )
    return {
        "teamId": team.id,
        "projectId": project.id,
        "apiKey": raw_key,
        "webhookSecret": keys.webhook_secret,
        "simulatorSecretKey": None if simulated is None else simulated.secret_key,
    }


def _tell(settings: Settings, made: dict[str, Any]) -> str:
    lines = [
        "Created. The secrets below are shown this once only.",
        "",
        f"  Team            {made['teamId']}",
        f"  Project         {made['projectId']}",
        f"  API key         {made['apiKey']}",
        f"  Owner           {made['ownerEmail']}",
        f"  Password        {made['ownerPassword']}",
        f"  Webhook URL     {made['webhookUrl']}",
        f"  Webhook secret  {made['webhookSecret']}",
    ]
    if made["simulatorSecretKey"] is not None:
        lines += [
            f"  Simulated key   {made['simulatorSecretKey']}",
            "",
            f"Stripe is simulated: any Stripe library pointed at {settings.public_url}/simulator/stripe can use that key.",
        ]
    else:
        lines += ["", "Add the webhook URL as an endpoint in Stripe's dashboard, with all the events of the guide."]
    lines += ["", f"Next: billfold serve, then sign in at {settings.public_url}/sign-in as the owner."]
    return "\n".join(lines)
