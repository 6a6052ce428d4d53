export { Billfold, type BillfoldOptions } from "./billfold.js";
export * from "./errors.js";
export { Listing, type PageOptions } from "./listing.js";
export type { CallOptions, Fetch, TransportOptions } from "./transport.js";
export type * from "./types.js";
export { verifyWebhook, type HeaderValues, type VerifyOptions, type WebhookEvent } from "./webhooks.js";
export {
  UserReferrals,
  type Conversion,
  type ReferralLink,
  type ReferralStats,
  type UserReferralsOptions,
} from "./user-referrals.js";
export { StackBE, type StackBEOptions } from "./stackbe.js";
export type { SessionOptions } from "./resources/affiliates.js";
