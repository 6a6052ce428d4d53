"""The command `billfold`. Each command's own imports stand inside it, so `--help` answers at once."""

from __future__ import annotations

import sys

import typer

from billfold.base.errors import BillfoldError
from billfold.cli.checks import doctor, verify_ledger
from billfold.cli.connecting import connect
from billfold.cli.demo.command import demo
from billfold.cli.event_table import events
from billfold.cli.identities import identity
from billfold.cli.importing import imports
from billfold.cli.installing import init
from billfold.cli.job_commands import jobs
from billfold.cli.listening import listen, trigger
from billfold.cli.mail_commands import mail
from billfold.cli.people import people
from billfold.cli.privacy_commands import erase_person, export_person
from billfold.cli.reconciling import reconciling
from billfold.cli.resealing import reseal
from billfold.cli.schema import migrate
from billfold.cli.serving import serve, worker

app = typer.Typer(
    name="billfold",
    help=(
        "Billing, referrals and partners over your own Stripe account.\n\n"
        "See it at work with: billfold demo. "
        "Start with: billfold init --team Acme --project Shop --email owner@example.com, then billfold serve."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (demo, init, connect, identity, serve, worker, migrate, doctor, events, listen, trigger, reseal):
    app.command()(command)
app.command(name="verify-ledger")(verify_ledger)
app.command(name="export-person")(export_person)
app.command(name="erase-person")(erase_person)
app.add_typer(jobs, name="jobs")
app.add_typer(mail, name="mail")
app.add_typer(people, name="people")
app.add_typer(imports, name="import")
app.add_typer(reconciling, name="reconcile")


def main() -> None:
    """Run the command line; an expected failure is one sentence on standard error and exit status 1."""
    try:
        app()
    except Exception as error:  # sorted into expected and unexpected below
        # Here, because reading settings is the slowest import and `--help` does without.
        from billfold.base.log import redact  # noqa: PLC0415 - see above
        from billfold.base.settings import SettingsInvalid  # noqa: PLC0415 - see above

        if not isinstance(error, BillfoldError | SettingsInvalid):
            raise
        typer.echo(f"billfold: {redact(str(error))}", err=True)
        sys.exit(1)
