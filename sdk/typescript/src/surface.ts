/** The requests of one surface: its base path, its credentials, and whether it knows `Idempotency-Key`. */

import { Listing, type PageOptions } from "./listing.js";
import type { Call, CallOptions, Method, Query, Transport } from "./transport.js";

export type Credentials = () => Readonly<Record<string, string>>;

export class Surface {
  constructor(
    private readonly transport: Transport,
    private readonly base: string,
    private readonly credentials: Credentials,
    private readonly idempotent: boolean,
  ) {}

  get<Answer>(path: string, query?: Query, options?: CallOptions): Promise<Answer> {
    return this.send("GET", path, { query }, options);
  }
  post<Answer>(path: string, body?: unknown, options?: CallOptions): Promise<Answer> {
    return this.send("POST", path, { body: body ?? {} }, options);
  }
  put<Answer>(path: string, body: unknown, options?: CallOptions): Promise<Answer> {
    return this.send("PUT", path, { body }, options);
  }
  patch<Answer>(path: string, body: unknown, options?: CallOptions): Promise<Answer> {
    return this.send("PATCH", path, { body }, options);
  }
  delete<Answer>(path: string, query?: Query, options?: CallOptions): Promise<Answer> {
    return this.send("DELETE", path, { query }, options);
  }

  /** Return the list at a path: `items` finds it in the answer. */
  list<Answer, Item>(
    path: string,
    page: PageOptions & Query,
    items: (answer: Answer) => Item[],
    options?: CallOptions,
  ): Listing<Item> {
    return new Listing(page, async ({ limit, offset }) => items(await this.get<Answer>(path, { ...page, limit, offset }, options)));
  }

  /** Return a surface below this one. */
  below(path: string): Surface {
    return new Surface(this.transport, `${this.base}${path}`, this.credentials, this.idempotent);
  }

  /** Return the same surface for what the server does not remember by an `Idempotency-Key`: it is sent once. */
  once(): Surface {
    return new Surface(this.transport, this.base, this.credentials, false);
  }

  private send<Answer>(method: Method, path: string, parts: Partial<Call>, options?: CallOptions): Promise<Answer> {
    return this.transport.send<Answer>({
      ...options,
      ...parts,
      method,
      path: `${this.base}${path}`,
      headers: this.credentials(),
      idempotent: this.idempotent,
    });
  }
}

/** Return an identifier as a segment of a path. */
export function segment(identifier: string): string {
  // An empty or dotted segment would turn "one of them" into "all of them", or climb out of the path.
  // Without types an identifier that is missing is no string at all.
  if (typeof identifier !== "string" || /^\.{0,2}$/.test(identifier)) throw new TypeError("An identifier is missing.");
  return encodeURIComponent(identifier);
}
