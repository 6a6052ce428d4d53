"""An explanation in sentences: one for every outcome, for people of the team and for partners. Pure."""

from __future__ import annotations

from typing import Final

from billfold.domain.analytics.explanation import ProgramDecision, RuleOutcome

KINDS: Final = {
    "manual": "Said by hand",
    "deal": "Accepted deal",
    "checkout_code": "Code at checkout",
    "coupon": "Promotion code of a partner",
    "link": "Link",
}
# What became of a touch.
_TOUCHES: Final = {
    "won": "It decided who brought the customer.",
    "unknown_code": "No partner has this code.",
    "inactive_code": "The code was switched off when it was used.",
    "used_up_code": "The code had made as many referrals as it may.",
    "program_off": "The program was switched off when it was used.",
    "self_referral": "It is the customer's own code.",
    "ring": "The customer had brought the owner of the code, directly or through others.",
    "other_project": "The link is another project's.",
    "own_coupon": "It is your own promotion code and belongs to no partner.",
    "kind_not_counted": "The terms do not count this kind.",
    "after_first_payment": "It came after the first payment, when the partner was fixed.",
    "after_sign_up": "The customer had signed up already.",
    "outside_window": "It was too long before the first payment.",
    "weaker_kind": "Something that goes before it was there.",
    "later_touch_won": "A later one counts.",
    "earlier_touch_won": "An earlier one counts.",
    "nothing_seen": "Nothing of this kind was seen.",
}
_PAYMENTS: Final = {
    "earned": "It earned a commission.",
    "nothing_paid": "Nothing was paid with money, so nothing is earned.",
    "not_paid": "It is not paid yet.",
    "no_attribution": "Nobody brought this customer.",
    "before_the_claim": "It was made before the customer was referred.",
    "referral_pending": "The referral has not converted yet.",
    "program_does_not_reward_payments": "The program that brought the customer pays for the conversion, not for payments.",
    "payment_without_invoice": "It is a single payment without an invoice; commissions are earned on invoices.",
    "taken_back": "All of it was given back.",
    "paused": "The partner was suspended when it was paid.",
    "too_many_payments": "The terms pay for fewer payments of a customer, and this one came later.",
    "too_late": "The terms pay for fewer months, and this one came later.",
    "other_currency": "The terms give a fixed amount in another currency.",
    "rate_is_zero": "The share comes to nothing.",
    "self_referral": "Customer and partner look like one person: it is void.",
    "fraud": "It was made void: fraud.",
    "mistake": "It was made void: a mistake.",
    "agreement": "It was made void by agreement.",
    "other": "It was made void.",
}
_STEPS: Final = {
    "subtotal": "Before discounts and tax",
    "discounts": "Discounts",
    "tax": "Tax",
    "other_ways": "Not paid with money: balance and credit",
    "paid": "Paid",
    "tax_paid": "Less the tax in it",
    "counts": "Counts for commission",
    "taken_back": "Refunded, disputed or credited",
    "counts_now": "Still counts, without its tax",
    "rate": "Times",
    "commission": "Commission, rounded half up",
}


def touch_sentence(reason: str) -> str:
    """Return what became of a touch, or why a kind lost, as a sentence."""
    return _TOUCHES.get(reason, reason)


def payment_sentence(outcome: str) -> str:
    """Return why a payment earned what it did, as a sentence."""
    return _PAYMENTS.get(outcome) or "It earned nothing because nobody is tied to it: " + touch_sentence(outcome)


def step_words(code: str) -> str:
    """Return the name of a line of the arithmetic."""
    return _STEPS.get(code, code)


def kind_words(kind: str, decision: ProgramDecision | None = None) -> str:
    """Return the name of a kind of touch; with its program's decision it says which link counts."""
    if kind == "link" and decision is not None:
        return "Last link followed" if decision.terms.attribution.touch == "last" else "First link followed"
    return KINDS.get(kind, kind)


def rule_sentence(rule: RuleOutcome, decision: ProgramDecision) -> str:
    """Return why a kind won or lost, as a sentence."""
    if rule.outcome != "won":
        return touch_sentence(rule.reason or "")
    days = decision.terms.attribution_days
    window = "" if rule.kind != "link" or days is None else f" The window is {days} days."
    return f"It is the first of the order that fits.{window}"
