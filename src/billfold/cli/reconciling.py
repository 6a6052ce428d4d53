"""`billfold reconcile`: whether our rows and Stripe agree."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from billfold.base.settings import Settings
    from billfold.domain.billing.comparisons import Comparison

reconciling = typer.Typer(no_args_is_help=True, help="Compare with others what is stored here.", rich_markup_mode=None)

_SAMPLE = 100


@reconciling.callback()
def group() -> None:
    """Compare with others what is stored here."""


@reconciling.command(name="stripe")
def reconcile_stripe(
    *,
    team: Annotated[
        str | None, typer.Option(help="The team, team_…; may be left out if only one has connected Stripe.")
    ] = None,
    sample: Annotated[int, typer.Option(min=1, max=10_000, help="How many rows of each kind to look at.")] = _SAMPLE,
    everything: Annotated[
        bool, typer.Option("--all", help="Look at everything, also for what Stripe has and we lack.")
    ] = False,
) -> None:
    """Ask Stripe for what is stored here and tell each difference; nothing is changed.

    Exit status 0 if both agree, 1 if not. An import (billfold import stripe) brings rows up to date.
    """
    from billfold.cli.opening import read_settings  # noqa: PLC0415 - only what this command needs

    found = asyncio.run(_compare(read_settings(), team, None if everything else sample))
    raise typer.Exit(_tell(found))


async def _compare(settings: Settings, team: str | None, sample: int | None) -> Comparison:
    from billfold.cli.importing import only_team  # noqa: PLC0415 - only what this command needs
    from billfold.cli.opening import open_installation  # noqa: PLC0415 - see above

    async with open_installation(settings) as installation:
        team_id = await only_team(installation, team)
        return await installation.services.reconciliation.compare(team_id, sample=sample)


def _tell(found: Comparison) -> int:
    from billfold.domain.billing.differences import Difference  # noqa: PLC0415 - only what this command needs

    for each in found.differences:
        typer.echo(str(Difference(**each)))
    if found.difference_count > len(found.differences):
        typer.echo(f"… and {found.difference_count - len(found.differences)} more")
    compared = ", ".join(f"{number} {kind}s" for kind, number in found.compared.items()) or "nothing"
    typer.echo(f"Compared {compared}: {found.difference_count or 'no'} differences.")
    return 1 if found.difference_count else 0
