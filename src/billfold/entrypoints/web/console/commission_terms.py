"""`/console/…/commission-terms`: what partners earn on payments, with what a change would have done to the last 90 days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, cast

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import Invalid
from billfold.base.paging import Page
from billfold.domain.analytics.customer_list import names_of
from billfold.domain.billing import products
from billfold.domain.billing.currencies import CURRENCIES
from billfold.domain.billing.products import Product
from billfold.domain.partners.programs import KEY, ensure_program, find_program, partner_rule
from billfold.domain.referrals import presets, terms_dates, terms_editing
from billfold.domain.referrals.configurations import LONGEST_HOLD_DAYS, MOST_MONTHS, MOST_PAYMENTS
from billfold.domain.referrals.participants import Applies
from billfold.domain.referrals.programs import Program
from billfold.domain.referrals.terms import Fixed, ProductRate, Rule, Share, Terms, Tier
from billfold.domain.referrals.terms_dates import DatedVersion
from billfold.domain.referrals.terms_previews import Preview
from billfold.domain.tenancy.members import Role
from billfold.domain.tenancy.projects import get_project
from billfold.entrypoints.web.amounts import plain_amount, typed_amount
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.forms import Form
from billfold.entrypoints.web.rates import typed_rate
from billfold.infrastructure.db.database import Reading, Writing

_HERE: Final = "/console/{team_id}/{project_id}/commission-terms"
_MOST_ROWS: Final = 10
_MOST_PRODUCTS: Final = 100
_VERSIONS_SHOWN: Final = 10
_LONGEST_NUMBER: Final = 6
_GIVES: Final = {"share": "a share of each payment", "fixed": "the same amount for each payment"}
_APPLIES: Final = {
    "new_referrals": "for referrals made from now on",
    "from_date": "for everything that is paid from a date on",
}


@dataclass(frozen=True, slots=True)
class _Present:
    program: Program | None
    content: Terms
    rule: Rule
    currency: str
    products: list[Product]
    versions: list[DatedVersion]


@dataclass(frozen=True, slots=True)
class _Wanted:
    content: Terms
    applies: Applies
    from_at: datetime | None


async def show(request: Request) -> Response:
    """Show the terms in force."""
    visit = await enter(request)
    present = await visit.services.db.read(_read, visit.team_id, visit.project_id)
    return _page(visit, present, _form_of(present), {})


async def change(request: Request) -> Response:
    """Show what a change would have done; once that was confirmed, put it in force."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    present = await visit.services.db.read(_read, visit.team_id, visit.project_id)
    errors: dict[str, str] = {}
    wanted = _wanted(form, present, errors, at=visit.at)
    if wanted is None:
        return _page(visit, present, form, errors)
    try:
        if form.text("confirmed") != "yes":
            found, names = await visit.services.db.snapshot(_previewed, present, wanted, visit)
            return _page(visit, present, form, {}, preview=found, names=names)
        details = {"applies_to": wanted.applies}
        recorded = Recorded(visit, "program.terms_edited", visit.project_id, details)
        await recorded.write(_put_in_force, visit, wanted)
    except Invalid as refusal:
        return _page(visit, present, form, {"": refusal.message})
    return visit.done(f"{visit.home}/commission-terms", "In force. What was earned before stays as it was.")


async def _put_in_force(tx: Writing, visit: Visit, wanted: _Wanted) -> None:
    await ensure_program(tx, visit.project_id, at=visit.at)
    await terms_editing.edit_terms(
        tx,
        project_id=visit.project_id,
        key=KEY,
        content=wanted.content,
        applies=wanted.applies,
        from_at=wanted.from_at,
        at=visit.at,
    )


async def _previewed(tx: Reading, present: _Present, wanted: _Wanted, visit: Visit) -> tuple[Preview, dict[str, str]]:
    if present.program is None:
        return Preview(visit.at, visit.at, 0, 0, (), (), is_complete=True), {}
    found = await terms_editing.preview_edit(
        tx, project_id=visit.project_id, key=KEY, content=wanted.content, applies=wanted.applies, at=visit.at
    )
    ids = [each.earner_id for each in found.earners if each.earner_id is not None]
    return found, await names_of(tx, visit.project_id, ids)


async def _read(tx: Reading, team_id: str, project_id: str) -> _Present:
    project = await get_project(tx, team_id=team_id, project_id=project_id)
    program = await find_program(tx, project_id)
    content = presets.partner_program() if program is None else program.content
    rule = partner_rule(content) or presets.partner_program().rules[0]
    listed = await products.list_products(tx, project_id, Page(limit=_MOST_PRODUCTS), active_only=True)
    versions = [] if program is None else await terms_dates.list_versions(tx, project_id, program.id)
    return _Present(program, content, rule, project.currency, listed, list(reversed(versions))[:_VERSIONS_SHOWN])


def _wanted(form: Form, present: _Present, errors: dict[str, str], *, at: datetime) -> _Wanted | None:
    """Return what the form says; None if `errors` say what in it is wrong."""
    old = present.rule
    rule = msgspec.structs.replace(
        old,
        amount=_amount(form, present, errors),
        hold_days=_number(form, "hold_days", "Held for days", 0, LONGEST_HOLD_DAYS, errors) or 0,
        payments_max=_number(form, "payments_max", "Payments", 1, MOST_PAYMENTS, errors),
        months_max=_number(form, "months_max", "Months", 1, MOST_MONTHS, errors),
        product_rates=tuple(_product_rates(form, present, errors)),
        tiers=tuple(_tiers(form, present.currency, errors)),
    )
    applies = form.text("applies")
    if applies not in _APPLIES:
        errors["applies"] = "The change counts: choose for what."
    from_at = _date(form, errors, at=at) if applies == "from_date" else None
    if errors:
        return None
    rules = present.content.rules
    changed = tuple(rule if each is old else each for each in rules) if old in rules else (*rules, rule)
    return _Wanted(msgspec.structs.replace(present.content, rules=changed), cast("Applies", applies), from_at)


def _amount(form: Form, present: _Present, errors: dict[str, str]) -> Fixed | Share:
    if form.text("gives") == "fixed":
        currency = form.text("flat_currency").lower()
        if currency not in CURRENCIES:
            errors["flat_currency"] = "Currency: give its three letters. It should look like usd."
            currency = present.currency
        amount = typed_amount(form.text("flat"), currency)
        if amount is None:
            errors["flat"] = "Amount: it should look like 25.00"
        return Fixed(amount or 0, currency)
    rate = typed_rate(form.text("rate"))
    if rate is None:
        errors["rate"] = "Rate: a number from 0 to 100 with at most two decimals, such as 20 or 12.5."
    return Share(rate or 0)


def _product_rates(form: Form, present: _Present, errors: dict[str, str]) -> list[ProductRate]:
    known = {each.id for each in present.products} | {each.product_id for each in present.rule.product_rates}
    found = []
    for number in range(1, _MOST_ROWS + 1):
        product_id, typed = form.text(f"product-{number}"), form.text(f"product-rate-{number}")
        if not product_id:
            continue
        rate = typed_rate(typed)
        if rate is None or product_id not in known:
            errors[f"product-rate-{number}"] = "Rate of a product: a number from 0 to 100, such as 20 or 12.5."
            continue
        found.append(ProductRate(product_id, Share(rate)))
    return found


def _tiers(form: Form, currency: str, errors: dict[str, str]) -> list[Tier]:
    found = []
    for number in range(1, _MOST_ROWS + 1):
        start, typed = form.text(f"tier-from-{number}"), form.text(f"tier-rate-{number}")
        if not start and not typed:
            continue
        unit = form.text(f"tier-currency-{number}").lower() or currency
        at_least, rate = typed_amount(start, unit), typed_rate(typed)
        if not at_least or rate is None or unit not in CURRENCIES:
            errors[f"tier-from-{number}"] = "Tier: an amount such as 1000.00, a currency and a rate such as 25."
            continue
        found.append(Tier(at_least, unit, Share(rate)))
    return found


def _number(form: Form, name: str, label: str, least: int, most: int, errors: dict[str, str]) -> int | None:  # noqa: PLR0917 - one line a field
    text = form.text(name)
    if not text and name != "hold_days":
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER and least <= int(text) <= most):
        errors[name] = f"{label}: a whole number from {least} to {most}."
        return None
    return int(text)


def _date(form: Form, errors: dict[str, str], *, at: datetime) -> datetime | None:
    text = form.text("from_date")
    if not text:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        errors["from_date"] = "From: a date such as 2026-12-01, or nothing for now."
        return None
    # Today means from now on.
    return None if day.date() == at.date() else day


def _form_of(present: _Present) -> Form:
    rule = present.rule
    amount = rule.amount
    pairs = [
        ("gives", "fixed" if isinstance(amount, Fixed) else "share"),
        ("rate", "" if isinstance(amount, Fixed) else _rate(amount)),
        ("flat", plain_amount(amount.value, amount.unit) if isinstance(amount, Fixed) else ""),
        ("flat_currency", amount.unit if isinstance(amount, Fixed) else present.currency),
        ("hold_days", str(rule.hold_days)),
        ("payments_max", "" if rule.payments_max is None else str(rule.payments_max)),
        ("months_max", "" if rule.months_max is None else str(rule.months_max)),
        ("applies", "new_referrals"),
    ]
    for number, each in enumerate(rule.product_rates, start=1):
        pairs += [(f"product-{number}", each.product_id), (f"product-rate-{number}", _rate(each.amount))]
    for number, tier in enumerate(rule.tiers, start=1):
        pairs += [
            (f"tier-from-{number}", plain_amount(tier.at_least, tier.unit)),
            (f"tier-currency-{number}", tier.unit),
            (f"tier-rate-{number}", _rate(tier.amount)),
        ]
    return Form(pairs)


def _rate(amount: Fixed | Share) -> str:
    if isinstance(amount, Fixed):
        return ""
    whole, hundredths = divmod(amount.basis_points, 100)
    return f"{whole}.{hundredths:02d}".rstrip("0").rstrip(".")


def _page(
    visit: Visit,
    present: _Present,
    form: Form,
    errors: dict[str, str],
    *,
    preview: Preview | None = None,
    names: dict[str, str] | None = None,
) -> Response:
    values = {
        "present": present,
        "form": form,
        "errors": errors,
        "preview": preview,
        "names": names or {},
        "gives": _GIVES,
        "applies": _APPLIES,
        "choices": {"": "No product", **_product_names(present)},
        "product_rows": _rows(len(present.rule.product_rates)),
        "tier_rows": _rows(len(present.rule.tiers)),
    }
    return visit.show("commission_terms.html", values, 400 if errors else 200)


def _product_names(present: _Present) -> dict[str, str]:
    names = {each.product_id: each.product_id for each in present.rule.product_rates}
    return names | {each.id: each.name for each in present.products}


def _rows(filled: int) -> Sequence[int]:
    return range(1, 1 + min(_MOST_ROWS, filled + 2))


ROUTES: Final = [Route(_HERE, show, methods=["GET"]), Route(_HERE, change, methods=["POST"])]
