"""What an app and its partners do with the affiliate API. Amounts are dollars, with whole cents beside them."""

from __future__ import annotations

from billfold_sdk.asynchronous.sessions import AsyncSessions
from billfold_sdk.requests import segment
from billfold_sdk.types import affiliate


class AsyncAffiliates:
    """`session_token` is the customer's session; without it the client's own counts."""

    def __init__(self, sessions: AsyncSessions) -> None:
        self._sessions = sessions

    async def apply(self, application: affiliate.Apply) -> affiliate.ApplyAnswer:
        """Apply for the partner program; raises `ConflictError` if this address applied before."""
        answer: affiliate.ApplyAnswer = await self._sessions.key().post("/v1/affiliate/apply", application)
        return answer

    async def get_application_status(self, email: str) -> affiliate.StatusAnswer:
        """Return whether an address applied, and what became of it."""
        path = "/v1/affiliate/apply/status"
        answer: affiliate.StatusAnswer = await self._sessions.key().get(path, {"email": email})
        return answer

    async def get(self, customer_id: str | None = None, *, session_token: str | None = None) -> affiliate.Partner:
        """Return a customer's partner account by the API key; without an id, that of the session's customer."""
        if customer_id is None:
            own: affiliate.Partner = await self._sessions.session(session_token).get("/v1/affiliate")
            return own
        path = f"/v1/affiliate/by-customer/{segment(customer_id)}"
        answer: affiliate.Partner = await self._sessions.key().get(path)
        return answer

    async def get_dashboard(self, *, session_token: str | None = None) -> affiliate.DashboardAnswer:
        """Return what a partner sees first."""
        path = "/v1/affiliate/dashboard"
        answer: affiliate.DashboardAnswer = await self._sessions.session(session_token).get(path)
        return answer

    async def get_portal_link(self, *, session_token: str | None = None) -> affiliate.PortalLinkAnswer:
        """Return the address of the partner's own pages; it works for 24 hours and is a secret of the partner."""
        path = "/v1/affiliate/portal-link"
        answer: affiliate.PortalLinkAnswer = await self._sessions.session(session_token).get(path)
        return answer

    async def track_referral(
        self,
        code: str,
        url: str,
        *,
        referrer: str | None = None,
        visitor_id: str | None = None,
        user_agent: str | None = None,
        ip: str | None = None,
    ) -> affiliate.TrackedAnswer:
        """Say that somebody came by a partner's link."""
        visitor = {"referrer": referrer, "visitorId": visitor_id, "userAgent": user_agent, "ip": ip}
        body = {"code": code, "url": url, **{name: value for name, value in visitor.items() if value is not None}}
        answer: affiliate.TrackedAnswer = await self._sessions.key().post("/v1/affiliate/track", body)
        return answer

    async def list_referrals(
        self, *, limit: int | None = None, offset: int | None = None, session_token: str | None = None
    ) -> affiliate.ReferralsAnswer:
        """Return a page of those whom the partner brought."""
        query = {"limit": limit, "offset": offset}
        path = "/v1/affiliate/referrals"
        answer: affiliate.ReferralsAnswer = await self._sessions.session(session_token).get(path, query)
        return answer

    async def list_commissions(
        self, *, limit: int | None = None, offset: int | None = None, session_token: str | None = None
    ) -> affiliate.CommissionsAnswer:
        """Return a page of what the partner earned."""
        query = {"limit": limit, "offset": offset}
        path = "/v1/affiliate/commissions"
        answer: affiliate.CommissionsAnswer = await self._sessions.session(session_token).get(path, query)
        return answer

    async def list_payouts(
        self, *, limit: int | None = None, offset: int | None = None, session_token: str | None = None
    ) -> affiliate.PayoutsAnswer:
        """Return a page of what the partner was paid."""
        query = {"limit": limit, "offset": offset}
        path = "/v1/affiliate/payouts"
        answer: affiliate.PayoutsAnswer = await self._sessions.session(session_token).get(path, query)
        return answer

    async def get_statement(
        self, *, month: str, currency: str | None = None, session_token: str | None = None
    ) -> affiliate.Statement:
        """Return one month (`2026-11`) in one currency, from its opening to its closing balance."""
        query = {"month": month, "currency": currency}
        path = "/v1/affiliate/statement"
        answer: affiliate.Statement = await self._sessions.session(session_token).get(path, query)
        return answer

    async def register_deal(self, deal: affiliate.RegisterDeal, *, session_token: str | None = None) -> affiliate.Deal:
        """Register a lead: while the team protects the deal, a lead who pays counts as the partner's."""
        answer: affiliate.Deal = await self._sessions.session(session_token).post("/v1/affiliate/deals", deal)
        return answer

    async def list_deals(
        self, *, limit: int | None = None, offset: int | None = None, session_token: str | None = None
    ) -> affiliate.DealsAnswer:
        """Return a page of the partner's deals."""
        query = {"limit": limit, "offset": offset}
        answer: affiliate.DealsAnswer = await self._sessions.session(session_token).get("/v1/affiliate/deals", query)
        return answer

    async def renew_deal(self, deal_id: str, *, session_token: str | None = None) -> affiliate.Deal:
        """Protect an open deal for one more window."""
        path = f"/v1/affiliate/deals/{segment(deal_id)}/renew"
        answer: affiliate.Deal = await self._sessions.session(session_token).post(path)
        return answer
