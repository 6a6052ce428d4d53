"""`billfold import`: bring in what a team's Stripe account already holds."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from billfold.base.settings import Settings
    from billfold.domain.billing.imports import Line, Progress
    from billfold.wiring import Installation

imports = typer.Typer(no_args_is_help=True, help="Bring in data from elsewhere.", rich_markup_mode=None)

# While somebody else works on the run, or Stripe does not answer.
_LOOK_AGAIN_SECONDS = 0.5
_ASK_AGAIN_SECONDS = 5.0


@imports.callback()
def group() -> None:
    """Bring in data from elsewhere."""


@imports.command(name="stripe")
def import_stripe(
    *,
    team: Annotated[
        str | None, typer.Option(help="The team, team_…; may be left out if only one has connected Stripe.")
    ] = None,
    objects: Annotated[
        str | None,
        typer.Option(
            help="Which objects, with commas: product,price,customer,subscription,invoice,charge. All if left out."
        ),
    ] = None,
) -> None:
    """Import everything that a team's Stripe account holds, with a progress bar.

    Stop it with Ctrl-C and run it again: it goes on where it was. Done again, it brings everything up to date; nothing is ever
    doubled, and nobody is credited for what happened before. If the server is importing already, this watches it.
    """
    from billfold.cli.opening import read_settings  # noqa: PLC0415 - only what this command needs

    wanted = None if objects is None else [each.strip() for each in objects.split(",") if each.strip()]
    raise typer.Exit(asyncio.run(_import(read_settings(), team, wanted)))


async def only_team(installation: Installation, team: str | None) -> str:
    """Return the team that a command is for: the one that was named, or the only one with a connection."""
    from billfold.base.errors import Invalid  # noqa: PLC0415 - only what this needs
    from billfold.domain.tenancy.stripe_connections import active_connections  # noqa: PLC0415 - see above
    from billfold.domain.tenancy.teams import get_team  # noqa: PLC0415 - see above

    db = installation.services.db
    if team is not None:
        return (await db.read(get_team, team)).id
    connected = await db.read(active_connections, limit=2)
    if len(connected) != 1:
        found = "No team has connected Stripe." if not connected else "Several teams have connected Stripe."
        raise Invalid(f"{found} Name one with --team; billfold doctor lists them.")
    return connected[0].team_id


async def _import(settings: Settings, team: str | None, wanted: list[str] | None) -> int:
    from billfold.cli.opening import open_installation  # noqa: PLC0415 - only what this command needs
    from billfold.domain.billing.imports import checked_kinds  # noqa: PLC0415 - see above

    kinds = checked_kinds(wanted)
    async with open_installation(settings) as installation:
        team_id = await only_team(installation, team)
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stopping.set)
        with _bars() as bars:
            shown = _Shown(bars)
            progress = await work(installation, team_id, kinds, stopping, shown.update)
            shown.update(progress)
    return _tell(progress)


async def work(
    installation: Installation,
    team_id: str,
    kinds: tuple[str, ...],
    stopping: asyncio.Event,
    show: Callable[[Progress], None],
) -> Progress:
    """Work on the run, or watch whoever does, until it ends or somebody wants it stopped; return how far it is."""
    from billfold.base.errors import BillfoldError, Conflict, Unavailable  # noqa: PLC0415 - only what this needs
    from billfold.base.ids import new_token  # noqa: PLC0415 - see above
    from billfold.domain.billing import imports as runs  # noqa: PLC0415 - see above
    from billfold.domain.billing.backfill import Outcome  # noqa: PLC0415 - see above

    db, clock, backfill = installation.services.db, installation.services.clock, installation.services.backfill

    def now() -> datetime:
        return clock.now()

    try:
        holder, is_mine = await backfill.start(team_id, kinds=kinds, created_since=None), True
    except Conflict:
        # One is running: whoever works on it may be dead, and then this goes on with it.
        holder, is_mine = new_token(8), False
    while not stopping.is_set():
        try:
            # Page by page, so that Ctrl-C is heard.
            outcome = await backfill.go_on(team_id, holder, pages=1, on_page=show)
        except Unavailable as error:
            await db.write(runs.note_error, team_id, error.message)
            await _pause(stopping, _ASK_AGAIN_SECONDS)
            continue
        except BillfoldError as error:
            await db.write(runs.end, team_id, "failed", error=error.message, now=now())
            break
        is_mine = outcome is not Outcome.NOT_MINE
        if outcome is Outcome.FINISHED:
            break
        if not is_mine:
            progress = await db.read(runs.find_progress, team_id)
            if progress is None or progress.run.status != runs.RUNNING:
                break
            show(progress)
            await _pause(stopping, _LOOK_AGAIN_SECONDS)
    if stopping.is_set() and is_mine:
        await db.write(runs.end, team_id, "stopped", now=now())
    found = await db.read(runs.find_progress, team_id)
    assert found is not None  # noqa: S101 - it was started above, or was running
    return found


async def _pause(stopping: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stopping.wait()
    except TimeoutError:
        return


def _bars() -> Bars:
    from rich.progress import (  # noqa: PLC0415 - only what this needs
        BarColumn,
        Progress,
        SpinnerColumn,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    return Progress(
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description:<13}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[words]}"),
    )


class _Shown:
    """A bar for the whole import and one for each kind of object; where nobody watches, a line for each kind that is done."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._whole: TaskID | None = None
        self._tasks: dict[str, TaskID] = {}
        self._told: set[str] = set()

    def update(self, progress: Progress) -> None:
        """Bring the bars up to date.

        Stripe's lists do not say how long they are: on a team's first import a kind's bar only moves, and fills when the kind is
        done; the bar of the whole then counts the kinds that are done.
        """
        if self._whole is None:
            self._whole = self._bars.add_task("everything", total=100, words="")
        words = f"{progress.done} of {len(progress.lines)} kinds, {progress.read:,} objects read"
        self._bars.update(self._whole, completed=progress.percent, words=words)
        for line in progress.lines:
            self._show(line, is_next=line is progress.next_line)

    def _show(self, line: Line, *, is_next: bool) -> None:
        is_done = line.finished_at is not None
        words = f"{line.read:>8,} read {line.assigned:>8,} in a project"
        if not self._bars.console.is_terminal:
            if is_done and line.kind not in self._told:
                self._told.add(line.kind)
                typer.echo(f"{line.kind:<13}{words}")
            return
        if line.kind not in self._tasks:
            # A bar that has not begun shows no time of its own.
            self._tasks[line.kind] = self._bars.add_task(line.kind, total=line.expected, start=False, words="")
        if is_next or is_done:
            self._bars.start_task(self._tasks[line.kind])
        expected = None if line.expected is None else max(line.expected, line.read)
        total = max(line.read, 1) if is_done else expected
        completed = total if is_done and total is not None else line.read
        self._bars.update(self._tasks[line.kind], completed=completed, total=total, words=words)


def _tell(progress: Progress) -> int:
    run = progress.run
    assigned = sum(line.assigned for line in progress.lines)
    typer.echo(f"{progress.read} objects read, {assigned} of them in a project.")
    unreadable = sum(line.unreadable for line in progress.lines)
    if unreadable:
        typer.echo(f"{unreadable} did not have the shape that Stripe documents; their copies are kept.")
    match run.status:
        case "finished":
            typer.echo("Finished.")
            return 0
        case "failed":
            typer.echo(f"billfold: {run.last_error}", err=True)
        case "running":
            typer.echo("It goes on elsewhere; run this again to watch.")
            return 0
        case _:
            typer.echo("Stopped. Run this again to go on.")
    return 1
