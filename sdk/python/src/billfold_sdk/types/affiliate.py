# Made by scripts/generate.py from docs/api/affiliate.openapi.json; edits are lost.

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict


class Apply(TypedDict):
    email: str
    name: str
    company: NotRequired[str | None]
    website: NotRequired[str | None]
    reason: NotRequired[str | None]
    answers: NotRequired[dict[str, str]]


class ApplyAnswer(TypedDict):
    id: str
    status: str
    message: str


class StatusAnswer(TypedDict):
    applied: bool
    status: NotRequired[str | None]
    rejectionReason: NotRequired[str | None]
    appliedAt: NotRequired[str | None]
    reviewedAt: NotRequired[str | None]
    affiliateCode: NotRequired[str | None]


class Balance(TypedDict):
    currency: str
    totalEarned: float
    totalEarnedCents: int
    pendingBalance: float
    pendingBalanceCents: int
    availableBalance: float
    availableBalanceCents: int
    totalPaid: float
    totalPaidCents: int


class Partner(TypedDict):
    enrolled: bool
    id: str
    customerId: str
    code: str
    type: str
    status: str
    commissionRate: float | None
    totalEarned: float
    totalEarnedCents: int
    pendingBalance: float
    pendingBalanceCents: int
    availableBalance: float
    availableBalanceCents: int
    totalPaid: float
    totalPaidCents: int
    currency: str
    balances: list[Balance]
    clicks: int
    referrals: int
    conversions: int
    referralUrl: str
    createdAt: str


class Stats(TypedDict):
    clicks: int
    referrals: int
    conversions: int
    conversionRate: float


class Referral(TypedDict):
    id: str
    customerEmail: str | None
    status: str
    createdAt: str
    convertedAt: str | None


class Commission(TypedDict):
    id: str
    referralId: str
    amount: float
    amountCents: int
    currency: str
    rate: float | None
    status: str
    createdAt: str
    approvesAt: str
    paidAt: str | None
    voidReason: str | None


class Payout(TypedDict):
    id: str
    affiliateId: str | None
    customerId: str
    email: str
    batchId: str
    amount: float
    amountCents: int
    amountReversed: float
    amountReversedCents: int
    currency: str
    fee: float
    feeCents: int
    status: str
    method: str
    destination: str
    reference: str | None
    failureReason: str | None
    createdAt: str | None
    paidAt: str | None


class Deal(TypedDict):
    id: str
    leadEmail: str
    leadName: str | None
    company: str | None
    companyDomain: str | None
    notes: str | None
    estimatedValue: float | None
    estimatedValueCents: int | None
    currency: str
    status: str
    declineReason: str | None
    renewals: int
    expiresAt: str
    wonAt: str | None
    createdAt: str


class Terms(TypedDict):
    commissionRate: float | None
    holdingPeriodDays: int
    minPayoutAmount: float
    minPayoutAmountCents: int
    cookieDurationDays: int


class DashboardAnswer(TypedDict):
    affiliate: Partner
    stats: Stats
    referrals: list[Referral]
    commissions: list[Commission]
    payouts: list[Payout]
    deals: list[Deal]
    settings: Terms


class ReferralsAnswer(TypedDict):
    total: int
    limit: int
    offset: int
    referrals: list[Referral]


class CommissionsAnswer(TypedDict):
    total: int
    limit: int
    offset: int
    commissions: list[Commission]


class PortalLinkAnswer(TypedDict):
    url: str
    expiresAt: str


class MagicLink(TypedDict):
    email: str
    redirectUrl: NotRequired[str | None]


class SentAnswer(TypedDict):
    success: bool
    message: str


class Verify(TypedDict):
    token: str


class Customer(TypedDict):
    id: str
    email: str
    name: str | None
    metadata: dict[str, Any]


class Entitlements(TypedDict):
    planName: str | None
    features: dict[str, Any]


class VerifiedAnswer(TypedDict):
    success: bool
    valid: bool
    customerId: str
    email: str
    sessionToken: str
    tenantId: str
    expiresAt: str
    customer: Customer
    entitlements: Entitlements
    redirectUrl: NotRequired[str | None]


class SessionAnswer(TypedDict):
    customer: Customer
    entitlements: Entitlements


class SignInSettingsAnswer(TypedDict):
    autoCreateCustomer: bool
    redirectUrls: list[str]


class ChangeSignInSettings(TypedDict):
    autoCreateCustomer: NotRequired[bool]
    redirectUrls: NotRequired[list[str]]


class Login(TypedDict):
    email: str
    password: str
    code: NotRequired[str | None]


class User(TypedDict):
    id: str
    email: str


class Tenant(TypedDict):
    id: str
    name: str
    role: str


class LoginAnswer(TypedDict):
    token: str
    expiresAt: str
    user: User
    tenants: list[Tenant]


class TrackClick(TypedDict):
    code: str
    url: str
    referrer: NotRequired[str | None]
    visitorId: NotRequired[str | None]
    userAgent: NotRequired[str | None]
    ip: NotRequired[str | None]


class TrackedAnswer(TypedDict):
    tracked: bool
    referralId: str
    visitorId: str
    expiresAt: str | None
    clickToken: str


class Application(TypedDict):
    id: str
    email: str
    name: str
    company: str | None
    website: str | None
    reason: str | None
    answers: dict[str, str]
    status: str
    rejectionReason: str | None
    internalNote: str | None
    affiliateId: str | None
    reviewedBy: str | None
    reviewedAt: str | None
    createdAt: str


class ApplicationsAnswer(TypedDict):
    total: int
    limit: int
    offset: int
    applications: list[Application]


class ApplicationAnswer(TypedDict):
    application: Application


class Note(TypedDict):
    internalNote: NotRequired[str | None]


class Review(TypedDict):
    action: Literal['approve', 'reject']
    code: NotRequired[str | None]
    rejectionReason: NotRequired[str | None]
    internalNote: NotRequired[str | None]


class Enrolled(TypedDict):
    id: str
    code: str
    customerId: str
    status: str


class ReviewedAnswer(TypedDict):
    application: Application
    affiliate: NotRequired[Enrolled | None]


class Question(TypedDict):
    key: str
    label: str
    kind: str
    required: bool
    choices: list[str]


class Settings(TypedDict):
    enabled: bool
    defaultCommissionRate: float | None
    holdingPeriodDays: int
    minPayoutAmount: float
    minPayoutAmountCents: int
    currency: str
    cookieDurationDays: int
    landingUrl: str | None
    reapplyAfterDays: int | None
    questions: list[Question]
    introduction: str | None
    autoApproveDomains: list[str]
    autoApproveCustomers: bool
    applicationUrl: str
    termsVersion: int | None


class SettingsAnswer(TypedDict):
    settings: Settings


class GivenQuestion(TypedDict):
    key: str
    label: str
    kind: NotRequired[Literal['text', 'long_text', 'choice']]
    required: NotRequired[bool]
    choices: NotRequired[list[str]]


class ChangeSettings(TypedDict):
    enabled: NotRequired[bool]
    defaultCommissionRate: NotRequired[float]
    holdingPeriodDays: NotRequired[int]
    minPayoutAmount: NotRequired[float]
    cookieDurationDays: NotRequired[int]
    appliesTo: NotRequired[Literal['new_referrals', 'from_date']]
    appliesFrom: NotRequired[str | None]
    landingUrl: NotRequired[str | None]
    reapplyAfterDays: NotRequired[int | None]
    questions: NotRequired[list[GivenQuestion]]
    introduction: NotRequired[str | None]
    autoApproveDomains: NotRequired[list[str]]
    autoApproveCustomers: NotRequired[bool]


MailSettings = TypedDict(
    'MailSettings',
    {
        'senderName': str | None,
        'senderAddress': str | None,
        'senderConfirmedAt': str | None,
        'senderDomains': list[str],
        'from': str,
        'replyTo': str | None,
    },
)


class MailSettingsAnswer(TypedDict):
    settings: MailSettings


class ChangeMailSettings(TypedDict):
    senderName: NotRequired[str | None]
    replyTo: NotRequired[str | None]
    senderAddress: NotRequired[str | None]


class TeamCommission(TypedDict):
    id: str
    affiliateId: str | None
    customerId: str
    email: str | None
    referralId: str
    code: str
    paymentId: str | None
    amount: float
    amountCents: int
    paidAmount: float
    paidAmountCents: int
    currency: str
    status: str
    termsVersion: int
    createdAt: str
    approvesAt: str
    paidAt: str | None
    voidReason: str | None
    voidNote: str | None
    voidedBy: str | None
    writeOffReason: str | None


class TeamCommissionsAnswer(TypedDict):
    total: int
    limit: int
    offset: int
    commissions: list[TeamCommission]


class VoidCommission(TypedDict):
    reason: NotRequired[Literal['self_referral', 'fraud', 'mistake', 'agreement', 'other']]
    note: NotRequired[str | None]


class TeamCommissionAnswer(TypedDict):
    commission: TeamCommission


class SignalReview(TypedDict):
    id: str
    referralId: str
    signal: str
    status: str
    evidence: dict[str, Any]
    openedAt: str
    decidedAt: str | None
    decidedBy: str | None
    note: str | None


class SignalReviewsAnswer(TypedDict):
    total: int
    limit: int
    offset: int
    reviews: list[SignalReview]


class SignalDecision(TypedDict):
    decision: Literal['release', 'confirm', 'undo']
    note: NotRequired[str | None]


class SignalReviewAnswer(TypedDict):
    review: SignalReview


class Forgive(TypedDict):
    currency: str
    amountCents: NotRequired[int | None]
    reason: str


class WriteOff(TypedDict):
    commissionId: str
    amount: float
    amountCents: int
    currency: str


class WriteOffAnswer(TypedDict):
    writeOff: WriteOff


class Candidate(TypedDict):
    affiliateId: str | None
    customerId: str
    email: str
    amount: float
    amountCents: int
    currency: str
    availableBalance: float
    availableBalanceCents: int
    openRefunds: float
    openRefundsCents: int
    commissions: int
    fee: float
    feeCents: int
    method: str | None
    destination: str | None
    reason: str | None
    explanation: str | None


class PreviewAnswer(TypedDict):
    candidates: list[Candidate]
    next: str | None


class Batch(TypedDict):
    id: str
    status: str
    payouts: int
    leftOut: int
    preparedBy: str
    approvedBy: str | None
    createdAt: str | None
    approvedAt: str | None
    sentAt: str | None


class BatchesAnswer(TypedDict):
    batches: list[Batch]


class BatchAnswer(TypedDict):
    batch: Batch


class FileAnswer(TypedDict):
    name: str
    content: str
    payouts: int
    parts: int


class PayoutSettings(TypedDict):
    currency: str
    minimums: dict[str, float]
    methods: list[str]
    taxProfileRequired: bool


class PayoutSettingsAnswer(TypedDict):
    settings: PayoutSettings


class ChangePayoutSettings(TypedDict):
    minimums: NotRequired[dict[str, float]]
    methods: NotRequired[list[str]]
    taxProfileRequired: NotRequired[bool]


class PayoutsAnswer(TypedDict):
    total: int
    limit: int
    offset: int
    payouts: list[Payout]


AffiliateId: TypeAlias = str


class Run(TypedDict):
    affiliateIds: NotRequired[list[AffiliateId] | None]
    currency: NotRequired[str | None]


class RunAnswer(TypedDict):
    batch: Batch
    payouts: list[Payout]


class PayoutLine(TypedDict):
    commissionId: str
    referralId: str
    paymentId: str
    amount: float
    amountCents: int
    earnedAt: str | None


class PayoutStep(TypedDict):
    status: str
    detail: str | None
    at: str | None


class WholePayoutAnswer(TypedDict):
    payout: Payout
    lines: list[PayoutLine]
    steps: list[PayoutStep]


class Paid(TypedDict):
    reference: str


class PayoutAnswer(TypedDict):
    payout: Payout


class Reason(TypedDict):
    reason: NotRequired[str]


class StatementLine(TypedDict):
    type: str
    amount: float
    amountCents: int
    effect: float
    effectCents: int
    balance: float
    balanceCents: int
    subject: str
    source: str
    at: str | None


class Statement(TypedDict):
    affiliateId: str | None
    month: str
    currency: str
    openingBalance: float
    openingBalanceCents: int
    lines: list[StatementLine]
    closingBalance: float
    closingBalanceCents: int
    isCut: bool


class RegisterDeal(TypedDict):
    leadEmail: str
    leadName: NotRequired[str | None]
    notes: NotRequired[str | None]
    company: NotRequired[str | None]
    companyDomain: NotRequired[str | None]
    estimatedValue: NotRequired[float | None]


class DealsAnswer(TypedDict):
    total: int
    limit: int
    offset: int
    deals: list[Deal]


class TeamDeal(TypedDict):
    deal: Deal
    affiliateId: str
    customerId: str | None
    reviewedBy: str | None
    reviewedAt: str | None
    rivals: list[Deal]


class TeamDealsAnswer(TypedDict):
    total: int
    limit: int
    offset: int
    deals: list[TeamDeal]


class DealSettings(TypedDict):
    enabled: bool
    protectionDays: int
    renewalsMax: int


class ChangeDealSettings(TypedDict):
    enabled: NotRequired[bool]
    protectionDays: NotRequired[int]
    renewalsMax: NotRequired[int]


class ReviewDeal(TypedDict):
    action: Literal['accept', 'decline']
    reason: NotRequired[str | None]


class ListedAffiliate(TypedDict):
    id: str
    customerId: str
    email: str
    name: str | None
    code: str
    type: str
    status: str
    balances: list[Balance]
    referrals: int
    conversions: int
    createdAt: str


class AffiliatesAnswer(TypedDict):
    total: int
    limit: int
    offset: int
    affiliates: list[ListedAffiliate]


class Enrol(TypedDict):
    customerId: str
    code: NotRequired[str | None]


class AffiliateAnswer(TypedDict):
    affiliate: Partner


class ChangeAffiliate(TypedDict):
    status: NotRequired[Literal['active', 'suspended', 'terminated']]
    code: NotRequired[str]
    commissionRate: NotRequired[float | None]
    appliesTo: NotRequired[Literal['new_referrals', 'from_date']]
    appliesFrom: NotRequired[str | None]


class Error(TypedDict):
    statusCode: int
    message: str
    error: str
    code: NotRequired[str]
