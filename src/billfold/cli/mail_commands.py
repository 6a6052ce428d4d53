"""`billfold mail`: the letters of this installation, for whoever runs it. Without a mail server they lie here."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from billfold.base.settings import Settings

mail = typer.Typer(
    no_args_is_help=True,
    help="Read the letters that were sent, or kept for want of a mail server.",
    rich_markup_mode=None,
)


@mail.command(name="list")
def list_mails() -> None:
    """Show the latest hundred letters, newest first."""
    from billfold.cli.opening import read_settings  # noqa: PLC0415 - only what this command needs

    asyncio.run(_list(read_settings()))


@mail.command()
def show(
    mail_id: Annotated[str, typer.Argument(help="The letter's id, as billfold mail list shows it.")] = "",
) -> None:
    """Show a letter as plain text: the newest one, or the one that is named."""
    from billfold.cli.opening import read_settings  # noqa: PLC0415 - only what this command needs

    asyncio.run(_show(read_settings(), mail_id))


async def _list(settings: Settings) -> None:
    from billfold.cli.opening import open_installation  # noqa: PLC0415 - only what this command needs
    from billfold.infrastructure.mail.mailbox import all_mails  # noqa: PLC0415 - see above

    async with open_installation(settings) as installation:
        found = await installation.services.db.read(all_mails)
    for each in found:
        typer.echo(
            f"{each.id}  {each.created_at:%Y-%m-%d %H:%M} UTC  {each.status:7}  {each.recipient}  {each.subject}"
        )
        if each.error:
            typer.echo(f"    {each.error}")
    if not found:
        typer.echo("There are no letters.")


async def _show(settings: Settings, mail_id: str) -> None:
    from billfold.base.errors import NotFound  # noqa: PLC0415 - only what this command needs
    from billfold.cli.opening import open_installation  # noqa: PLC0415 - see above
    from billfold.infrastructure.mail.mailbox import all_mails  # noqa: PLC0415 - see above

    async with open_installation(settings) as installation:
        services = installation.services
        newest = await services.db.read(all_mails) if not mail_id else []
        found = await services.db.read(services.mail.find, mail_id or (newest[0].id if newest else ""))
    if found is None:
        raise NotFound(f"There is no letter {mail_id}." if mail_id else "There are no letters.")
    typer.echo(f"To: {found.listed.recipient}\nSubject: {found.listed.subject}\nStatus: {found.listed.status}\n")
    typer.echo("It was sent, and what it said is not kept." if found.content is None else found.content.text)
