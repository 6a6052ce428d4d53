/** The referral API as a user's app sees it: a page may use it with the token of your own login, without a key. */

import type { components } from "./generated/referral.js";
import { Surface } from "./surface.js";
import { Transport, type CallOptions, type TransportOptions } from "./transport.js";

type Schema = components["schemas"];
export type ReferralLink = Schema["ReferralLink"];
export type Conversion = Schema["Conversion"];
export type ReferralStats = Schema["ReferralStats"];

export interface UserReferralsOptions extends TransportOptions {
  /** A token of the project's own login (JWT), or of a customer's session; `convert` needs none. */
  token?: string;
}

/**
 * ```ts
 * const mine = new UserReferrals({ baseUrl: "https://billing.example.com", token });
 * const { link } = await mine.getLink();
 * ```
 */
export class UserReferrals {
  private readonly surface: Surface;
  private readonly open: Surface;

  constructor(options: UserReferralsOptions) {
    const transport = new Transport(options);
    const headers: Record<string, string> = options.token === undefined ? {} : { Authorization: `Bearer ${options.token}` };
    this.surface = new Surface(transport, "/api/referral", () => headers, false);
    this.open = new Surface(transport, "/api/referral", () => ({}), false);
  }

  async getLink(options?: CallOptions): Promise<ReferralLink> {
    return (await this.surface.get<Schema["ReferralLinkAnswer"]>("/link", {}, options)).data;
  }
  /** Say that a newcomer registers with a code. The same address counts once, so to send it again is harmless. */
  async convert(claim: Schema["Convert"], options?: CallOptions): Promise<Conversion> {
    return (await this.open.post<Schema["ConversionAnswer"]>("/convert", claim, options)).data;
  }
  async getStats(options?: CallOptions): Promise<ReferralStats> {
    return (await this.surface.get<Schema["ReferralStatsAnswer"]>("/stats", {}, options)).data;
  }
}
