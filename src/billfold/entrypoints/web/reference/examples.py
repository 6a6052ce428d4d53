"""Examples for what no tested page prints: a body, or what stands behind the question mark, by operation; identifiers by name.

Where a page of `docs/api` shows a request, its example comes from there with the document. A test compiles every sample of the
reference against both SDKs, so that what stands here is of the right shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_REASON: Final = {"reason": "The account was closed"}
_MONTH: Final = {"month": "2026-11", "currency": "usd"}

BODIES: Final[Mapping[str, Mapping[str, Any]]] = {
    "tie_promotion_code": {"promotionCode": "promo_1PqR2sT3", "referralCode": "JANE20"},
    "accept_invitation": {"token": "5b1f0c6ae2d94f7d8f0c2a9b3e6d71c4"},
    "verify_magic_link": {"token": "5b1f0c6ae2d94f7d8f0c2a9b3e6d71c4"},
    "change_sign_in_settings": {"redirectUrls": ["https://app.example.com/signed-in"], "autoCreateCustomer": False},
    "login": {"email": "owner@example.com", "password": "correct horse battery staple"},
    "track_click": {"code": "JANE20", "url": "https://app.example.com/?ref=JANE20"},
    "note_on_application": {"internalNote": "Met her at the conference"},
    "change_settings": {"enabled": True, "defaultCommissionRate": 20, "holdingPeriodDays": 30},
    "change_mail_settings": {"senderName": "Acme partners", "replyTo": "partners@example.com"},
    "void_commission": {"reason": "agreement", "note": "Paid by hand last year"},
    "decide_review": {"decision": "release", "note": "Two colleagues, not one person"},
    "add_write_off": {"currency": "usd", "amountCents": 1250, "reason": "Refunded after the payout"},
    "change_payout_settings": {"minimums": {"usd": 5000}, "methods": ["stripe", "paypal"], "taxProfileRequired": True},
    "run_payouts": {"currency": "usd"},
    "mark_payout_paid": {"reference": "Transfer 4711"},
    "cancel_payout": _REASON,
    "fail_payout": _REASON,
    "reverse_payout": _REASON,
    "register_deal": {"leadEmail": "robin@garden.example.com", "leadName": "Robin", "notes": "Met at the fair"},
    "change_deal_settings": {"enabled": True, "protectionDays": 90, "renewalsMax": 1},
    "review_deal": {"action": "accept"},
    "enrol_affiliate": {"customerId": "pc_zpkxj5vy", "code": "JANE20"},
    "change_affiliate": {"commissionRate": 25, "appliesTo": "new_referrals"},
}
# Identifiers in an address.
PATHS: Final[Mapping[str, str]] = {
    "teamId": "team_8e1xq2vk",
    "projectId": "proj_8e1xq30m",
    "appId": "proj_8e1xq30m",
    "affiliateId": "part_2c7fn4kd",
    "applicationId": "apl_8e1xq4m2",
    "batchId": "pob_6t3ms9wx",
    "commissionId": "rw_4h8vb2jq",
    "customerId": "pc_zpkxj5vy",
    "dealId": "deal_7n1rc5zp",
    "payoutId": "po_9w6dk3ft",
    "promotionCodeId": "tie_5x2gq8hv",
    "reviewId": "rev_1m4yt7bn",
    "userId": "user_3f8w1c6d",
}
QUERIES: Final[Mapping[str, Mapping[str, str]]] = {
    "verify_by_link": {"token": "5b1f0c6ae2d94f7d8f0c2a9b3e6d71c4"},
    "export_payout_batch": {"format": "paypal", "currency": "usd"},
    "get_statement": _MONTH,
    "own_statement": _MONTH,
}
