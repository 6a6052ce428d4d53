"""The partner program of a project: a program like any other, found by its key, and its conditions in this surface's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from billfold.base.errors import Forbidden, Invalid
from billfold.domain.referrals import presets, programs
from billfold.domain.referrals.programs import Program
from billfold.domain.referrals.terms import Rule, Share, Terms
from billfold.infrastructure.db.database import Reading, Writing

KEY: Final = "partners"
# Affiliate contract, section 5.
LARGEST_RATE: Final = 10_000
LONGEST_HOLD_DAYS: Final = 365
LONGEST_COOKIE_DAYS: Final = 365
LARGEST_MINIMUM_CENTS: Final = 100_000_000
DEFAULT_COOKIE_DAYS: Final = 30


class ProgramOff(Forbidden):
    """The project has no partner program that is switched on (contract A9)."""

    def __init__(self) -> None:
        super().__init__("This app has no partner program, or it is switched off.")


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the program promises now: a rate in basis points, days, and the smallest payout in minor units.

    `basis_points` is None for a program whose partners earn a fixed amount.
    """

    enabled: bool
    basis_points: int | None
    hold_days: int
    min_payout_cents: int
    cookie_days: int
    terms_version: int | None


async def find_program(tx: Reading, project_id: str) -> Program | None:
    """Return the project's partner program, None if it was never set up."""
    return await programs.find(tx, project_id, KEY)


async def ensure_program(tx: Writing, project_id: str, *, at: datetime) -> Program:
    """Return the project's partner program and hold its row; set it up, disabled, if there is none (contract section 5)."""
    return await programs.ensure(tx, project_id=project_id, key=KEY, content=presets.partner_program(), at=at)


async def require_enabled(tx: Reading, project_id: str) -> Program:
    """Return the program if it takes part in anything new, or raise `ProgramOff`."""
    program = await find_program(tx, project_id)
    if program is None or not program.enabled:
        raise ProgramOff
    return program


def conditions_of(program: Program | None) -> Conditions:
    """Return what a program promises; what a project gets that never set one up, if there is none."""
    content = presets.partner_program() if program is None else program.content
    rule = partner_rule(content)
    share = rule.amount.basis_points if rule is not None and isinstance(rule.amount, Share) else None
    return Conditions(
        enabled=program is not None and program.enabled,
        basis_points=share,
        hold_days=0 if rule is None else rule.hold_days,
        min_payout_cents=content.min_payout,
        cookie_days=DEFAULT_COOKIE_DAYS if content.attribution_days is None else content.attribution_days,
        terms_version=None if program is None else program.terms_version,
    )


def partner_rule(content: Terms) -> Rule | None:
    """Return the rule by which partners earn on payments: the first one of its kind."""
    return next((rule for rule in content.rules if rule.earner == "referrer" and rule.earned_on == "payment"), None)


def is_partner_rule(rule: Rule) -> bool:
    """Tell whether a rule is a commission: what partners earn on payments and are paid out."""
    return rule.earner == "referrer" and rule.earned_on == "payment" and rule.settles_as == "payout"


def changed_terms(
    content: Terms,
    *,
    basis_points: int | None = None,
    hold_days: int | None = None,
    min_payout_cents: int | None = None,
    cookie_days: int | None = None,
) -> Terms:
    """Return terms with other conditions; None leaves one as it is. Raises `Invalid` for what is out of its range."""
    _check("defaultCommissionRate", basis_points, 0, LARGEST_RATE, "0 to 100, in percent")
    _check("holdingPeriodDays", hold_days, 0, LONGEST_HOLD_DAYS, f"0 to {LONGEST_HOLD_DAYS}")
    _check("minPayoutAmount", min_payout_cents, 0, LARGEST_MINIMUM_CENTS, "0 to 1000000")
    _check("cookieDurationDays", cookie_days, 1, LONGEST_COOKIE_DAYS, f"1 to {LONGEST_COOKIE_DAYS}")
    rule = partner_rule(content)
    if rule is not None:
        changed = rule
        if basis_points is not None:
            changed = msgspec.structs.replace(changed, amount=Share(basis_points))
        if hold_days is not None:
            changed = msgspec.structs.replace(changed, hold_days=hold_days)
        rules = tuple(changed if each is rule else each for each in content.rules)
        content = msgspec.structs.replace(content, rules=rules)
    if min_payout_cents is not None:
        content = msgspec.structs.replace(content, min_payout=min_payout_cents)
    if cookie_days is not None:
        content = msgspec.structs.replace(content, attribution_days=cookie_days)
    return content


def _check(name: str, value: int | None, least: int, most: int, words: str) -> None:
    if value is not None and not least <= value <= most:
        raise Invalid(f"{name} must be {words}.")
