"""What is told of the partner program and of webhooks: events that carry their own payload (affiliate contract, section 7).

Their names are the contract's, with underscores.
"""

from __future__ import annotations

from typing import Any, Final

from billfold.domain.webhooks.public_type import PublicType
from billfold.domain.webhooks.schemas import (
    TEXT,
    TEXT_OR_NULL,
    TIMESTAMP,
    TIMESTAMP_OR_NULL,
    WHOLE,
    Schema,
    an_object,
    one_of,
)

_APPLICATION: Final[dict[str, Any]] = {
    "id": "app_06dxm1c7t4k9p2e8v5hq",
    "email": "ana@example.com",
    "name": "Ana Ruiz",
}
_APPLICATION_SCHEMA: Final[Schema] = an_object(id=TEXT, email=TEXT, name=TEXT_OR_NULL)
_REJECTED_SCHEMA: Final[Schema] = an_object(id=TEXT, email=TEXT, name=TEXT_OR_NULL, reason=TEXT_OR_NULL)
_AFFILIATE_SCHEMA: Final[Schema] = an_object(id=TEXT, code=TEXT_OR_NULL, customer_id=TEXT)
_COMMISSION: Final[dict[str, Any]] = {
    "id": "rw_06dxm6q3y8n1s5d7b2zk",
    "customerId": "pc_06dxm1d2b6r8w4c9j5xt",
    "referralId": "ref_06dxm4v9e2h7t1m6q8ga",
    "paymentId": "pay_06dxm6p8k3c5w9n2r4fj",
    "amountCents": 580,
    "currency": "usd",
    "status": "pending",
    "approvesAt": "2026-04-01T10:00:00Z",
    "createdAt": "2026-03-02T10:00:00Z",
    "code": "ANA",
}
_COMMISSION_SCHEMA: Final[Schema] = an_object(
    commission=an_object(
        ("code", "reason"),
        id=TEXT,
        customerId=TEXT,
        referralId=TEXT,
        paymentId=TEXT,
        amountCents=WHOLE,
        currency=TEXT,
        status=one_of("pending", "approved", "voided"),
        approvesAt=TIMESTAMP,
        createdAt=TIMESTAMP,
        code=TEXT,
        reason=TEXT,
    )
)
_PAYOUT: Final[dict[str, Any]] = {
    "id": "po_06dxn0b4w8f2s6k1y5cv",
    "customerId": _COMMISSION["customerId"],
    "amountCents": 12_580,
    "currency": "usd",
    "status": "paid",
    "reference": "2026-04",
}
_PAYOUT_SCHEMA: Final[Schema] = an_object(
    payout=an_object(
        ("reference", "failureReason"),
        id=TEXT,
        customerId=TEXT,
        amountCents=WHOLE,
        currency=TEXT,
        status=TEXT,
        reference=TEXT,
        failureReason=TEXT,
    )
)
_DEAL: Final[dict[str, Any]] = {
    "id": "deal_06dxn4t2m7q1v9d5h3sp",
    "affiliate_id": "aff_06dxm2e5g7q9k3t8n1wc",
    "lead_email": "prospect@example.com",
    "lead_name": "Lea Brandt",
    "company": "Example",
    "status": "pending",
    "customer_id": None,
}
_DEAL_SCHEMA: Final[Schema] = an_object(
    deal=an_object(
        id=TEXT,
        affiliate_id=TEXT,
        lead_email=TEXT,
        lead_name=TEXT_OR_NULL,
        company=TEXT_OR_NULL,
        status=one_of("pending", "accepted", "declined", "won"),
        customer_id=TEXT_OR_NULL,
    )
)
_WEBHOOK: Final[dict[str, Any]] = {
    "id": "we_06dxn2k8f5v3h9c1t7mr",
    "url": "https://app.example.com/hooks/billing",
    "description": "Production",
    "disabledReason": "failing",
    "disabledAt": "2026-03-09T10:00:00Z",
    "failingSince": "2026-03-04T09:12:00Z",
}
_WEBHOOK_SCHEMA: Final[Schema] = an_object(
    webhook=an_object(
        id=TEXT,
        url=TEXT,
        description=TEXT_OR_NULL,
        disabledReason=TEXT,
        disabledAt=TIMESTAMP_OR_NULL,
        failingSince=TIMESTAMP_OR_NULL,
    )
)


def _commission(name: str, when: str, **differs: object) -> PublicType:
    example = {"commission": {**_COMMISSION, **differs}}
    return PublicType(name, "Commissions", when, "commission", _COMMISSION_SCHEMA, example)


def _deal(name: str, when: str, **differs: object) -> PublicType:
    return PublicType(name, "Deals", when, "deal", _DEAL_SCHEMA, {"deal": {**_DEAL, **differs}})


PARTNER_TYPES: Final = (
    PublicType(
        "partner_application_submitted",
        "Partners",
        "Somebody asked to become a partner.",
        "application",
        an_object(application=_APPLICATION_SCHEMA),
        {"application": _APPLICATION},
    ),
    PublicType(
        "partner_application_approved",
        "Partners",
        "An application was approved, by a person or by a rule. If the partner was no customer yet, `customer.created` came "
        "before.",
        "application",
        an_object(application=_APPLICATION_SCHEMA, affiliate=_AFFILIATE_SCHEMA),
        {
            "application": _APPLICATION,
            "affiliate": {"id": "aff_06dxm2e5g7q9k3t8n1wc", "code": "ANA", "customer_id": _COMMISSION["customerId"]},
        },
    ),
    PublicType(
        "partner_application_rejected",
        "Partners",
        "An application was rejected; `reason` is what the applicant may read.",
        "application",
        an_object(application=_REJECTED_SCHEMA),
        {"application": {**_APPLICATION, "reason": "We work with agencies only."}},
    ),
    _commission(
        "commission_created",
        "A payment of somebody whom a partner brought earned a commission, which is held until `approvesAt`.",
    ),
    _commission(
        "commission_approved",
        "The commission's holding period is over: it may be paid out.",
        status="approved",
    ),
    _commission(
        "commission_voided",
        "The commission counts for nothing: a refund, or somebody's decision; `reason` says which.",
        status="voided",
        reason="fraud",
    ),
    PublicType(
        "payout_paid",
        "Payouts",
        "A payout arrived, as far as its way of paying can tell.",
        "payout",
        _PAYOUT_SCHEMA,
        {"payout": _PAYOUT},
    ),
    PublicType(
        "payout_failed",
        "Payouts",
        "A payout did not arrive, or came back; its money is available again.",
        "payout",
        _PAYOUT_SCHEMA,
        {"payout": {**_PAYOUT, "status": "failed", "failureReason": "The account is closed."}},
    ),
    _deal("deal_registered", "A partner registered a lead."),
    _deal("deal_accepted", "The team accepted a deal, which protects its lead from now on.", status="accepted"),
    _deal("deal_declined", "The team declined a deal.", status="declined"),
    _deal(
        "deal_won",
        "The lead of an accepted deal paid for the first time; `customer_id` is the lead.",
        status="won",
        customer_id=_COMMISSION["customerId"],
    ),
    PublicType(
        "webhook.disabled",
        "Webhooks",
        "An endpoint was switched off after failing for long and often, or because it answered 410. Other endpoints get it; the "
        "endpoint itself gets it when it is switched on again.",
        "webhook",
        _WEBHOOK_SCHEMA,
        {"webhook": _WEBHOOK},
    ),
)
