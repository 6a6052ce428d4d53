# Made by scripts/generate.py from docs/api/billing.openapi.json; edits are lost.

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict


class Customer(TypedDict):
    id: str
    email: str
    name: str | None
    stripeCustomerId: str | None
    metadata: dict[str, Any]
    projectId: str
    createdAt: str
    updatedAt: str


class CustomersAnswer(TypedDict):
    customers: list[Customer]


class CreateCustomer(TypedDict):
    referralCode: NotRequired[str | None]
    clickToken: NotRequired[str | None]
    referralId: NotRequired[str | None]
    email: str
    name: NotRequired[str | None]
    metadata: NotRequired[dict[str, str | float | bool]]


class Attribution(TypedDict):
    bound: bool
    code: str | None
    referralId: str | None
    reason: str | None


class CreatedCustomerAnswer(TypedDict):
    customer: Customer
    attribution: NotRequired[Attribution | None]


class CustomerAnswer(TypedDict):
    customer: Customer


class Success(TypedDict):
    success: bool


class UpdateCustomer1(TypedDict):
    email: str
    name: NotRequired[str | None]
    metadata: NotRequired[dict[str, str | float | bool]]


class UpdateCustomer2(TypedDict):
    email: NotRequired[str]
    name: str | None
    metadata: NotRequired[dict[str, str | float | bool]]


class UpdateCustomer3(TypedDict):
    email: NotRequired[str]
    name: NotRequired[str | None]
    metadata: dict[str, str | float | bool]


UpdateCustomer: TypeAlias = UpdateCustomer1 | UpdateCustomer2 | UpdateCustomer3


class Product(TypedDict):
    id: str
    name: str
    description: str | None
    isActive: bool
    stripeProductId: str
    metadata: dict[str, Any]
    projectId: str
    createdAt: str
    updatedAt: str


class ProductsAnswer(TypedDict):
    products: list[Product]


class CreateProduct(TypedDict):
    name: str
    description: NotRequired[str | None]
    metadata: NotRequired[dict[str, str | float | bool]]


class ProductAnswer(TypedDict):
    product: Product


class UpdateProduct1(TypedDict):
    name: str
    description: NotRequired[str | None]
    isActive: NotRequired[bool]
    metadata: NotRequired[dict[str, str | float | bool]]


class UpdateProduct2(TypedDict):
    name: NotRequired[str]
    description: str | None
    isActive: NotRequired[bool]
    metadata: NotRequired[dict[str, str | float | bool]]


class UpdateProduct3(TypedDict):
    name: NotRequired[str]
    description: NotRequired[str | None]
    isActive: bool
    metadata: NotRequired[dict[str, str | float | bool]]


class UpdateProduct4(TypedDict):
    name: NotRequired[str]
    description: NotRequired[str | None]
    isActive: NotRequired[bool]
    metadata: dict[str, str | float | bool]


UpdateProduct: TypeAlias = UpdateProduct1 | UpdateProduct2 | UpdateProduct3 | UpdateProduct4


class Price(TypedDict):
    id: str
    productId: str
    unitAmount: int | None
    currency: str
    type: str
    interval: str | None
    intervalCount: int
    nickname: str | None
    isActive: bool
    stripePriceId: str
    metadata: dict[str, Any]
    projectId: str
    createdAt: str
    updatedAt: str


class PricesAnswer(TypedDict):
    prices: list[Price]


class CreatePrice1(TypedDict):
    unitAmount: int
    currency: NotRequired[Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']]
    type: NotRequired[Literal['one_time'] | Literal['one_time'] | None]
    interval: NotRequired[Literal['day', 'week', 'month', 'year'] | None]
    intervalCount: NotRequired[Literal[1]]
    nickname: NotRequired[str | None]
    metadata: NotRequired[dict[str, str | float | bool]]


class CreatePrice2(TypedDict):
    unitAmount: int
    currency: NotRequired[Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']]
    type: NotRequired[Literal['recurring'] | Literal['recurring'] | None]
    interval: Literal['day']
    intervalCount: NotRequired[int]
    nickname: NotRequired[str | None]
    metadata: NotRequired[dict[str, str | float | bool]]


class CreatePrice3(TypedDict):
    unitAmount: int
    currency: NotRequired[Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']]
    type: NotRequired[Literal['recurring'] | Literal['recurring'] | None]
    interval: Literal['week']
    intervalCount: NotRequired[int]
    nickname: NotRequired[str | None]
    metadata: NotRequired[dict[str, str | float | bool]]


class CreatePrice4(TypedDict):
    unitAmount: int
    currency: NotRequired[Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']]
    type: NotRequired[Literal['recurring'] | Literal['recurring'] | None]
    interval: Literal['month']
    intervalCount: NotRequired[int]
    nickname: NotRequired[str | None]
    metadata: NotRequired[dict[str, str | float | bool]]


class CreatePrice5(TypedDict):
    unitAmount: int
    currency: NotRequired[Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']]
    type: NotRequired[Literal['recurring'] | Literal['recurring'] | None]
    interval: Literal['year']
    intervalCount: NotRequired[int]
    nickname: NotRequired[str | None]
    metadata: NotRequired[dict[str, str | float | bool]]


CreatePrice: TypeAlias = CreatePrice1 | CreatePrice2 | CreatePrice3 | CreatePrice4 | CreatePrice5


class PriceAnswer(TypedDict):
    price: Price


class UpdatePrice1(TypedDict):
    isActive: bool
    nickname: NotRequired[str | None]
    metadata: NotRequired[dict[str, str | float | bool]]


class UpdatePrice2(TypedDict):
    isActive: NotRequired[bool]
    nickname: str | None
    metadata: NotRequired[dict[str, str | float | bool]]


class UpdatePrice3(TypedDict):
    isActive: NotRequired[bool]
    nickname: NotRequired[str | None]
    metadata: dict[str, str | float | bool]


UpdatePrice: TypeAlias = UpdatePrice1 | UpdatePrice2 | UpdatePrice3


class OpenCheckout1(TypedDict):
    referralCode: NotRequired[str | None]
    clickToken: NotRequired[str | None]
    referralId: NotRequired[str | None]
    customerId: str
    priceId: str
    quantity: NotRequired[int]
    successUrl: str
    cancelUrl: str
    mode: NotRequired[Literal['subscription']]
    trialDays: NotRequired[int | None]
    allowPromotionCodes: NotRequired[bool]
    metadata: NotRequired[dict[str, str | float | bool]]


class OpenCheckout2(TypedDict):
    referralCode: NotRequired[str | None]
    clickToken: NotRequired[str | None]
    referralId: NotRequired[str | None]
    customerId: str
    priceId: str
    quantity: NotRequired[int]
    successUrl: str
    cancelUrl: str
    mode: Literal['payment']
    trialDays: NotRequired[int | None]
    allowPromotionCodes: NotRequired[bool]
    metadata: NotRequired[dict[str, str | float | bool]]


OpenCheckout: TypeAlias = OpenCheckout1 | OpenCheckout2


class CheckoutAnswer(TypedDict):
    sessionId: str
    url: str | None


class Subscription(TypedDict):
    id: str
    customerId: str
    stripeSubscriptionId: str
    status: str
    priceId: str | None
    quantity: int
    cancelAtPeriodEnd: bool
    currentPeriodStart: str | None
    currentPeriodEnd: str | None
    metadata: dict[str, Any]
    projectId: str
    createdAt: str
    updatedAt: str


class SubscriptionsAnswer(TypedDict):
    subscriptions: list[Subscription]


class SubscriptionAnswer(TypedDict):
    subscription: Subscription


class UpdateSubscription(TypedDict):
    cancelAtPeriodEnd: bool


class OpenPortal(TypedDict):
    customerId: str
    ttlMs: NotRequired[int]
    returnUrl: NotRequired[str | None]


class PortalAnswer(TypedDict):
    sessionId: str
    token: str
    portalUrl: str
    expiresAt: str


class ApplyCode(TypedDict):
    code: str
    refereeCustomerId: str


class Referral(TypedDict):
    id: str
    code: str
    referrerCustomerId: str
    refereeCustomerId: str | None
    status: str
    createdAt: str


class ReferralAnswer(TypedDict):
    referral: Referral


class ReferralConfig(TypedDict):
    enabled: bool
    referrerCreditAmount: int
    refereeCreditAmount: int
    currency: str
    projectId: str


class ReferralConfigAnswer(TypedDict):
    config: ReferralConfig


class PutReferralConfig(TypedDict):
    enabled: bool
    referrerCreditAmount: int
    refereeCreditAmount: int
    currency: NotRequired[Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']]


class Code(TypedDict):
    code: str
    customerId: str
    projectId: str
    isActive: bool
    createdAt: str
    maxUses: NotRequired[int]


class CodesAnswer(TypedDict):
    codes: list[Code]


class CreateCode(TypedDict):
    customerId: str
    maxUses: NotRequired[int | None]


class CodeAnswer(TypedDict):
    code: Code


class Credit(TypedDict):
    customerId: str
    amount: int
    currency: str
    status: str
    failureReason: str | None


class ReferralHistory(TypedDict):
    id: str
    code: str
    referrerCustomerId: str
    refereeCustomerId: str | None
    status: str
    createdAt: str
    convertedAt: str | None
    credits: list[Credit]


class CodeHistory(TypedDict):
    code: str
    customerId: str
    projectId: str
    isActive: bool
    createdAt: str
    maxUses: NotRequired[int]
    referrals: list[ReferralHistory]


class CodeHistoryAnswer(TypedDict):
    code: CodeHistory


class VoidReferral(TypedDict):
    reason: NotRequired[Literal['self_referral', 'fraud', 'mistake', 'agreement', 'other']]
    note: NotRequired[str | None]


class JudgedReferral(TypedDict):
    id: str
    code: str
    referrerCustomerId: str
    refereeCustomerId: str | None
    status: str
    createdAt: str
    voidReason: str | None
    voidNote: str | None
    voidedBy: str | None


class JudgedReferralAnswer(TypedDict):
    referral: JudgedReferral


class ExplainedReferral(TypedDict):
    id: str
    code: str
    referrerId: str
    status: str
    termsId: str
    createdAt: str
    convertedAt: str | None
    voidReason: str | None


class ExplainedRule(TypedDict):
    place: int
    kind: str
    codes: list[str]
    outcome: str
    reason: str


class ExplainedTouch(TypedDict):
    id: str
    kind: str
    code: str
    referrerId: str | None
    clickId: str | None
    happenedAt: str
    outcome: str
    reason: str
    evidence: dict[str, Any]


class ExplainedProgram(TypedDict):
    program: str
    termsId: str
    termsVersion: int
    precedence: list[str]
    touch: str
    countedUntil: str
    attributionDays: int | None
    windowEndsAt: str
    claimedByApp: bool
    rules: list[ExplainedRule]
    touches: list[ExplainedTouch]


class Arithmetic(TypedDict):
    code: str
    text: str
    amount: int
    detail: str


class LedgerLine(TypedDict):
    kind: str
    debit: str
    credit: str
    amount: int
    at: str


class PayoutPart(TypedDict):
    payoutId: str
    amount: int
    status: str


class ExplainedCommission(TypedDict):
    rewardId: str | None
    referralId: str
    earnerId: str
    rule: int
    termsVersion: int
    paymentNumber: int
    outcome: str
    unit: str
    amount: int
    status: str | None
    heldUntil: str | None
    voidReason: str | None
    arithmetic: list[Arithmetic]
    ledger: list[LedgerLine]
    payouts: list[PayoutPart]
    agrees: bool


class ExplainedPayment(TypedDict):
    id: str
    number: str | None
    currency: str
    amountPaid: int
    paidAt: str | None
    outcome: str
    reason: str
    commissions: list[ExplainedCommission]


class Explanation(TypedDict):
    customerId: str
    signedUpAt: str
    firstPaidAt: str | None
    lockedAt: str | None
    referrals: list[ExplainedReferral]
    programs: list[ExplainedProgram]
    payments: list[ExplainedPayment]


class ExplanationAnswer(TypedDict):
    explanation: Explanation


class AttributionRules(TypedDict):
    precedence: list[str]
    touch: str
    countedUntil: str
    attributionDays: int | None
    version: int


class AttributionRulesAnswer(TypedDict):
    attribution: AttributionRules


class SetAttributionRules(TypedDict):
    precedence: NotRequired[list[Literal['deal', 'checkout_code', 'coupon', 'link']]]
    touch: NotRequired[Literal['last', 'first']]
    countedUntil: NotRequired[Literal['payment', 'signup']]
    attributionDays: NotRequired[int | None]


class Links(TypedDict):
    landingUrl: str | None
    ownHosts: list[str]
    linkHost: str | None
    cookieDomain: str | None
    setsCookies: bool


class LinksAnswer(TypedDict):
    links: Links


OwnHost: TypeAlias = str


class SetLinks(TypedDict):
    landingUrl: NotRequired[str | None]
    ownHosts: NotRequired[list[OwnHost]]
    linkHost: NotRequired[str | None]
    cookieDomain: NotRequired[str | None]
    setsCookies: NotRequired[bool]


class PublishableKey(TypedDict):
    id: str
    key: str
    origins: list[str]
    createdAt: str


class PublishableKeysAnswer(TypedDict):
    publishableKeys: list[PublishableKey]


Origin: TypeAlias = str


class CreatePublishableKey(TypedDict):
    origins: list[Origin]


class PublishableKeyAnswer(TypedDict):
    publishableKey: PublishableKey


class PromotionCode(TypedDict):
    id: str
    stripePromotionCodeId: str
    promotionCode: str
    referralCode: str
    createdAt: str


class PromotionCodesAnswer(TypedDict):
    promotionCodes: list[PromotionCode]


class TiePromotionCode(TypedDict):
    promotionCode: str
    referralCode: str


class PromotionCodeAnswer(TypedDict):
    promotionCode: PromotionCode


class Amount(TypedDict):
    type: Literal['fixed', 'share']
    value: NotRequired[int | None]
    unit: NotRequired[str | None]
    basisPoints: NotRequired[int | None]


class ProductRate(TypedDict):
    productId: str
    amount: Amount


class Tier(TypedDict):
    atLeast: int
    unit: str
    amount: Amount


class Rule(TypedDict):
    earner: Literal['referee', 'referrer']
    earnedOn: Literal['conversion', 'payment']
    amount: Amount
    settlesAs: Literal['payout', 'stripe_balance', 'wallet']
    holdDays: NotRequired[int]
    paymentsMax: NotRequired[int | None]
    monthsMax: NotRequired[int | None]
    productRates: NotRequired[list[ProductRate]]
    tiers: NotRequired[list[Tier]]


class Program(TypedDict):
    key: str
    projectId: str
    enabled: bool
    version: int
    convertsOn: Literal['payment', 'signup', 'subscription', 'verified_signup']
    rules: list[Rule]
    monthlyCap: int | None
    takeBackAfterDays: int | None
    linkAddress: str | None
    hosts: list[str]
    origins: list[str]
    refuseDisposable: bool
    createdAt: str
    updatedAt: str


class ProgramsAnswer(TypedDict):
    programs: list[Program]


class ProgramAnswer(TypedDict):
    program: Program


class Amount1(TypedDict):
    type: Literal['fixed']
    value: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    basisPoints: NotRequired[None]


class Rules(TypedDict):
    earner: Literal['referrer', 'referee']
    earnedOn: Literal['conversion']
    amount: Amount1
    settlesAs: Literal['stripe_balance']
    holdDays: NotRequired[int]
    paymentsMax: NotRequired[None]
    monthsMax: NotRequired[None]
    productRates: NotRequired[list[Any]]
    tiers: NotRequired[list[Any]]


class Rules1(TypedDict):
    earner: Literal['referrer', 'referee']
    earnedOn: Literal['conversion']
    amount: Amount1
    settlesAs: Literal['payout']
    holdDays: NotRequired[int]
    paymentsMax: NotRequired[None]
    monthsMax: NotRequired[None]
    productRates: NotRequired[list[Any]]
    tiers: NotRequired[list[Any]]


class Amount3(TypedDict):
    type: Literal['fixed']
    value: int
    unit: str
    basisPoints: NotRequired[None]


class Rules2(TypedDict):
    earner: Literal['referrer', 'referee']
    earnedOn: Literal['conversion']
    amount: Amount3
    settlesAs: Literal['wallet']
    holdDays: NotRequired[int]
    paymentsMax: NotRequired[None]
    monthsMax: NotRequired[None]
    productRates: NotRequired[list[Any]]
    tiers: NotRequired[list[Any]]


class Amount4(TypedDict):
    type: Literal['fixed']
    value: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    basisPoints: NotRequired[None]


class Amount5(TypedDict):
    type: Literal['share']
    basisPoints: int
    value: NotRequired[None]
    unit: NotRequired[None]


class Amount6(TypedDict):
    type: Literal['fixed']
    value: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    basisPoints: NotRequired[None]


class Amount7(TypedDict):
    type: Literal['share']
    basisPoints: int
    value: NotRequired[None]
    unit: NotRequired[None]


class ProductRate1(TypedDict):
    productId: str
    amount: Amount6 | Amount7


class Amount8(TypedDict):
    type: Literal['fixed']
    value: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    basisPoints: NotRequired[None]


class Amount9(TypedDict):
    type: Literal['share']
    basisPoints: int
    value: NotRequired[None]
    unit: NotRequired[None]


class Tier1(TypedDict):
    atLeast: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    amount: Amount8 | Amount9


class Rules3(TypedDict):
    earner: Literal['referrer', 'referee']
    earnedOn: Literal['payment']
    amount: Amount4 | Amount5
    settlesAs: Literal['stripe_balance']
    holdDays: NotRequired[int]
    paymentsMax: NotRequired[int | None]
    monthsMax: NotRequired[int | None]
    productRates: NotRequired[list[ProductRate1]]
    tiers: NotRequired[list[Tier1]]


class Amount10(TypedDict):
    type: Literal['fixed']
    value: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    basisPoints: NotRequired[None]


class Amount11(TypedDict):
    type: Literal['share']
    basisPoints: int
    value: NotRequired[None]
    unit: NotRequired[None]


class Amount12(TypedDict):
    type: Literal['fixed']
    value: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    basisPoints: NotRequired[None]


class Amount13(TypedDict):
    type: Literal['share']
    basisPoints: int
    value: NotRequired[None]
    unit: NotRequired[None]


class ProductRate2(TypedDict):
    productId: str
    amount: Amount12 | Amount13


class Amount14(TypedDict):
    type: Literal['fixed']
    value: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    basisPoints: NotRequired[None]


class Amount15(TypedDict):
    type: Literal['share']
    basisPoints: int
    value: NotRequired[None]
    unit: NotRequired[None]


class Tier2(TypedDict):
    atLeast: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    amount: Amount14 | Amount15


class Rules4(TypedDict):
    earner: Literal['referrer', 'referee']
    earnedOn: Literal['payment']
    amount: Amount10 | Amount11
    settlesAs: Literal['payout']
    holdDays: NotRequired[int]
    paymentsMax: NotRequired[int | None]
    monthsMax: NotRequired[int | None]
    productRates: NotRequired[list[ProductRate2]]
    tiers: NotRequired[list[Tier2]]


class Amount16(TypedDict):
    type: Literal['fixed']
    value: int
    unit: str
    basisPoints: NotRequired[None]


class Rules5(TypedDict):
    earner: Literal['referrer', 'referee']
    earnedOn: Literal['payment']
    amount: Amount16
    settlesAs: Literal['wallet']
    holdDays: NotRequired[int]
    paymentsMax: NotRequired[int | None]
    monthsMax: NotRequired[int | None]
    productRates: NotRequired[list[Any]]
    tiers: NotRequired[list[Any]]


Host: TypeAlias = str


class PutProgram(TypedDict):
    enabled: bool
    convertsOn: Literal['signup', 'verified_signup', 'subscription', 'payment']
    rules: list[Rules | Rules1 | Rules2 | Rules3 | Rules4 | Rules5]
    monthlyCap: NotRequired[int | None]
    takeBackAfterDays: NotRequired[int | None]
    linkAddress: NotRequired[str | None]
    hosts: NotRequired[list[Host]]
    origins: NotRequired[list[Origin]]
    refuseDisposable: NotRequired[bool | None]


class TermsVersion(TypedDict):
    version: int
    rules: list[Rule]
    fromAt: str | None
    createdAt: str


class TermsVersionsAnswer(TypedDict):
    versions: list[TermsVersion]


class Amount17(TypedDict):
    type: Literal['fixed']
    value: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    basisPoints: NotRequired[None]


class Rules6(TypedDict):
    earner: Literal['referrer', 'referee']
    earnedOn: Literal['conversion']
    amount: Amount17
    settlesAs: Literal['stripe_balance']
    holdDays: NotRequired[int]
    paymentsMax: NotRequired[None]
    monthsMax: NotRequired[None]
    productRates: NotRequired[list[Any]]
    tiers: NotRequired[list[Any]]


class Rules7(TypedDict):
    earner: Literal['referrer', 'referee']
    earnedOn: Literal['conversion']
    amount: Amount17
    settlesAs: Literal['payout']
    holdDays: NotRequired[int]
    paymentsMax: NotRequired[None]
    monthsMax: NotRequired[None]
    productRates: NotRequired[list[Any]]
    tiers: NotRequired[list[Any]]


class Amount19(TypedDict):
    type: Literal['fixed']
    value: int
    unit: str
    basisPoints: NotRequired[None]


class Rules8(TypedDict):
    earner: Literal['referrer', 'referee']
    earnedOn: Literal['conversion']
    amount: Amount19
    settlesAs: Literal['wallet']
    holdDays: NotRequired[int]
    paymentsMax: NotRequired[None]
    monthsMax: NotRequired[None]
    productRates: NotRequired[list[Any]]
    tiers: NotRequired[list[Any]]


class Amount20(TypedDict):
    type: Literal['fixed']
    value: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    basisPoints: NotRequired[None]


class Amount21(TypedDict):
    type: Literal['share']
    basisPoints: int
    value: NotRequired[None]
    unit: NotRequired[None]


class Amount22(TypedDict):
    type: Literal['fixed']
    value: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    basisPoints: NotRequired[None]


class Amount23(TypedDict):
    type: Literal['share']
    basisPoints: int
    value: NotRequired[None]
    unit: NotRequired[None]


class ProductRate3(TypedDict):
    productId: str
    amount: Amount22 | Amount23


class Amount24(TypedDict):
    type: Literal['fixed']
    value: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    basisPoints: NotRequired[None]


class Amount25(TypedDict):
    type: Literal['share']
    basisPoints: int
    value: NotRequired[None]
    unit: NotRequired[None]


class Tier3(TypedDict):
    atLeast: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    amount: Amount24 | Amount25


class Rules9(TypedDict):
    earner: Literal['referrer', 'referee']
    earnedOn: Literal['payment']
    amount: Amount20 | Amount21
    settlesAs: Literal['stripe_balance']
    holdDays: NotRequired[int]
    paymentsMax: NotRequired[int | None]
    monthsMax: NotRequired[int | None]
    productRates: NotRequired[list[ProductRate3]]
    tiers: NotRequired[list[Tier3]]


class Amount26(TypedDict):
    type: Literal['fixed']
    value: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    basisPoints: NotRequired[None]


class Amount27(TypedDict):
    type: Literal['share']
    basisPoints: int
    value: NotRequired[None]
    unit: NotRequired[None]


class Amount28(TypedDict):
    type: Literal['fixed']
    value: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    basisPoints: NotRequired[None]


class Amount29(TypedDict):
    type: Literal['share']
    basisPoints: int
    value: NotRequired[None]
    unit: NotRequired[None]


class ProductRate4(TypedDict):
    productId: str
    amount: Amount28 | Amount29


class Amount30(TypedDict):
    type: Literal['fixed']
    value: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    basisPoints: NotRequired[None]


class Amount31(TypedDict):
    type: Literal['share']
    basisPoints: int
    value: NotRequired[None]
    unit: NotRequired[None]


class Tier4(TypedDict):
    atLeast: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    amount: Amount30 | Amount31


class Rules10(TypedDict):
    earner: Literal['referrer', 'referee']
    earnedOn: Literal['payment']
    amount: Amount26 | Amount27
    settlesAs: Literal['payout']
    holdDays: NotRequired[int]
    paymentsMax: NotRequired[int | None]
    monthsMax: NotRequired[int | None]
    productRates: NotRequired[list[ProductRate4]]
    tiers: NotRequired[list[Tier4]]


class Amount32(TypedDict):
    type: Literal['fixed']
    value: int
    unit: str
    basisPoints: NotRequired[None]


class Rules11(TypedDict):
    earner: Literal['referrer', 'referee']
    earnedOn: Literal['payment']
    amount: Amount32
    settlesAs: Literal['wallet']
    holdDays: NotRequired[int]
    paymentsMax: NotRequired[int | None]
    monthsMax: NotRequired[int | None]
    productRates: NotRequired[list[Any]]
    tiers: NotRequired[list[Any]]


class EditTerms(TypedDict):
    rules: list[Rules6 | Rules7 | Rules8 | Rules9 | Rules10 | Rules11]
    appliesTo: Literal['new_referrals', 'from_date']
    fromAt: NotRequired[str | None]


class TermsVersionAnswer(TypedDict):
    version: TermsVersion


class Amount33(TypedDict):
    type: Literal['fixed']
    value: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    basisPoints: NotRequired[None]


class Rules12(TypedDict):
    earner: Literal['referrer', 'referee']
    earnedOn: Literal['conversion']
    amount: Amount33
    settlesAs: Literal['stripe_balance']
    holdDays: NotRequired[int]
    paymentsMax: NotRequired[None]
    monthsMax: NotRequired[None]
    productRates: NotRequired[list[Any]]
    tiers: NotRequired[list[Any]]


class Rules13(TypedDict):
    earner: Literal['referrer', 'referee']
    earnedOn: Literal['conversion']
    amount: Amount33
    settlesAs: Literal['payout']
    holdDays: NotRequired[int]
    paymentsMax: NotRequired[None]
    monthsMax: NotRequired[None]
    productRates: NotRequired[list[Any]]
    tiers: NotRequired[list[Any]]


class Amount35(TypedDict):
    type: Literal['fixed']
    value: int
    unit: str
    basisPoints: NotRequired[None]


class Rules14(TypedDict):
    earner: Literal['referrer', 'referee']
    earnedOn: Literal['conversion']
    amount: Amount35
    settlesAs: Literal['wallet']
    holdDays: NotRequired[int]
    paymentsMax: NotRequired[None]
    monthsMax: NotRequired[None]
    productRates: NotRequired[list[Any]]
    tiers: NotRequired[list[Any]]


class Amount36(TypedDict):
    type: Literal['fixed']
    value: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    basisPoints: NotRequired[None]


class Amount37(TypedDict):
    type: Literal['share']
    basisPoints: int
    value: NotRequired[None]
    unit: NotRequired[None]


class Amount38(TypedDict):
    type: Literal['fixed']
    value: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    basisPoints: NotRequired[None]


class Amount39(TypedDict):
    type: Literal['share']
    basisPoints: int
    value: NotRequired[None]
    unit: NotRequired[None]


class ProductRate5(TypedDict):
    productId: str
    amount: Amount38 | Amount39


class Amount40(TypedDict):
    type: Literal['fixed']
    value: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    basisPoints: NotRequired[None]


class Amount41(TypedDict):
    type: Literal['share']
    basisPoints: int
    value: NotRequired[None]
    unit: NotRequired[None]


class Tier5(TypedDict):
    atLeast: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    amount: Amount40 | Amount41


class Rules15(TypedDict):
    earner: Literal['referrer', 'referee']
    earnedOn: Literal['payment']
    amount: Amount36 | Amount37
    settlesAs: Literal['stripe_balance']
    holdDays: NotRequired[int]
    paymentsMax: NotRequired[int | None]
    monthsMax: NotRequired[int | None]
    productRates: NotRequired[list[ProductRate5]]
    tiers: NotRequired[list[Tier5]]


class Amount42(TypedDict):
    type: Literal['fixed']
    value: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    basisPoints: NotRequired[None]


class Amount43(TypedDict):
    type: Literal['share']
    basisPoints: int
    value: NotRequired[None]
    unit: NotRequired[None]


class Amount44(TypedDict):
    type: Literal['fixed']
    value: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    basisPoints: NotRequired[None]


class Amount45(TypedDict):
    type: Literal['share']
    basisPoints: int
    value: NotRequired[None]
    unit: NotRequired[None]


class ProductRate6(TypedDict):
    productId: str
    amount: Amount44 | Amount45


class Amount46(TypedDict):
    type: Literal['fixed']
    value: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    basisPoints: NotRequired[None]


class Amount47(TypedDict):
    type: Literal['share']
    basisPoints: int
    value: NotRequired[None]
    unit: NotRequired[None]


class Tier6(TypedDict):
    atLeast: int
    unit: Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']
    amount: Amount46 | Amount47


class Rules16(TypedDict):
    earner: Literal['referrer', 'referee']
    earnedOn: Literal['payment']
    amount: Amount42 | Amount43
    settlesAs: Literal['payout']
    holdDays: NotRequired[int]
    paymentsMax: NotRequired[int | None]
    monthsMax: NotRequired[int | None]
    productRates: NotRequired[list[ProductRate6]]
    tiers: NotRequired[list[Tier6]]


class Amount48(TypedDict):
    type: Literal['fixed']
    value: int
    unit: str
    basisPoints: NotRequired[None]


class Rules17(TypedDict):
    earner: Literal['referrer', 'referee']
    earnedOn: Literal['payment']
    amount: Amount48
    settlesAs: Literal['wallet']
    holdDays: NotRequired[int]
    paymentsMax: NotRequired[int | None]
    monthsMax: NotRequired[int | None]
    productRates: NotRequired[list[Any]]
    tiers: NotRequired[list[Any]]


class PreviewTerms(TypedDict):
    rules: list[Rules12 | Rules13 | Rules14 | Rules15 | Rules16 | Rules17]
    appliesTo: Literal['new_referrals', 'from_date']


class PreviewSum(TypedDict):
    customerId: str | None
    currency: str
    before: int
    after: int
    difference: int


class Preview(TypedDict):
    since: str
    until: str
    payments: int
    changed: int
    totals: list[PreviewSum]
    earners: list[PreviewSum]
    isComplete: bool


class PreviewAnswer(TypedDict):
    preview: Preview


class AllowanceLeft(TypedDict):
    monthly: int
    left: int
    renewsAt: str | None


class NextExpiry(TypedDict):
    amount: int
    expiresAt: str


class Wallet(TypedDict):
    unit: str
    balance: int
    allowance: AllowanceLeft | None
    nextExpiry: NextExpiry | None


class WalletsAnswer(TypedDict):
    wallets: list[Wallet]


class SpendCredits(TypedDict):
    unit: str
    amount: int
    key: str


class Spend(TypedDict):
    id: str
    customerId: str
    unit: str
    amount: int
    fromAllowance: int
    balance: int
    allowanceLeft: int
    key: str
    createdAt: str


class SpendAnswer(TypedDict):
    spend: Spend


class InsufficientAnswer(TypedDict):
    error: str
    unit: str
    balance: int
    allowanceLeft: int


class GrantCredits(TypedDict):
    unit: str
    amount: int
    key: str
    expiresAt: NotRequired[str | None]


class Grant(TypedDict):
    id: str
    customerId: str
    unit: str
    amount: int
    key: str
    expiresAt: str | None
    createdAt: str


class GrantAnswer(TypedDict):
    grant: Grant


class Entry(TypedDict):
    kind: str
    change: int
    reasonId: str
    sourceId: str
    createdAt: str


class EntriesAnswer(TypedDict):
    entries: list[Entry]


class WalletSetting(TypedDict):
    unit: str
    monthlyAllowance: int
    updatedAt: str


class WalletSettingsAnswer(TypedDict):
    settings: list[WalletSetting]


class SetWalletSetting(TypedDict):
    unit: str
    monthlyAllowance: int


class SubscriptionBreakdown(TypedDict):
    active: int
    trialing: int
    past_due: int
    canceled: int
    unpaid: int
    incomplete: int
    paused: int


class GrowthPoint(TypedDict):
    date: str
    count: int


class WebhookStats(TypedDict):
    total: int
    processed: int
    failed: int


class ReferralStats(TypedDict):
    totalCodes: int
    totalReferrals: int
    converted: int


class Analytics(TypedDict):
    mrr: float
    mrrByCurrency: dict[str, float]
    customerCount: int
    churnRate: float
    subscriptionBreakdown: SubscriptionBreakdown
    customerGrowth: list[GrowthPoint]
    webhookStats: WebhookStats
    referralStats: ReferralStats


class Webhook(TypedDict):
    id: str
    projectId: str
    url: str
    types: list[str]
    description: str | None
    enabled: bool
    disabledReason: str | None
    disabledAt: str | None
    failingSince: str | None
    previousSecretUntil: str | None
    createdAt: str
    updatedAt: str


class WebhooksAnswer(TypedDict):
    webhooks: list[Webhook]


class CreateWebhook(TypedDict):
    url: str
    types: NotRequired[list[Literal['*', 'customer.created', 'customer.updated', 'customer.deleted', 'subscription.created', 'subscription.updated', 'subscription.canceled', 'subscription.paused', 'subscription.resumed', 'payment.succeeded', 'payment.failed', 'payment.refunded', 'payment.disputed', 'referral.applied', 'referral.converted', 'referral.voided', 'reward.earned', 'reward.settled', 'reward.reversed', 'partner_application_submitted', 'partner_application_approved', 'partner_application_rejected', 'commission_created', 'commission_approved', 'commission_voided', 'payout_paid', 'payout_failed', 'deal_registered', 'deal_accepted', 'deal_declined', 'deal_won', 'webhook.disabled', 'test.ping']]]
    description: NotRequired[str | None]
    enabled: NotRequired[bool]


class WebhookSecretAnswer(TypedDict):
    webhook: Webhook
    secret: str


class WebhookAnswer(TypedDict):
    webhook: Webhook


class UpdateWebhook(TypedDict):
    url: NotRequired[str]
    types: NotRequired[list[Literal['*', 'customer.created', 'customer.updated', 'customer.deleted', 'subscription.created', 'subscription.updated', 'subscription.canceled', 'subscription.paused', 'subscription.resumed', 'payment.succeeded', 'payment.failed', 'payment.refunded', 'payment.disputed', 'referral.applied', 'referral.converted', 'referral.voided', 'reward.earned', 'reward.settled', 'reward.reversed', 'partner_application_submitted', 'partner_application_approved', 'partner_application_rejected', 'commission_created', 'commission_approved', 'commission_voided', 'payout_paid', 'payout_failed', 'deal_registered', 'deal_accepted', 'deal_declined', 'deal_won', 'webhook.disabled', 'test.ping']]]
    description: NotRequired[str | None]
    enabled: NotRequired[bool]


class Delivery(TypedDict):
    id: str
    webhookId: str
    eventId: str
    type: str
    objectId: str
    status: str
    attempts: int
    lastTriedAt: str | None
    lastStatus: int | None
    lastError: str | None
    nextTryAt: str | None
    createdAt: str


class DeliveriesAnswer(TypedDict):
    deliveries: list[Delivery]


class Attempt(TypedDict):
    triedAt: str
    status: int | None
    latencyMs: int
    answer: str | None
    error: str | None


class DeliveryDetailAnswer(TypedDict):
    delivery: Delivery
    attempts: list[Attempt]


class DeliveryAnswer(TypedDict):
    delivery: Delivery


ResendWebhook = TypedDict(
    'ResendWebhook',
    {
        'from': str,
        'to': str,
        'withDelivered': NotRequired[bool],
    },
)


class ResentAnswer(TypedDict):
    resent: int
    hasMore: bool


class TestWebhook(TypedDict):
    type: NotRequired[Literal['customer.created', 'customer.updated', 'customer.deleted', 'subscription.created', 'subscription.updated', 'subscription.canceled', 'subscription.paused', 'subscription.resumed', 'payment.succeeded', 'payment.failed', 'payment.refunded', 'payment.disputed', 'referral.applied', 'referral.converted', 'referral.voided', 'reward.earned', 'reward.settled', 'reward.reversed', 'partner_application_submitted', 'partner_application_approved', 'partner_application_rejected', 'commission_created', 'commission_approved', 'commission_voided', 'payout_paid', 'payout_failed', 'deal_registered', 'deal_accepted', 'deal_declined', 'deal_won', 'webhook.disabled', 'test.ping']]


class Event(TypedDict):
    id: str
    type: str
    event: str
    timestamp: str
    test: bool
    data: dict[str, Any]


class EventsAnswer(TypedDict):
    events: list[Event]
    cursor: str
    hasMore: bool


class TriggerEvent(TypedDict):
    type: NotRequired[str]


class Branding(TypedDict):
    projectId: str
    name: str | None
    accentColor: str | None
    supportEmail: str | None
    returnUrl: str | None
    logoUrl: str | None
    updatedAt: str | None


class BrandingAnswer(TypedDict):
    branding: Branding


class SetBranding(TypedDict):
    name: str | None
    accentColor: NotRequired[str | None]
    supportEmail: NotRequired[str | None]
    returnUrl: NotRequired[str | None]
    logo: NotRequired[str | None]


class IdentityProvider(TypedDict):
    id: str
    projectId: str
    issuer: str
    audiences: list[str]
    kind: str
    algorithms: list[str]
    jwksUrl: str | None
    jwks: dict[str, Any] | None
    hasSecret: bool
    leewaySeconds: int
    provesEmails: bool
    isActive: bool
    createdAt: str
    updatedAt: str


class IdentityProvidersAnswer(TypedDict):
    identityProviders: list[IdentityProvider]


Audience: TypeAlias = str


class PutIdentityProvider(TypedDict):
    issuer: str
    audiences: list[Audience]
    kind: Literal['jwks_url', 'jwks', 'secret']
    algorithms: NotRequired[list[Literal['RS256', 'ES256', 'EdDSA', 'HS256']]]
    jwksUrl: NotRequired[str | None]
    jwks: NotRequired[dict[str, Any] | None]
    secret: NotRequired[str | None]
    leewaySeconds: NotRequired[int]
    provesEmails: NotRequired[bool]
    isActive: NotRequired[bool]


class IdentityProviderAnswer(TypedDict):
    identityProvider: IdentityProvider


class Team(TypedDict):
    id: str
    name: str
    role: str
    createdAt: str


class TeamsAnswer(TypedDict):
    teams: list[Team]


class CreateTeam(TypedDict):
    name: str


class TeamAnswer(TypedDict):
    team: Team


class UpdateTeam(TypedDict):
    name: str


class Project(TypedDict):
    id: str
    name: str
    currency: str
    teamId: str
    createdAt: str


class ProjectsAnswer(TypedDict):
    projects: list[Project]


class CreateProject(TypedDict):
    name: str
    currency: NotRequired[Literal['aed', 'afn', 'all', 'amd', 'ang', 'aoa', 'ars', 'aud', 'awg', 'azn', 'bam', 'bbd', 'bdt', 'bgn', 'bhd', 'bif', 'bmd', 'bnd', 'bob', 'brl', 'bsd', 'bwp', 'byn', 'bzd', 'cad', 'cdf', 'chf', 'clp', 'cny', 'cop', 'crc', 'cve', 'czk', 'djf', 'dkk', 'dop', 'dzd', 'egp', 'etb', 'eur', 'fjd', 'fkp', 'gbp', 'gel', 'gip', 'gmd', 'gnf', 'gtq', 'gyd', 'hkd', 'hnl', 'htg', 'huf', 'idr', 'ils', 'inr', 'isk', 'jmd', 'jod', 'jpy', 'kes', 'kgs', 'khr', 'kmf', 'krw', 'kwd', 'kyd', 'kzt', 'lak', 'lbp', 'lkr', 'lrd', 'lsl', 'mad', 'mdl', 'mga', 'mkd', 'mmk', 'mnt', 'mop', 'mur', 'mvr', 'mwk', 'mxn', 'myr', 'mzn', 'nad', 'ngn', 'nio', 'nok', 'npr', 'nzd', 'omr', 'pab', 'pen', 'pgk', 'php', 'pkr', 'pln', 'pyg', 'qar', 'ron', 'rsd', 'rub', 'rwf', 'sar', 'sbd', 'scr', 'sek', 'sgd', 'shp', 'sle', 'sos', 'srd', 'std', 'szl', 'thb', 'tjs', 'tnd', 'top', 'try', 'ttd', 'twd', 'tzs', 'uah', 'ugx', 'usd', 'uyu', 'uzs', 'vnd', 'vuv', 'wst', 'xaf', 'xcd', 'xof', 'xpf', 'yer', 'zar', 'zmw']]


class ProjectAnswer(TypedDict):
    project: Project


class UpdateProject(TypedDict):
    name: str


class Member(TypedDict):
    userId: str
    email: str
    role: str
    createdAt: str


class MembersAnswer(TypedDict):
    members: list[Member]


class UpdateMember(TypedDict):
    role: Literal['viewer', 'member', 'admin', 'owner']


class MemberAnswer(TypedDict):
    member: Member


class Invitation(TypedDict):
    id: str
    email: str
    role: str
    expiresAt: str
    createdAt: str


class InvitationsAnswer(TypedDict):
    invitations: list[Invitation]


class CreateInvitation(TypedDict):
    email: str
    role: Literal['viewer', 'member', 'admin', 'owner']


class InvitationAnswer(TypedDict):
    invitation: Invitation


class AcceptInvitation(TypedDict):
    token: str


class Accepted(TypedDict):
    teamId: str
    role: str


class AcceptedAnswer(TypedDict):
    membership: Accepted


class ApiKey(TypedDict):
    id: str
    name: str
    prefix: str
    projectId: str | None
    scopes: list[str]
    expiresAt: str | None
    createdAt: str
    lastUsedAt: str | None


class ApiKeysAnswer(TypedDict):
    keys: list[ApiKey]


class CreateApiKey(TypedDict):
    name: str
    projectId: NotRequired[str | None]
    scopes: NotRequired[list[Literal['customers:read', 'customers:write', 'products:read', 'products:write', 'subscriptions:read', 'subscriptions:write', 'referrals:read', 'referrals:write', 'analytics:read', 'wallets:read', 'wallets:write', 'webhooks:read', 'webhooks:write']] | None]
    expiresAt: NotRequired[str | None]


class CreatedKey(TypedDict):
    id: str
    name: str
    prefix: str
    projectId: str | None
    scopes: list[str]
    expiresAt: str | None
    createdAt: str


class CreatedKeyAnswer(TypedDict):
    key: CreatedKey
    rawKey: str


class ConnectStripe(TypedDict):
    secretKey: str
    webhookSecret: str
    publishableKey: NotRequired[str | None]


class ConnectedAnswer(TypedDict):
    success: bool
    webhookUrl: str
    syncStatus: str


class SimulatedAnswer(TypedDict):
    success: bool
    webhookUrl: str
    syncStatus: str
    simulatorSecretKey: str


class Line(TypedDict):
    synced: int
    assigned: int
    unreadable: int
    expected: int | None
    finished: bool


class Backfill(TypedDict):
    status: str
    objects: dict[str, Line]
    createdAfter: str | None
    startedAt: str
    finishedAt: str | None
    lastError: str | None


class StatusAnswer(TypedDict):
    connected: bool
    isActive: bool
    syncStatus: str
    schemaExists: bool
    accountName: str | None
    keyValid: bool
    backfill: Backfill | None


class WebhookUrlAnswer(TypedDict):
    webhookUrl: str
    instructions: str


class StartBackfill(TypedDict):
    objects: NotRequired[list[Literal['product', 'price', 'customer', 'subscription', 'invoice', 'charge']] | None]
    createdAfter: NotRequired[str | None]


class Synced(TypedDict):
    synced: int


class BackfillAnswer(TypedDict):
    success: bool
    message: str
    syncStatus: str
    result: dict[str, Synced]


class Unassigned(TypedDict):
    id: str
    type: str
    name: str | None
    email: str | None
    status: str | None
    stripeCustomerId: str | None
    created: str
    fetchedAt: str


class UnassignedAnswer(TypedDict):
    objects: list[Unassigned]
    counts: dict[str, int]


class AssignStripe(TypedDict):
    projectId: str
    stripeCustomerId: NotRequired[str | None]
    stripeProductId: NotRequired[str | None]


class Imported(TypedDict):
    subscriptions: int
    invoices: int
    charges: int
    prices: int


class AssignedAnswer(TypedDict):
    customer: Customer | None
    product: Product | None
    imported: Imported


class Difference(TypedDict):
    type: str
    stripeId: str
    field: str
    ours: str | None
    theirs: str | None


class Report(TypedDict):
    status: str
    sample: int | None
    compared: dict[str, int]
    differenceCount: int
    differences: list[Difference]
    startedAt: str
    finishedAt: str | None
    lastError: str | None


class ReportAnswer(TypedDict):
    report: Report | None


class CompareStripe(TypedDict):
    sample: NotRequired[int | None]


class Actor(TypedDict):
    kind: str
    id: str | None
    name: str


class AuditEntry(TypedDict):
    id: int
    actor: Actor
    action: str
    subject: str | None
    projectId: str | None
    details: dict[str, Any]
    address: str | None
    at: str


class AuditLogAnswer(TypedDict):
    entries: list[AuditEntry]


class Error(TypedDict):
    error: str
