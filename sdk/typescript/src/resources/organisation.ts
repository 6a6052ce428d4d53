/** Teams and what belongs to them: a member's session reaches these, an API key does not. */

import type { components } from "../generated/billing.js";
import type { PageOptions } from "../listing.js";
import { segment, type Surface } from "../surface.js";
import type { CallOptions } from "../transport.js";
import type { ApiKey, AuditEntry, Invitation, Member, Project, Team } from "../types.js";

type Schema = components["schemas"];

export class Teams {
  constructor(private readonly root: Surface) {}

  async list(options?: CallOptions): Promise<Team[]> {
    return (await this.root.get<Schema["TeamsAnswer"]>("/teams", {}, options)).teams;
  }
  async create(team: Schema["CreateTeam"], options?: CallOptions): Promise<Team> {
    return (await this.root.post<Schema["TeamAnswer"]>("/teams", team, options)).team;
  }
  async get(teamId: string, options?: CallOptions): Promise<Team> {
    return (await this.root.get<Schema["TeamAnswer"]>(`/teams/${segment(teamId)}`, {}, options)).team;
  }
  async update(teamId: string, changes: Schema["UpdateTeam"], options?: CallOptions): Promise<Team> {
    return (await this.root.patch<Schema["TeamAnswer"]>(`/teams/${segment(teamId)}`, changes, options)).team;
  }
  delete(teamId: string, options?: CallOptions): Promise<Schema["Success"]> {
    return this.root.delete(`/teams/${segment(teamId)}`, {}, options);
  }
}

export class Projects {
  constructor(private readonly team: Surface) {}

  async list(options?: CallOptions): Promise<Project[]> {
    return (await this.team.get<Schema["ProjectsAnswer"]>("/projects", {}, options)).projects;
  }
  async create(project: Schema["CreateProject"], options?: CallOptions): Promise<Project> {
    return (await this.team.post<Schema["ProjectAnswer"]>("/projects", project, options)).project;
  }
  async get(projectId: string, options?: CallOptions): Promise<Project> {
    return (await this.team.get<Schema["ProjectAnswer"]>(`/projects/${segment(projectId)}`, {}, options)).project;
  }
  async update(projectId: string, changes: Schema["UpdateProject"], options?: CallOptions): Promise<Project> {
    return (await this.team.patch<Schema["ProjectAnswer"]>(`/projects/${segment(projectId)}`, changes, options)).project;
  }
  /** Throws `ConflictError` while the project has live subscriptions. */
  delete(projectId: string, options?: CallOptions): Promise<Schema["Success"]> {
    return this.team.delete(`/projects/${segment(projectId)}`, {}, options);
  }
}

export class Members {
  constructor(private readonly team: Surface) {}

  async list(options?: CallOptions): Promise<Member[]> {
    return (await this.team.get<Schema["MembersAnswer"]>("/members", {}, options)).members;
  }
  async update(userId: string, changes: Schema["UpdateMember"], options?: CallOptions): Promise<Member> {
    return (await this.team.patch<Schema["MemberAnswer"]>(`/members/${segment(userId)}`, changes, options)).member;
  }
  remove(userId: string, options?: CallOptions): Promise<Schema["Success"]> {
    return this.team.delete(`/members/${segment(userId)}`, {}, options);
  }
}

export class Invitations {
  constructor(
    private readonly team: Surface,
    private readonly root: Surface,
  ) {}

  async list(options?: CallOptions): Promise<Invitation[]> {
    return (await this.team.get<Schema["InvitationsAnswer"]>("/invitations", {}, options)).invitations;
  }
  async create(invitation: Schema["CreateInvitation"], options?: CallOptions): Promise<Invitation> {
    return (await this.team.post<Schema["InvitationAnswer"]>("/invitations", invitation, options)).invitation;
  }
  async resend(invitationId: string, options?: CallOptions): Promise<Invitation> {
    const path = `/invitations/${segment(invitationId)}/resend`;
    return (await this.team.post<Schema["InvitationAnswer"]>(path, {}, options)).invitation;
  }
  revoke(invitationId: string, options?: CallOptions): Promise<Schema["Success"]> {
    return this.team.delete(`/invitations/${segment(invitationId)}`, {}, options);
  }
  /** Join the team that the token of an invitation's letter names, as the user of this session. */
  async accept(token: string, options?: CallOptions): Promise<Schema["Accepted"]> {
    return (await this.root.post<Schema["AcceptedAnswer"]>("/invitations/accept", { token }, options)).membership;
  }
}

export class ApiKeys {
  constructor(private readonly team: Surface) {}

  async list(options?: CallOptions): Promise<ApiKey[]> {
    return (await this.team.get<Schema["ApiKeysAnswer"]>("/api-keys", {}, options)).keys;
  }
  /** Make a key; `rawKey` is shown this once. */
  create(key: Schema["CreateApiKey"], options?: CallOptions): Promise<Schema["CreatedKeyAnswer"]> {
    return this.team.post("/api-keys", key, options);
  }
  revoke(keyId: string, options?: CallOptions): Promise<Schema["Success"]> {
    return this.team.delete(`/api-keys/${segment(keyId)}`, {}, options);
  }
}

export class AuditLog {
  constructor(private readonly team: Surface) {}

  /** Return a page of what was done, newest first; the `id` of its last entry is the `before` of the next page. */
  async list(page: Pick<PageOptions, "limit"> & { before?: number } = {}, options?: CallOptions): Promise<AuditEntry[]> {
    return (await this.team.get<Schema["AuditLogAnswer"]>("/audit-log", { ...page }, options)).entries;
  }
}
