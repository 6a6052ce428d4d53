"""`billfold people`: a way in for somebody who has lost his, given by whoever runs the server."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from billfold.base.settings import Settings
    from billfold.domain.tenancy.users import User
    from billfold.infrastructure.db.database import Reading

people = typer.Typer(no_args_is_help=True, help="Give somebody a way in who has lost his.", rich_markup_mode=None)

Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]


@people.command(name="sign-in-link")
def sign_in_link(email: Email) -> None:
    """Print a link that signs the person in once, within 15 minutes; a second factor is still asked for."""
    from billfold.cli.opening import read_settings  # noqa: PLC0415 - only what this command needs

    typer.echo(asyncio.run(_make_link(read_settings(), email)))


@people.command(name="remove-second-factor")
def remove_second_factor(email: Email) -> None:
    """Switch a person's second factor off, who has lost both the telephone and the recovery codes."""
    from billfold.cli.opening import read_settings  # noqa: PLC0415 - only what this command needs

    asyncio.run(_remove(read_settings(), email))
    typer.echo(f"{email} signs in without a second factor from now on.")


async def _make_link(settings: Settings, email: str) -> str:
    from billfold.cli.opening import open_installation  # noqa: PLC0415 - only what this command needs
    from billfold.domain.tenancy.one_time_tokens import Purpose, issue_token  # noqa: PLC0415 - see above

    async with open_installation(settings) as installation:
        services = installation.services
        user = await services.db.read(_find, email)
        token = await services.db.write(
            issue_token,
            Purpose.SIGN_IN,
            email=user.email,
            user_id=user.id,
            next_path=None,
            now=services.clock.now(),
        )
    return f"{settings.public_url}/sign-in/link/{token}"


async def _remove(settings: Settings, email: str) -> None:
    from billfold.cli.opening import open_installation  # noqa: PLC0415 - only what this command needs
    from billfold.domain.tenancy.sign_in import drop_second_factor  # noqa: PLC0415 - see above

    async with open_installation(settings) as installation:
        services = installation.services
        user = await services.db.read(_find, email)
        await services.db.write(drop_second_factor, user, now=services.clock.now())


async def _find(tx: Reading, email: str) -> User:
    from billfold.base.errors import NotFound  # noqa: PLC0415 - only what this command needs
    from billfold.domain.tenancy.users import find_user  # noqa: PLC0415 - see above

    user = await find_user(tx, email)
    if user is None:
        raise NotFound(f"Nobody here has the address {email}.")
    return user
