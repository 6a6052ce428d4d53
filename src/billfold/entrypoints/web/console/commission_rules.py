"""The rules of commission terms as fields of a form: several of them, each with its limits, tiers and products.

A rule's fields begin with its place, as in `rule-2-gives`. What a tier or a product gives is typed as `25`, in percent, or as
`5.00 eur`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from billfold.base.errors import Invalid
from billfold.domain.billing.currencies import CURRENCIES
from billfold.domain.referrals.configurations import (
    LONGEST_HOLD_DAYS,
    MOST_MONTHS,
    MOST_PAYMENTS,
    MOST_RATES,
    MOST_RULES,
    check_rule,
)
from billfold.domain.referrals.terms import Fixed, ProductRate, Rule, Share, Tier
from billfold.entrypoints.web.amounts import plain_amount, typed_amount
from billfold.entrypoints.web.forms import Form
from billfold.entrypoints.web.rates import rate_text, typed_rate

GIVES: Final = {
    "share": "a share of each payment",
    "fixed": "the same amount for each payment",
    "nothing": "nothing: leave this rule out",
}
# So many empty rows are offered beside the filled ones.
_EMPTY_ROWS: Final = 2
_LONGEST_NUMBER: Final = 6
_FIELD: Final = re.compile(r"rule-([0-9]{1,2})-([a-z_]+)(?:-([0-9]{1,2}))?")
_AMOUNT: Final = re.compile(r"([0-9.,]+)\s*([A-Za-z]{3})")
_WRONG_GIFT: Final = "what it gives is a number of percent such as 25, or an amount such as 5.00 usd."


@dataclass(frozen=True, slots=True)
class RuleRows:
    """A rule's place in the form, and which rows of tiers and of products it shows."""

    number: int
    tiers: Sequence[int]
    products: Sequence[int]


class Fields:
    """The fields of one rule of a form, read by their short names; what is wrong goes into `errors` by the whole name."""

    def __init__(self, form: Form, number: int, errors: dict[str, str]) -> None:
        self._form = form
        self._prefix = f"rule-{number}-"
        self._errors = errors

    def text(self, name: str) -> str:
        """Return a field without white space around it."""
        return self._form.text(self._prefix + name)

    def refuse(self, name: str, sentence: str) -> None:
        """Say what is wrong with a field."""
        self._errors[self._prefix + name] = sentence

    def number(self, name: str, label: str, least: int, most: int, *, may_be_empty: bool = True) -> int | None:
        """Return a whole number; None for an empty field, or one that is wrong."""
        text = self.text(name)
        if not text and may_be_empty:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER and least <= int(text) <= most):
            self.refuse(name, f"{label}: a whole number from {least} to {most}.")
            return None
        return int(text)


def rows_of(form: Form) -> list[RuleRows]:
    """Return which rules and rows a form shows: those that are filled, and some empty rows of each."""
    return [RuleRows(each, _rows(form, each, "tier"), _rows(form, each, "product")) for each in _numbers(form)]


def add_rule(form: Form, *, currency: str, hold_days: int) -> None:
    """Add an empty rule to a form, if it may hold another one."""
    number = max(_numbers(form), default=0) + 1
    if number <= MOST_RULES:
        added = {"gives": "fixed", "flat_currency": currency, "hold_days": str(hold_days)}
        form.update({f"rule-{number}-{name}": value for name, value in added.items()})


def read_rules(
    form: Form, present: Sequence[Rule], product_ids: set[str], currency: str, errors: dict[str, str]
) -> list[Rule | None]:
    """Return the rules that a form says, None where one is left out; `errors` says what in it is wrong.

    Each begins as the rule that is there at its place, so that what the form does not show stays.
    """
    found: list[Rule | None] = []
    for number in _numbers(form):
        fields = Fields(form, number, errors)
        gives = fields.text("gives")
        if gives == "nothing":
            found.append(None)
            continue
        begun = present[number - 1] if number <= len(present) else Rule("referrer", "payment", Share(0), "payout")
        days = fields.number("hold_days", "Held for days", 0, LONGEST_HOLD_DAYS, may_be_empty=False)
        rule = msgspec.structs.replace(
            begun,
            amount=_amount(fields, gives, currency),
            hold_days=days or 0,
            payments_max=fields.number("payments_max", "Payments", 1, MOST_PAYMENTS),
            months_max=fields.number("months_max", "Months", 1, MOST_MONTHS),
            tiers=tuple(_tiers(form, fields, number, currency)),
            product_rates=tuple(_product_rates(form, fields, number, product_ids)),
        )
        _check(rule, fields, number, errors)
        found.append(rule)
    return found


def fields_of(rules: Sequence[Rule], currency: str) -> list[tuple[str, str]]:
    """Return rules as the fields of a form."""
    pairs: list[tuple[str, str]] = []
    for number, rule in enumerate(rules, start=1):
        amount, prefix = rule.amount, f"rule-{number}-"
        is_fixed = isinstance(amount, Fixed)
        pairs += [
            (f"{prefix}gives", "fixed" if is_fixed else "share"),
            (f"{prefix}rate", "" if isinstance(amount, Fixed) else _gift(amount)),
            (f"{prefix}flat", plain_amount(amount.value, amount.unit) if isinstance(amount, Fixed) else ""),
            (f"{prefix}flat_currency", amount.unit if isinstance(amount, Fixed) else currency),
            (f"{prefix}hold_days", str(rule.hold_days)),
            (f"{prefix}payments_max", "" if rule.payments_max is None else str(rule.payments_max)),
            (f"{prefix}months_max", "" if rule.months_max is None else str(rule.months_max)),
        ]
        for row, tier in enumerate(rule.tiers, start=1):
            pairs += [
                (f"{prefix}tier_from-{row}", plain_amount(tier.at_least, tier.unit)),
                (f"{prefix}tier_currency-{row}", tier.unit),
                (f"{prefix}tier_gives-{row}", _gift(tier.amount)),
            ]
        for row, each in enumerate(rule.product_rates, start=1):
            pairs += [
                (f"{prefix}product-{row}", each.product_id),
                (f"{prefix}product_gives-{row}", _gift(each.amount)),
            ]
    return pairs


def _names(form: Form) -> Iterator[tuple[int, str, int]]:
    """Yield each field of a rule: the rule's number, the short name, the row (0 for none)."""
    for name in form:
        found = _FIELD.fullmatch(name)
        if found is not None and 1 <= int(found[1]) <= MOST_RULES:
            yield int(found[1]), found[2], int(found[3] or 0)


def _numbers(form: Form) -> list[int]:
    return sorted({number for number, _, _ in _names(form)})


def _filled(form: Form, number: int, kind: str) -> list[int]:
    rows = {
        row
        for rule, name, row in _names(form)
        if rule == number and name.startswith(kind) and row and form.text(f"rule-{number}-{name}-{row}")
    }
    # Every empty row names the program's currency: that alone fills none.
    return sorted(
        row
        for row in rows
        if kind != "tier" or any(form.text(f"rule-{number}-tier_{part}-{row}") for part in ("from", "gives"))
    )


def _rows(form: Form, number: int, kind: str) -> Sequence[int]:
    last = max(_filled(form, number, kind), default=0)
    return range(1, 1 + min(MOST_RATES, last + _EMPTY_ROWS))


def _amount(fields: Fields, gives: str, currency: str) -> Fixed | Share:
    if gives == "fixed":
        unit = fields.text("flat_currency").lower()
        if unit not in CURRENCIES:
            fields.refuse("flat_currency", "Currency: give its three letters. It should look like usd.")
            unit = currency
        amount = typed_amount(fields.text("flat"), unit)
        if amount is None:
            fields.refuse("flat", f"Amount: it should look like {plain_amount(2500, unit)}")
        return Fixed(amount or 0, unit)
    if gives != "share":
        fields.refuse("gives", "A partner earns: choose what.")
    rate = typed_rate(fields.text("rate"))
    if rate is None:
        fields.refuse("rate", "Rate: a number from 0 to 100 with at most two decimals, such as 20 or 12.5.")
    return Share(rate or 0)


def _tiers(form: Form, fields: Fields, number: int, currency: str) -> Iterator[Tier]:
    begun: set[tuple[int | None, str]] = set()
    for row in _filled(form, number, "tier"):
        unit = fields.text(f"tier_currency-{row}").lower() or currency
        if unit not in CURRENCIES:
            fields.refuse(f"tier_currency-{row}", "Currency: give its three letters. It should look like usd.")
            continue
        at_least, amount = typed_amount(fields.text(f"tier_from-{row}"), unit), _given(fields.text(f"tier_gives-{row}"))
        if not at_least:
            fields.refuse(
                f"tier_from-{row}", f"Tier {row}: it begins at an amount such as {plain_amount(100_000, unit)}"
            )
        elif amount is None:
            fields.refuse(f"tier_gives-{row}", f"Tier {row}: {_WRONG_GIFT}")
        elif (at_least, unit) in begun:
            fields.refuse(f"tier_from-{row}", f"Tier {row}: another one begins at the same amount.")
        else:
            begun.add((at_least, unit))
            yield Tier(at_least, unit, amount)


def _product_rates(form: Form, fields: Fields, number: int, product_ids: set[str]) -> Iterator[ProductRate]:
    named: set[str] = set()
    for row in _filled(form, number, "product"):
        product_id, amount = fields.text(f"product-{row}"), _given(fields.text(f"product_gives-{row}"))
        if product_id not in product_ids:
            fields.refuse(f"product-{row}", f"Product {row}: choose which one.")
        elif amount is None:
            fields.refuse(f"product_gives-{row}", f"Product {row}: {_WRONG_GIFT}")
        elif product_id in named:
            fields.refuse(f"product-{row}", f"Product {row}: it stands above already.")
        else:
            named.add(product_id)
            yield ProductRate(product_id, amount)


def _given(text: str) -> Fixed | Share | None:
    """Return what was typed as `25`, `12.5 %` or `5.00 usd`; None for anything else."""
    rate = typed_rate(text)
    if rate is not None:
        return Share(rate)
    found = _AMOUNT.fullmatch(text)
    unit = "" if found is None else found[2].lower()
    amount = typed_amount(found[1], unit) if found is not None and unit in CURRENCIES else None
    return None if amount is None else Fixed(amount, unit)


def _gift(amount: Fixed | Share) -> str:
    if isinstance(amount, Fixed):
        return f"{plain_amount(amount.value, amount.unit)} {amount.unit}"
    return rate_text(amount.basis_points).removesuffix(" %")


def _check(rule: Rule, fields: Fields, number: int, errors: dict[str, str]) -> None:
    """Say of a rule that was read what else the terms would refuse of it."""
    if any(name.startswith(f"rule-{number}-") for name in errors):
        return
    try:
        check_rule(rule)
    except Invalid as refusal:
        fields.refuse("gives", f"Rule {number}: {refusal.message}")
