"""Every route of the pages of people."""

from __future__ import annotations

from starlette.routing import Route

from billfold.entrypoints.web.people.account import account_routes
from billfold.entrypoints.web.people.invitations import invitation_routes
from billfold.entrypoints.web.people.passwords import password_routes
from billfold.entrypoints.web.people.sign_in import sign_in_routes
from billfold.entrypoints.web.people.sign_up import sign_up_routes
from billfold.entrypoints.web.people.team import team_routes


def people_routes() -> list[Route]:
    """Return the routes of signing in and up, of passwords, invitations and the account."""
    return [
        *sign_in_routes(),
        *sign_up_routes(),
        *password_routes(),
        *invitation_routes(),
        *account_routes(),
        *team_routes(),
    ]
