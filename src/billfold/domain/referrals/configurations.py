"""Programs as a project configures them: a switch, terms, and what sign-ups need beside them (DESIGN section 3).

What cannot work is refused here in plain words, whoever asks. Every edit of the terms is a new version; what was promised
before is paid as it was promised.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from billfold.base.errors import Conflict, Invalid, NotFound
from billfold.domain.billing.currencies import CURRENCIES
from billfold.domain.referrals import programs, sign_up_programs
from billfold.domain.referrals.programs import Program
from billfold.domain.referrals.sign_up_programs import SIGN_UP, VERIFIED_SIGN_UP, SignUpSettings
from billfold.domain.referrals.terms import Fixed, Rule, Share, Terms
from billfold.domain.wallets.rules import checked_unit
from billfold.infrastructure.db.database import Reading, Writing

MOST_PROGRAMS: Final = 20
MOST_RULES: Final = 10
MOST_HOSTS: Final = 20
LARGEST_VALUE: Final = 1_000_000_000
LARGEST_SHARE: Final = 10_000
LONGEST_HOLD_DAYS: Final = 365
MOST_PAYMENTS: Final = 1_000
MOST_MONTHS: Final = 1_200
MOST_RATES: Final = 50
LARGEST_TIER: Final = 10**15
KEY_PATTERN: Final = r"^[a-z][a-z0-9_]{0,49}$"
HOST_PATTERN: Final = r"^[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?)*$"
ORIGIN_PATTERN: Final = r"^https?://([a-z0-9\-._]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?$"
_KEY: Final = re.compile(KEY_PATTERN.rstrip("$") + r"\Z")
_HOST: Final = re.compile(HOST_PATTERN.rstrip("$") + r"\Z")
_ORIGIN: Final = re.compile(ORIGIN_PATTERN.rstrip("$") + r"\Z")
LONGEST_HOST: Final = 253
_SIGN_UPS: Final = (SIGN_UP, VERIFIED_SIGN_UP)


@dataclass(frozen=True, slots=True)
class Configuration:
    """A program with its settings for sign-ups."""

    program: Program
    settings: SignUpSettings


async def list_configurations(tx: Reading, project_id: str) -> list[Configuration]:
    """Return the project's programs, oldest first."""
    found = await programs.list_programs(tx, project_id)
    return [await _configuration(tx, program) for program in found]


async def get_configuration(tx: Reading, project_id: str, key: str) -> Configuration:
    """Return a program of the project or raise `NotFound`."""
    program = await programs.find(tx, project_id, key) if _KEY.match(key) else None
    if program is None:
        raise NotFound("Program not found.")
    return await _configuration(tx, program)


async def put_configuration(
    tx: Writing,
    *,
    project_id: str,
    key: str,
    enabled: bool,
    content: Terms,
    settings: SignUpSettings,
    at: datetime,
) -> Configuration:
    """Put a program in force, new or in place of what its key named; terms that differ become a new version.

    Raises `Invalid` for what cannot work, `Conflict` for a host that another program has, or for one program too many.
    """
    if not _KEY.match(key):
        raise Invalid("A program's key is a lower-case letter and up to 49 lower-case letters, digits and underscores.")
    check_terms(content)
    _check_settings(content, settings)
    known = {each.key: each for each in await programs.list_programs(tx, project_id)}
    if key in known:
        # What only the partner program's own settings say is not for this call to forget.
        kept = known[key].content
        content = msgspec.structs.replace(
            content,
            enrolment=kept.enrolment,
            attribution_days=kept.attribution_days,
            attribution=kept.attribution,
            min_payout=kept.min_payout,
        )
    elif len(known) >= MOST_PROGRAMS:
        raise Conflict(f"A project has at most {MOST_PROGRAMS} programs: change one that is there.")
    program = await programs.configure(tx, project_id=project_id, key=key, enabled=enabled, content=content, at=at)
    await sign_up_programs.set_settings(tx, project_id=project_id, program_id=program.id, settings=settings, at=at)
    return await _configuration(tx, program)


def check_terms(content: Terms) -> None:
    """Raise `Invalid` if terms promise what cannot be paid."""
    if len(content.rules) > MOST_RULES:
        raise Invalid(f"rules may hold at most {MOST_RULES} rules.")
    for number, rule in enumerate(content.rules, start=1):
        try:
            check_rule(rule)
        except Invalid as error:
            raise Invalid(f"rules: the {number}. rule is not valid. {error.message}") from None
    if content.take_back_after_days is not None and content.converts_on not in _SIGN_UPS:
        raise Invalid("takeBackAfterDays is about sign-ups: leave it out, or convert on signup or verified_signup.")


def check_rule(rule: Rule) -> None:
    """Raise `Invalid` if a rule promises what cannot be paid."""
    if not 0 <= rule.hold_days <= LONGEST_HOLD_DAYS:
        raise Invalid(f"holdDays is a whole number from 0 to {LONGEST_HOLD_DAYS}.")
    if rule.payments_max is not None:
        if rule.earned_on != "payment":
            raise Invalid("paymentsMax counts payments: leave it out, or use earnedOn payment.")
        if not 1 <= rule.payments_max <= MOST_PAYMENTS:
            raise Invalid(f"paymentsMax is a whole number from 1 to {MOST_PAYMENTS}.")
    if rule.months_max is not None:
        if rule.earned_on != "payment":
            raise Invalid("monthsMax counts from the first payment: leave it out, or use earnedOn payment.")
        if not 1 <= rule.months_max <= MOST_MONTHS:
            raise Invalid(f"monthsMax is a whole number from 1 to {MOST_MONTHS}.")
    _check_amount(rule, rule.amount)
    _check_particular_rates(rule)


def _check_particular_rates(rule: Rule) -> None:
    if (rule.product_rates or rule.tiers) and rule.earned_on != "payment":
        raise Invalid("productRates and tiers are about payments: leave them out, or use earnedOn payment.")
    if (rule.product_rates or rule.tiers) and rule.settles_as == "wallet":
        raise Invalid("productRates and tiers are about money: leave them out where a rule settles as wallet.")
    if len(rule.product_rates) > MOST_RATES or len(rule.tiers) > MOST_RATES:
        raise Invalid(f"A rule may hold at most {MOST_RATES} productRates and {MOST_RATES} tiers.")
    if len({each.product_id for each in rule.product_rates}) != len(rule.product_rates):
        raise Invalid("productRates may name each product once.")
    if len({(each.at_least, each.unit) for each in rule.tiers}) != len(rule.tiers):
        raise Invalid("tiers may name each amount of a currency once.")
    for tier in rule.tiers:
        if tier.unit not in CURRENCIES or not 1 <= tier.at_least <= LARGEST_TIER:
            raise Invalid(f"A tier begins at 1 to {LARGEST_TIER} minor units of a currency.")
    particular = [each.amount for each in rule.product_rates] + [each.amount for each in rule.tiers]
    for amount in particular:
        _check_amount(rule, amount)


def _check_amount(rule: Rule, amount: Fixed | Share) -> None:
    if isinstance(amount, Share):
        if rule.settles_as == "wallet":
            raise Invalid(
                "A share is in the currency of the payment, which no wallet holds: give a fixed amount of a unit."
            )
        # A partner program may give nothing on a product, or nothing at all for now (contract A5).
        smallest = 0 if rule.settles_as == "payout" else 1
        if not smallest <= amount.basis_points <= LARGEST_SHARE:
            raise Invalid(
                f"basisPoints is a whole number from {smallest} to {LARGEST_SHARE}, in hundredths of a percent."
            )
        return
    if not 0 <= amount.value <= LARGEST_VALUE:
        raise Invalid(f"value is a whole number from 0 to {LARGEST_VALUE}.")
    _check_unit(rule, amount.unit)


def _check_unit(rule: Rule, unit: str) -> None:
    if rule.settles_as == "wallet":
        checked_unit(unit)
    elif unit not in CURRENCIES:
        raise Invalid(
            f"settlesAs {rule.settles_as} needs a currency as unit, such as usd; units of your own settle as wallet."
        )


def _check_settings(content: Terms, settings: SignUpSettings) -> None:
    given = (
        ("linkAddress", settings.link_address is not None),
        ("hosts", bool(settings.hosts)),
        ("origins", bool(settings.origins)),
        ("refuseDisposable", settings.refuse_disposable),
    )
    for name, is_given in given:
        if is_given and content.converts_on not in _SIGN_UPS:
            raise Invalid(f"{name} is about sign-ups: leave it out, or convert on signup or verified_signup.")
    if settings.link_address is not None and "#" in settings.link_address:
        raise Invalid("linkAddress must be without a # part: what comes after it never reaches a server.")
    for name, texts in (("hosts", settings.hosts), ("origins", settings.origins)):
        if len(texts) > MOST_HOSTS or len(set(texts)) != len(texts):
            raise Invalid(f"{name} may hold up to {MOST_HOSTS} different texts.")
    if not all(len(host) <= LONGEST_HOST and _HOST.match(host) for host in settings.hosts):
        raise Invalid("hosts must be names such as app.example.com, in lower case and without a port.")
    if not all(len(origin) <= LONGEST_HOST and _ORIGIN.match(origin) for origin in settings.origins):
        raise Invalid("origins must be as browsers send them, such as https://app.example.com.")


async def _configuration(tx: Reading, program: Program) -> Configuration:
    return Configuration(program, await sign_up_programs.get_settings(tx, program.project_id, program.id))
