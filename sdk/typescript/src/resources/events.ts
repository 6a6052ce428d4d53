import type { components } from "../generated/billing.js";
import type { Surface } from "../surface.js";
import { isPassing, pause, waitOf, type CallOptions } from "../transport.js";
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
const EXTRA_SECONDS = 15;

/** Everything that happened, in one order, without a gap: what a receiver of webhooks missed is here. */
export class Events {
  constructor(private readonly project: Surface) {}

  list(query: EventsQuery = {}, options?: CallOptions): Promise<EventPage> {
    // The server's waiting does not count against the client's time.
    const timeout = query.wait === undefined ? {} : { timeout: (query.wait + EXTRA_SECONDS) * 1_000 };
    return this.project.get("/events", { ...query }, { ...timeout, ...options });
  }
  /**
   * Follow the feed for ever: yields each event with the cursor behind it, which you keep to go on from. Once the server has
   * answered, it is waited for while it is away; a refusal, and an abort by `options.signal`, end it with their error.
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
    let failed = -1;
    for (;;) {
      const asked = { ...query, ...(after === undefined ? {} : { after }), wait: WAIT_SECONDS };
      let page: EventPage;
      try {
        page = await this.list(asked, options);
        failed = 0;
      } catch (error) {
        // A server that is restarted does not end the feed. One that never answered is a mistake to hear of.
        if (failed < 0 || options?.signal?.aborted || !isPassing(error)) throw error;
        await pause(waitOf(error, failed), options?.signal);
        failed += 1;
        continue;
      }
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
