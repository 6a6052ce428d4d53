"""One table of calls for both SDKs: each step names a client, a method and its arguments in TypeScript's spelling.

`$name` stands for what an earlier step saved. `options` is the last argument: an object in TypeScript, keyword arguments in
Python. `fails` is the status of a refusal that is the right answer, for what cannot succeed in a test.
"""

from __future__ import annotations

from typing import Any, Final, NotRequired, TypedDict


class Step(TypedDict):
    client: str
    call: str
    args: NotRequired[list[Any]]
    options: NotRequired[dict[str, Any]]
    save: NotRequired[dict[str, str]]
    fails: NotRequired[int]


def _key(call: str, *args: Any, **more: Any) -> Step:
    return _step("billfold", call, args, more)


def _member(call: str, *args: Any, **more: Any) -> Step:
    return _step("member", call, args, more)


def _user(call: str, *args: Any, **more: Any) -> Step:
    return _step("user", call, args, more)


def _app(call: str, *args: Any, **more: Any) -> Step:
    return _step("app", call, args, more)


def _partner(call: str, *args: Any, **more: Any) -> Step:
    return _step("partner", call, args, more)


def _admin(call: str, *args: Any, **more: Any) -> Step:
    return _step("admin", call, args, more)


def _step(client: str, call: str, args: tuple[Any, ...], more: dict[str, Any]) -> Step:
    step: Step = {"client": client, "call": call, "args": list(args)}
    step.update(more)  # type: ignore[typeddict-item]  # the callers below are in this file
    return step


_RULE: Final = {
    "earner": "referrer",
    "earnedOn": "conversion",
    "amount": {"type": "fixed", "value": 5, "unit": "ai_credits"},
    "settlesAs": "wallet",
}
_BACK: Final = {"successUrl": "https://app.example.com/yes", "cancelUrl": "https://app.example.com/no"}

BILLING: Final[list[Step]] = [
    _key("customers.create", {"email": "ann@example.com", "name": "Ann"}, save={"customer": "id"}),
    _key("customers.create", {"email": "ben@example.com"}, save={"friend": "id"}),
    _key("customers.create", {"email": "ann@example.com"}, fails=409),
    _key("customers.list", options={"limit": 1}),
    _key("customers.get", "$customer"),
    _key("customers.update", "$customer", {"name": "Ann B."}),
    _key("products.create", {"name": "Pro"}, save={"product": "id"}),
    _key("products.list", options={"activeOnly": True}),
    _key("products.get", "$product"),
    _key("products.update", "$product", {"description": "For teams"}),
    _key("prices.create", "$product", {"unitAmount": 2900, "interval": "month"}, save={"price": "id"}),
    _key("prices.list", "$product"),
    _key("prices.get", "$price"),
    _key("prices.update", "$price", {"nickname": "Monthly"}),
    _key("checkout.create", {"customerId": "$customer", "priceId": "$price", **_BACK}),
    _key("portal.create", {"customerId": "$customer"}),
    _key("subscriptions.list", options={"customerId": "$customer", "activeOnly": False}),
    _key("subscriptions.get", "ps_unknown1", fails=404),
    _key("subscriptions.cancel", "ps_unknown1", fails=404),
    _key("subscriptions.resume", "ps_unknown1", fails=404),
    _key("subscriptions.cancelNow", "ps_unknown1", fails=404),
    _key("analytics.get", options={"growthDays": 7}),
    _key("referrals.getConfig"),
    _key(
        "referrals.updateConfig",
        {"enabled": True, "referrerCreditAmount": 1000, "refereeCreditAmount": 500, "currency": "usd"},
    ),
    _key("referrals.createCode", "$customer", save={"code": "code"}),
    _key("referrals.listCodes", options={"activeOnly": True, "limit": 1}),
    _key("referrals.getCode", "$code"),
    _key("referrals.apply", {"code": "$code", "refereeCustomerId": "$friend"}, save={"referral": "id"}),
    _key("referrals.void", "$referral", {"reason": "agreement"}),
    _key("referrals.void", "$referral", {}, fails=409),
    _key("referrals.restore", "$referral"),
    _key("referrals.deactivateCode", "$code"),
    _key("programs.update", "signup", {"enabled": True, "convertsOn": "never", "rules": [_RULE]}, fails=400),
    _key(
        "programs.update",
        "signup",
        {
            "enabled": True,
            "convertsOn": "signup",
            "rules": [_RULE],
            "linkAddress": "https://app.example.com/login",
        },
    ),
    _key("programs.list"),
    _key("programs.get", "signup"),
    _key("wallets.grant", "$customer", {"unit": "ai_credits", "amount": 5, "key": "g1"}),
    _key("wallets.spend", "$customer", {"unit": "ai_credits", "amount": 2, "key": "s1"}),
    _key("wallets.spend", "$customer", {"unit": "ai_credits", "amount": 99, "key": "s2"}, fails=402),
    _key("wallets.get", "$customer"),
    _key("wallets.entries", "$customer", options={"unit": "ai_credits"}),
    _key("wallets.getSettings"),
    _key("wallets.updateSettings", {"unit": "ai_credits", "monthlyAllowance": 3}),
    _key("branding.get"),
    _key("branding.update", {"name": "Acme"}),
    _key("identityProviders.list"),
    _key(
        "identityProviders.update",
        {"issuer": "$issuer", "audiences": ["$audience"], "kind": "secret", "secret": "$secret"},
    ),
    _key("identityProviders.delete", "https://elsewhere.example.com", fails=404),
    _key("webhooks.create", {"url": "https://app.example.com/hook"}, save={"webhook": "webhook.id"}),
    _key("webhooks.list"),
    _key("webhooks.get", "$webhook"),
    _key("webhooks.update", "$webhook", {"types": ["customer.created"]}),
    _key("webhooks.rotateSecret", "$webhook"),
    _key("webhooks.test", "$webhook", {"type": "customer.created"}, save={"delivery": "id"}),
    _key("webhooks.listDeliveries", "$webhook", options={"limit": 5}),
    _key("webhooks.getDelivery", "$webhook", "$delivery"),
    _key("webhooks.resendDelivery", "$webhook", "$delivery"),
    _key("webhooks.resend", "$webhook", {"from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"}),
    _key("webhooks.delete", "$webhook"),
    _key("events.list", options={"types": ["customer.created"], "limit": 5}),
    _key("events.trigger", {"type": "customer.created"}),
    _key("referrals.explain", options={"customer": "$customer"}),
    _key("links.get"),
    _key("links.update", {"landingUrl": "https://app.example.com/welcome", "ownHosts": ["app.example.com"]}),
    _key("publishableKeys.create", {"origins": ["https://app.example.com"]}, save={"publishable": "id"}),
    _key("publishableKeys.list"),
    _key("publishableKeys.revoke", "$publishable"),
    _key("promotionCodes.create", {"promotionCode": "promo_unknown", "referralCode": "$code"}, fails=404),
    _key("promotionCodes.list"),
    _key("promotionCodes.delete", "pmc_unknown1", fails=404),
    _key("programs.getAttribution", "signup"),
    _key("programs.updateAttribution", "signup", {"precedence": ["checkout_code", "link"]}),
    _key("programs.listTerms", "signup"),
    _key("programs.previewTerms", "signup", {"rules": [_RULE], "appliesTo": "new_referrals"}),
    _key("programs.editTerms", "signup", {"rules": [_RULE], "appliesTo": "new_referrals"}),
    _key("products.archive", "$product"),
]

USER: Final[list[Step]] = [
    _user("getLink", save={"link": "code"}),
    _user("convert", {"referralCode": "$link", "email": "new@example.com"}),
    _user("getStats"),
]

MEMBER: Final[list[Step]] = [
    _member("teams.list"),
    _member("teams.create", {"name": "Second"}, save={"second": "id"}),
    _member("teams.get", "$second"),
    _member("teams.update", "$second", {"name": "Second team"}),
    _member("teams.delete", "$second"),
    _member("projects.list"),
    _member("projects.create", {"name": "Shop two"}, save={"other": "id"}),
    _member("projects.get", "$other"),
    _member("projects.update", "$other", {"name": "Shop 2"}),
    _member("projects.delete", "$other"),
    _member("members.list"),
    _member("members.update", "user_unknown", {"role": "viewer"}, fails=404),
    _member("members.remove", "user_unknown", fails=404),
    _member("invitations.create", {"email": "new@example.com", "role": "viewer"}, save={"invitation": "id"}),
    _member("invitations.list"),
    _member("invitations.resend", "$invitation"),
    _member("invitations.revoke", "$invitation"),
    _member("invitations.accept", "0" * 64, fails=404),
    _member("apiKeys.create", {"name": "CI"}, save={"apiKey": "key.id"}),
    _member("apiKeys.list"),
    _member("apiKeys.revoke", "$apiKey"),
    _member("auditLog.list", options={"limit": 2}),
    _member("stripe.getStatus"),
    _member("stripe.getWebhookUrl"),
    _member("stripe.startBackfill"),
    _member("stripe.stopBackfill", fails=409),
    _member("stripe.listUnassigned", options={"limit": 5}),
    _member("stripe.assign", {"projectId": "$project", "stripeCustomerId": "cus_unknown"}, fails=404),
    _member("stripe.startReconciliation", {"sample": 5}),
    _member("stripe.getReconciliation"),
    _member("stripe.simulate", fails=409),
    _member("stripe.connect", {"secretKey": "no key", "webhookSecret": "no secret"}, fails=400),
    _member("stripe.disconnect"),
    _key("customers.delete", "$friend"),
]

# Jane is a partner when the steps begin; her three links were mailed to her, one of them is her session.
AFFILIATE: Final[list[Step]] = [
    _app("affiliates.apply", {"email": "kim@example.com", "name": "Kim"}, save={"application": "id"}),
    _app("affiliates.apply", {"email": "KIM@example.com", "name": "Kim"}, fails=409),
    _app("affiliates.getApplicationStatus", "kim@example.com"),
    _app("affiliates.get", "$jane"),
    _app("affiliates.trackReferral", "JANE20", "https://app.example.com?ref=JANE20"),
    _app("auth.sendMagicLink", "jane@example.com"),
    _app("auth.verifyToken", "$link1"),
    _app("auth.verifyToken", "$link1", fails=401),
    _app("auth.verifyLink", "$link2"),
    _app("auth.login", {"email": "owner@example.com", "password": "wrong"}, fails=401),
    _partner("affiliates.get"),
    _partner("affiliates.getDashboard"),
    _partner("affiliates.getPortalLink"),
    _partner("affiliates.listReferrals", options={"limit": 5}),
    _partner("affiliates.listCommissions"),
    _partner("affiliates.listPayouts"),
    _partner("affiliates.getStatement", options={"month": "2026-11"}),
    _partner("affiliates.registerDeal", {"leadEmail": "lead@company.com", "leadName": "Lea"}, save={"deal": "id"}),
    _partner("affiliates.listDeals"),
    _partner("affiliates.renewDeal", "$deal"),
    _admin("deals.list", options={"status": "pending"}),
    _admin("deals.get", "$deal"),
    _admin("deals.review", "$deal", {"action": "accept"}),
    _admin("deals.renew", "$deal"),
    _admin("deals.getSettings"),
    _admin("deals.updateSettings", {"protectionDays": 60}),
    _admin("commissions.list", options={"status": "pending"}),
    _admin("commissions.void", "rw_unknown1", {"reason": "mistake"}, fails=404),
    _admin("commissions.restore", "rw_unknown1", fails=404),
    _admin("commissions.listReviews"),
    _admin("commissions.decideReview", "rev_unknown1", {"decision": "release"}, fails=404),
    _partner("auth.getSession"),
    _admin("auth.getSettings"),
    _admin("auth.updateSettings", {"autoCreateCustomer": False}),
    _admin("settings.get"),
    _admin("settings.update", {"holdingPeriodDays": 14}),
    _admin("settings.getMail"),
    _admin("settings.updateMail", {"senderName": "Acme partners"}),
    _admin("applications.list", options={"status": "pending"}),
    _admin("applications.get", "$application"),
    _admin("applications.note", "$application", {"internalNote": "Knows our field."}),
    _admin("applications.review", "$application", {"action": "approve"}, save={"kim": "affiliate.id"}),
    _admin("applications.review", "$application", {"action": "reject", "rejectionReason": "No"}, fails=409),
    _admin("partners.list", options={"search": "kim"}),
    _admin("partners.get", "$kim"),
    _admin("partners.update", "$kim", {"status": "suspended"}),
    _admin("partners.enrol", {"customerId": "pc_unknown1"}, fails=404),
    _admin("partners.getStatement", "$kim", options={"month": "2026-11"}),
    _admin("partners.writeOff", "$kim", {"currency": "usd", "reason": "Small"}, fails=404),
    _admin("payouts.preview", options={"limit": 5}),
    _admin("payouts.run"),
    _admin("payouts.list", options={"limit": 5}),
    _admin("payouts.get", "po_unknown1", fails=404),
    _admin("payouts.markPaid", "po_unknown1", {"reference": "SEPA 1"}, fails=404),
    _admin("payouts.cancel", "po_unknown1", {"reason": "Wrong account"}, fails=404),
    _admin("payouts.fail", "po_unknown1", {"reason": "Refused"}, fails=404),
    _admin("payouts.reverse", "po_unknown1", {"reason": "Sent back"}, fails=404),
    _admin("payouts.listBatches"),
    _admin("payouts.getBatch", "pb_unknown1", fails=404),
    _admin("payouts.approveBatch", "pb_unknown1", fails=404),
    _admin("payouts.sendBatch", "pb_unknown1", fails=404),
    _admin("payouts.exportBatch", "pb_unknown1", options={"format": "bank", "currency": "usd"}, fails=404),
    _admin("payouts.getSettings"),
    _admin("payouts.updateSettings", {"taxProfileRequired": False}),
    _partner("auth.endSession"),
]

STEPS: Final = [*BILLING, *USER, *MEMBER, *AFFILIATE]
