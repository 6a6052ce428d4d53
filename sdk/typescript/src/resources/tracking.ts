import type { components } from "../generated/billing.js";
import { segment, type Surface } from "../surface.js";
import type { CallOptions } from "../transport.js";
import type { LinkSettings, PromotionCode, PublishableKey } from "../types.js";

type Schema = components["schemas"];

/** Where links lead and which hosts are the project's own. */
export class Links {
  constructor(private readonly project: Surface) {}

  async get(options?: CallOptions): Promise<LinkSettings> {
    return (await this.project.get<Schema["LinksAnswer"]>("/links", {}, options)).links;
  }
  async update(links: Schema["SetLinks"], options?: CallOptions): Promise<LinkSettings> {
    return (await this.project.put<Schema["LinksAnswer"]>("/links", links, options)).links;
  }
}

/** Keys for pages: they track visits from their origins and open nothing else. */
export class PublishableKeys {
  constructor(private readonly project: Surface) {}

  async list(options?: CallOptions): Promise<PublishableKey[]> {
    return (await this.project.get<Schema["PublishableKeysAnswer"]>("/publishable-keys", {}, options)).publishableKeys;
  }
  async create(key: Schema["CreatePublishableKey"], options?: CallOptions): Promise<PublishableKey> {
    return (await this.project.post<Schema["PublishableKeyAnswer"]>("/publishable-keys", key, options)).publishableKey;
  }
  revoke(publishableKeyId: string, options?: CallOptions): Promise<Schema["Success"]> {
    return this.project.delete(`/publishable-keys/${segment(publishableKeyId)}`, {}, options);
  }
}

/** Stripe's promotion codes that stand for somebody's referral code. */
export class PromotionCodes {
  constructor(private readonly project: Surface) {}

  async list(options?: CallOptions): Promise<PromotionCode[]> {
    return (await this.project.get<Schema["PromotionCodesAnswer"]>("/promotion-codes", {}, options)).promotionCodes;
  }
  async create(code: Schema["TiePromotionCode"], options?: CallOptions): Promise<PromotionCode> {
    return (await this.project.post<Schema["PromotionCodeAnswer"]>("/promotion-codes", code, options)).promotionCode;
  }
  delete(promotionCodeId: string, options?: CallOptions): Promise<Schema["Success"]> {
    return this.project.delete(`/promotion-codes/${segment(promotionCodeId)}`, {}, options);
  }
}
