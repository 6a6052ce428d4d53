"""The form that makes something void: a commission, or a whole referral."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from billfold.domain.referrals.verdicts import Verdict
from billfold.domain.referrals.voids import LONGEST_NOTE, REASONS, REFUNDED
from billfold.entrypoints.web.console.visits import Visit
from billfold.entrypoints.web.forms import Form

REASON_WORDS: Final[Mapping[str, str]] = {
    "self_referral": "The partner brought himself",
    "fraud": "Fraud",
    "mistake": "A mistake",
    "agreement": "Agreed with the partner",
    "other": "Another reason",
    REFUNDED: "The payment was given back",
}
# What the form offers: each reason with its words.
REASONS_OFFERED: Final[Mapping[str, str]] = {
    reason: words for reason, words in REASON_WORDS.items() if reason in REASONS
}


def read_verdict(visit: Visit, form: Form) -> tuple[Verdict, dict[str, str]]:
    """Return what the form says, and what is wrong with it by field."""
    reason, note = form.text("reason"), form.text("note")
    errors: dict[str, str] = {}
    if reason not in REASONS:
        errors["reason"] = "Reason: choose one."
    if len(note) > LONGEST_NOTE:
        errors["note"] = f"Note: at most {LONGEST_NOTE} characters."
    return Verdict(reason, visit.actor.name, note or None), errors
