"""The command itself: make the database, live the year, print the tour, serve."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import httpx

    from billfold.app import Application
    from billfold.base.settings import Settings
    from billfold.cli.demo.history import Year
    from billfold.cli.demo.tour import Place
    from billfold.infrastructure.db.database import Reading, Writing

_TEAM = "Fieldnote Labs"
_EMAIL = "owner@example.com"


def demo(
    *,
    database: Annotated[
        Path | None, typer.Option(help="Keep the demo in this new SQLite file instead of a temporary one.")
    ] = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8000,
    customers: Annotated[int, typer.Option(min=8, max=400, help="How many customers the year brings.")] = 60,
    seed: Annotated[int, typer.Option(help="Another seed gives another year.")] = 7,
    serve_it: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Serve the demo afterwards, or only make its file.")
    ] = True,
) -> None:
    """Make a team with a year of history in a simulated Stripe account, and serve it. Needs no account and no network."""
    from billfold.base.errors import Conflict  # noqa: PLC0415 - only what this command needs

    if database is not None and database.exists():
        raise Conflict(
            f"{database} exists already. Serve it with: BILLFOLD_DATABASE_URL=sqlite:///{database} billfold serve, "
            "or name a new file."
        )
    if database is None and not serve_it:
        raise Conflict("--no-serve would make a temporary file and remove it: name one with --database.")
    with tempfile.TemporaryDirectory(prefix="billfold-demo-") as folder:
        _run(database or Path(folder) / "demo.db", host, port, customers, seed, serve_it=serve_it)


def _run(path: Path, host: str, port: int, customers: int, seed: int, *, serve_it: bool) -> None:
    from billfold.base.log import configure_log  # noqa: PLC0415 - only what this command needs
    from billfold.base.settings import load_settings  # noqa: PLC0415 - see above
    from billfold.cli.demo.tour import text  # noqa: PLC0415 - see above
    from billfold.cli.opening import require_schema  # noqa: PLC0415 - see above
    from billfold.cli.serving import run_server  # noqa: PLC0415 - see above

    url = f"http://{host}:{port}"
    settings = load_settings(database_url=f"sqlite:///{path}", host=host, port=port, public_url=url, simulator=True)
    configure_log("error", as_json=settings.log_json)
    asyncio.run(require_schema(settings, make=True))
    try:
        place, password = asyncio.run(_live(settings, customers, seed))
    except BaseException:
        # Half a year would look like a whole one.
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        raise
    configure_log(settings.log_level, as_json=settings.log_json)
    typer.echo(
        f"\nA year of {_TEAM} is in {path}.\n\n"
        f"  Console   {url}/console (sign in as {_EMAIL}, password {password})\n"
        f"  API       {url}/api/billstack (document: {url}/api/billstack/openapi.json)\n"
        f"  Partner   {url}{place.portal} (a partner's page, for a day)\n"
        f"  Joining   {url}/apply/{place.project_id} (where people apply to be one)\n"
        f"  Stripe    {url}/simulator/stripe, with the key {place.stripe_key}\n"
        f"  Team      {place.team_id}\n"
        f"  Project   {place.project_id}\n"
        f"  API key   {place.api_key}\n"
    )
    if serve_it:
        typer.echo(f"Try it in another terminal, one line after the other:\n\n{text(place)}")
        typer.echo(f"Serving on {url}. Ctrl+C ends it.")
        run_server(settings, with_worker=True)
    else:
        typer.echo(f"Serve it with: BILLFOLD_DATABASE_URL=sqlite:///{path} BILLFOLD_PORT={port} billfold serve\n")
        typer.echo(text(place))


async def _live(settings: Settings, customers: int, seed: int) -> tuple[Place, str]:
    import httpx  # noqa: PLC0415 - only what this command needs
    from rich.progress import Progress  # noqa: PLC0415 - see above

    from billfold.app import create_app  # noqa: PLC0415 - see above
    from billfold.cli.demo.history import WEEKS, Year  # noqa: PLC0415 - see above
    from billfold.cli.demo.partnership import Partnership  # noqa: PLC0415 - see above
    from billfold.cli.installing import Wanted, create_team_with_everything  # noqa: PLC0415 - see above
    from billfold.domain.tenancy.projects import create_project  # noqa: PLC0415 - see above

    application = create_app(settings, run_worker=False)
    await application.start()
    services = application.installation.services
    wanted = Wanted(team=_TEAM, project="Fieldnote", email=_EMAIL, stripe_secret_key=None, webhook_secret=None)
    made = await create_team_with_everything(application.installation, wanted)
    now = services.clock.now()

    async def second_project(tx: Writing) -> str:
        project = await create_project(tx, team_id=made["teamId"], name="Sunlist", now=now)
        return project.id

    project_ids = {"Fieldnote": made["projectId"], "Sunlist": await services.db.write(second_project)}
    transport = httpx.ASGITransport(app=application)
    headers = {"Authorization": f"Bearer {made['apiKey']}"}
    async with httpx.AsyncClient(
        transport=transport, base_url=settings.public_url, headers=headers, timeout=60
    ) as client:
        partnership = Partnership(
            client,
            project_id=made["projectId"],
            path=f"/api/billstack/teams/{made['teamId']}/projects/{made['projectId']}",
            simulator=f"/simulator/{made['teamId']}",
            password=(_EMAIL, made["ownerPassword"]),
            api_key=made["apiKey"],
            forget_links=application.installation.click_intake.forget,
            latest_mail=partial(_latest_mail, application, made["teamId"]),
        )
        year = Year(
            client,
            application.installation.worker.drain,
            team_id=made["teamId"],
            project_ids=project_ids,
            customers=customers,
            seed=seed,
            partnership=partnership,
        )
        with Progress(transient=True) as progress:
            task = progress.add_task("Living a year", total=WEEKS)
            await year.begin(now)
            for week in range(WEEKS):
                await year.live_week(week)
                progress.advance(task)
            await year.end()
        place = await _find_place(client, year, made, partnership.portal)
    counts = year.counts
    typer.echo(
        f"{counts.customers + counts.brought} customers ({counts.brought} brought by partners), "
        f"{counts.checkouts + counts.brought} checkouts, {counts.referrals} referrals, "
        f"{await _event_count(application, project_ids.values())} events of Stripe."
    )
    await application.stop()
    return place, made["ownerPassword"]


async def _find_place(client: httpx.AsyncClient, year: Year, made: dict[str, str], portal: str) -> Place:
    from billfold.cli.demo.tour import Place  # noqa: PLC0415 - only what this command needs

    product = year.products[0]
    code = product.codes[0]
    owner_id = (await client.get(f"{product.path}/referrals/codes/{code}")).json()["code"]["customerId"]
    owner = (await client.get(f"{product.path}/customers/{owner_id}")).json()["customer"]
    return Place(
        url=str(client.base_url).rstrip("/"),
        team_id=made["teamId"],
        project_id=made["projectId"],
        api_key=made["apiKey"],
        stripe_key=made["simulatorSecretKey"],
        price_id=product.price_ids[0],
        code=code,
        referrer_stripe_id=owner["stripeCustomerId"],
        referrer_name=owner["name"],
        portal=portal,
    )


async def _event_count(application: Application, project_ids: Iterable[str]) -> int:
    from billfold.domain.billing.stripe_events import count_by_status  # noqa: PLC0415 - only what this command needs

    db = application.installation.services.db
    return sum([sum((await db.read(count_by_status, project_id)).values()) for project_id in project_ids])


async def _latest_mail(application: Application, team_id: str) -> str:
    """Return the newest letter, as the drawer of the console shows it."""
    from billfold.infrastructure.mail.mailbox import mails_of_team  # noqa: PLC0415 - only what this command needs

    services = application.installation.services

    async def read(tx: Reading) -> str:
        mail = await services.mail.find(tx, (await mails_of_team(tx, team_id))[0].id)
        return "" if mail is None or mail.content is None else mail.content.text

    return await services.db.read(read)
