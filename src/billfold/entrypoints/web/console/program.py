"""`/console/…/program`: the referral program's settings, with a preview of what a change would touch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.domain.analytics.referral_list import pending_by_version
from billfold.domain.billing.currencies import CURRENCIES
from billfold.domain.referrals import credit_settings
from billfold.domain.referrals.credit_settings import LARGEST_CREDIT, CreditSettings
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.web.amounts import money_text, plain_amount, typed_amount
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.forms import Form
from billfold.infrastructure.db.database import Reading, Writing

_HERE: Final = "/console/{team_id}/{project_id}/program"


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be in force; `changes_terms` tells whether a new version of the terms comes with it."""

    enabled: bool
    referrer_cents: int
    referee_cents: int
    currency: str
    changes_terms: bool


async def show(request: Request) -> Response:
    """Show the settings."""
    visit = await enter(request)
    settings = await visit.services.db.read(credit_settings.get_settings, visit.project_id)
    return _page(visit, settings, _form_of(settings), {})


async def change(request: Request) -> Response:
    """Show what a change would touch; once that was confirmed, put it in force."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    settings, pending = await visit.services.db.read(_present, visit.project_id)
    errors: dict[str, str] = {}
    wanted = _wanted(form, errors)
    if wanted is None:
        return _page(visit, settings, form, errors)
    if form.text("confirmed") != "yes":
        changes = (wanted.referrer_cents, wanted.referee_cents, wanted.currency) != (
            settings.referrer_cents,
            settings.referee_cents,
            settings.currency,
        )
        preview = Preview(
            wanted.enabled, wanted.referrer_cents, wanted.referee_cents, wanted.currency, changes_terms=changes
        )
        return _page(visit, settings, form, {}, preview=preview, by_version=pending)
    details = {
        "enabled": wanted.enabled,
        "referrer_cents": wanted.referrer_cents,
        "referee_cents": wanted.referee_cents,
        "currency": wanted.currency,
    }
    recorded = Recorded(visit, "referral_program.changed", visit.project_id, details)
    await recorded.write(_put_in_force, visit, wanted)
    return visit.done(f"{visit.home}/program", "In force: referrals made from now on follow it.")


async def _put_in_force(tx: Writing, visit: Visit, wanted: CreditSettings) -> None:
    await credit_settings.set_settings(tx, visit.project_id, wanted, at=visit.at)


async def _present(tx: Reading, project_id: str) -> tuple[CreditSettings, dict[int, int]]:
    return await credit_settings.get_settings(tx, project_id), await pending_by_version(tx, project_id)


def _wanted(form: Form, errors: dict[str, str]) -> CreditSettings | None:
    currency = form.text("currency").lower()
    if currency not in CURRENCIES:
        errors["currency"] = "Currency: give its three letters. It should look like usd."
        currency = "usd"
    amounts = {}
    for name, label in (("referrer", "Who brings a friend gets"), ("referee", "The friend gets")):
        amount = typed_amount(form.text(name), currency)
        if amount is None or amount > LARGEST_CREDIT:
            most = money_text(LARGEST_CREDIT, currency)
            errors[name] = f"{label}: give an amount up to {most}. It should look like 10.00"
        amounts[name] = amount or 0
    if errors:
        return None
    return CreditSettings(
        enabled=form.text("enabled") == "yes",
        referrer_cents=amounts["referrer"],
        referee_cents=amounts["referee"],
        currency=currency,
    )


def _form_of(settings: CreditSettings) -> Form:
    pairs = [
        ("referrer", plain_amount(settings.referrer_cents, settings.currency)),
        ("referee", plain_amount(settings.referee_cents, settings.currency)),
        ("currency", settings.currency),
    ]
    return Form([*pairs, ("enabled", "yes")] if settings.enabled else pairs)


def _page(
    visit: Visit,
    settings: CreditSettings,
    form: Form,
    errors: dict[str, str],
    *,
    preview: Preview | None = None,
    by_version: dict[int, int] | None = None,
) -> Response:
    by_version = by_version or {}
    values = {
        "settings": settings,
        "form": form,
        "errors": errors,
        "preview": preview,
        "by_version": by_version,
        "pending": sum(by_version.values()),
    }
    return visit.show("program.html", values, 400 if errors else 200)


ROUTES: Final = [Route(_HERE, show, methods=["GET"]), Route(_HERE, change, methods=["POST"])]
