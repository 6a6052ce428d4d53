import type { components } from "../generated/billing.js";
import type { Listing, PageOptions } from "../listing.js";
import { segment, type Surface } from "../surface.js";
import type { CallOptions } from "../transport.js";
import type {
  AttributionRules,
  JudgedReferral,
  Program,
  Referral,
  ReferralCode,
  ReferralCodeHistory,
  ReferralConfig,
  ReferralExplanation,
  TermsPreview,
  TermsVersion,
} from "../types.js";

type Schema = components["schemas"];

export class Referrals {
  constructor(private readonly project: Surface) {}

  async getConfig(options?: CallOptions): Promise<ReferralConfig> {
    return (await this.project.get<Schema["ReferralConfigAnswer"]>("/referrals/config", {}, options)).config;
  }
  /** Amounts are in minor units of `currency`; what was claimed before keeps the terms of its day. */
  async updateConfig(config: Schema["PutReferralConfig"], options?: CallOptions): Promise<ReferralConfig> {
    return (await this.project.put<Schema["ReferralConfigAnswer"]>("/referrals/config", config, options)).config;
  }
  listCodes(options: PageOptions & { activeOnly?: boolean; customerId?: string } = {}, call?: CallOptions): Listing<ReferralCode> {
    return this.project.list("/referrals/codes", { ...options }, (answer: Schema["CodesAnswer"]) => answer.codes, call);
  }
  /** Return the customer's code; it is made at the first call. */
  async createCode(code: string | Schema["CreateCode"], options?: CallOptions): Promise<ReferralCode> {
    const body = typeof code === "string" ? { customerId: code } : code;
    return (await this.project.post<Schema["CodeAnswer"]>("/referrals/codes", body, options)).code;
  }
  /** Return a code with a page of those it brought, newest first. */
  async getCode(code: string, page: PageOptions = {}, options?: CallOptions): Promise<ReferralCodeHistory> {
    const path = `/referrals/codes/${segment(code)}`;
    return (await this.project.get<Schema["CodeHistoryAnswer"]>(path, { ...page }, options)).code;
  }
  deactivateCode(code: string, options?: CallOptions): Promise<Schema["Success"]> {
    return this.project.delete(`/referrals/codes/${segment(code)}`, {}, options);
  }
  /** Say that a new customer came with a code; both are credited when the customer subscribes. */
  async apply(claim: Schema["ApplyCode"], options?: CallOptions): Promise<Referral> {
    return (await this.project.post<Schema["ReferralAnswer"]>("/referrals/apply", claim, options)).referral;
  }
  /** Have a whole referral count for nothing, with all that its payments earn. */
  async void(id: string, why: Schema["VoidReferral"], options?: CallOptions): Promise<JudgedReferral> {
    return (await this.project.post<Schema["JudgedReferralAnswer"]>(`/referrals/${segment(id)}/void`, why, options)).referral;
  }
  /** Have it count again. */
  async restore(id: string, options?: CallOptions): Promise<JudgedReferral> {
    const path = `/referrals/${segment(id)}/restore`;
    return (await this.project.post<Schema["JudgedReferralAnswer"]>(path, undefined, options)).referral;
  }
  /** Say why a customer, a payment or a reward earned what it earned, to the cent. */
  async explain(
    about: { customer?: string; payment?: string; reward?: string },
    options?: CallOptions,
  ): Promise<ReferralExplanation> {
    return (await this.project.get<Schema["ExplanationAnswer"]>("/referrals/explain", about, options)).explanation;
  }
}

export class Programs {
  constructor(private readonly project: Surface) {}

  async list(options?: CallOptions): Promise<Program[]> {
    return (await this.project.get<Schema["ProgramsAnswer"]>("/programs", {}, options)).programs;
  }
  async get(key: string, options?: CallOptions): Promise<Program> {
    return (await this.project.get<Schema["ProgramAnswer"]>(`/programs/${segment(key)}`, {}, options)).program;
  }
  async update(key: string, program: Schema["PutProgram"], options?: CallOptions): Promise<Program> {
    return (await this.project.put<Schema["ProgramAnswer"]>(`/programs/${segment(key)}`, program, options)).program;
  }
  /** Return who counts as having brought a customer when several things were seen. */
  async getAttribution(key: string, options?: CallOptions): Promise<AttributionRules> {
    const path = `/programs/${segment(key)}/attribution`;
    return (await this.project.get<Schema["AttributionRulesAnswer"]>(path, {}, options)).attribution;
  }
  async updateAttribution(key: string, rules: Schema["SetAttributionRules"], options?: CallOptions): Promise<AttributionRules> {
    const path = `/programs/${segment(key)}/attribution`;
    return (await this.project.put<Schema["AttributionRulesAnswer"]>(path, rules, options)).attribution;
  }
  /** Return every version of a program's terms, and for what each one counts. */
  async listTerms(key: string, options?: CallOptions): Promise<TermsVersion[]> {
    return (await this.project.get<Schema["TermsVersionsAnswer"]>(`/programs/${segment(key)}/terms`, {}, options)).versions;
  }
  /** Put other rules in force, for new referrals or from a date; what was earned stays. */
  async editTerms(key: string, terms: Schema["EditTerms"], options?: CallOptions): Promise<TermsVersion> {
    const path = `/programs/${segment(key)}/terms`;
    return (await this.project.post<Schema["TermsVersionAnswer"]>(path, terms, options)).version;
  }
  /** Say what other rules would have changed over the last 90 days; changes nothing. */
  async previewTerms(key: string, terms: Schema["PreviewTerms"], options?: CallOptions): Promise<TermsPreview> {
    const path = `/programs/${segment(key)}/terms/preview`;
    return (await this.project.once().post<Schema["PreviewAnswer"]>(path, terms, options)).preview;
  }
}
