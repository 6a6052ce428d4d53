/** The client of the affiliate API, under the names of its published samples. */

import { Affiliates } from "./resources/affiliates.js";
import { CustomerAuth } from "./resources/customer-auth.js";
import { Applications, Commissions, Deals, PartnerSettings, Partners, Payouts } from "./resources/partner-program.js";
import { Sessions } from "./sessions.js";
import { Transport, type TransportOptions } from "./transport.js";

export interface StackBEOptions extends Omit<TransportOptions, "baseUrl"> {
  /** The project, `proj_…`. */
  appId: string;
  /** `bs_…`; it belongs on servers, never in a page. */
  apiKey?: string;
  /** Where your server is; without it the environment variable `BILLFOLD_URL` says so. */
  baseUrl?: string;
  /** A customer's session for every call that needs one. Only where the client serves one customer: see `withSession`. */
  sessionToken?: string;
  /** A member's token from `auth.login`, for the calls of the team. */
  memberToken?: string;
  /** For how many seconds `auth.getSession` remembers an answer; 0 unless told. */
  sessionCacheTTL?: number;
  /** Where the link of a letter leads with `useDev`. */
  devCallbackUrl?: string;
}

/**
 * ```ts
 * const stackbe = new StackBE({ baseUrl, apiKey, appId });
 * const { status } = await stackbe.affiliates.apply({ email: "jane@example.com", name: "Jane Smith" });
 * ```
 */
export class StackBE {
  readonly affiliates: Affiliates;
  readonly auth: CustomerAuth;
  readonly applications: Applications;
  readonly partners: Partners;
  readonly settings: PartnerSettings;
  readonly commissions: Commissions;
  readonly deals: Deals;
  readonly payouts: Payouts;
  private readonly options: StackBEOptions;

  constructor(options: StackBEOptions) {
    this.options = options;
    const transport = new Transport({ ...options, baseUrl: options.baseUrl ?? addressOfEnvironment() });
    const sessions = new Sessions(transport, options, options.appId);
    this.affiliates = new Affiliates(sessions);
    this.auth = new CustomerAuth(sessions, options.appId, {
      sessionCacheTTL: options.sessionCacheTTL ?? 0,
      devCallbackUrl: options.devCallbackUrl,
    });
    this.applications = new Applications(sessions, options.appId);
    this.partners = new Partners(sessions, options.appId);
    this.settings = new PartnerSettings(sessions, options.appId);
    this.commissions = new Commissions(sessions, options.appId);
    this.deals = new Deals(sessions, options.appId);
    this.payouts = new Payouts(sessions, options.appId);
  }

  /** Return a client for one customer's session; this one stays as it is, so that no user gets another's. */
  withSession(sessionToken: string): StackBE {
    return new StackBE({ ...this.options, sessionToken });
  }
}

function addressOfEnvironment(): string {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  const address = process?.env?.["BILLFOLD_URL"];
  if (address === undefined) throw new TypeError("Give baseUrl, the address of your Billfold server, or set BILLFOLD_URL.");
  return address;
}
