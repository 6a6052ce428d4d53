"""An explanation as its page shows it, to the team and to a partner: names, sentences and amounts (issue 6, section 2).

`view_of` makes the rows; `templates/explanation.html` draws them. To a partner the customer is masked, other partners are
"somebody else", and only what the partner himself earned is shown (contract A29).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from billfold.domain.analytics.explanation import Explanation, Line, PaymentExplanation, ProgramDecision
from billfold.domain.analytics.explanation_words import (
    kind_words,
    payment_sentence,
    rule_sentence,
    step_words,
    touch_sentence,
)
from billfold.domain.referrals.attribution_rules import WON, window_ends
from billfold.domain.referrals.touches import StoredTouch
from billfold.entrypoints.web.amounts import unit_text

_STATES = {
    "held": ("wait", "Held"),
    "available": ("good", "Available"),
    "settled": ("good", "Paid"),
    "failed": ("bad", "Not given"),
}
_PAYOUTS = {
    "intent": "prepared",
    "sent": "on its way",
    "settled": "paid",
    "failed": "failed",
    "cancelled": "cancelled",
    "reversed": "came back",
}
_MOVES = {"earn": "Earned", "reverse": "Reversed", "release": "Released", "grant": "Given", "recall": "Recalled"}
_SEEN = {
    "manual": "{who} was named by hand",
    "deal": "A deal of {who} was accepted",
    "checkout_code": "{code} was typed at the checkout",
    "coupon": "The promotion code {code} was used",
    "link": "Followed the link of {who}",
}


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A kind of touch in its place of the order."""

    name: str
    who: str
    has_won: bool
    why: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of the timeline: `mark` is a class of it, `kind` and `word` a status."""

    at: datetime
    text: str
    remark: str
    mark: str
    kind: str
    word: str


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment of the customer."""

    id: str
    name: str
    at: datetime
    why: str
    paid: str
    earned: str
    is_subject: bool


@dataclass(frozen=True, slots=True)
class View:
    """Everything that the page shows; `line` is the case that was asked for, None where nothing was earned."""

    customer: str
    customer_id: str
    earner: str
    headline: str
    story: str
    amount: str
    state: tuple[str, str] | None
    held_until: datetime | None
    rules: list[RuleRow]
    decision: ProgramDecision | None
    moments: list[Moment]
    payments: list[PaymentRow]
    steps: list[tuple[str, str, str]]
    ledger: list[tuple[str, str, str]]
    payouts: list[tuple[str, str, str]]
    agrees: bool
    terms: list[tuple[str, str]]


def view_of(found: Explanation, *, name_of: Callable[[str], str], customer: str, earner_id: str | None = None) -> View:
    """Return the page's rows; `earner_id` is the partner who looks, None for the team.

    `name_of` gives a person's name by the customer's id, `customer` is what the customer is called.
    """

    def who(customer_id: str | None, code: str) -> str:
        if customer_id is None:
            return code or "nobody"
        return "somebody else" if earner_id not in {None, customer_id} else name_of(customer_id)

    shown = found.shown
    subject = shown[0] if shown and found.payment_id is not None else next(iter(shown), None)
    line = _line(subject, found.reward_id, earner_id)
    decision = _decision(found, line)
    won = None if decision is None else next((t for t, outcome in decision.touches if outcome == WON), None)
    earner = _earner(found, line, who)
    return View(
        customer=customer,
        customer_id=found.customer.id,
        earner=earner,
        headline=_headline(subject, line, won, earner, customer),
        story="" if subject is None else _story(subject, line, earner),
        amount="" if line is None else _amount(line),
        state=_state(line),
        held_until=line.reward.release_at
        if line is not None and line.void is None and line.reward is not None and line.reward.status == "held"
        else None,
        rules=[] if decision is None else _rules(decision, who),
        decision=decision,
        moments=_moments(found, decision, customer, who, earner_id),
        payments=[_payment_row(each, subject, earner_id) for each in found.payments],
        steps=[] if line is None else _steps(line),
        ledger=[] if line is None else _ledger(line),
        payouts=[]
        if line is None
        else [
            (p.payout_id, _PAYOUTS.get(p.status, p.status), unit_text(p.amount, line.derivation.unit))
            for p in line.payouts
        ],
        agrees=line is None or line.agrees,
        terms=[] if decision is None else _terms(decision, found, line),
    )


def _line(subject: PaymentExplanation | None, reward_id: str | None, earner_id: str | None) -> Line | None:
    if subject is None:
        return None
    lines = [each for each in subject.lines if earner_id in {None, each.earner_id}]
    if reward_id is not None:
        lines = [each for each in lines if each.reward is not None and each.reward.id == reward_id]
    return next((each for each in lines if each.derivation.amount), lines[0] if lines else None)


def _decision(found: Explanation, line: Line | None) -> ProgramDecision | None:
    referral = next((each for each in found.referrals if line is not None and each.id == line.referral_id), None)
    wanted = next(
        (each for each in found.decisions if referral is not None and each.program_id == referral.program_id), None
    )
    return wanted or next(iter(found.decisions), None)


def _earner(found: Explanation, line: Line | None, who: Callable[[str | None, str], str]) -> str:
    if line is not None:
        return who(line.earner_id, "")
    claim = next(iter(found.referrals), None)
    return "" if claim is None else who(claim.referrer_id, claim.code)


def _headline(
    subject: PaymentExplanation | None, line: Line | None, won: StoredTouch | None, earner: str, customer: str
) -> str:
    if subject is None:
        return f"{customer} has paid nothing yet"
    if line is None or line.derivation.outcome != "earned" or line.void is not None:
        return payment_sentence(subject.outcome)
    if won is None:
        return f"{customer} was referred by {earner}"
    by = {
        "link": f"{earner}’s link brought {customer}",  # noqa: RUF001 - as everywhere on pages
        "checkout_code": f"{customer} typed the code of {earner} at the checkout",
        "coupon": f"{customer} paid with a promotion code of {earner}",
        "deal": f"{earner} had registered {customer}, and you accepted",
        "manual": f"A member of the team said that {earner} brought {customer}",
    }
    return by[won.kind]


def _story(subject: PaymentExplanation, line: Line | None, earner: str) -> str:
    paid = unit_text(subject.amount_paid, subject.currency)
    if line is None:
        return f"{paid} was paid. Nobody earns a commission of it."
    derivation = line.derivation
    base = unit_text(derivation.payment.gross, subject.currency)
    taken = ""
    if derivation.payment.taken_back:
        back = unit_text(derivation.payment.taken_back, subject.currency)
        taken = f" {back} went back later and took its part of the commission with it."
    if derivation.amount == 0 or line.void is not None:
        return f"{paid} was paid, of which {base} counts.{taken}"
    return f"{paid} was paid, of which {base} counts, and the terms give {earner} a part of that.{taken}"


def _amount(line: Line) -> str:
    return unit_text(0 if line.void is not None else line.derivation.amount, line.derivation.unit)


def _state(line: Line | None) -> tuple[str, str] | None:
    if line is None or line.reward is None:
        return None
    return ("bad", "Void") if line.void is not None else _STATES.get(line.reward.status)


def _rules(decision: ProgramDecision, who: Callable[[str | None, str], str]) -> list[RuleRow]:
    rows = []
    for each in decision.rules:
        seen = [touch for touch, _ in decision.touches if touch.kind == each.kind]
        names = dict.fromkeys(who(touch.referrer_id, touch.code) for touch in seen)
        rows.append(
            RuleRow(
                f"{each.place} · {kind_words(each.kind, decision)}",
                ", ".join(names) or "nobody",
                each.outcome == "won",
                rule_sentence(each, decision),
            )
        )
    return rows


def _moments(
    found: Explanation,
    decision: ProgramDecision | None,
    customer: str,
    who: Callable[[str | None, str], str],
    earner_id: str | None,
) -> list[Moment]:
    rows = []
    signed_up = Moment(found.timeline.signed_up_at, f"{customer} signed up", "", "", "", "")
    for touch, outcome in [] if decision is None else decision.touches:
        has_won = outcome == WON
        text = _SEEN[touch.kind].format(who=who(touch.referrer_id, touch.code), code=touch.code)
        # What the app or a colleague wrote down is the team's.
        said = "" if earner_id is not None else str(touch.evidence.get("reason") or "")
        remark = " ".join(part for part in (said, touch_sentence(outcome)) if part)
        rows.append(
            Moment(
                touch.happened_at,
                text,
                remark,
                "key" if has_won else "",
                "good" if has_won else "off",
                "Counted" if has_won else "Not counted",
            )
        )
    if found.timeline.first_paid_at is not None:
        rows.append(
            Moment(
                found.timeline.first_paid_at,
                "First payment",
                "From here the partner is fixed and later clicks change nothing.",
                "key",
                "good",
                "Locked",
            )
        )
    # Stripe's times are whole seconds, so the first payment may seem to come before what led to it.
    first = [each for each in rows if each.at <= signed_up.at and each.word != "Locked"]
    return sorted(
        [*first, signed_up, *(each for each in rows if each not in first)],
        key=lambda each: each.at.replace(microsecond=0),
    )


def _payment_row(payment: PaymentExplanation, subject: PaymentExplanation | None, earner_id: str | None) -> PaymentRow:
    mine = [each for each in payment.lines if earner_id in {None, each.earner_id}]
    sums: dict[str, int] = {}
    for each in mine:
        worth = 0 if each.void is not None else each.derivation.amount
        sums[each.derivation.unit] = sums.get(each.derivation.unit, 0) + worth
    return PaymentRow(
        payment.id,
        payment.number or payment.id,
        payment.paid_at or payment.created_at,
        payment_sentence(payment.outcome),
        unit_text(payment.amount_paid, payment.currency),
        ", ".join(unit_text(amount, unit) for unit, amount in sums.items()) or unit_text(0, payment.currency),
        subject is not None and payment.id == subject.id,
    )


def _steps(line: Line) -> list[tuple[str, str, str]]:
    currency = line.derivation.payment.currency
    rows = []
    for each in line.steps:
        unit = line.derivation.unit if each.code == "commission" else currency
        detail = f"exactly {each.detail} cents" if each.code == "commission" and each.detail else each.detail
        rows.append((step_words(each.code), unit_text(each.amount, unit), detail))
    if line.void is not None:
        rows.append(("Void, so it counts for", unit_text(0, line.derivation.unit), ""))
    return rows


def _ledger(line: Line) -> list[tuple[str, str, str]]:
    unit = line.derivation.unit
    rows = []
    for each in line.transfers:
        amount = -each.amount if each.kind == "reverse" else each.amount
        rows.append(
            (_MOVES.get(each.kind, each.kind.capitalize()), f"{each.debit} → {each.credit}", unit_text(amount, unit))
        )
    return rows


def _terms(decision: ProgramDecision, found: Explanation, line: Line | None) -> list[tuple[str, str]]:
    rules, days = decision.terms.attribution, decision.terms.attribution_days
    order = ", then ".join(kind_words(kind, decision).lower() for kind in rules.precedence)
    rows = [("Order", order)]
    if days is None:
        rows.append(("Window", "none"))
    else:
        begins = window_ends(decision.terms, found.timeline) - timedelta(days=days)
        end = "first payment" if rules.counted_until == "payment" else "sign-up"
        rows.append(("Window", f"{days} days before the {end}: from {begins:%-d %b %Y, %H:%M}"))
    if line is not None:
        rule = line.derivation.rule
        rows.append(("Earned by version", str(line.terms_version)))
        rows.append(("Held for", f"{rule.hold_days} days from payment" if rule.hold_days else "not held"))
        if rule.payments_max is not None:
            rows.append(("Payments", f"the first {rule.payments_max}; this is number {line.derivation.number}"))
    rows.append(("Rounding", "half up, to the cent"))
    return rows
