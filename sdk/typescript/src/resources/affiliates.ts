/** What an app and its partners do with the affiliate API. Amounts are dollars, with whole cents beside them. */

import type { components } from "../generated/affiliate.js";
import type { PageOptions } from "../listing.js";
import type { Sessions } from "../sessions.js";
import { segment } from "../surface.js";
import type { CallOptions } from "../transport.js";

type Schema = components["schemas"];

export interface SessionOptions extends CallOptions {
  /** The customer's session; without it the client's own counts. */
  sessionToken?: string;
}

export class Affiliates {
  constructor(private readonly sessions: Sessions) {}

  /** Apply for the partner program; throws `ConflictError` if this address applied before. */
  apply(application: Schema["Apply"], options?: CallOptions): Promise<Schema["ApplyAnswer"]> {
    return this.sessions.key().post("/v1/affiliate/apply", application, options);
  }
  getApplicationStatus(email: string, options?: CallOptions): Promise<Schema["StatusAnswer"]> {
    return this.sessions.key().get("/v1/affiliate/apply/status", { email }, options);
  }
  /** Return a customer's partner account by the API key; without an id, that of the session's customer. */
  get(customerId?: string, options?: SessionOptions): Promise<Schema["Partner"]> {
    if (customerId === undefined) return this.sessions.session(options).get("/v1/affiliate", {}, options);
    return this.sessions.key().get(`/v1/affiliate/by-customer/${segment(customerId)}`, {}, options);
  }
  getDashboard(options?: SessionOptions): Promise<Schema["DashboardAnswer"]> {
    return this.sessions.session(options).get("/v1/affiliate/dashboard", {}, options);
  }
  /** Return the address of the partner's own pages; it works for 24 hours and is a secret of the partner. */
  getPortalLink(options?: SessionOptions): Promise<Schema["PortalLinkAnswer"]> {
    return this.sessions.session(options).get("/v1/affiliate/portal-link", {}, options);
  }
  /** Say that somebody came by a partner's link. */
  trackReferral(
    code: string,
    url: string,
    visitor: Omit<Schema["TrackClick"], "code" | "url"> = {},
    options?: CallOptions,
  ): Promise<Schema["TrackedAnswer"]> {
    return this.sessions.key().post("/v1/affiliate/track", { ...visitor, code, url }, options);
  }
  listReferrals(page: PageOptions = {}, options?: SessionOptions): Promise<Schema["ReferralsAnswer"]> {
    return this.sessions.session(options).get("/v1/affiliate/referrals", { ...page }, options);
  }
  listCommissions(page: PageOptions = {}, options?: SessionOptions): Promise<Schema["CommissionsAnswer"]> {
    return this.sessions.session(options).get("/v1/affiliate/commissions", { ...page }, options);
  }
  listPayouts(page: PageOptions = {}, options?: SessionOptions): Promise<Schema["PayoutsAnswer"]> {
    return this.sessions.session(options).get("/v1/affiliate/payouts", { ...page }, options);
  }
  /** Return one month (`2026-11`) in one currency, from its opening to its closing balance. */
  getStatement(query: { month: string; currency?: string }, options?: SessionOptions): Promise<Schema["Statement"]> {
    return this.sessions.session(options).get("/v1/affiliate/statement", { ...query }, options);
  }
  /** Register a lead: while the team protects the deal, a lead who pays counts as the partner's. */
  registerDeal(deal: Schema["RegisterDeal"], options?: SessionOptions): Promise<Schema["Deal"]> {
    return this.sessions.session(options).post("/v1/affiliate/deals", deal, options);
  }
  listDeals(page: PageOptions = {}, options?: SessionOptions): Promise<Schema["DealsAnswer"]> {
    return this.sessions.session(options).get("/v1/affiliate/deals", { ...page }, options);
  }
  renewDeal(dealId: string, options?: SessionOptions): Promise<Schema["Deal"]> {
    return this.sessions.session(options).post(`/v1/affiliate/deals/${segment(dealId)}/renew`, {}, options);
  }
}
