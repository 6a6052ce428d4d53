# Made by scripts/generate.py from docs/api/referral.openapi.json; edits are lost.

from __future__ import annotations

from typing import Literal, TypedDict


class ReferralLink(TypedDict):
    code: str
    link: str


class Conversion(TypedDict):
    converted: bool
    referrerId: str | None


class ReferralStats(TypedDict):
    totalReferrals: int
    convertedReferrals: int
    pendingReferrals: int
    totalRewards: int


class ReferralLinkAnswer(TypedDict):
    success: Literal[True]
    data: ReferralLink


class ConversionAnswer(TypedDict):
    success: Literal[True]
    data: Conversion


class ReferralStatsAnswer(TypedDict):
    success: Literal[True]
    data: ReferralStats


class Convert(TypedDict):
    referralCode: str
    email: str


class Error(TypedDict):
    success: Literal[False]
    error: str
