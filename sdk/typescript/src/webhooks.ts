/** Checks that a webhook comes from your server: Standard Webhooks signatures, with the Web Crypto that every runtime has. */

import { WebhookVerificationError } from "./errors.js";

export type HeaderValues = Headers | Readonly<Record<string, string | string[] | undefined>>;

export interface WebhookEvent<Data = Record<string, unknown>> {
  /** The same in every try: remember it to handle an event once. */
  id: string;
  type: string;
  /** The same as `type`. */
  event: string;
  /** ISO 8601, in UTC. */
  timestamp: string;
  data: Data;
}

export interface VerifyOptions {
  /** How old, or how far ahead, the signature may be; 300 seconds unless told. */
  toleranceSeconds?: number;
  /** The present moment in milliseconds, for tests. */
  now?: number;
}

/**
 * Return the event of a webhook, or throw `WebhookVerificationError`.
 *
 * `rawBody` is the body exactly as it came, before any JSON parser; `secret` is the endpoint's `whsec_…`.
 */
export async function verifyWebhook<Data = Record<string, unknown>>(
  rawBody: string | Uint8Array | ArrayBuffer,
  headers: HeaderValues,
  secret: string,
  options: VerifyOptions = {},
): Promise<WebhookEvent<Data>> {
  const id = headerOf(headers, "webhook-id");
  const timestamp = headerOf(headers, "webhook-timestamp");
  const signatures = headerOf(headers, "webhook-signature");
  if (id === undefined || timestamp === undefined || signatures === undefined) {
    throw new WebhookVerificationError("The headers webhook-id, webhook-timestamp and webhook-signature are needed.");
  }
  const age = Math.abs((options.now ?? Date.now()) / 1_000 - (/^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN));
  if (!(age <= (options.toleranceSeconds ?? 300))) {
    throw new WebhookVerificationError("The signature is too old or from the future: check the clock.");
  }
  const body = bytesOf(rawBody);
  const head = new TextEncoder().encode(`${id}.${timestamp}.`);
  const signed = new Uint8Array(head.length + body.length);
  signed.set(head);
  signed.set(body, head.length);
  const crypto = await webCrypto();
  const key = await crypto.importKey("raw", keyOf(secret), { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  for (const candidate of signatures.split(" ")) {
    const [version, signature] = candidate.split(",", 2);
    const bytes = version === "v1" && signature !== undefined ? decoded(signature) : undefined;
    // `verify` compares in constant time. While a secret is rotated there are two signatures, and one match is enough.
    if (bytes !== undefined && (await crypto.verify("HMAC", key, bytes, signed))) {
      return JSON.parse(new TextDecoder().decode(body)) as WebhookEvent<Data>;
    }
  }
  throw new WebhookVerificationError("No signature fits: is it the right secret, and the body as it came?");
}

function headerOf(headers: HeaderValues, name: string): string | undefined {
  if (typeof (headers as Headers).get === "function") return (headers as Headers).get(name) ?? undefined;
  for (const [key, value] of Object.entries(headers as Record<string, string | string[] | undefined>)) {
    if (key.toLowerCase() === name) return Array.isArray(value) ? value[0] : value;
  }
  return undefined;
}

function bytesOf(rawBody: string | Uint8Array | ArrayBuffer): Uint8Array {
  if (typeof rawBody === "string") return new TextEncoder().encode(rawBody);
  if (rawBody instanceof Uint8Array) return rawBody;
  // Frameworks hand out what their parser made of a body, and its bytes cannot be had back.
  if (!(rawBody instanceof ArrayBuffer)) throw new WebhookVerificationError("rawBody must be the text or bytes as they came.");
  return new Uint8Array(rawBody);
}

function keyOf(secret: string): Uint8Array<ArrayBuffer> {
  // What was read from a file may end in a line break.
  const key = decoded(secret.trim().replace(/^whsec_/, ""));
  if (key === undefined || key.length === 0) throw new WebhookVerificationError("The secret is not one of a webhook endpoint.");
  return key;
}

function decoded(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

async function webCrypto(): Promise<SubtleCrypto> {
  if (globalThis.crypto?.subtle !== undefined) return globalThis.crypto.subtle;
  // Node 18 keeps it in a module; the name is put together so that bundlers for browsers do not look for it.
  const node = (await import(/* webpackIgnore: true */ /* @vite-ignore */ ["node", "crypto"].join(":"))) as {
    webcrypto: { subtle: SubtleCrypto };
  };
  return node.webcrypto.subtle;
}
