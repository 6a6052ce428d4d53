/** One request: addresses, headers, time-outs, retries where they are safe, and errors as classes. */

import { BillfoldError, ConnectionError, errorOf, type ErrorBody } from "./errors.js";

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | null | undefined>>;
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface TransportOptions {
  /** Where the server is, such as `https://billing.example.com`. */
  baseUrl: string;
  /** In milliseconds for one try; 30,000 unless told. */
  timeout?: number | undefined;
  /** How often a request that may be sent again is; 2 unless told. */
  maxRetries?: number | undefined;
  /** Another `fetch`, for tests or a proxy. */
  fetch?: Fetch | undefined;
}

export interface CallOptions {
  /** In milliseconds for one try. */
  timeout?: number;
  signal?: AbortSignal;
  /** Sent as `Idempotency-Key` where the server remembers one; a POST of the billing API gets one by itself. */
  idempotencyKey?: string;
  /** How often this request is sent again, instead of what the client says; never what may not be sent twice. */
  maxRetries?: number;
}

export interface Call extends CallOptions {
  method: Method;
  path: string;
  query?: Query | undefined;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  /** Whether the server remembers an `Idempotency-Key` for this request. */
  idempotent?: boolean;
}

const RETRIED: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8_000;

export class Transport {
  readonly baseUrl: string;
  private readonly timeout: number;
  private readonly maxRetries: number;
  private readonly fetch: Fetch;

  constructor(options: TransportOptions) {
    if (!/^https?:\/\/[^/]/i.test(options.baseUrl)) {
      throw new TypeError("baseUrl must be the address of your Billfold server, such as https://billing.example.com.");
    }
    this.baseUrl = options.baseUrl.replace(/\/+$/, "");
    this.timeout = options.timeout ?? 30_000;
    this.maxRetries = options.maxRetries ?? 2;
    // Bound: in browsers `fetch` refuses to be called as a method of something else.
    this.fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  }

  /** Send a request and return its JSON answer; throws a `BillfoldError` for everything that is not a success. */
  async send<Answer>(call: Call): Promise<Answer> {
    const isRemembered = call.idempotent === true && call.method === "POST";
    const key = isRemembered ? { "Idempotency-Key": call.idempotencyKey ?? newKey() } : {};
    const request = { ...call, headers: { ...call.headers, ...key } };
    // A request that changes something is sent again only if the server can tell that it is the same one. A key of the caller's
    // does not make it so where the server remembers none.
    const retries = call.method === "GET" || isRemembered ? (call.maxRetries ?? this.maxRetries) : 0;
    for (let tried = 0; ; tried += 1) {
      try {
        return await this.sendOnce<Answer>(request);
      } catch (error) {
        if (tried >= retries || call.signal?.aborted || !isPassing(error)) throw error;
        const wait = waitOf(error, tried);
        // Who is told to stay away for long is told so now, instead of waiting, or of coming too early.
        if (wait > LONGEST_WAIT_MS + FIRST_WAIT_MS) throw error;
        await pause(wait, call.signal);
      }
    }
  }

  /** Return the address of a path with its query. */
  address(path: string, query: Query = {}): string {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value === undefined || value === null) continue;
      parameters.append(name, Array.isArray(value) ? value.join(",") : String(value));
    }
    const text = parameters.toString();
    return `${this.baseUrl}${path}${text === "" ? "" : `?${text}`}`;
  }

  private async sendOnce<Answer>(call: Call): Promise<Answer> {
    const outer = call.signal;
    if (outer?.aborted) throw outer.reason;
    const timer = new AbortController();
    const stop = (): void => timer.abort(outer?.reason);
    outer?.addEventListener("abort", stop, { once: true });
    let isLate = false;
    const alarm = setTimeout(() => {
      isLate = true;
      timer.abort();
    }, call.timeout ?? this.timeout);
    // A `fetch` of the caller's may not listen to a signal: nobody waits for it longer than he said.
    const stopped = new Promise<never>((_, reject) => {
      timer.signal.addEventListener("abort", () => reject(timer.signal.reason as unknown), { once: true });
    });
    try {
      const headers: Record<string, string> = { Accept: "application/json", ...call.headers };
      // Not "error", which workers at the edge do not know; what redirects is refused below.
      const init: RequestInit = { method: call.method, headers, signal: timer.signal, redirect: "manual" };
      if (call.body !== undefined) {
        headers["Content-Type"] = "application/json";
        init.body = JSON.stringify(call.body);
      }
      const asked = this.fetch(this.address(call.path, call.query), init);
      const whole = asked.then(async (response) => answerOf<Answer>(response, await response.text()));
      return await Promise.race([whole, stopped]);
    } catch (error) {
      if (error instanceof BillfoldError || (outer?.aborted && !isLate)) throw error;
      throw isLate
        ? new ConnectionError("The server did not answer in time.", { status: 0, code: "TIMEOUT", cause: error })
        : new ConnectionError(`The server at ${this.baseUrl} could not be reached.`, {
            status: 0,
            code: "NETWORK_ERROR",
            cause: error,
          });
    } finally {
      clearTimeout(alarm);
      outer?.removeEventListener("abort", stop);
    }
  }
}

function answerOf<Answer>(response: Response, text: string): Answer {
  let body: unknown;
  // Browsers show nothing of a redirect, not even its status.
  if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400)) {
    throw new BillfoldError("The server redirects elsewhere: is baseUrl its own address, with https?", {
      status: response.status,
      code: "REDIRECTED",
    });
  }
  try {
    body = text === "" ? undefined : JSON.parse(text);
  } catch (cause) {
    if (response.ok) {
      throw new BillfoldError("The answer is no JSON: is baseUrl the address of a Billfold server?", {
        status: response.status,
        code: "UNKNOWN_ERROR",
        cause,
      });
    }
  }
  if (response.ok) return body as Answer;
  const wait = Number(response.headers.get("Retry-After") ?? Number.NaN);
  throw errorOf(
    response.status,
    typeof body === "object" && body !== null ? (body as ErrorBody) : undefined,
    Number.isFinite(wait) && wait >= 0 ? wait : undefined,
  );
}

/** Tell whether the same request may work a moment later. */
export function isPassing(error: unknown): boolean {
  return error instanceof ConnectionError || (error instanceof BillfoldError && RETRIED.has(error.status));
}

/** Return for how many milliseconds to wait after a failure: what the server asks for, else longer with each time that was tried. */
export function waitOf(error: unknown, tried: number): number {
  // Full jitter: clients that failed together do not come back together.
  const chance = Math.random() * Math.min(FIRST_WAIT_MS * 2 ** tried, LONGEST_WAIT_MS);
  const asked = error instanceof BillfoldError ? error.retryAfterSeconds : undefined;
  return asked === undefined ? chance : asked * 1_000 + Math.min(chance, FIRST_WAIT_MS);
}

/** Wait; an abort ends it with its reason. */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const alarm = setTimeout(done, milliseconds);
    function done(): void {
      signal?.removeEventListener("abort", stop);
      resolve();
    }
    function stop(): void {
      clearTimeout(alarm);
      reject(signal?.reason);
    }
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** Return a key that no other request has. `crypto.randomUUID` is missing in Node 18 and on pages without https. */
export function newKey(): string {
  const random = globalThis.crypto;
  if (random !== undefined) {
    const bytes = random.getRandomValues(new Uint8Array(16));
    return `sdk-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  }
  const part = (): string => Math.floor(Math.random() * 2 ** 48).toString(16).padStart(12, "0");
  return `sdk-${Date.now().toString(16)}${part()}${part()}`;
}
