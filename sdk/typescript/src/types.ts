/** The objects of the APIs under their plain names; they come from the OpenAPI documents. */

import type { components as Billing } from "./generated/billing.js";

type Schema = Billing["schemas"];

export type Customer = Schema["Customer"];
export type Product = Schema["Product"];
export type Price = Schema["Price"];
export type Subscription = Schema["Subscription"];
export type CheckoutSession = Schema["CheckoutAnswer"];
export type PortalSession = Schema["PortalAnswer"];
export type Analytics = Schema["Analytics"];
export type ReferralConfig = Schema["ReferralConfig"];
export type ReferralCode = Schema["Code"];
export type ReferralCodeHistory = Schema["CodeHistory"];
export type Referral = Schema["Referral"];
export type Program = Schema["Program"];
export type Wallet = Schema["Wallet"];
export type WalletSpend = Schema["Spend"];
export type WalletGrant = Schema["Grant"];
export type WalletEntry = Schema["Entry"];
export type WalletSetting = Schema["WalletSetting"];
export type Branding = Schema["Branding"];
export type IdentityProvider = Schema["IdentityProvider"];
export type Team = Schema["Team"];
export type Project = Schema["Project"];
export type Member = Schema["Member"];
export type Invitation = Schema["Invitation"];
export type ApiKey = Schema["ApiKey"];
export type AuditEntry = Schema["AuditEntry"];
export type StripeStatus = Schema["StatusAnswer"];
export type WebhookEndpoint = Schema["Webhook"];
export type WebhookDelivery = Schema["Delivery"];
export type LinkSettings = Schema["Links"];
export type PublishableKey = Schema["PublishableKey"];
export type PromotionCode = Schema["PromotionCode"];
export type TermsVersion = Schema["TermsVersion"];
export type TermsPreview = Schema["Preview"];
export type JudgedReferral = Schema["JudgedReferral"];
export type ReferralExplanation = Schema["Explanation"];
export type EventPage = Schema["EventsAnswer"];
export type PublicEvent = EventPage["events"][number];
export type AttributionRules = Schema["AttributionRules"];
