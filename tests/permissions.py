"""Who may do what, written down by hand: the tests compare every route with it and try every cell.

A route that is new and has no row here, or asks for something else, fails `tests/security/test_permissions.py`. What the code
itself says is printed to `docs/operate/permissions.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from billfold.domain.tenancy.api_keys import SCOPES
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.api.billing.access import Allowed, Guard, TeamAllowed
from billfold.entrypoints.api.billing.app import routes, team_routes

IN_PROJECT: Final = "/teams/{teamId}/projects/{projectId}"
FULL: Final = "*"
SIGNED_IN: Final = "signed in"

# Of a project: the scope that a key needs. `*` is a key without a list of scopes.
SCOPE_OF: Final[dict[str, str]] = {
    "GET /customers": "customers:read",
    "POST /customers": "customers:write",
    "GET /customers/{customerId}": "customers:read",
    "PATCH /customers/{customerId}": "customers:write",
    "DELETE /customers/{customerId}": "customers:write",
    "GET /products": "products:read",
    "POST /products": "products:write",
    "GET /products/{productId}": "products:read",
    "PATCH /products/{productId}": "products:write",
    "DELETE /products/{productId}": "products:write",
    "GET /products/{productId}/prices": "products:read",
    "POST /products/{productId}/prices": "products:write",
    "GET /prices/{priceId}": "products:read",
    "PATCH /prices/{priceId}": "products:write",
    "POST /checkout": "subscriptions:write",
    "GET /subscriptions": "subscriptions:read",
    "GET /subscriptions/{subscriptionId}": "subscriptions:read",
    "PATCH /subscriptions/{subscriptionId}": "subscriptions:write",
    "DELETE /subscriptions/{subscriptionId}": "subscriptions:write",
    "POST /portal": "subscriptions:write",
    "GET /referrals/config": "referrals:read",
    "PUT /referrals/config": "referrals:write",
    "GET /referrals/codes": "referrals:read",
    "POST /referrals/codes": "referrals:write",
    "GET /referrals/codes/{code}": "referrals:read",
    "DELETE /referrals/codes/{code}": "referrals:write",
    "POST /referrals/apply": "referrals:write",
    "POST /referrals/{referralId}/void": "referrals:write",
    "POST /referrals/{referralId}/restore": "referrals:write",
    "GET /referrals/explain": "referrals:read",
    "GET /programs/{programKey}/attribution": "referrals:read",
    "PUT /programs/{programKey}/attribution": "referrals:write",
    "GET /links": "referrals:read",
    "PUT /links": "referrals:write",
    "GET /publishable-keys": "referrals:read",
    "POST /publishable-keys": "referrals:write",
    "DELETE /publishable-keys/{publishableKeyId}": "referrals:write",
    "GET /promotion-codes": "referrals:read",
    "POST /promotion-codes": "referrals:write",
    "DELETE /promotion-codes/{promotionCodeId}": "referrals:write",
    "GET /programs": "referrals:read",
    "GET /programs/{programKey}": "referrals:read",
    "PUT /programs/{programKey}": "referrals:write",
    "GET /programs/{programKey}/terms": "referrals:read",
    "POST /programs/{programKey}/terms": "referrals:write",
    "POST /programs/{programKey}/terms/preview": "referrals:read",
    "GET /wallets/{customerId}": "wallets:read",
    "POST /wallets/{customerId}/spend": "wallets:write",
    "POST /wallets/{customerId}/grant": "wallets:write",
    "GET /wallets/{customerId}/entries": "wallets:read",
    "GET /wallet-settings": "wallets:read",
    "PUT /wallet-settings": "wallets:write",
    "GET /analytics": "analytics:read",
    "GET /webhooks": "webhooks:read",
    "POST /webhooks": "webhooks:write",
    "GET /webhooks/{webhookId}": "webhooks:read",
    "PATCH /webhooks/{webhookId}": "webhooks:write",
    "DELETE /webhooks/{webhookId}": "webhooks:write",
    "POST /webhooks/{webhookId}/rotate-secret": "webhooks:write",
    "POST /webhooks/{webhookId}/test": "webhooks:write",
    "POST /webhooks/{webhookId}/resend": "webhooks:write",
    "GET /webhooks/{webhookId}/deliveries": "webhooks:read",
    "GET /webhooks/{webhookId}/deliveries/{deliveryId}": "webhooks:read",
    "POST /webhooks/{webhookId}/deliveries/{deliveryId}/resend": "webhooks:write",
    "GET /events": "webhooks:read",
    "POST /events/test": "webhooks:write",
    "GET /branding": FULL,
    "PUT /branding": FULL,
    "GET /identity-provider": FULL,
    "PUT /identity-provider": FULL,
    "DELETE /identity-provider": FULL,
}
# Of a team or nobody's: the least role of the signed-in member. No key opens them (contract G3).
ROLE_OF: Final[dict[str, str]] = {
    "GET /teams": SIGNED_IN,
    "POST /teams": SIGNED_IN,
    "POST /invitations/accept": SIGNED_IN,
    "GET /teams/{teamId}": "viewer",
    "PATCH /teams/{teamId}": "owner",
    "DELETE /teams/{teamId}": "owner",
    "GET /teams/{teamId}/projects": "viewer",
    "POST /teams/{teamId}/projects": "admin",
    "GET /teams/{teamId}/projects/{projectId}": "viewer",
    "PATCH /teams/{teamId}/projects/{projectId}": "admin",
    "DELETE /teams/{teamId}/projects/{projectId}": "admin",
    "GET /teams/{teamId}/members": "viewer",
    "PATCH /teams/{teamId}/members/{userId}": "admin",
    # Oneself; admins remove others, which is a rule about two people and has tests of its own.
    "DELETE /teams/{teamId}/members/{userId}": "viewer",
    "GET /teams/{teamId}/invitations": "admin",
    "POST /teams/{teamId}/invitations": "admin",
    "POST /teams/{teamId}/invitations/{invitationId}/resend": "admin",
    "DELETE /teams/{teamId}/invitations/{invitationId}": "admin",
    "GET /teams/{teamId}/api-keys": "admin",
    "POST /teams/{teamId}/api-keys": "admin",
    "DELETE /teams/{teamId}/api-keys/{keyId}": "admin",
    "POST /teams/{teamId}/stripe/connect": "admin",
    "DELETE /teams/{teamId}/stripe/connect": "admin",
    "DELETE /teams/{teamId}/stripe/backfill": "admin",
    "POST /teams/{teamId}/stripe/simulate": "admin",
    "GET /teams/{teamId}/stripe/status": "admin",
    "GET /teams/{teamId}/stripe/webhook-url": "admin",
    "POST /teams/{teamId}/stripe/backfill": "admin",
    "GET /teams/{teamId}/stripe/unassigned": "admin",
    "POST /teams/{teamId}/stripe/assign": "admin",
    "GET /teams/{teamId}/stripe/reconciliation": "admin",
    "POST /teams/{teamId}/stripe/reconciliation": "admin",
    "GET /teams/{teamId}/audit-log": "admin",
}
# What a scope asks of a signed-in member (contract G7).
ROLE_OF_SCOPE: Final = {
    **{scope: "viewer" if scope.endswith(":read") else "member" for scope in SCOPES},
    FULL: "admin",
}
# Which roles reach which.
REACHES: Final = {
    SIGNED_IN: {"stranger", "viewer", "member", "admin", "owner"},
    "viewer": {"viewer", "member", "admin", "owner"},
    "member": {"member", "admin", "owner"},
    "admin": {"admin", "owner"},
    "owner": {"owner"},
}


class Door(NamedTuple):
    """A route as the code has it; `path` begins after `/api/billstack`."""

    method: str
    path: str
    guard: Guard

    @property
    def name(self) -> str:
        """The name of its row."""
        return f"{self.method} {self.path.removeprefix(IN_PROJECT) if self.is_of_project else self.path}"

    @property
    def is_of_project(self) -> bool:
        """Whether keys open it."""
        return isinstance(self.guard, Allowed)

    @property
    def asks(self) -> str:
        """The scope or the role that the code asks for."""
        if isinstance(self.guard, Allowed):
            return self.guard.scope
        return self.guard.role.value if isinstance(self.guard, TeamAllowed) else SIGNED_IN

    @property
    def role(self) -> str:
        """The least role that its row gives a signed-in member."""
        return ROLE_OF_SCOPE[SCOPE_OF[self.name]] if self.is_of_project else ROLE_OF[self.name]

    def at(self, team_id: str, project_id: str, **ids: str) -> str:
        """Return an address of this door; what is not given is nobody's."""
        path = self.path.replace("{teamId}", team_id).replace("{projectId}", project_id)
        for name in ("customerId", "productId", "priceId", "subscriptionId", "code", "programKey", "userId",
                     "invitationId", "keyId", "webhookId", "deliveryId", "referralId",
                     "publishableKeyId", "promotionCodeId"):  # fmt: skip
            path = path.replace(f"{{{name}}}", ids.get(name, "none"))
        assert "{" not in path, f"{self.name} names something that no row of the matrices knows"
        return path


def doors() -> Iterator[Door]:
    """Give every route of the billing API."""
    for route in routes():
        yield from _doors(IN_PROJECT + route.path, route)
    for route in team_routes():
        yield from _doors(route.path, route)


def _doors(path: str, route: Any) -> Iterator[Door]:
    (guard,) = [each.call for each in route.dependant.dependencies if isinstance(each.call, Guard)]
    for method in sorted(route.methods or ()):
        yield Door(method, path, guard)


DOORS: Final = sorted(doors(), key=lambda door: (door.path, door.method))
ROLES: Final = tuple(role.value for role in Role)
