/** What may run in a page: nothing here takes a secret key. */

export * from "./errors.js";
export type { CallOptions, Fetch, TransportOptions } from "./transport.js";
export {
  UserReferrals,
  type Conversion,
  type ReferralLink,
  type ReferralStats,
  type UserReferralsOptions,
} from "./user-referrals.js";
