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
from billfold.domain.billing.products import Product
from billfold.domain.partners.programs import KEY, ensure_program, find_program, is_partner_rule
from billfold.domain.referrals import presets, terms_dates, terms_editing
from billfold.domain.referrals.configurations import MOST_RULES
from billfold.domain.referrals.participants import Applies
from billfold.domain.referrals.programs import Program
from billfold.domain.referrals.terms import Fixed, Rule, Terms
from billfold.domain.referrals.terms_dates import DatedVersion
from billfold.domain.referrals.terms_previews import Preview
from billfold.domain.tenancy.members import Role
from billfold.domain.tenancy.projects import get_project
from billfold.entrypoints.web.amounts import unit_text
from billfold.entrypoints.web.console import commission_rules
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.forms import Form
from billfold.entrypoints.web.rates import rate_text
from billfold.infrastructure.db.database import Reading, Writing

_HERE: Final = "/console/{team_id}/{project_id}/commission-terms"
_MOST_PRODUCTS: Final = 100
_VERSIONS_SHOWN: Final = 10
_EARNERS: Final = {"referrer": "the partner gets", "referee": "the customer gets"}
_EARNED_ON: Final = {"payment": "of each payment", "conversion": "once, when the customer was won"}
_SETTLES: Final = {
    "payout": "paid out",
    "stripe_balance": "as credit for his own invoices",
    "wallet": "into his wallet",
}
_APPLIES: Final = {
    "new_referrals": "for referrals made from now on",
    "from_date": "for everything that is paid from a date on",
}


@dataclass(frozen=True, slots=True)
class _Present:
    program: Program | None
    content: Terms
    rules: tuple[Rule, ...]
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
    if form.text("more"):
        if form.text("more") == "rule":
            commission_rules.add_rule(form, currency=present.currency, hold_days=present.rules[0].hold_days)
        return _page(visit, present, form, {})
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
    rules = tuple(filter(is_partner_rule, content.rules)) or presets.partner_program().rules
    listed = await products.list_products(tx, project_id, Page(limit=_MOST_PRODUCTS), active_only=True)
    versions = [] if program is None else await terms_dates.list_versions(tx, project_id, program.id)
    return _Present(program, content, rules, project.currency, listed, list(reversed(versions))[:_VERSIONS_SHOWN])


def _wanted(form: Form, present: _Present, errors: dict[str, str], *, at: datetime) -> _Wanted | None:
    """Return what the form says; None if `errors` say what in it is wrong."""
    known = set(_product_names(present))
    rules = commission_rules.read_rules(form, present.rules, known, present.currency, errors)
    applies = form.text("applies")
    if applies not in _APPLIES:
        errors["applies"] = "The change counts: choose for what."
    from_at = _date(form, errors, at=at) if applies == "from_date" else None
    if not any(rules):
        errors.setdefault("", "Leave one rule at least. To have partners earn nothing, give a share of 0 percent.")
    if errors:
        return None
    changed = _in_place(present, rules)
    return _Wanted(msgspec.structs.replace(present.content, rules=changed), cast("Applies", applies), from_at)


def _in_place(present: _Present, rules: Sequence[Rule | None]) -> tuple[Rule, ...]:
    """Return the program's rules with these in place of those that the page shows; what it does not show stays."""
    left = list(rules)
    changed: list[Rule] = []
    for each in present.content.rules:
        if not is_partner_rule(each):
            changed.append(each)
        elif left and (kept := left.pop(0)) is not None:
            changed.append(kept)
    return (*changed, *(each for each in left if each is not None))


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
    return Form([*commission_rules.fields_of(present.rules, present.currency), ("applies", "new_referrals")])


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
        "gives": commission_rules.GIVES,
        "rule_rows": commission_rules.rows_of(form),
        "most_rules": MOST_RULES,
        "others": [_words(each) for each in present.content.rules if not is_partner_rule(each)],
        "applies": _APPLIES,
        "choices": {"": "No product", **_product_names(present)},
    }
    return visit.show("commission_terms.html", values, 400 if errors else 200)


def _product_names(present: _Present) -> dict[str, str]:
    """Return what a product's name is: of the project's, and of those that the terms name though they are gone."""
    names = {each.product_id: each.product_id for rule in present.rules for each in rule.product_rates}
    return names | {each.id: each.name for each in present.products}


def _words(rule: Rule) -> str:
    """Return what a rule says that this page does not change."""
    amount = rule.amount
    given = unit_text(amount.value, amount.unit) if isinstance(amount, Fixed) else rate_text(amount.basis_points)
    return f"{_EARNERS[rule.earner]} {given} {_EARNED_ON[rule.earned_on]}, {_SETTLES[rule.settles_as]}"


ROUTES: Final = [Route(_HERE, show, methods=["GET"]), Route(_HERE, change, methods=["POST"])]
