# Made by scripts/generate.py from asynchronous/referrals.py; edits are lost.

"""Customers who bring customers, and the programs that reward them."""

from __future__ import annotations

import builtins

from billfold_sdk.synchronous.listing import Listing
from billfold_sdk.synchronous.surface import Surface
from billfold_sdk.requests import segment
from billfold_sdk.types import billing


class Referrals:
    """The referral program of the project."""

    def __init__(self, project: Surface) -> None:
        self._project = project

    def get_config(self) -> billing.ReferralConfig:
        """Return what the program gives."""
        answer: billing.ReferralConfigAnswer = self._project.get("/referrals/config")
        return answer["config"]

    def update_config(self, config: billing.PutReferralConfig) -> billing.ReferralConfig:
        """Set it, in minor units of `currency`; what was claimed before keeps the terms of its day."""
        answer: billing.ReferralConfigAnswer = self._project.put("/referrals/config", config)
        return answer["config"]

    def list_codes(
        self,
        *,
        active_only: bool | None = None,
        customer_id: str | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> Listing[billing.Code]:
        """List codes, newest first."""

        def items(answer: billing.CodesAnswer) -> list[billing.Code]:
            return answer["codes"]

        return self._project.list(
            "/referrals/codes", items, limit=limit, offset=offset, activeOnly=active_only, customerId=customer_id
        )

    def create_code(self, code: str | billing.CreateCode, *, idempotency_key: str | None = None) -> billing.Code:
        """Return the code of a customer, given by the id or with a limit; it is made at the first call."""
        body: billing.CreateCode = {"customerId": code} if isinstance(code, str) else code
        answer: billing.CodeAnswer = self._project.post("/referrals/codes", body, idempotency_key=idempotency_key)
        return answer["code"]

    def get_code(self, code: str, *, limit: int | None = None, offset: int | None = None) -> billing.CodeHistory:
        """Return a code with a page of those it brought, newest first."""
        answer: billing.CodeHistoryAnswer = self._project.get(
            f"/referrals/codes/{segment(code)}", {"limit": limit, "offset": offset}
        )
        return answer["code"]

    def deactivate_code(self, code: str) -> billing.Success:
        """Have a code bring nobody any more."""
        answer: billing.Success = self._project.delete(f"/referrals/codes/{segment(code)}")
        return answer

    def apply(self, claim: billing.ApplyCode, *, idempotency_key: str | None = None) -> billing.Referral:
        """Say that a new customer came with a code; both are credited when the customer subscribes."""
        answer: billing.ReferralAnswer = self._project.post(
            "/referrals/apply", claim, idempotency_key=idempotency_key
        )
        return answer["referral"]

    def void(
        self, referral_id: str, why: billing.VoidReferral, *, idempotency_key: str | None = None
    ) -> billing.JudgedReferral:
        """Have a whole referral count for nothing, with all that its payments earn."""
        path = f"/referrals/{segment(referral_id)}/void"
        answer: billing.JudgedReferralAnswer = self._project.post(path, why, idempotency_key=idempotency_key)
        return answer["referral"]

    def restore(self, referral_id: str, *, idempotency_key: str | None = None) -> billing.JudgedReferral:
        """Have it count again."""
        path = f"/referrals/{segment(referral_id)}/restore"
        answer: billing.JudgedReferralAnswer = self._project.post(path, idempotency_key=idempotency_key)
        return answer["referral"]

    def explain(
        self, *, customer: str | None = None, payment: str | None = None, reward: str | None = None
    ) -> billing.Explanation:
        """Say why a customer, a payment or a reward earned what it earned, to the cent."""
        query = {"customer": customer, "payment": payment, "reward": reward}
        answer: billing.ExplanationAnswer = self._project.get("/referrals/explain", query)
        return answer["explanation"]


class Programs:
    """Every program of the project as rules."""

    def __init__(self, project: Surface) -> None:
        self._project = project
        self._once = project.below("", idempotent=False)

    def list(self) -> list[billing.Program]:
        """List the programs."""
        answer: billing.ProgramsAnswer = self._project.get("/programs")
        return answer["programs"]

    def get(self, key: str) -> billing.Program:
        """Return a program."""
        answer: billing.ProgramAnswer = self._project.get(f"/programs/{segment(key)}")
        return answer["program"]

    def update(self, key: str, program: billing.PutProgram) -> billing.Program:
        """Put other rules in force; what was claimed before keeps its own."""
        answer: billing.ProgramAnswer = self._project.put(f"/programs/{segment(key)}", program)
        return answer["program"]

    def get_attribution(self, key: str) -> billing.AttributionRules:
        """Return who counts as having brought a customer when several things were seen."""
        answer: billing.AttributionRulesAnswer = self._project.get(f"/programs/{segment(key)}/attribution")
        return answer["attribution"]

    def update_attribution(self, key: str, rules: billing.SetAttributionRules) -> billing.AttributionRules:
        """Set it, for new referrals."""
        path = f"/programs/{segment(key)}/attribution"
        answer: billing.AttributionRulesAnswer = self._project.put(path, rules)
        return answer["attribution"]

    def list_terms(self, key: str) -> builtins.list[billing.TermsVersion]:
        """Return every version of a program's terms, and for what each one counts."""
        answer: billing.TermsVersionsAnswer = self._project.get(f"/programs/{segment(key)}/terms")
        return answer["versions"]

    def edit_terms(
        self, key: str, terms: billing.EditTerms, *, idempotency_key: str | None = None
    ) -> billing.TermsVersion:
        """Put other rules in force, for new referrals or from a date; what was earned stays."""
        path = f"/programs/{segment(key)}/terms"
        answer: billing.TermsVersionAnswer = self._project.post(path, terms, idempotency_key=idempotency_key)
        return answer["version"]

    def preview_terms(self, key: str, terms: billing.PreviewTerms) -> billing.Preview:
        """Say what other rules would have changed over the last 90 days; changes nothing."""
        answer: billing.PreviewAnswer = self._once.post(f"/programs/{segment(key)}/terms/preview", terms)
        return answer["preview"]
