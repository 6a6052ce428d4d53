"""`billfold identity`: the login whose tokens a project believes."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from billfold.base.errors import Invalid

if TYPE_CHECKING:
    from billfold.base.settings import Settings
    from billfold.domain.tenancy.identities import IdentityProvider, WantedProvider


def identity(
    *,
    team_id: Annotated[str, typer.Option(help="The team, as billfold init and billfold doctor print it: team_….")],
    project_id: Annotated[str, typer.Option(help="The project whose users come with the tokens: proj_….")],
    issuer: Annotated[str, typer.Option(help="The exact iss of the tokens.")],
    audience: Annotated[list[str], typer.Option(help="A value of aud that means this project; may be given again.")],
    jwks_url: Annotated[str | None, typer.Option(help="The https address where the login publishes its keys.")] = None,
    jwks_file: Annotated[Path | None, typer.Option(help="A file with a copy of its published keys.")] = None,
    secret: Annotated[
        str | None,
        typer.Option(
            envvar="IDENTITY_SECRET", help="The shared secret of a login that signs with HS256.", show_envvar=True
        ),
    ] = None,
    leeway_seconds: Annotated[int, typer.Option(help="How many seconds clocks may differ.")] = 0,
    proves_emails: Annotated[
        bool, typer.Option("--proves-emails", help="The login proves every address before it issues tokens.")
    ] = False,
) -> None:
    """Have a project believe the tokens of its own login: of --jwks-url, --jwks-file and IDENTITY_SECRET give one.

    The same issuer again replaces what was set. The API has the same and more: PUT …/identity-provider.
    """
    from billfold.cli.opening import read_settings  # noqa: PLC0415 - only what this command needs
    from billfold.domain.tenancy.identities import JWKS, JWKS_URL, SECRET, WantedProvider  # noqa: PLC0415 - see above

    kinds = [kind for kind, given in ((JWKS_URL, jwks_url), (JWKS, jwks_file), (SECRET, secret)) if given is not None]
    if len(kinds) != 1:
        raise Invalid("Give one of --jwks-url, --jwks-file and the environment variable IDENTITY_SECRET.")
    try:
        jwks = None if jwks_file is None else jwks_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{jwks_file} cannot be read: {type(error).__name__}.") from None
    wanted = WantedProvider(
        issuer=issuer,
        audiences=audience,
        kind=kinds[0],
        jwks_url=jwks_url,
        jwks=jwks,
        secret=secret,
        leeway_seconds=leeway_seconds,
        proves_emails=proves_emails,
    )
    provider = asyncio.run(_put(read_settings(), team_id, project_id, wanted))
    typer.echo(f"{project_id} now believes {', '.join(provider.algorithms)} tokens of {provider.issuer}.")


async def _put(settings: Settings, team_id: str, project_id: str, wanted: WantedProvider) -> IdentityProvider:
    from billfold.cli.opening import open_installation  # noqa: PLC0415 - only what this command needs
    from billfold.domain.tenancy.audit_log import SYSTEM, record  # noqa: PLC0415 - see above
    from billfold.domain.tenancy.identities import put_provider  # noqa: PLC0415 - see above
    from billfold.domain.tenancy.projects import get_project  # noqa: PLC0415 - see above
    from billfold.infrastructure.db.database import Writing  # noqa: PLC0415 - see above
    from billfold.infrastructure.outbound import AddressRefused, Outbound  # noqa: PLC0415 - see above

    if wanted.jwks_url is not None:
        try:
            Outbound(allow_private=settings.outbound_private).check_url(wanted.jwks_url)
        except AddressRefused as refused:
            raise Invalid(f"--jwks-url cannot be called: {refused}") from None

    async with open_installation(settings) as installation:
        services = installation.services
        now = services.clock.now()

        async def unit(tx: Writing) -> IdentityProvider:
            await get_project(tx, team_id=team_id, project_id=project_id)
            provider = await put_provider(
                tx, services.sealer, team_id=team_id, project_id=project_id, wanted=wanted, now=now
            )
            await record(
                tx,
                team_id=team_id,
                project_id=project_id,
                actor=SYSTEM,
                action="identity_provider.set",
                subject=provider.id,
                details={"issuer": provider.issuer, "kind": provider.kind},
                now=now,
            )
            return provider

        return await services.db.write(unit)
