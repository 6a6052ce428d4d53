/** What a member of the team does with the partner program; needs a `memberToken`. */

import type { components } from "../generated/affiliate.js";
import type { PageOptions } from "../listing.js";
import type { Sessions } from "../sessions.js";
import { segment, type Surface } from "../surface.js";
import type { CallOptions } from "../transport.js";

type Schema = components["schemas"];

class OfProgram {
  constructor(
    private readonly sessions: Sessions,
    private readonly appId: string,
  ) {}

  protected get program(): Surface {
    return this.sessions.member().below(`/v1/apps/${segment(this.appId)}/affiliates`);
  }
}

export class Applications extends OfProgram {
  list(query: PageOptions & { status?: string } = {}, options?: CallOptions): Promise<Schema["ApplicationsAnswer"]> {
    return this.program.get("/applications", { ...query }, options);
  }
  async get(applicationId: string, options?: CallOptions): Promise<Schema["Application"]> {
    const path = `/applications/${segment(applicationId)}`;
    return (await this.program.get<Schema["ApplicationAnswer"]>(path, {}, options)).application;
  }
  /** Keep a note that only the team sees. */
  async note(applicationId: string, note: Schema["Note"], options?: CallOptions): Promise<Schema["Application"]> {
    const path = `/applications/${segment(applicationId)}`;
    return (await this.program.patch<Schema["ApplicationAnswer"]>(path, note, options)).application;
  }
  /** Approve or reject, once; throws `ConflictError` if it was decided before. */
  review(applicationId: string, review: Schema["Review"], options?: CallOptions): Promise<Schema["ReviewedAnswer"]> {
    return this.program.post(`/applications/${segment(applicationId)}/review`, review, options);
  }
}

export class Partners extends OfProgram {
  list(
    query: PageOptions & { status?: string; search?: string } = {},
    options?: CallOptions,
  ): Promise<Schema["AffiliatesAnswer"]> {
    return this.program.get("", { ...query }, options);
  }
  /** Make a customer a partner without an application. */
  async enrol(partner: Schema["Enrol"], options?: CallOptions): Promise<Schema["Partner"]> {
    return (await this.program.post<Schema["AffiliateAnswer"]>("", partner, options)).affiliate;
  }
  async get(affiliateId: string, options?: CallOptions): Promise<Schema["Partner"]> {
    return (await this.program.get<Schema["AffiliateAnswer"]>(`/${segment(affiliateId)}`, {}, options)).affiliate;
  }
  /** Suspend, bring back, or change code and rate. */
  async update(affiliateId: string, changes: Schema["ChangeAffiliate"], options?: CallOptions): Promise<Schema["Partner"]> {
    return (await this.program.patch<Schema["AffiliateAnswer"]>(`/${segment(affiliateId)}`, changes, options)).affiliate;
  }
  getStatement(
    affiliateId: string,
    query: { month: string; currency?: string },
    options?: CallOptions,
  ): Promise<Schema["Statement"]> {
    return this.program.get(`/${segment(affiliateId)}/statement`, { ...query }, options);
  }
  /** Forgive what a partner owes after refunds. */
  writeOff(affiliateId: string, debt: Schema["Forgive"], options?: CallOptions): Promise<Schema["WriteOffAnswer"]> {
    return this.program.post(`/${segment(affiliateId)}/write-offs`, debt, options);
  }
}

export class PartnerSettings extends OfProgram {
  async get(options?: CallOptions): Promise<Schema["Settings"]> {
    return (await this.program.get<Schema["SettingsAnswer"]>("/settings", {}, options)).settings;
  }
  async update(changes: Schema["ChangeSettings"], options?: CallOptions): Promise<Schema["Settings"]> {
    return (await this.program.patch<Schema["SettingsAnswer"]>("/settings", changes, options)).settings;
  }
  /** Return who writes to partners: the name, and the addresses that send and are answered. */
  async getMail(options?: CallOptions): Promise<Schema["MailSettings"]> {
    return (await this.program.get<Schema["MailSettingsAnswer"]>("/mail-settings", {}, options)).settings;
  }
  async updateMail(changes: Schema["ChangeMailSettings"], options?: CallOptions): Promise<Schema["MailSettings"]> {
    return (await this.program.patch<Schema["MailSettingsAnswer"]>("/mail-settings", changes, options)).settings;
  }
}

export class Commissions extends OfProgram {
  list(
    query: PageOptions & { status?: string; affiliateId?: string } = {},
    options?: CallOptions,
  ): Promise<Schema["TeamCommissionsAnswer"]> {
    return this.program.get("/commissions", { ...query }, options);
  }
  /** Take one back, with a reason that the partner reads. */
  void(commissionId: string, reason: Schema["VoidCommission"], options?: CallOptions): Promise<Schema["TeamCommissionAnswer"]> {
    return this.program.post(`/commissions/${segment(commissionId)}/void`, reason, options);
  }
  restore(commissionId: string, options?: CallOptions): Promise<Schema["TeamCommissionAnswer"]> {
    return this.program.post(`/commissions/${segment(commissionId)}/restore`, {}, options);
  }
  /** Return what looks like somebody who refers themselves and waits for a person. */
  listReviews(query: PageOptions & { status?: string } = {}, options?: CallOptions): Promise<Schema["SignalReviewsAnswer"]> {
    return this.program.get("/reviews", { ...query }, options);
  }
  decideReview(reviewId: string, decision: Schema["SignalDecision"], options?: CallOptions): Promise<Schema["SignalReviewAnswer"]> {
    return this.program.post(`/reviews/${segment(reviewId)}/decision`, decision, options);
  }
}

export class Deals extends OfProgram {
  list(query: PageOptions & { status?: string } = {}, options?: CallOptions): Promise<Schema["TeamDealsAnswer"]> {
    return this.program.get("/deals", { ...query }, options);
  }
  get(dealId: string, options?: CallOptions): Promise<Schema["TeamDeal"]> {
    return this.program.get(`/deals/${segment(dealId)}`, {}, options);
  }
  review(dealId: string, review: Schema["ReviewDeal"], options?: CallOptions): Promise<Schema["Deal"]> {
    return this.program.post(`/deals/${segment(dealId)}/review`, review, options);
  }
  renew(dealId: string, options?: CallOptions): Promise<Schema["Deal"]> {
    return this.program.post(`/deals/${segment(dealId)}/renew`, {}, options);
  }
  getSettings(options?: CallOptions): Promise<Schema["DealSettings"]> {
    return this.program.get("/deals/settings", {}, options);
  }
  updateSettings(changes: Schema["ChangeDealSettings"], options?: CallOptions): Promise<Schema["DealSettings"]> {
    return this.program.patch("/deals/settings", changes, options);
  }
}

export class Payouts extends OfProgram {
  list(
    query: PageOptions & { status?: string; affiliateId?: string } = {},
    options?: CallOptions,
  ): Promise<Schema["PayoutsAnswer"]> {
    return this.program.get("/payouts", { ...query }, options);
  }
  /** Say for each partner what a run would pay, or why it would not. */
  preview(query: { after?: string; limit?: number } = {}, options?: CallOptions): Promise<Schema["PreviewAnswer"]> {
    return this.program.get("/payouts/preview", { ...query }, options);
  }
  /** Make a batch of what is due; nothing is sent before it is approved. */
  run(run: Schema["Run"] = {}, options?: CallOptions): Promise<Schema["RunAnswer"]> {
    return this.program.post("/payouts", run, options);
  }
  get(payoutId: string, options?: CallOptions): Promise<Schema["WholePayoutAnswer"]> {
    return this.program.get(`/payouts/${segment(payoutId)}`, {}, options);
  }
  markPaid(payoutId: string, paid: Schema["Paid"], options?: CallOptions): Promise<Schema["PayoutAnswer"]> {
    return this.program.post(`/payouts/${segment(payoutId)}/mark-paid`, paid, options);
  }
  cancel(payoutId: string, reason: Schema["Reason"], options?: CallOptions): Promise<Schema["PayoutAnswer"]> {
    return this.program.post(`/payouts/${segment(payoutId)}/cancel`, reason, options);
  }
  fail(payoutId: string, reason: Schema["Reason"], options?: CallOptions): Promise<Schema["PayoutAnswer"]> {
    return this.program.post(`/payouts/${segment(payoutId)}/fail`, reason, options);
  }
  reverse(payoutId: string, reason: Schema["Reason"], options?: CallOptions): Promise<Schema["PayoutAnswer"]> {
    return this.program.post(`/payouts/${segment(payoutId)}/reverse`, reason, options);
  }
  listBatches(page: PageOptions = {}, options?: CallOptions): Promise<Schema["BatchesAnswer"]> {
    return this.program.get("/payouts/batches", { ...page }, options);
  }
  getBatch(batchId: string, options?: CallOptions): Promise<Schema["BatchAnswer"]> {
    return this.program.get(`/payouts/batches/${segment(batchId)}`, {}, options);
  }
  approveBatch(batchId: string, options?: CallOptions): Promise<Schema["BatchAnswer"]> {
    return this.program.post(`/payouts/batches/${segment(batchId)}/approve`, {}, options);
  }
  sendBatch(batchId: string, options?: CallOptions): Promise<Schema["BatchAnswer"]> {
    return this.program.post(`/payouts/batches/${segment(batchId)}/send`, {}, options);
  }
  /** Return a batch as the file that a bank, PayPal or Wise takes. */
  exportBatch(
    batchId: string,
    query: { format: string; currency?: string; part?: number },
    options?: CallOptions,
  ): Promise<Schema["FileAnswer"]> {
    return this.program.get(`/payouts/batches/${segment(batchId)}/export`, { ...query }, options);
  }
  getSettings(options?: CallOptions): Promise<Schema["PayoutSettingsAnswer"]> {
    return this.program.get("/payouts/settings", {}, options);
  }
  updateSettings(changes: Schema["ChangePayoutSettings"], options?: CallOptions): Promise<Schema["PayoutSettingsAnswer"]> {
    return this.program.patch("/payouts/settings", changes, options);
  }
}
