"""`/console/…/sign-up-bonus` and `…/wallets`: what bringing a sign-up gives, and what everybody has each month."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import BillfoldError, NotFound
from billfold.domain.referrals.configurations import LARGEST_VALUE, Configuration, get_configuration, put_configuration
from billfold.domain.referrals.presets import sign_up_bonus
from billfold.domain.referrals.sign_up_programs import SignUpSettings
from billfold.domain.referrals.terms import Fixed, Terms
from billfold.domain.tenancy.members import Role
from billfold.domain.wallets.allowances import list_allowances, set_allowance
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.forms import Form, whole_number
from billfold.infrastructure.db.database import Reading

_PROJECT: Final = "/console/{team_id}/{project_id}"
_KEY: Final = "sign_up_bonus"
_MODES: Final = {
    "signup": "when the address is registered with a code",
    "verified_signup": "when the new user has proved the address",
}


async def show(request: Request) -> Response:
    """Show the program's settings."""
    visit = await enter(request)
    found = await visit.services.db.read(_find, visit.project_id)
    return _page(visit, _form_of(found), {}, found)


async def change(request: Request) -> Response:
    """Put the program's settings in force for whoever is brought from now on."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    found = await visit.services.db.read(_find, visit.project_id)
    errors: dict[str, str] = {}
    value = _whole(form.text("value"), "value", "Bonus", errors)
    cap = _whole(form.text("cap"), "cap", "Monthly limit", errors) if form.text("cap") else None
    mode = form.text("mode")
    if mode not in _MODES:
        errors["mode"] = "Given: choose one of the list."
    if errors:
        return _page(visit, form, errors, found)
    content = msgspec.structs.replace(
        sign_up_bonus(value=value, unit=form.text("unit")),
        converts_on=mode,
        monthly_cap=cap,
        take_back_after_days=None if found is None else found.program.content.take_back_after_days,
    )
    kept = SignUpSettings() if found is None else found.settings
    settings = SignUpSettings(
        link_address=form.text("link_address") or None,
        hosts=kept.hosts,
        origins=kept.origins,
        refuse_disposable=form.text("refuse_disposable") == "yes",
    )
    try:
        await Recorded(visit, "program.changed", _KEY).write(
            put_configuration,
            project_id=visit.project_id,
            key=_KEY,
            enabled=form.text("enabled") == "yes",
            content=content,
            settings=settings,
            at=visit.at,
        )
    except BillfoldError as error:
        return _page(visit, form, {"": error.message}, found)
    return visit.done(f"{visit.home}/sign-up-bonus", "In force: whoever is brought from now on counts by it.")


async def show_wallets(request: Request) -> Response:
    """Show the monthly allowances."""
    visit = await enter(request)
    return await _wallets(visit, Form([]), {})


async def change_allowance(request: Request) -> Response:
    """Set what everybody may spend of a unit each month."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    errors: dict[str, str] = {}
    amount = _whole(form.text("amount"), "amount", "A month", errors)
    if errors:
        return await _wallets(visit, form, errors)
    try:
        await visit.services.db.write(
            set_allowance,
            team_id=visit.team_id,
            project_id=visit.project_id,
            unit=form.text("unit"),
            monthly_allowance=amount,
            actor=visit.actor,
            at=visit.at,
            now=visit.now,
        )
    except BillfoldError as error:
        return await _wallets(visit, form, {"unit": f"Unit: {error.message}"})
    return visit.done(f"{visit.home}/wallets", "The allowance counts from this month on.")


async def _wallets(visit: Visit, form: Form, errors: dict[str, str]) -> Response:
    rows = await visit.services.db.read(list_allowances, visit.project_id)
    return visit.show("wallets.html", {"rows": rows, "form": form, "errors": errors}, 400 if errors else 200)


async def _find(tx: Reading, project_id: str) -> Configuration | None:
    try:
        return await get_configuration(tx, project_id, _KEY)
    except NotFound:
        return None


def _form_of(found: Configuration | None) -> Form:
    if found is None:
        return Form([("value", "5"), ("unit", "ai_credits"), ("mode", "signup"), ("cap", "")])
    amount = _bonus_of(found.program.content)
    pairs = [
        ("value", str(amount.value)),
        ("unit", amount.unit),
        ("mode", found.program.content.converts_on),
        ("cap", "" if found.program.content.monthly_cap is None else str(found.program.content.monthly_cap)),
        ("link_address", found.settings.link_address or ""),
    ]
    if found.program.enabled:
        pairs.append(("enabled", "yes"))
    if found.settings.refuse_disposable:
        pairs.append(("refuse_disposable", "yes"))
    return Form(pairs)


def _bonus_of(content: Terms) -> Fixed:
    amounts = (rule.amount for rule in content.rules)
    return next((amount for amount in amounts if isinstance(amount, Fixed)), Fixed(0, "ai_credits"))


def _whole(text: str, name: str, label: str, errors: dict[str, str]) -> int:
    number = whole_number(text.replace(",", ""), least=0, most=LARGEST_VALUE)
    if number is None:
        errors[name] = f"{label}: give a whole number up to {LARGEST_VALUE:,}."
        return 0
    return number


def _page(visit: Visit, form: Form, errors: dict[str, str], found: Configuration | None) -> Response:
    values: dict[str, Any] = {"form": form, "errors": errors, "found": found, "modes": _MODES}
    return visit.show("bonus.html", values, 400 if errors else 200)


ROUTES: Final = [
    Route(f"{_PROJECT}/sign-up-bonus", show, methods=["GET"]),
    Route(f"{_PROJECT}/sign-up-bonus", change, methods=["POST"]),
    Route(f"{_PROJECT}/wallets", show_wallets, methods=["GET"]),
    Route(f"{_PROJECT}/wallets", change_allowance, methods=["POST"]),
]
