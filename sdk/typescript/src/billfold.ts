/** The client of the billing API. */

import { Products, Prices } from "./resources/catalog.js";
import { Checkout, Customers, Portal, Subscriptions } from "./resources/customers.js";
import { Events } from "./resources/events.js";
import { ApiKeys, AuditLog, Invitations, Members, Projects, Teams } from "./resources/organisation.js";
import { Programs, Referrals } from "./resources/referrals.js";
import { Analytics, Branding, IdentityProviders } from "./resources/settings.js";
import { Stripe } from "./resources/stripe.js";
import { Links, PromotionCodes, PublishableKeys } from "./resources/tracking.js";
import { Wallets } from "./resources/wallets.js";
import { Webhooks } from "./resources/webhooks.js";
import { segment, Surface } from "./surface.js";
import { Transport, type TransportOptions } from "./transport.js";

export interface BillfoldOptions extends TransportOptions {
  teamId: string;
  projectId: string;
  /** `bs_…`; it belongs on servers, never in a page. */
  apiKey?: string;
  /** Instead of a key: a member's session, for what belongs to the team. In a page of the server itself leave both out. */
  session?: string;
}

/**
 * One project of one team.
 *
 * ```ts
 * const billfold = new Billfold({ baseUrl: "https://billing.example.com", apiKey, teamId, projectId });
 * const customer = await billfold.customers.create({ email: "ann@example.com" });
 * ```
 */
export class Billfold {
  readonly customers: Customers;
  readonly products: Products;
  readonly prices: Prices;
  readonly subscriptions: Subscriptions;
  readonly checkout: Checkout;
  readonly portal: Portal;
  readonly analytics: Analytics;
  readonly referrals: Referrals;
  readonly programs: Programs;
  readonly wallets: Wallets;
  readonly webhooks: Webhooks;
  readonly events: Events;
  readonly links: Links;
  readonly publishableKeys: PublishableKeys;
  readonly promotionCodes: PromotionCodes;
  readonly branding: Branding;
  readonly identityProviders: IdentityProviders;
  readonly teams: Teams;
  readonly projects: Projects;
  readonly members: Members;
  readonly invitations: Invitations;
  readonly apiKeys: ApiKeys;
  readonly auditLog: AuditLog;
  readonly stripe: Stripe;

  constructor(options: BillfoldOptions) {
    const transport = new Transport(options);
    const headers = credentials(options, transport.baseUrl);
    const root = new Surface(transport, "/api/billstack", () => headers, false);
    const team = root.below(`/teams/${segment(options.teamId)}`);
    const project = new Surface(
      transport,
      `/api/billstack/teams/${segment(options.teamId)}/projects/${segment(options.projectId)}`,
      () => headers,
      true,
    );
    this.customers = new Customers(project);
    this.products = new Products(project);
    this.prices = new Prices(project);
    this.subscriptions = new Subscriptions(project);
    this.checkout = new Checkout(project);
    this.portal = new Portal(project);
    this.analytics = new Analytics(project);
    this.referrals = new Referrals(project);
    this.programs = new Programs(project);
    this.wallets = new Wallets(project);
    this.webhooks = new Webhooks(project);
    this.events = new Events(project);
    this.links = new Links(project);
    this.publishableKeys = new PublishableKeys(project);
    this.promotionCodes = new PromotionCodes(project);
    this.branding = new Branding(project);
    this.identityProviders = new IdentityProviders(project);
    this.teams = new Teams(root);
    this.projects = new Projects(team);
    this.members = new Members(team);
    this.invitations = new Invitations(team, root);
    this.apiKeys = new ApiKeys(team);
    this.auditLog = new AuditLog(team);
    this.stripe = new Stripe(team);
  }
}

function credentials(options: BillfoldOptions, baseUrl: string): Readonly<Record<string, string>> {
  if (options.apiKey !== undefined && options.session !== undefined) {
    throw new TypeError("Give either apiKey or session, not both.");
  }
  if (options.apiKey !== undefined) return { Authorization: `Bearer ${options.apiKey}` };
  if (options.session === undefined) return {};
  const { origin, protocol } = new URL(baseUrl);
  // Browsers keep a `__Host-` cookie only with https; a server on the loopback calls it without.
  const name = protocol === "https:" ? "__Host-billfold_session" : "billfold_session";
  // What changes something by a cookie must say that it comes from the server's own origin.
  return { Cookie: `${name}=${options.session}`, Origin: origin };
}
