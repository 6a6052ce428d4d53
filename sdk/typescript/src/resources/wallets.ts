import type { components } from "../generated/billing.js";
import type { Listing, PageOptions } from "../listing.js";
import { segment, type Surface } from "../surface.js";
import type { CallOptions } from "../transport.js";
import type { Wallet, WalletEntry, WalletGrant, WalletSetting, WalletSpend } from "../types.js";

type Schema = components["schemas"];

/** Units of your own, such as `ai_credits`, that customers earn and spend. Amounts are whole units. */
export class Wallets {
  constructor(private readonly project: Surface) {}

  /** Return a customer's wallets, one for each unit. */
  async get(customerId: string, options?: CallOptions): Promise<Wallet[]> {
    return (await this.project.get<Schema["WalletsAnswer"]>(`/wallets/${segment(customerId)}`, {}, options)).wallets;
  }
  /** Spend from a wallet, once for each `key`; throws `InsufficientCreditsError` if it does not hold enough. */
  async spend(customerId: string, spend: Schema["SpendCredits"], options?: CallOptions): Promise<WalletSpend> {
    const path = `/wallets/${segment(customerId)}/spend`;
    return (await this.project.post<Schema["SpendAnswer"]>(path, spend, options)).spend;
  }
  /** Put units into a wallet, once for each `key`. */
  async grant(customerId: string, grant: Schema["GrantCredits"], options?: CallOptions): Promise<WalletGrant> {
    const path = `/wallets/${segment(customerId)}/grant`;
    return (await this.project.post<Schema["GrantAnswer"]>(path, grant, options)).grant;
  }
  /** Walk through the lines of the ledger behind a wallet, newest first. */
  entries(customerId: string, options: PageOptions & { unit?: string } = {}, call?: CallOptions): Listing<WalletEntry> {
    const path = `/wallets/${segment(customerId)}/entries`;
    return this.project.list(path, { ...options }, (answer: Schema["EntriesAnswer"]) => answer.entries, call);
  }
  async getSettings(options?: CallOptions): Promise<WalletSetting[]> {
    return (await this.project.get<Schema["WalletSettingsAnswer"]>("/wallet-settings", {}, options)).settings;
  }
  /** Set the monthly allowance of a unit, which is drawn before what was earned. */
  async updateSettings(setting: Schema["SetWalletSetting"], options?: CallOptions): Promise<WalletSetting[]> {
    return (await this.project.put<Schema["WalletSettingsAnswer"]>("/wallet-settings", setting, options)).settings;
  }
}
