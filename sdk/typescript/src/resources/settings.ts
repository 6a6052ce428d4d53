import type { components } from "../generated/billing.js";
import type { Surface } from "../surface.js";
import type { CallOptions } from "../transport.js";
import type { Analytics as Figures, Branding as Look, IdentityProvider } from "../types.js";

type Schema = components["schemas"];

export class Analytics {
  constructor(private readonly project: Surface) {}

  /** Return revenue, churn, growth and referrals; `mrr` is in major units, `mrrByCurrency` keeps currencies apart. */
  get(query: { growthDays?: number } = {}, options?: CallOptions): Promise<Figures> {
    return this.project.get("/analytics", query, options);
  }
}

export class Branding {
  constructor(private readonly project: Surface) {}

  async get(options?: CallOptions): Promise<Look> {
    return (await this.project.get<Schema["BrandingAnswer"]>("/branding", {}, options)).branding;
  }
  async update(branding: Schema["SetBranding"], options?: CallOptions): Promise<Look> {
    return (await this.project.put<Schema["BrandingAnswer"]>("/branding", branding, options)).branding;
  }
}

/** The logins whose tokens the referral API believes. */
export class IdentityProviders {
  constructor(private readonly project: Surface) {}

  async list(options?: CallOptions): Promise<IdentityProvider[]> {
    return (await this.project.get<Schema["IdentityProvidersAnswer"]>("/identity-provider", {}, options)).identityProviders;
  }
  async update(provider: Schema["PutIdentityProvider"], options?: CallOptions): Promise<IdentityProvider> {
    return (await this.project.put<Schema["IdentityProviderAnswer"]>("/identity-provider", provider, options)).identityProvider;
  }
  delete(issuer: string, options?: CallOptions): Promise<Schema["Success"]> {
    return this.project.delete("/identity-provider", { issuer }, options);
  }
}
