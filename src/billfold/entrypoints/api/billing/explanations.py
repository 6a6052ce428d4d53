"""`…/referrals/explain`: why a payment earned what it did, or nothing (issue 6, section 2)."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from billfold.base.clock import iso
from billfold.base.errors import Invalid
from billfold.domain.analytics.explain import explain
from billfold.domain.analytics.explanation import Explanation, Line, PaymentExplanation, ProgramDecision
from billfold.domain.analytics.explanation_words import payment_sentence, rule_sentence, step_words, touch_sentence
from billfold.domain.referrals.attribution_rules import window_ends
from billfold.domain.referrals.touches import StoredTouch
from billfold.entrypoints.api.billing.access import Allowed
from billfold.entrypoints.api.billing.answers import Body, Timestamp, json_response
from billfold.entrypoints.api.billing.operations import operation
from billfold.entrypoints.caller import Access
from billfold.entrypoints.services import Services

router = APIRouter(tags=["Referrals"])
READ = "referrals:read"
_LONGEST: Final = 255
_NAMES: Final = ("customer", "payment", "reward")


def _parameter(name: str, description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "description": description,
        "schema": {"type": "string", "maxLength": _LONGEST},
    }


_PARAMETERS: Final = (
    _parameter("customer", "A customer, pc_…: all of his payments. Send one of the three."),
    _parameter("payment", "An invoice, inv_…, or a payment, pay_…."),
    _parameter("reward", "A reward or commission, rew_…."),
)


class ExplainedTouchBody(Body):
    """Something seen that ties the customer to a code; `outcome` is `won` or why it did not."""

    id: str
    kind: str
    code: str
    referrer_id: str | None
    click_id: str | None
    happened_at: Timestamp
    outcome: str
    reason: str
    evidence: dict[str, Any]


class ExplainedRuleBody(Body):
    """A kind of touch in its place of the declared order."""

    place: int
    kind: str
    codes: list[str]
    outcome: str
    reason: str


class ExplainedProgramBody(Body):
    """How the attribution rules of one program went, by which version of its terms."""

    program: str
    terms_id: str
    terms_version: int
    precedence: list[str]
    touch: str
    counted_until: str
    attribution_days: int | None
    window_ends_at: Timestamp
    claimed_by_app: bool
    rules: list[ExplainedRuleBody]
    touches: list[ExplainedTouchBody]


class ExplainedReferralBody(Body):
    """A referral of the customer; `voidReason` if it counts for nothing."""

    id: str
    code: str
    referrer_id: str
    status: str
    terms_id: str
    created_at: Timestamp
    converted_at: Timestamp | None
    void_reason: str | None


class ArithmeticBody(Body):
    """A line of the arithmetic; `amount` in minor units of the payment's currency."""

    code: str
    text: str
    amount: int
    detail: str


class LedgerLineBody(Body):
    """A transfer of the ledger; `amount` in whole minor units."""

    kind: str
    debit: str
    credit: str
    amount: int
    at: Timestamp


class PayoutPartBody(Body):
    """What a payout took of the reward; below zero what it gave back."""

    payout_id: str
    amount: int
    status: str


class ExplainedCommissionBody(Body):
    """What one rule gives one person for the payment: worked out anew, beside the reward, the ledger and the payouts.

    `agrees` tells whether all of them say `amount`; of a void one they say zero.
    """

    reward_id: str | None
    referral_id: str
    earner_id: str
    rule: int
    terms_version: int
    payment_number: int
    outcome: str
    unit: str
    amount: int
    status: str | None
    held_until: Timestamp | None
    void_reason: str | None
    arithmetic: list[ArithmeticBody]
    ledger: list[LedgerLineBody]
    payouts: list[PayoutPartBody]
    agrees: bool


class ExplainedPaymentBody(Body):
    """A payment of the customer: `outcome` is `earned` or why it earned nothing. `amountPaid` is in minor units."""

    id: str
    number: str | None
    currency: str
    amount_paid: int
    paid_at: Timestamp | None
    outcome: str
    reason: str
    commissions: list[ExplainedCommissionBody]


class ExplanationBody(Body):
    """What was seen, which rule won, and what each payment came to."""

    customer_id: str
    signed_up_at: Timestamp
    first_paid_at: Timestamp | None
    locked_at: Timestamp | None
    referrals: list[ExplainedReferralBody]
    programs: list[ExplainedProgramBody]
    payments: list[ExplainedPaymentBody]


class ExplanationAnswer(Body):
    """The explanation."""

    explanation: ExplanationBody


@router.get(
    "/referrals/explain",
    **operation(scope=READ, answers={200: ExplanationAnswer}, parameters=_PARAMETERS, is_read=True),
)
async def explain_referrals(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """Explain a customer's payments.

    Works out anew, from what is stored, who brought the customer and what each payment earned: the touches seen, the rule that
    won, the rules that lost and why, the terms, the arithmetic, the ledger. It explains payments that earned nothing, too.
    """
    services: Services = request.app.state.services
    given = {name: request.query_params[name] for name in _NAMES if request.query_params.get(name)}
    if len(given) != 1:
        raise Invalid("Send one of customer, payment and reward.")
    ((name, subject_id),) = given.items()
    if len(subject_id) > _LONGEST or not (subject_id.isascii() and subject_id.isprintable()):
        raise Invalid(f"{name} must be an id.")
    found = await services.db.read(
        explain, access.project_id, **{f"{name}_id": subject_id}, at=access.time_at(services.clock.now())
    )
    return json_response(ExplanationAnswer(explanation_body(found)))


def explanation_body(found: Explanation) -> ExplanationBody:
    """Return an explanation as this surface shows it."""
    return ExplanationBody(
        customer_id=found.customer.id,
        signed_up_at=iso(found.timeline.signed_up_at),
        first_paid_at=_moment(found.timeline.first_paid_at),
        locked_at=_moment(found.locked_at),
        referrals=[
            ExplainedReferralBody(
                id=each.id,
                code=each.code,
                referrer_id=each.referrer_id,
                status=each.status,
                terms_id=each.terms_id,
                created_at=iso(each.created_at),
                converted_at=_moment(each.converted_at),
                void_reason=found.referral_voids[each.id].reason if each.id in found.referral_voids else None,
            )
            for each in found.referrals
        ],
        programs=[_program(each, found) for each in found.decisions],
        payments=[_payment(each, found.reward_id) for each in found.shown],
    )


def _program(decision: ProgramDecision, found: Explanation) -> ExplainedProgramBody:
    rules = decision.terms.attribution
    return ExplainedProgramBody(
        program=decision.program_key,
        terms_id=decision.terms_id,
        terms_version=decision.terms_version,
        precedence=list(rules.precedence),
        touch=rules.touch,
        counted_until=rules.counted_until,
        attribution_days=decision.terms.attribution_days,
        window_ends_at=iso(window_ends(decision.terms, found.timeline)),
        claimed_by_app=decision.claimed_by_app,
        rules=[
            ExplainedRuleBody(each.place, each.kind, list(each.codes), each.outcome, rule_sentence(each, decision))
            for each in decision.rules
        ],
        touches=[_touch(touch, outcome) for touch, outcome in decision.touches],
    )


def _touch(touch: StoredTouch, outcome: str) -> ExplainedTouchBody:
    return ExplainedTouchBody(
        id=touch.id,
        kind=touch.kind,
        code=touch.code,
        referrer_id=touch.referrer_id,
        click_id=touch.click_id,
        happened_at=iso(touch.happened_at),
        outcome=outcome,
        reason=touch_sentence(outcome),
        evidence=touch.evidence,
    )


def _payment(payment: PaymentExplanation, reward_id: str | None) -> ExplainedPaymentBody:
    lines = [each for each in payment.lines if reward_id is None or _is(each, reward_id)]
    return ExplainedPaymentBody(
        id=payment.id,
        number=payment.number,
        currency=payment.currency,
        amount_paid=payment.amount_paid,
        paid_at=_moment(payment.paid_at),
        outcome=payment.outcome,
        reason=payment_sentence(payment.outcome),
        commissions=[_commission(each) for each in lines],
    )


def _commission(line: Line) -> ExplainedCommissionBody:
    reward = line.reward
    return ExplainedCommissionBody(
        reward_id=None if reward is None else reward.id,
        referral_id=line.referral_id,
        earner_id=line.earner_id,
        rule=line.derivation.rule_number,
        terms_version=line.terms_version,
        payment_number=line.derivation.number,
        outcome=line.derivation.outcome if line.void is None else line.void.reason,
        unit=line.derivation.unit,
        amount=line.derivation.amount,
        status=None if reward is None else reward.status,
        held_until=None if reward is None else iso(reward.release_at),
        void_reason=None if line.void is None else line.void.reason,
        arithmetic=[ArithmeticBody(each.code, step_words(each.code), each.amount, each.detail) for each in line.steps],
        ledger=[
            LedgerLineBody(each.kind, each.debit, each.credit, each.amount, iso(each.at)) for each in line.transfers
        ],
        payouts=[PayoutPartBody(each.payout_id, each.amount, each.status) for each in line.payouts],
        agrees=line.agrees,
    )


def _is(line: Line, reward_id: str) -> bool:
    return line.reward is not None and line.reward.id == reward_id


def _moment(moment: Any) -> str | None:
    return None if moment is None else iso(moment)
