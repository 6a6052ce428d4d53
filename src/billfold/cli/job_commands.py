"""`billfold jobs`: the jobs that were given up."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from billfold.base.settings import Settings

jobs = typer.Typer(no_args_is_help=True, help="Look at stuck jobs and give them another chance.", rich_markup_mode=None)


@jobs.command(name="list")
def list_stuck() -> None:
    """Show the jobs that were given up, oldest first, with what they failed of."""
    from billfold.cli.opening import read_settings  # noqa: PLC0415 - only what this command needs

    asyncio.run(_show(read_settings()))


@jobs.command()
def retry(job_id: Annotated[str, typer.Argument(help="The job's id, as billfold doctor shows it.")]) -> None:
    """Give a stuck job its tries again."""
    from billfold.cli.opening import read_settings  # noqa: PLC0415 - only what this command needs

    asyncio.run(_retry(read_settings(), job_id))
    typer.echo(f"{job_id} waits for the worker again.")


async def _show(settings: Settings) -> None:
    from billfold.cli.opening import open_installation  # noqa: PLC0415 - only what this command needs
    from billfold.infrastructure.jobs.queue import stuck  # noqa: PLC0415 - see above

    async with open_installation(settings) as installation:
        found = await installation.services.db.read(stuck)
    for job in found:
        typer.echo(f"{job.id}  {job.name}  {job.team_id or '-'}  since {job.stuck_at:%Y-%m-%d %H:%M} UTC")
        typer.echo("    " + (job.last_error or "").strip().replace("\n", "\n    "))
    if not found:
        typer.echo("No job is stuck.")


async def _retry(settings: Settings, job_id: str) -> None:
    from billfold.cli.opening import open_installation  # noqa: PLC0415 - only what this command needs
    from billfold.infrastructure.jobs import queue  # noqa: PLC0415 - see above

    async with open_installation(settings) as installation:
        now = installation.services.clock.now()
        await installation.services.db.write(queue.retry, job_id, now=now)
