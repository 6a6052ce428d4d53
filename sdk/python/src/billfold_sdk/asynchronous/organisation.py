"""Teams and what belongs to them: a member's session reaches these, an API key does not."""

from __future__ import annotations

from billfold_sdk.asynchronous.surface import AsyncSurface
from billfold_sdk.requests import segment
from billfold_sdk.types import billing


class AsyncTeams:
    """The teams of the user."""

    def __init__(self, root: AsyncSurface) -> None:
        self._root = root

    async def list(self) -> list[billing.Team]:
        """List them."""
        answer: billing.TeamsAnswer = await self._root.get("/teams")
        return answer["teams"]

    async def create(self, team: billing.CreateTeam) -> billing.Team:
        """Make a team whose owner is the user."""
        answer: billing.TeamAnswer = await self._root.post("/teams", team)
        return answer["team"]

    async def get(self, team_id: str) -> billing.Team:
        """Return a team."""
        answer: billing.TeamAnswer = await self._root.get(f"/teams/{segment(team_id)}")
        return answer["team"]

    async def update(self, team_id: str, changes: billing.UpdateTeam) -> billing.Team:
        """Rename a team."""
        answer: billing.TeamAnswer = await self._root.patch(f"/teams/{segment(team_id)}", changes)
        return answer["team"]

    async def delete(self, team_id: str) -> billing.Success:
        """Delete a team that has no projects left."""
        answer: billing.Success = await self._root.delete(f"/teams/{segment(team_id)}")
        return answer


class AsyncProjects:
    """The projects of the team."""

    def __init__(self, team: AsyncSurface) -> None:
        self._team = team

    async def list(self) -> list[billing.Project]:
        """List them."""
        answer: billing.ProjectsAnswer = await self._team.get("/projects")
        return answer["projects"]

    async def create(self, project: billing.CreateProject) -> billing.Project:
        """Make a project."""
        answer: billing.ProjectAnswer = await self._team.post("/projects", project)
        return answer["project"]

    async def get(self, project_id: str) -> billing.Project:
        """Return a project."""
        answer: billing.ProjectAnswer = await self._team.get(f"/projects/{segment(project_id)}")
        return answer["project"]

    async def update(self, project_id: str, changes: billing.UpdateProject) -> billing.Project:
        """Rename a project."""
        answer: billing.ProjectAnswer = await self._team.patch(f"/projects/{segment(project_id)}", changes)
        return answer["project"]

    async def delete(self, project_id: str) -> billing.Success:
        """Delete a project; raises `ConflictError` while it has live subscriptions."""
        answer: billing.Success = await self._team.delete(f"/projects/{segment(project_id)}")
        return answer


class AsyncMembers:
    """The members of the team."""

    def __init__(self, team: AsyncSurface) -> None:
        self._team = team

    async def list(self) -> list[billing.Member]:
        """List them."""
        answer: billing.MembersAnswer = await self._team.get("/members")
        return answer["members"]

    async def update(self, user_id: str, changes: billing.UpdateMember) -> billing.Member:
        """Give a member another role."""
        answer: billing.MemberAnswer = await self._team.patch(f"/members/{segment(user_id)}", changes)
        return answer["member"]

    async def remove(self, user_id: str) -> billing.Success:
        """Remove a member; the last owner stays."""
        answer: billing.Success = await self._team.delete(f"/members/{segment(user_id)}")
        return answer


class AsyncInvitations:
    """Who was asked to join the team."""

    def __init__(self, team: AsyncSurface, root: AsyncSurface) -> None:
        self._team = team
        self._root = root

    async def list(self) -> list[billing.Invitation]:
        """List the open ones."""
        answer: billing.InvitationsAnswer = await self._team.get("/invitations")
        return answer["invitations"]

    async def create(self, invitation: billing.CreateInvitation) -> billing.Invitation:
        """Invite somebody by letter."""
        answer: billing.InvitationAnswer = await self._team.post("/invitations", invitation)
        return answer["invitation"]

    async def resend(self, invitation_id: str) -> billing.Invitation:
        """Send the letter again, with a new link."""
        answer: billing.InvitationAnswer = await self._team.post(f"/invitations/{segment(invitation_id)}/resend")
        return answer["invitation"]

    async def revoke(self, invitation_id: str) -> billing.Success:
        """Take an invitation back."""
        answer: billing.Success = await self._team.delete(f"/invitations/{segment(invitation_id)}")
        return answer

    async def accept(self, token: str) -> billing.Accepted:
        """Join the team that the token of an invitation's letter names, as the user of this session."""
        body: billing.AcceptInvitation = {"token": token}
        answer: billing.AcceptedAnswer = await self._root.post("/invitations/accept", body)
        return answer["membership"]


class AsyncApiKeys:
    """The API keys of the team."""

    def __init__(self, team: AsyncSurface) -> None:
        self._team = team

    async def list(self) -> list[billing.ApiKey]:
        """List them, without their secrets."""
        answer: billing.ApiKeysAnswer = await self._team.get("/api-keys")
        return answer["keys"]

    async def create(self, key: billing.CreateApiKey) -> billing.CreatedKeyAnswer:
        """Make a key; `rawKey` is shown this once."""
        answer: billing.CreatedKeyAnswer = await self._team.post("/api-keys", key)
        return answer

    async def revoke(self, key_id: str) -> billing.Success:
        """End a key at once."""
        answer: billing.Success = await self._team.delete(f"/api-keys/{segment(key_id)}")
        return answer


class AsyncAuditLog:
    """Who did what."""

    def __init__(self, team: AsyncSurface) -> None:
        self._team = team

    async def list(self, *, before: int | None = None, limit: int | None = None) -> list[billing.AuditEntry]:
        """Return a page, newest first; the `id` of its last entry is the `before` of the next page."""
        answer: billing.AuditLogAnswer = await self._team.get("/audit-log", {"before": before, "limit": limit})
        return answer["entries"]
