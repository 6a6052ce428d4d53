"""The rules of a program as the billing API reads and shows them: one shape for `…/programs` and for `…/terms`.

What is shown can be sent back and means the same, so that a reader who changes one field of a program changes nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

import msgspec
from pydantic import Field, WithJsonSchema

from billfold.base.errors import Invalid
from billfold.domain.billing.currencies import CURRENCIES
from billfold.domain.referrals.configurations import (
    LARGEST_SHARE,
    LARGEST_TIER,
    LARGEST_VALUE,
    LONGEST_HOLD_DAYS,
    MOST_MONTHS,
    MOST_PAYMENTS,
    MOST_RATES,
    MOST_RULES,
)
from billfold.domain.referrals.terms import EarnedOn, Earner, Fixed, ProductRate, Rule, SettlesAs, Share, Tier
from billfold.domain.wallets.rules import UNIT_PATTERN
from billfold.entrypoints.api.billing.answers import Body
from billfold.entrypoints.json_bodies import place_of

_RULES: Final = (
    f"a list of up to {MOST_RULES} rules; a rule has earner (referrer or referee), earnedOn (conversion or payment), amount "
    '({"type": "fixed", "value": 5, "unit": "ai_credits"} or {"type": "share", "basisPoints": 2000}), settlesAs '
    "(stripe_balance, payout or wallet), and may have holdDays, paymentsMax, monthsMax, productRates (productId and amount) "
    "and tiers (atLeast, unit and amount); what is left out has its default"
)


class AmountBody(Body):
    """What a rule gives: `fixed` is `value` whole minor units of `unit`, `share` is `basisPoints` of a payment."""

    type: Literal["fixed", "share"]
    value: int | None = None
    unit: str | None = None
    basis_points: int | None = None


class ProductRateBody(Body):
    """The rate for the part of a payment that a product makes up."""

    product_id: str
    amount: AmountBody


class TierBody(Body):
    """The rate once a partner brought `atLeast` minor units of `unit` before a payment."""

    at_least: int
    unit: str
    amount: AmountBody


class RuleBody(Body):
    """Who earns what on what; `monthsMax` counts calendar months from the first payment.

    Of several rates the most particular counts: the partner's own, a product's, a tier's, `amount`.
    """

    earner: Earner
    earned_on: EarnedOn
    amount: AmountBody
    settles_as: SettlesAs
    hold_days: int = 0
    payments_max: int | None = None
    months_max: int | None = None
    product_rates: list[ProductRateBody] = msgspec.field(default_factory=list)
    tiers: list[TierBody] = msgspec.field(default_factory=list)


def _object(required: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": {**required, **others}}


def _fixed(unit: dict[str, Any]) -> dict[str, Any]:
    value = {"type": "integer", "minimum": 0, "maximum": LARGEST_VALUE}
    return _object({"type": {"const": "fixed"}, "value": value, "unit": unit}, {"basisPoints": _NULL})


def _share(smallest: int) -> dict[str, Any]:
    share = {"type": "integer", "minimum": smallest, "maximum": LARGEST_SHARE}
    return _object({"type": {"const": "share"}, "basisPoints": share}, {"value": _NULL, "unit": _NULL})


def _up_to(largest: int) -> dict[str, Any]:
    return {"anyOf": [{"type": "integer", "minimum": 1, "maximum": largest}, _NULL]}


def _rates(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "maxItems": MOST_RATES, "items": item, "default": []}


def _rule(earned_on: EarnedOn, amount: dict[str, Any], settles_as: SettlesAs) -> dict[str, Any]:
    others: dict[str, Any] = {
        "holdDays": {"type": "integer", "minimum": 0, "maximum": LONGEST_HOLD_DAYS, "default": 0},
        "paymentsMax": _NULL,
        "monthsMax": _NULL,
        "productRates": _NONE,
        "tiers": _NONE,
    }
    if earned_on == "payment":
        others |= {"paymentsMax": _up_to(MOST_PAYMENTS), "monthsMax": _up_to(MOST_MONTHS)}
        if settles_as != "wallet":
            rate = {"anyOf": [_IN_MONEY, _share(0 if settles_as == "payout" else 1)]}
            at_least = {"type": "integer", "minimum": 1, "maximum": LARGEST_TIER}
            others["productRates"] = _rates(_object({"productId": {"type": "string"}, "amount": rate}, {}))
            others["tiers"] = _rates(_object({"atLeast": at_least, "unit": _CURRENCY, "amount": rate}, {}))
    required = {
        "earner": {"enum": ["referrer", "referee"]},
        "earnedOn": {"const": earned_on},
        "amount": amount,
        "settlesAs": {"const": settles_as},
    }
    return _object(required, others)


_NULL: Final = {"type": "null"}
_NONE: Final[dict[str, Any]] = {"type": "array", "maxItems": 0, "default": []}
_CURRENCY: Final = {"type": "string", "enum": sorted(CURRENCIES)}
_IN_MONEY: Final = _fixed(_CURRENCY)
_IN_UNITS: Final = _fixed({"type": "string", "pattern": UNIT_PATTERN})
_RULES_SCHEMA: Final[dict[str, Any]] = {
    "type": "array",
    "maxItems": MOST_RULES,
    "items": {
        "anyOf": [
            _rule("conversion", _IN_MONEY, "stripe_balance"),
            _rule("conversion", _IN_MONEY, "payout"),
            _rule("conversion", _IN_UNITS, "wallet"),
            _rule("payment", {"anyOf": [_IN_MONEY, _share(1)]}, "stripe_balance"),
            _rule("payment", {"anyOf": [_IN_MONEY, _share(0)]}, "payout"),
            _rule("payment", _IN_UNITS, "wallet"),
        ]
    },
}
GivenRules = Annotated[list[Any], WithJsonSchema(_RULES_SCHEMA), Field(max_length=MOST_RULES, description=_RULES)]


def read_rules(given: Sequence[Any]) -> tuple[Rule, ...]:
    """Return rules as the domain knows them, or raise `Invalid` naming the first that is none."""
    return tuple(_read_rule(number, each) for number, each in enumerate(given, start=1))


def _read_rule(number: int, given: Any) -> Rule:
    try:
        read = msgspec.convert(given, RuleBody)
        return Rule(
            earner=read.earner,
            earned_on=read.earned_on,
            amount=_read_amount(read.amount),
            settles_as=read.settles_as,
            hold_days=read.hold_days,
            payments_max=read.payments_max,
            months_max=read.months_max,
            product_rates=tuple(ProductRate(each.product_id, _read_amount(each.amount)) for each in read.product_rates),
            tiers=tuple(Tier(each.at_least, each.unit, _read_amount(each.amount)) for each in read.tiers),
        )
    except msgspec.ValidationError as error:
        name, is_missing = place_of(error)
        raise Invalid(
            f"rules: {name or 'the whole'} {'is missing' if is_missing else 'is not valid'} in the {number}. rule. Send {_RULES}."
        ) from None
    except ValueError as error:
        raise Invalid(f"rules: the {number}. rule is not valid: {error}.") from None


def _read_amount(given: AmountBody) -> Fixed | Share:
    if given.type == "share":
        if given.basis_points is None or given.value is not None or given.unit is not None:
            raise ValueError("an amount of type share has basisPoints, and no value or unit")
        return Share(given.basis_points)
    if given.value is None or given.unit is None or given.basis_points is not None:
        raise ValueError("an amount of type fixed has value and unit, and no basisPoints")
    return Fixed(given.value, given.unit)


def rule_body(rule: Rule) -> RuleBody:
    """Return a rule as this surface shows it."""
    return RuleBody(
        earner=rule.earner,
        earned_on=rule.earned_on,
        amount=_amount_body(rule.amount),
        settles_as=rule.settles_as,
        hold_days=rule.hold_days,
        payments_max=rule.payments_max,
        months_max=rule.months_max,
        product_rates=[ProductRateBody(each.product_id, _amount_body(each.amount)) for each in rule.product_rates],
        tiers=[TierBody(each.at_least, each.unit, _amount_body(each.amount)) for each in rule.tiers],
    )


def _amount_body(amount: Fixed | Share) -> AmountBody:
    if isinstance(amount, Fixed):
        return AmountBody("fixed", value=amount.value, unit=amount.unit)
    return AmountBody("share", basis_points=amount.basis_points)
