import type { components } from "../generated/billing.js";
import type { Listing, PageOptions } from "../listing.js";
import { segment, type Surface } from "../surface.js";
import type { CallOptions } from "../transport.js";
import type { CheckoutSession, Customer, PortalSession, Subscription } from "../types.js";

type Schema = components["schemas"];

export class Customers {
  constructor(private readonly project: Surface) {}

  list(options: PageOptions = {}, call?: CallOptions): Listing<Customer> {
    return this.project.list("/customers", { ...options }, (answer: Schema["CustomersAnswer"]) => answer.customers, call);
  }
  /** The e-mail address is unique in a project; throws `ConflictError` if it is taken. */
  async create(customer: Schema["CreateCustomer"], options?: CallOptions): Promise<Customer> {
    return (await this.project.post<Schema["CustomerAnswer"]>("/customers", customer, options)).customer;
  }
  async get(customerId: string, options?: CallOptions): Promise<Customer> {
    return (await this.project.get<Schema["CustomerAnswer"]>(`/customers/${segment(customerId)}`, {}, options)).customer;
  }
  /** `metadata` replaces what is there. */
  async update(customerId: string, changes: Schema["UpdateCustomer"], options?: CallOptions): Promise<Customer> {
    const path = `/customers/${segment(customerId)}`;
    return (await this.project.patch<Schema["CustomerAnswer"]>(path, changes, options)).customer;
  }
  /** Remove the customer here; the Stripe customer stays, with its subscriptions. */
  delete(customerId: string, options?: CallOptions): Promise<Schema["Success"]> {
    return this.project.delete(`/customers/${segment(customerId)}`, {}, options);
  }
}

export class Checkout {
  constructor(private readonly project: Surface) {}

  /** Open a checkout page; send the customer to its `url`. */
  create(checkout: Schema["OpenCheckout"], options?: CallOptions): Promise<CheckoutSession> {
    return this.project.post("/checkout", checkout, options);
  }
}

export class Portal {
  constructor(private readonly project: Surface) {}

  /** Open the portal for a customer; `portalUrl` is a secret of that customer and works until `expiresAt`. */
  create(portal: Schema["OpenPortal"], options?: CallOptions): Promise<PortalSession> {
    return this.project.once().post("/portal", portal, options);
  }
}

export class Subscriptions {
  constructor(private readonly project: Surface) {}

  list(options: PageOptions & { activeOnly?: boolean; customerId?: string } = {}, call?: CallOptions): Listing<Subscription> {
    return this.project.list("/subscriptions", { ...options }, (answer: Schema["SubscriptionsAnswer"]) => answer.subscriptions, call);
  }
  async get(subscriptionId: string, options?: CallOptions): Promise<Subscription> {
    const path = `/subscriptions/${segment(subscriptionId)}`;
    return (await this.project.get<Schema["SubscriptionAnswer"]>(path, {}, options)).subscription;
  }
  /** Let it end with the period that is paid for. */
  cancel(subscriptionId: string, options?: CallOptions): Promise<Subscription> {
    return this.change(subscriptionId, true, options);
  }
  /** Take a `cancel` back, as long as the period runs. */
  resume(subscriptionId: string, options?: CallOptions): Promise<Subscription> {
    return this.change(subscriptionId, false, options);
  }
  /** End it at once. */
  async cancelNow(subscriptionId: string, options?: CallOptions): Promise<Subscription> {
    const path = `/subscriptions/${segment(subscriptionId)}`;
    return (await this.project.delete<Schema["SubscriptionAnswer"]>(path, {}, options)).subscription;
  }

  private async change(subscriptionId: string, cancelAtPeriodEnd: boolean, options?: CallOptions): Promise<Subscription> {
    const path = `/subscriptions/${segment(subscriptionId)}`;
    return (await this.project.patch<Schema["SubscriptionAnswer"]>(path, { cancelAtPeriodEnd }, options)).subscription;
  }
}
