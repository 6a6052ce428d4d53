"""`billfold doctor` and `billfold verify-ledger`: is everything as it should be, and if not, what to do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from billfold.base.settings import Settings
    from billfold.domain.tenancy.stripe_connections import StripeConnection
    from billfold.infrastructure.db.database import Reading
    from billfold.infrastructure.jobs.queue import StuckJob
    from billfold.wiring import Installation

# A job that is due this long is waiting for a worker that does not run.
_LATE = timedelta(minutes=5)
_STUCK_SHOWN = 20
_OFF_SHOWN = 20
_WHY_OFF = {"failing": "it took nothing for days", "gone": "it answered that it is gone", "": "no reason was kept"}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    subject: str
    is_good: bool
    finding: str


def doctor(
    *,
    sweep: Annotated[
        bool,
        typer.Option("--sweep", help="Also read Stripe's event list of the last 30 days and store what never arrived."),
    ] = False,
) -> None:
    """Check the database, its migrations, each team's Stripe connection, stuck jobs, the ledger and the webhooks.

    Exit status 0 if all is well, 1 if something needs a person.
    """
    from billfold.cli.opening import read_settings  # noqa: PLC0415 - only what this command needs

    raise typer.Exit(asyncio.run(_examine(read_settings(), sweep=sweep)))


def verify_ledger() -> None:
    """Recompute every balance from its transfers and name each account that differs.

    Exit status 0 if the ledger adds up, 1 if not.
    """
    from billfold.cli.opening import read_settings  # noqa: PLC0415 - only what this command needs

    raise typer.Exit(asyncio.run(_verify(read_settings())))


async def _examine(settings: Settings, *, sweep: bool) -> int:
    from billfold.cli.opening import open_installation  # noqa: PLC0415 - only what this command needs

    bad = 0
    async with open_installation(settings) as installation:
        async for check in examine(installation, sweep=sweep):
            typer.echo(f"{'ok  ' if check.is_good else 'FAIL'}  {check.subject}: {check.finding}")
            bad += not check.is_good
    typer.echo("All is well." if not bad else f"{bad} of these need you.")
    return 1 if bad else 0


async def _verify(settings: Settings) -> int:
    from billfold.cli.opening import open_installation  # noqa: PLC0415 - only what this command needs
    from billfold.domain.ledger.audit import audit  # noqa: PLC0415 - see above
    from billfold.domain.payouts.audit import audit_payouts  # noqa: PLC0415 - see above
    from billfold.domain.wallets.audit import audit_wallets  # noqa: PLC0415 - see above

    async with open_installation(settings) as installation:
        db = installation.services.db
        findings = [*await db.snapshot(audit), *await db.snapshot(audit_wallets), *await db.snapshot(audit_payouts)]
    for finding in findings:
        typer.echo(str(finding))
    typer.echo(f"{len(findings)} accounts differ from their transfers." if findings else "The ledger adds up.")
    return 1 if findings else 0


async def examine(installation: Installation, *, sweep: bool) -> AsyncIterator[Check]:
    """Look at one thing after the other; the database itself was looked at when it was opened."""
    from billfold.domain.tenancy.stripe_connections import active_connections  # noqa: PLC0415 - see `doctor`

    services = installation.services
    yield Check(
        "database",
        is_good=True,
        finding=services.settings.database_url.partition("://")[0] + ", migrations are current",
    )
    connections = await services.db.read(active_connections)
    if not connections:
        yield Check("Stripe", is_good=True, finding="no team has connected an account")
    while connections:
        for connection in connections:
            yield await _try_connection(installation, connection, sweep=sweep)
        connections = await services.db.read(active_connections, after=connections[-1].team_id)
    async for check in _look_at_jobs(installation):
        yield check
    yield await _audit(installation)
    async for check in _look_at_rewards(installation):
        yield check
    async for check in _look_at_webhooks(installation):
        yield check


async def _try_connection(installation: Installation, connection: StripeConnection, *, sweep: bool) -> Check:
    from billfold.base.errors import BillfoldError  # noqa: PLC0415 - see `doctor`

    subject = f"Stripe of {connection.team_id}"
    try:
        gateway = await installation.services.stripe.gateway(connection.team_id)
        account = await gateway.get_account()
        if account.id != connection.account_id:
            finding = (
                f"the key now opens {account.id} instead of {connection.account_id}. Connect the right account again."
            )
            return Check(subject, is_good=False, finding=finding)
        found = f"{connection.kind}, {account.id}, {'live' if account.livemode else 'test'} mode"
        if sweep:
            found += f", {await _sweep(installation, connection.team_id, gateway)}"
    except BillfoldError as error:
        return Check(subject, is_good=False, finding=error.message)
    return Check(subject, is_good=True, finding=found)


async def _sweep(installation: Installation, team_id: str, gateway: Any) -> str:
    from billfold.domain.billing.sweep import EVENTS_KEPT_BY_STRIPE, sweep_team  # noqa: PLC0415 - see `doctor`
    from billfold.domain.tenancy.teams import get_team  # noqa: PLC0415 - see `doctor`

    services = installation.services
    now = services.clock.now()
    team = await services.db.read(get_team, team_id)
    since = team.time_at(now) - EVENTS_KEPT_BY_STRIPE
    swept = await sweep_team(services.db, gateway, team_id, since=since, now=now)
    return f"{swept.read} events read, {swept.stored} were new and wait for the worker"


async def _look_at_jobs(installation: Installation) -> AsyncIterator[Check]:
    from billfold.infrastructure.jobs import queue  # noqa: PLC0415 - see `doctor`

    db = installation.services.db
    now = installation.services.clock.now()

    async def look(tx: Reading) -> tuple[int, datetime | None, list[StuckJob]]:
        return await queue.waiting_count(tx), await queue.next_due(tx), list(await queue.stuck(tx, limit=_STUCK_SHOWN))

    waiting, due, stuck = await db.read(look)
    if due is not None and now - due > _LATE:
        finding = (
            f"{waiting} wait, the oldest since {due:%Y-%m-%d %H:%M} UTC. Is billfold serve or billfold worker running?"
        )
        yield Check("jobs", is_good=False, finding=finding)
    else:
        yield Check("jobs", is_good=True, finding=f"{waiting} wait or run")
    for job in stuck:
        reason = (job.last_error or "no reason was kept").strip().splitlines()[-1]
        finding = (
            f"{job.name} of {job.team_id or 'no team'} failed {job.attempts} times: {reason} "
            f"When the cause is mended, run: billfold jobs retry {job.id}"
        )
        yield Check(f"stuck job {job.id}", is_good=False, finding=finding)


async def _look_at_webhooks(installation: Installation) -> AsyncIterator[Check]:
    """Tell how far the sequencer is behind, and which webhooks take nothing: those are their team's to mend."""
    from billfold.domain.webhooks.endpoints import off_by_themselves  # noqa: PLC0415 - see `doctor`
    from billfold.domain.webhooks.sequencing import waiting_since  # noqa: PLC0415 - see `doctor`

    db = installation.services.db
    since = await db.read(waiting_since)
    if since is not None and installation.services.clock.now() - since > _LATE:
        finding = (
            f"events wait for their place in the feed since {since:%Y-%m-%d %H:%M} UTC. "
            "Is billfold serve or billfold worker running?"
        )
        yield Check("events", is_good=False, finding=finding)
    else:
        yield Check("events", is_good=True, finding="the feed is up to date" if since is None else "the feed is moving")
    for endpoint in await db.read(off_by_themselves, limit=_OFF_SHOWN):
        finding = (
            f"{endpoint.id} of {endpoint.project_id} was switched off at {endpoint.off_at:%Y-%m-%d %H:%M} UTC: "
            f"{_WHY_OFF[endpoint.off_reason or '']}. Its team was told, and what waits goes out when it is on again."
        )
        yield Check("webhook", is_good=True, finding=finding)


async def _audit(installation: Installation) -> Check:
    from billfold.domain.ledger.audit import audit  # noqa: PLC0415 - see `doctor`
    from billfold.domain.payouts.audit import audit_payouts  # noqa: PLC0415 - see `doctor`
    from billfold.domain.wallets.audit import audit_wallets  # noqa: PLC0415 - see `doctor`

    db = installation.services.db
    findings = [*await db.snapshot(audit), *await db.snapshot(audit_wallets), *await db.snapshot(audit_payouts)]
    if findings:
        return Check("ledger", is_good=False, finding=f"{len(findings)} accounts differ. See billfold verify-ledger.")
    return Check("ledger", is_good=True, finding="every balance is the sum of its transfers")


async def _look_at_rewards(installation: Installation) -> AsyncIterator[Check]:
    """Tell what is owed and was not given: true, not broken, and good to know."""
    from billfold.domain.referrals.rewards import owed_rewards  # noqa: PLC0415 - see `doctor`

    for owed in await installation.services.db.read(owed_rewards):
        finding = f"{owed.rewards} of {owed.project_id} owed and not given: {owed.failure or 'no reason was kept'}"
        yield Check("rewards", is_good=True, finding=finding)
