import type { components } from "../generated/billing.js";
import { segment, type Surface } from "../surface.js";
import type { CallOptions } from "../transport.js";
import type { WebhookDelivery, WebhookEndpoint } from "../types.js";

type Schema = components["schemas"];

/** Addresses of yours that are told what happens. `verifyWebhook` checks what comes to them. */
export class Webhooks {
  constructor(private readonly project: Surface) {}

  async list(options?: CallOptions): Promise<WebhookEndpoint[]> {
    return (await this.project.get<Schema["WebhooksAnswer"]>("/webhooks", {}, options)).webhooks;
  }
  /** Add an endpoint; its `secret` is shown this once. */
  create(webhook: Schema["CreateWebhook"], options?: CallOptions): Promise<Schema["WebhookSecretAnswer"]> {
    return this.project.once().post("/webhooks", webhook, options);
  }
  async get(webhookId: string, options?: CallOptions): Promise<WebhookEndpoint> {
    return (await this.project.get<Schema["WebhookAnswer"]>(`/webhooks/${segment(webhookId)}`, {}, options)).webhook;
  }
  async update(webhookId: string, changes: Schema["UpdateWebhook"], options?: CallOptions): Promise<WebhookEndpoint> {
    const path = `/webhooks/${segment(webhookId)}`;
    return (await this.project.patch<Schema["WebhookAnswer"]>(path, changes, options)).webhook;
  }
  delete(webhookId: string, options?: CallOptions): Promise<Schema["Success"]> {
    return this.project.delete(`/webhooks/${segment(webhookId)}`, {}, options);
  }
  /** Make a new secret; for a day both sign. */
  rotateSecret(webhookId: string, options?: CallOptions): Promise<Schema["WebhookSecretAnswer"]> {
    return this.project.once().post(`/webhooks/${segment(webhookId)}/rotate-secret`, {}, options);
  }
  /** Return a page of deliveries, newest first; the `id` of the last one is the `before` of the next page. */
  async listDeliveries(
    webhookId: string,
    query: { status?: string; before?: string; limit?: number } = {},
    options?: CallOptions,
  ): Promise<WebhookDelivery[]> {
    const path = `/webhooks/${segment(webhookId)}/deliveries`;
    return (await this.project.get<Schema["DeliveriesAnswer"]>(path, query, options)).deliveries;
  }
  /** Return a delivery with each of its attempts. */
  getDelivery(webhookId: string, deliveryId: string, options?: CallOptions): Promise<Schema["DeliveryDetailAnswer"]> {
    return this.project.get(`/webhooks/${segment(webhookId)}/deliveries/${segment(deliveryId)}`, {}, options);
  }
  async resendDelivery(webhookId: string, deliveryId: string, options?: CallOptions): Promise<WebhookDelivery> {
    const path = `/webhooks/${segment(webhookId)}/deliveries/${segment(deliveryId)}/resend`;
    return (await this.project.post<Schema["DeliveryAnswer"]>(path, {}, options)).delivery;
  }
  /** Send again what happened in a span of time. */
  resend(webhookId: string, span: Schema["ResendWebhook"], options?: CallOptions): Promise<Schema["ResentAnswer"]> {
    return this.project.once().post(`/webhooks/${segment(webhookId)}/resend`, span, options);
  }
  /** Send an example of an event. */
  async test(webhookId: string, event: Schema["TestWebhook"] = {}, options?: CallOptions): Promise<WebhookDelivery> {
    const path = `/webhooks/${segment(webhookId)}/test`;
    return (await this.project.post<Schema["DeliveryAnswer"]>(path, event, options)).delivery;
  }
}
