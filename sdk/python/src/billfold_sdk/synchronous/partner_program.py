# Made by scripts/generate.py from asynchronous/partner_program.py; edits are lost.

"""What a member of the team does with the partner program; needs a `member_token`."""

from __future__ import annotations

from billfold_sdk.synchronous.sessions import Sessions
from billfold_sdk.synchronous.surface import Surface
from billfold_sdk.requests import segment
from billfold_sdk.types import affiliate


class _OfProgram:
    def __init__(self, sessions: Sessions, app_id: str) -> None:
        self._sessions = sessions
        self._path = f"/v1/apps/{segment(app_id)}/affiliates"

    def _program(self) -> Surface:
        return self._sessions.member().below(self._path)


class Applications(_OfProgram):
    """Those who want to become partners."""

    def list(
        self, *, status: str | None = None, limit: int | None = None, offset: int | None = None
    ) -> affiliate.ApplicationsAnswer:
        """Return a page of them, newest first."""
        query = {"status": status, "limit": limit, "offset": offset}
        answer: affiliate.ApplicationsAnswer = self._program().get("/applications", query)
        return answer

    def get(self, application_id: str) -> affiliate.Application:
        """Return one."""
        answer: affiliate.ApplicationAnswer = self._program().get(f"/applications/{segment(application_id)}")
        return answer["application"]

    def note(self, application_id: str, note: affiliate.Note) -> affiliate.Application:
        """Keep a note that only the team sees."""
        path = f"/applications/{segment(application_id)}"
        answer: affiliate.ApplicationAnswer = self._program().patch(path, note)
        return answer["application"]

    def review(self, application_id: str, review: affiliate.Review) -> affiliate.ReviewedAnswer:
        """Approve or reject, once; raises `ConflictError` if it was decided before."""
        path = f"/applications/{segment(application_id)}/review"
        answer: affiliate.ReviewedAnswer = self._program().post(path, review)
        return answer


class Partners(_OfProgram):
    """The partners."""

    def list(
        self,
        *,
        status: str | None = None,
        search: str | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> affiliate.AffiliatesAnswer:
        """Return a page of them, newest first."""
        query = {"status": status, "search": search, "limit": limit, "offset": offset}
        answer: affiliate.AffiliatesAnswer = self._program().get("", query)
        return answer

    def enrol(self, partner: affiliate.Enrol) -> affiliate.Partner:
        """Make a customer a partner without an application."""
        answer: affiliate.AffiliateAnswer = self._program().post("", partner)
        return answer["affiliate"]

    def get(self, affiliate_id: str) -> affiliate.Partner:
        """Return one."""
        answer: affiliate.AffiliateAnswer = self._program().get(f"/{segment(affiliate_id)}")
        return answer["affiliate"]

    def update(self, affiliate_id: str, changes: affiliate.ChangeAffiliate) -> affiliate.Partner:
        """Suspend, bring back, or change code and rate."""
        answer: affiliate.AffiliateAnswer = self._program().patch(f"/{segment(affiliate_id)}", changes)
        return answer["affiliate"]

    def get_statement(self, affiliate_id: str, *, month: str, currency: str | None = None) -> affiliate.Statement:
        """Return one month (`2026-11`) in one currency, from its opening to its closing balance."""
        query = {"month": month, "currency": currency}
        answer: affiliate.Statement = self._program().get(f"/{segment(affiliate_id)}/statement", query)
        return answer

    def write_off(self, affiliate_id: str, debt: affiliate.Forgive) -> affiliate.WriteOffAnswer:
        """Forgive what a partner owes after refunds."""
        path = f"/{segment(affiliate_id)}/write-offs"
        answer: affiliate.WriteOffAnswer = self._program().post(path, debt)
        return answer


class PartnerSettings(_OfProgram):
    """What the program gives and to whom it is open."""

    def get(self) -> affiliate.Settings:
        """Return the settings."""
        answer: affiliate.SettingsAnswer = self._program().get("/settings")
        return answer["settings"]

    def update(self, changes: affiliate.ChangeSettings) -> affiliate.Settings:
        """Change them; what was earned stays."""
        answer: affiliate.SettingsAnswer = self._program().patch("/settings", changes)
        return answer["settings"]

    def get_mail(self) -> affiliate.MailSettings:
        """Return who writes to partners: the name, and the addresses that send and are answered."""
        answer: affiliate.MailSettingsAnswer = self._program().get("/mail-settings")
        return answer["settings"]

    def update_mail(self, changes: affiliate.ChangeMailSettings) -> affiliate.MailSettings:
        """Change it."""
        answer: affiliate.MailSettingsAnswer = self._program().patch("/mail-settings", changes)
        return answer["settings"]


class Commissions(_OfProgram):
    """What partners earned, and what looks wrong about it."""

    def list(
        self,
        *,
        status: str | None = None,
        affiliate_id: str | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> affiliate.TeamCommissionsAnswer:
        """Return a page of commissions, newest first."""
        query = {"status": status, "affiliateId": affiliate_id, "limit": limit, "offset": offset}
        answer: affiliate.TeamCommissionsAnswer = self._program().get("/commissions", query)
        return answer

    def void(self, commission_id: str, reason: affiliate.VoidCommission) -> affiliate.TeamCommissionAnswer:
        """Take one back, with a reason that the partner reads."""
        path = f"/commissions/{segment(commission_id)}/void"
        answer: affiliate.TeamCommissionAnswer = self._program().post(path, reason)
        return answer

    def restore(self, commission_id: str) -> affiliate.TeamCommissionAnswer:
        """Give one back that was taken."""
        path = f"/commissions/{segment(commission_id)}/restore"
        answer: affiliate.TeamCommissionAnswer = self._program().post(path)
        return answer

    def list_reviews(
        self, *, status: str | None = None, limit: int | None = None, offset: int | None = None
    ) -> affiliate.SignalReviewsAnswer:
        """Return what looks like somebody who refers themselves and waits for a person."""
        query = {"status": status, "limit": limit, "offset": offset}
        answer: affiliate.SignalReviewsAnswer = self._program().get("/reviews", query)
        return answer

    def decide_review(self, review_id: str, decision: affiliate.SignalDecision) -> affiliate.SignalReviewAnswer:
        """Release it, or take back what it earned."""
        path = f"/reviews/{segment(review_id)}/decision"
        answer: affiliate.SignalReviewAnswer = self._program().post(path, decision)
        return answer


class Deals(_OfProgram):
    """The leads that partners registered."""

    def list(
        self, *, status: str | None = None, limit: int | None = None, offset: int | None = None
    ) -> affiliate.TeamDealsAnswer:
        """Return a page of deals, each with the other open claims on the same company."""
        query = {"status": status, "limit": limit, "offset": offset}
        answer: affiliate.TeamDealsAnswer = self._program().get("/deals", query)
        return answer

    def get(self, deal_id: str) -> affiliate.TeamDeal:
        """Return one."""
        answer: affiliate.TeamDeal = self._program().get(f"/deals/{segment(deal_id)}")
        return answer

    def review(self, deal_id: str, review: affiliate.ReviewDeal) -> affiliate.Deal:
        """Accept or decline one."""
        answer: affiliate.Deal = self._program().post(f"/deals/{segment(deal_id)}/review", review)
        return answer

    def renew(self, deal_id: str) -> affiliate.Deal:
        """Protect it for one more window."""
        answer: affiliate.Deal = self._program().post(f"/deals/{segment(deal_id)}/renew")
        return answer

    def get_settings(self) -> affiliate.DealSettings:
        """Return for how long deals are protected."""
        answer: affiliate.DealSettings = self._program().get("/deals/settings")
        return answer

    def update_settings(self, changes: affiliate.ChangeDealSettings) -> affiliate.DealSettings:
        """Change it."""
        answer: affiliate.DealSettings = self._program().patch("/deals/settings", changes)
        return answer


class Payouts(_OfProgram):
    """What partners are paid."""

    def list(
        self,
        *,
        status: str | None = None,
        affiliate_id: str | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> affiliate.PayoutsAnswer:
        """Return a page of payouts, newest first."""
        query = {"status": status, "affiliateId": affiliate_id, "limit": limit, "offset": offset}
        answer: affiliate.PayoutsAnswer = self._program().get("/payouts", query)
        return answer

    def preview(self, *, after: str | None = None, limit: int | None = None) -> affiliate.PreviewAnswer:
        """Say for each partner what a run would pay, or why it would not."""
        query = {"after": after, "limit": limit}
        answer: affiliate.PreviewAnswer = self._program().get("/payouts/preview", query)
        return answer

    def run(self, run: affiliate.Run | None = None) -> affiliate.RunAnswer:
        """Make a batch of what is due; nothing is sent before it is approved."""
        answer: affiliate.RunAnswer = self._program().post("/payouts", run)
        return answer

    def get(self, payout_id: str) -> affiliate.WholePayoutAnswer:
        """Return a payout with its lines and what happened to it."""
        answer: affiliate.WholePayoutAnswer = self._program().get(f"/payouts/{segment(payout_id)}")
        return answer

    def mark_paid(self, payout_id: str, paid: affiliate.Paid) -> affiliate.PayoutAnswer:
        """Say that it was paid by hand."""
        answer: affiliate.PayoutAnswer = self._program().post(f"/payouts/{segment(payout_id)}/mark-paid", paid)
        return answer

    def cancel(self, payout_id: str, reason: affiliate.Reason) -> affiliate.PayoutAnswer:
        """Give up one that was not sent; its commissions are available again."""
        answer: affiliate.PayoutAnswer = self._program().post(f"/payouts/{segment(payout_id)}/cancel", reason)
        return answer

    def fail(self, payout_id: str, reason: affiliate.Reason) -> affiliate.PayoutAnswer:
        """Say that it did not arrive."""
        answer: affiliate.PayoutAnswer = self._program().post(f"/payouts/{segment(payout_id)}/fail", reason)
        return answer

    def reverse(self, payout_id: str, reason: affiliate.Reason) -> affiliate.PayoutAnswer:
        """Bring one back that was paid."""
        answer: affiliate.PayoutAnswer = self._program().post(f"/payouts/{segment(payout_id)}/reverse", reason)
        return answer

    def list_batches(self, *, limit: int | None = None, offset: int | None = None) -> affiliate.BatchesAnswer:
        """Return a page of batches, newest first."""
        query = {"limit": limit, "offset": offset}
        answer: affiliate.BatchesAnswer = self._program().get("/payouts/batches", query)
        return answer

    def get_batch(self, batch_id: str) -> affiliate.BatchAnswer:
        """Return a batch."""
        answer: affiliate.BatchAnswer = self._program().get(f"/payouts/batches/{segment(batch_id)}")
        return answer

    def approve_batch(self, batch_id: str) -> affiliate.BatchAnswer:
        """Approve it."""
        answer: affiliate.BatchAnswer = self._program().post(f"/payouts/batches/{segment(batch_id)}/approve")
        return answer

    def send_batch(self, batch_id: str) -> affiliate.BatchAnswer:
        """Send it."""
        answer: affiliate.BatchAnswer = self._program().post(f"/payouts/batches/{segment(batch_id)}/send")
        return answer

    def export_batch(
        self, batch_id: str, *, format: str, currency: str | None = None, part: int | None = None
    ) -> affiliate.FileAnswer:
        """Return a batch as the file that a bank, PayPal or Wise takes."""
        query = {"format": format, "currency": currency, "part": part}
        path = f"/payouts/batches/{segment(batch_id)}/export"
        answer: affiliate.FileAnswer = self._program().get(path, query)
        return answer

    def get_settings(self) -> affiliate.PayoutSettingsAnswer:
        """Return the settings of payouts."""
        answer: affiliate.PayoutSettingsAnswer = self._program().get("/payouts/settings")
        return answer

    def update_settings(self, changes: affiliate.ChangePayoutSettings) -> affiliate.PayoutSettingsAnswer:
        """Change them."""
        answer: affiliate.PayoutSettingsAnswer = self._program().patch("/payouts/settings", changes)
        return answer
