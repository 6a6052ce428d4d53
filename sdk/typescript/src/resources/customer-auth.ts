import type { components } from "../generated/affiliate.js";
import type { Sessions } from "../sessions.js";
import { segment } from "../surface.js";
import type { CallOptions } from "../transport.js";

type Schema = components["schemas"];

interface KeptSession {
  until: number;
  answer: Schema["SessionAnswer"];
}

const KEPT_AT_MOST = 1_000;

/** Customers sign in by a link in a letter; members by their password. */
export class CustomerAuth {
  private readonly kept = new Map<string, KeptSession>();

  constructor(
    private readonly sessions: Sessions,
    private readonly appId: string,
    private readonly options: { sessionCacheTTL: number; devCallbackUrl: string | undefined },
  ) {}

  /** Send a customer the link; `useDev` leads it to the client's `devCallbackUrl`. */
  sendMagicLink(
    email: string,
    link: { redirectUrl?: string; useDev?: boolean } = {},
    options?: CallOptions,
  ): Promise<Schema["SentAnswer"]> {
    const redirectUrl = link.redirectUrl ?? (link.useDev ? this.options.devCallbackUrl : undefined);
    const body = { email, ...(redirectUrl === undefined ? {} : { redirectUrl }) };
    return this.sessions.key().post(`${this.path}/magic-link`, body, options);
  }
  /** Change the token of a link into a session; it works once. */
  verifyToken(token: string, options?: CallOptions): Promise<Schema["VerifiedAnswer"]> {
    return this.sessions.nobody().post(`${this.path}/verify`, { token }, options);
  }
  /** The same for a page that was opened by the link; it uses the token up, so it is sent once although it is a GET. */
  verifyLink(token: string, options?: CallOptions): Promise<Schema["VerifiedAnswer"]> {
    return this.sessions.nobody().get(`${this.path}/verify`, { token }, { ...options, maxRetries: 0 });
  }
  /** Return whose session it is; remembered for `sessionCacheTTL` seconds, under the token itself. */
  async getSession(sessionToken?: string, options?: CallOptions): Promise<Schema["SessionAnswer"]> {
    const surface = this.sessions.session(sessionToken === undefined ? {} : { sessionToken });
    const known = sessionToken === undefined ? undefined : this.kept.get(sessionToken);
    if (known !== undefined && known.until > Date.now()) return known.answer;
    const answer = await surface.get<Schema["SessionAnswer"]>(`${this.path}/session`, {}, options);
    // Only what came: a request that one caller gives up, or that fails, is nobody else's.
    if (this.options.sessionCacheTTL > 0 && sessionToken !== undefined) {
      if (this.kept.size >= KEPT_AT_MOST) this.kept.clear();
      this.kept.set(sessionToken, { until: Date.now() + this.options.sessionCacheTTL * 1_000, answer });
    }
    return answer;
  }
  endSession(sessionToken?: string, options?: CallOptions): Promise<Schema["SentAnswer"]> {
    if (sessionToken !== undefined) this.kept.delete(sessionToken);
    return this.sessions.session(sessionToken === undefined ? {} : { sessionToken }).delete(`${this.path}/session`, {}, options);
  }
  /** Sign a member of the team in; `token` is the `memberToken` of a client. */
  login(member: Schema["Login"], options?: CallOptions): Promise<Schema["LoginAnswer"]> {
    return this.sessions.nobody().post("/v1/auth/login", member, options);
  }
  getSettings(options?: CallOptions): Promise<Schema["SignInSettingsAnswer"]> {
    return this.sessions.member().get(`${this.path}/settings`, {}, options);
  }
  updateSettings(settings: Schema["ChangeSignInSettings"], options?: CallOptions): Promise<Schema["SignInSettingsAnswer"]> {
    return this.sessions.member().patch(`${this.path}/settings`, settings, options);
  }

  private get path(): string {
    return `/v1/apps/${segment(this.appId)}/auth`;
  }
}
