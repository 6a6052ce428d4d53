import type { components } from "../generated/billing.js";
import type { Surface } from "../surface.js";
import type { CallOptions } from "../transport.js";
import type { EventPage, PublicEvent } from "../types.js";

type Schema = components["schemas"];

export interface EventsQuery {
  /** The cursor of the page before; left out, the oldest event that is kept. */
  after?: string;
  /** Only these types. */
  types?: readonly string[];
  limit?: number;
  /** For how many seconds the server waits if there is nothing yet; at most 30. */
  wait?: number;
}

const WAIT_SECONDS = 25;

/** Everything that happened, in one order, without a gap: what a receiver of webhooks missed is here. */
export class Events {
  constructor(private readonly project: Surface) {}

  list(query: EventsQuery = {}, options?: CallOptions): Promise<EventPage> {
    return this.project.get("/events", { ...query }, options);
  }
  /**
   * Follow the feed for ever: yields each event with the cursor behind it, which you keep to go on from.
   *
   * ```ts
   * for await (const { event, cursor } of billfold.events.follow({ after })) { await handle(event); await keep(cursor); }
   * ```
   */
  async *follow(
    query: Omit<EventsQuery, "wait"> = {},
    options?: CallOptions,
  ): AsyncGenerator<{ event: PublicEvent; cursor: string }, void, void> {
    let { after } = query;
    for (;;) {
      const asked = { ...query, ...(after === undefined ? {} : { after }), wait: WAIT_SECONDS };
      const page = await this.list(asked, { timeout: (WAIT_SECONDS + 15) * 1_000, ...options });
      const last = page.events.length - 1;
      for (const [place, event] of page.events.entries()) {
        // Inside a page the cursor is the one before: who stops there sees the page again, and misses nothing.
        yield { event, cursor: place === last ? page.cursor : (after ?? "") };
      }
      after = page.cursor;
    }
  }
  /** Make an example of an event happen, marked as a test. */
  trigger(event: Schema["TriggerEvent"] = {}, options?: CallOptions): Promise<Schema["Success"]> {
    return this.project.post("/events/test", event, options);
  }
}
