"""`billfold export-person` and `billfold erase-person`: what is kept about somebody, told or taken away."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from billfold.base.errors import Invalid, NotFound

if TYPE_CHECKING:
    from billfold.base.settings import Settings
    from billfold.domain.privacy.erasure import Erased

_WHO = typer.Argument(help="The person's e-mail address, or a customer's id: pc_….", show_default=False)
_PROJECT = typer.Option(help="The project in which the person is known: proj_….", show_default=False)


def export_person(
    who: Annotated[str, _WHO],
    *,
    project: Annotated[str, _PROJECT],
    output: Annotated[
        Path | None, typer.Option(help="The file to write, readable by you alone; otherwise the screen.")
    ] = None,
) -> None:
    """Write everything that is kept about a person as one JSON document; nothing is changed.

    It holds what the law calls personal data: give it to that person only. Exit status 1 if there is no such customer.
    """
    from billfold.cli.opening import read_settings  # noqa: PLC0415 - only what this command needs

    found = json.dumps(asyncio.run(_export(read_settings(), project, who)), indent=2, ensure_ascii=False)
    if output is None:
        typer.echo(found)
        return
    try:
        output.touch(mode=0o600, exist_ok=False)
        output.write_text(found + "\n", encoding="utf-8")
    except OSError as error:
        raise Invalid(f"{output} cannot be written: {error.strerror}.") from None
    typer.echo(f"Written to {output}.")


def erase_person(
    who: Annotated[str, _WHO],
    *,
    project: Annotated[str, _PROJECT],
    despite_open: Annotated[
        bool,
        typer.Option(
            "--despite-open",
            help="Also while a subscription runs, money is owed or a payout is on its way: it stays unpaid.",
        ),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether you are sure.")] = False,
) -> None:
    """Take a person out of everything that is kept, for good; the ledger and every sum stay as they are.

    Refused, with the reasons, while money is owed. If it is interrupted, run it again; doing it twice changes nothing more.
    Stripe keeps a record of its own: delete the customer there too.
    """
    from billfold.cli.opening import read_settings  # noqa: PLC0415 - only what this command needs

    if not yes and not typer.confirm("This cannot be undone. Erase this person?"):
        raise Invalid("Nothing was changed.")
    done = asyncio.run(_erase(read_settings(), project, who, despite_open=despite_open))
    changed = ", ".join(f"{number} in {name}" for name, number in done.rows.items()) or "nothing: it was done before"
    typer.echo(f"{done.person} tells of nobody any more. Changed: {changed}.")
    for stripe_id in done.stripe_customer_ids:
        typer.echo(f"Stripe keeps a record of its own: delete {stripe_id} there too.")


async def _export(settings: Settings, project_id: str, who: str) -> dict[str, Any]:
    from billfold.cli.opening import open_installation  # noqa: PLC0415 - only what this command needs
    from billfold.domain.privacy import export  # noqa: PLC0415 - see above

    async with open_installation(settings) as installation:
        services = installation.services
        team_id = await _team_of(services.db, project_id)
        _, found = await export.export_person(
            services.db, team_id=team_id, project_id=project_id, asked=who, now=services.clock.now()
        )
        return found


async def _erase(settings: Settings, project_id: str, who: str, *, despite_open: bool) -> Erased:
    from billfold.cli.opening import open_installation  # noqa: PLC0415 - only what this command needs
    from billfold.domain.privacy import erasure  # noqa: PLC0415 - see above

    async with open_installation(settings) as installation:
        services = installation.services
        team_id = await _team_of(services.db, project_id)
        return await erasure.erase_person(
            services.db,
            services.sealer,
            team_id=team_id,
            project_id=project_id,
            asked=who,
            despite_open=despite_open,
            now=services.clock.now(),
        )


async def _team_of(db: Any, project_id: str) -> str:
    from billfold.domain.tenancy.projects import find_team_of_project  # noqa: PLC0415 - only what this command needs

    team_id: str | None = await db.read(find_team_of_project, project_id)
    if team_id is None:
        raise NotFound("There is no such project. billfold doctor names the teams.")
    return team_id
