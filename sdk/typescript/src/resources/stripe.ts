import type { components } from "../generated/billing.js";
import type { PageOptions } from "../listing.js";
import type { Surface } from "../surface.js";
import type { CallOptions } from "../transport.js";
import type { StripeStatus } from "../types.js";

type Schema = components["schemas"];

/** The team's Stripe account: a member's session reaches it, an API key does not. */
export class Stripe {
  constructor(private readonly team: Surface) {}

  connect(keys: Schema["ConnectStripe"], options?: CallOptions): Promise<Schema["ConnectedAnswer"]> {
    return this.team.post("/stripe/connect", keys, options);
  }
  disconnect(options?: CallOptions): Promise<Schema["Success"]> {
    return this.team.delete("/stripe/connect", {}, options);
  }
  /** Use the simulator in the box instead of an account. */
  simulate(options?: CallOptions): Promise<Schema["SimulatedAnswer"]> {
    return this.team.post("/stripe/simulate", {}, options);
  }
  getStatus(options?: CallOptions): Promise<StripeStatus> {
    return this.team.get("/stripe/status", {}, options);
  }
  getWebhookUrl(options?: CallOptions): Promise<Schema["WebhookUrlAnswer"]> {
    return this.team.get("/stripe/webhook-url", {}, options);
  }
  /** Import what the account holds; again is harmless. */
  startBackfill(backfill: Schema["StartBackfill"] = {}, options?: CallOptions): Promise<Schema["BackfillAnswer"]> {
    return this.team.post("/stripe/backfill", backfill, options);
  }
  /** Stop an import where it is; started again with the same wishes it goes on there. */
  stopBackfill(options?: CallOptions): Promise<Schema["BackfillAnswer"]> {
    return this.team.delete("/stripe/backfill", {}, options);
  }
  /** Return a page of what was imported and belongs to no project, with how many there are of each type. */
  listUnassigned(query: PageOptions & { type?: string } = {}, options?: CallOptions): Promise<Schema["UnassignedAnswer"]> {
    return this.team.get("/stripe/unassigned", { ...query }, options);
  }
  assign(assignment: Schema["AssignStripe"], options?: CallOptions): Promise<Schema["AssignedAnswer"]> {
    return this.team.post("/stripe/assign", assignment, options);
  }
  async getReconciliation(options?: CallOptions): Promise<Schema["ReportAnswer"]["report"]> {
    return (await this.team.get<Schema["ReportAnswer"]>("/stripe/reconciliation", {}, options)).report;
  }
  /** Compare a sample, or everything, with Stripe. */
  async startReconciliation(what: Schema["CompareStripe"] = {}, options?: CallOptions): Promise<Schema["ReportAnswer"]["report"]> {
    return (await this.team.post<Schema["ReportAnswer"]>("/stripe/reconciliation", what, options)).report;
  }
}
