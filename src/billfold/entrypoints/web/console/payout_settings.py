"""`/console/…/payouts/settings`: what the partner program asks before it pays."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import BillfoldError, NotFound
from billfold.domain.partners.programs import find_program
from billfold.domain.payouts.methods import KINDS
from billfold.domain.payouts.rules import minimum_for
from billfold.domain.payouts.settings import PayoutSettings, put_settings, settings_of
from billfold.domain.referrals.programs import Program
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.web.amounts import plain_amount, typed_amount
from billfold.entrypoints.web.console.payouts import METHODS
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.forms import Form
from billfold.infrastructure.db.database import Reading

_HERE: Final = "/console/{team_id}/{project_id}/payouts/settings"
_PARTS: Final = 2


async def show(request: Request) -> Response:
    """Show the settings."""
    visit = await enter(request)
    program, settings = await visit.services.db.read(_read, visit.project_id)
    return _page(visit, _form_of(settings), {}, program, settings)


async def change(request: Request) -> Response:
    """Put settings in force for the batches to come."""
    visit = await enter(request)
    form = await visit.form(Role.ADMIN)
    program, settings = await visit.services.db.read(_read, visit.project_id)
    errors: dict[str, str] = {}
    wanted = replace(
        settings,
        minimums=_minimums(form.get("minimums", ""), errors),
        fees=_fees(form, settings.currency, errors),
        methods=[each for each in KINDS if each in form.every("methods")],
        tax_profile_required=form.text("tax_profile_required") == "yes",
    )
    if not errors:
        try:
            await Recorded(visit, "payout_settings.changed", program.id).write(put_settings, wanted, at=visit.at)
        except BillfoldError as error:
            errors[""] = error.message
    if errors:
        return _page(visit, form, errors, program, settings)
    return visit.done(f"{visit.home}/payouts/settings", "In force from the next batch on.")


def _minimums(text: str, errors: dict[str, str]) -> dict[str, int]:
    """Read lines such as `EUR 50`."""
    found: dict[str, int] = {}
    for line in text.splitlines():
        parts = line.split()
        if not parts:
            continue
        currency = parts[0].lower()
        amount = typed_amount(parts[1], currency) if len(parts) == _PARTS else None
        if amount is None or not (len(currency) == 3 and currency.isascii() and currency.isalpha()):  # noqa: PLR2004 - letters of a code
            errors["minimums"] = "Minimum: one line for each currency, such as EUR 50."
        else:
            found[currency] = amount
    return found


def _fees(form: Form, currency: str, errors: dict[str, str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for kind in KINDS:
        fixed = typed_amount(form.text(f"fixed_{kind}") or "0", currency)
        share = typed_amount(form.text(f"share_{kind}") or "0", "usd")
        if fixed is None or share is None:
            errors[f"fixed_{kind}"] = f"Cost of {METHODS[kind]}: an amount and a share, such as 0.25 and 1.5."
        elif fixed or share:
            found[kind] = [fixed, share]
    return found


def _form_of(settings: PayoutSettings) -> Form:
    minimums = "\n".join(
        f"{currency.upper()} {plain_amount(amount, currency)}" for currency, amount in sorted(settings.minimums.items())
    )
    pairs = [("minimums", minimums), *(("methods", each) for each in settings.methods)]
    for kind, (fixed, share) in settings.fees.items():
        pairs += [
            (f"fixed_{kind}", plain_amount(fixed, settings.currency)),
            (f"share_{kind}", plain_amount(share, "usd")),
        ]
    if settings.tax_profile_required:
        pairs.append(("tax_profile_required", "yes"))
    return Form(pairs)


def _page(visit: Visit, form: Form, errors: dict[str, str], program: Program, settings: PayoutSettings) -> Response:
    values = {
        "form": form,
        "errors": errors,
        "settings": settings,
        "chosen": form.every("methods"),
        "methods": METHODS,
        "minimum": minimum_for(settings, program.content.min_payout, settings.currency),
    }
    return visit.show("payout_settings.html", values, 400 if errors else 200)


async def _read(tx: Reading, project_id: str) -> tuple[Program, PayoutSettings]:
    program = await find_program(tx, project_id)
    if program is None:
        raise NotFound("This project has no partner program yet.")
    return program, await settings_of(tx, project_id, program.id)


ROUTES: Final = [Route(_HERE, show, methods=["GET"]), Route(_HERE, change, methods=["POST"])]
