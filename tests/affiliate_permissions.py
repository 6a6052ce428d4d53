"""Who may call the affiliate API, written down by hand: the tests compare every route with it and try every cell.

`key SCOPE`: an API key with the scope. `customer`: a customer's session. `member SCOPE`: a member of the app's team whose
role stands for the scope. `everybody`: for getting a credential. A route that is new and has no row here fails.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from billfold.entrypoints.api.affiliate.access import CustomerAllowed, Everybody, Guard, KeyAllowed, MemberAllowed
from billfold.entrypoints.api.affiliate.app import guard_of, routes

ADMIN: Final = "/apps/{appId}/affiliates"
WHO: Final[dict[str, str]] = {
    "POST /affiliate/apply": "key referrals:write",
    "GET /affiliate/apply/status": "key referrals:read",
    "GET /affiliate/by-customer/{customerId}": "key referrals:read",
    "POST /affiliate/track": "key referrals:write",
    "POST /apps/{appId}/auth/magic-link": "key customers:write",
    "GET /affiliate": "customer",
    "GET /affiliate/dashboard": "customer",
    "GET /affiliate/portal-link": "customer",
    "GET /affiliate/referrals": "customer",
    "GET /affiliate/commissions": "customer",
    "GET /affiliate/payouts": "customer",
    "GET /affiliate/statement": "customer",
    "GET /apps/{appId}/auth/session": "customer",
    "DELETE /apps/{appId}/auth/session": "customer",
    "POST /apps/{appId}/auth/verify": "everybody",
    "GET /apps/{appId}/auth/verify": "everybody",
    "POST /auth/login": "everybody",
    "GET /apps/{appId}/auth/settings": "member customers:read",
    "PATCH /apps/{appId}/auth/settings": "member *",
    f"GET {ADMIN}": "member referrals:read",
    f"POST {ADMIN}": "member referrals:write",
    f"GET {ADMIN}/{{affiliateId}}": "member referrals:read",
    f"PATCH {ADMIN}/{{affiliateId}}": "member referrals:write",
    f"GET {ADMIN}/{{affiliateId}}/statement": "member referrals:read",
    f"GET {ADMIN}/settings": "member referrals:read",
    f"PATCH {ADMIN}/settings": "member referrals:write",
    f"GET {ADMIN}/mail-settings": "member referrals:read",
    f"PATCH {ADMIN}/mail-settings": "member *",
    f"GET {ADMIN}/applications": "member referrals:read",
    f"GET {ADMIN}/applications/{{applicationId}}": "member referrals:read",
    f"PATCH {ADMIN}/applications/{{applicationId}}": "member referrals:write",
    f"POST {ADMIN}/applications/{{applicationId}}/review": "member referrals:write",
    f"GET {ADMIN}/commissions": "member referrals:read",
    f"POST {ADMIN}/commissions/{{commissionId}}/void": "member referrals:write",
    f"POST {ADMIN}/commissions/{{commissionId}}/restore": "member referrals:write",
    f"GET {ADMIN}/reviews": "member referrals:read",
    f"POST {ADMIN}/reviews/{{reviewId}}/decision": "member referrals:write",
    f"POST {ADMIN}/{{affiliateId}}/write-offs": "member referrals:write",
    f"GET {ADMIN}/payouts": "member referrals:read",
    f"POST {ADMIN}/payouts": "member referrals:write",
    f"GET {ADMIN}/payouts/{{payoutId}}": "member referrals:read",
    f"POST {ADMIN}/payouts/{{payoutId}}/mark-paid": "member referrals:write",
    f"POST {ADMIN}/payouts/{{payoutId}}/cancel": "member referrals:write",
    f"POST {ADMIN}/payouts/{{payoutId}}/fail": "member referrals:write",
    f"POST {ADMIN}/payouts/{{payoutId}}/reverse": "member *",
    f"GET {ADMIN}/payouts/preview": "member referrals:read",
    f"GET {ADMIN}/payouts/batches": "member referrals:read",
    f"GET {ADMIN}/payouts/batches/{{batchId}}": "member referrals:read",
    f"POST {ADMIN}/payouts/batches/{{batchId}}/approve": "member *",
    f"POST {ADMIN}/payouts/batches/{{batchId}}/send": "member *",
    f"GET {ADMIN}/payouts/batches/{{batchId}}/export": "member *",
    f"GET {ADMIN}/payouts/settings": "member referrals:read",
    f"PATCH {ADMIN}/payouts/settings": "member *",
    "GET /affiliate/deals": "customer",
    "POST /affiliate/deals": "customer",
    "POST /affiliate/deals/{dealId}/renew": "customer",
    f"GET {ADMIN}/deals": "member referrals:read",
    f"GET {ADMIN}/deals/{{dealId}}": "member referrals:read",
    f"POST {ADMIN}/deals/{{dealId}}/review": "member referrals:write",
    f"POST {ADMIN}/deals/{{dealId}}/renew": "member referrals:write",
    f"GET {ADMIN}/deals/settings": "member referrals:read",
    f"PATCH {ADMIN}/deals/settings": "member referrals:write",
}


class AffiliateDoor(NamedTuple):
    """A route as the code has it; `path` begins after `/v1`."""

    method: str
    path: str
    guard: Guard

    @property
    def name(self) -> str:
        """The name of its row."""
        return f"{self.method} {self.path}"

    @property
    def asks(self) -> str:
        """What the code asks for."""
        if isinstance(self.guard, KeyAllowed):
            return f"key {self.guard.scope}"
        if isinstance(self.guard, MemberAllowed):
            return f"member {self.guard.scope}"
        return {CustomerAllowed: "customer", Everybody: "everybody"}[type(self.guard)]

    @property
    def kind(self) -> str:
        """Which credential it takes."""
        return self.asks.partition(" ")[0]

    def at(self, app_id: str, **ids: str) -> str:
        """Return an address of this door; what is not given is nobody's."""
        path = self.path.replace("{appId}", app_id)
        for part in [each.partition("}")[0] for each in path.split("{")[1:]]:
            path = path.replace(f"{{{part}}}", ids.get(part, "none"))
        return f"/v1{path}"


AFFILIATE_DOORS: Final = sorted(
    (
        AffiliateDoor(method, route.path, guard_of(route))
        for route in routes()
        for method in sorted(route.methods or ())
    ),
    key=lambda door: (door.path, door.method),
)
