"""`/console/{teamId}/members`: who is in the team and as what, and who is asked to come."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from billfold.base.errors import BillfoldError, NotFound
from billfold.domain.tenancy import invitations, members
from billfold.domain.tenancy.members import ListedMember, Role
from billfold.entrypoints import membership
from billfold.entrypoints.invitation_letters import invitation_letter
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.forms import Form
from billfold.entrypoints.web.session_cookie import set_cookie
from billfold.infrastructure.db.database import Writing

_HERE: Final = "/console/{team_id}/members"
_ROLES: Final = {
    "viewer": "Viewer: sees everything, changes nothing",
    "member": "Member: runs billing and referrals",
    "admin": "Admin: also keys, Stripe and people",
    "owner": "Owner: everything",
}


async def show_list(request: Request) -> Response:
    """Show members and open invitations."""
    visit = await enter(request)
    return await _page(visit, Form([("role", "member")]), {})


async def _page(visit: Visit, form: Form, errors: dict[str, str]) -> Response:
    rows = await visit.services.db.read(members.listed_members, visit.team_id)
    invited = []
    if visit.may(Role.ADMIN):
        invited = await visit.services.db.read(invitations.open_invitations, visit.team_id)
    grantable = {name: words for name, words in _ROLES.items() if visit.may(Role.OWNER) or name in {"viewer", "member"}}
    values = {
        "rows": rows,
        "invited": invited,
        "form": form,
        "errors": errors,
        "roles": grantable,
        "own_id": visit.session.user_id,
        "now": visit.now,
        "may_own": visit.may(Role.OWNER),
    }
    return visit.show("members.html", values, 400 if errors else 200)


async def invite(request: Request) -> Response:
    """Ask somebody into the team, by a mail."""
    visit = await enter(request)
    form = await visit.form(Role.ADMIN)
    role = form.text("role")
    if role not in _ROLES:
        return await _page(visit, form, {"role": "Role: choose one of the list."})

    async def unit(tx: Writing) -> invitations.Invitation:
        invitation, token = await invitations.invite(
            tx,
            team_id=visit.team_id,
            email=form.text("email"),
            role=Role(role),
            by=visit.session.user_id,
            now=visit.now,
        )
        letter = invitation_letter(
            visit.services.settings,
            invitation,
            token,
            team_name=visit.place.team_name,
            invited_by=visit.session.email,
        )
        await visit.services.mail.send(tx, letter, now=visit.now)
        return invitation

    try:
        made = await Recorded(visit, "invitation.created", details={"role": role}, of_team=True).write(unit)
    except BillfoldError as error:
        return await _page(visit, form, {"email": error.message})
    text = f"A mail is on its way to {made.email}."
    if not visit.services.mail.is_sending:
        text = f"The invitation of {made.email} lies in the mail drawer, because no mail server is set."
    return visit.done(f"{visit.team_home}/members", text)


async def revoke(request: Request) -> Response:
    """Take an invitation back."""
    visit = await enter(request)
    await visit.form(Role.ADMIN)
    invitation_id: str = request.path_params["invitation_id"]
    await Recorded(visit, "invitation.revoked", invitation_id, of_team=True).write(
        invitations.revoke_invitation,
        team_id=visit.team_id,
        invitation_id=invitation_id,
        by=visit.session.user_id,
        now=visit.now,
    )
    return visit.done(f"{visit.team_home}/members", "The invitation is taken back: its link is dead.")


async def show_one(request: Request) -> Response:
    """Show what can be done about a member."""
    visit = await enter(request)
    found = await _found(visit, request)
    if found.user_id != visit.session.user_id:
        visit.require(Role.ADMIN)
    grantable = {name: words for name, words in _ROLES.items() if visit.may(Role.OWNER) or name in {"viewer", "member"}}
    is_self = found.user_id == visit.session.user_id
    return visit.show("member.html", {"row": found, "roles": grantable, "is_self": is_self})


async def change_role(request: Request) -> Response:
    """Give a member another role; he is signed out everywhere."""
    visit = await enter(request)
    form = await visit.form(Role.ADMIN)
    found, role = await _found(visit, request), form.text("role")
    if role not in _ROLES:
        raise NotFound("There is no such role.")
    _, token = await visit.services.db.write(
        membership.change_role, visit, user_id=found.user_id, role=Role(role), now=visit.now
    )
    answer = visit.done(f"{visit.team_home}/members", f"{found.email} is {role} now.")
    return _with_cookie(visit, answer, token)


async def remove(request: Request) -> Response:
    """Take a member out of the team, or leave it."""
    visit = await enter(request)
    found = await _found(visit, request)
    is_self = found.user_id == visit.session.user_id
    await visit.form(Role.VIEWER if is_self else Role.ADMIN)
    token = await visit.services.db.write(membership.remove, visit, user_id=found.user_id, now=visit.now)
    if is_self:
        return _with_cookie(visit, RedirectResponse("/console", 303), token)
    return visit.done(f"{visit.team_home}/members", f"{found.email} is no longer in the team.")


def _with_cookie(visit: Visit, answer: Response, token: str | None) -> Response:
    if token is not None:
        set_cookie(visit.services, answer, token, is_kept=visit.session.is_kept)
    return answer


async def _found(visit: Visit, request: Request) -> ListedMember:
    rows = await visit.services.db.read(members.listed_members, visit.team_id)
    found = next((each for each in rows if each.user_id == request.path_params["user_id"]), None)
    if found is None:
        raise NotFound("There is no such member.")
    return found


ROUTES: Final = [
    Route(_HERE, show_list, methods=["GET"]),
    Route(_HERE, invite, methods=["POST"]),
    Route(f"{_HERE}/invitations/{{invitation_id}}/revocation", revoke, methods=["POST"]),
    Route(f"{_HERE}/{{user_id}}", show_one, methods=["GET"]),
    Route(f"{_HERE}/{{user_id}}/role", change_role, methods=["POST"]),
    Route(f"{_HERE}/{{user_id}}/removal", remove, methods=["POST"]),
]
