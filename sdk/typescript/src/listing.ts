/** A list: awaited it is one page, iterated over it is everything. */

export interface PageOptions {
  /** At most 100; the server's default is 50. */
  limit?: number;
  offset?: number;
}

const LARGEST_PAGE = 100;

/**
 * `await` gives the page that was asked for; `for await` walks on from its offset to the end, a page at a time.
 *
 * ```ts
 * const newest = await billfold.customers.list({ limit: 10 });
 * for await (const customer of billfold.customers.list()) console.log(customer.email);
 * ```
 */
export class Listing<Item> implements PromiseLike<Item[]>, AsyncIterable<Item> {
  constructor(
    private readonly options: PageOptions,
    private readonly load: (page: PageOptions) => Promise<Item[]>,
  ) {}

  then<Done = Item[], Failed = never>(
    onDone?: ((items: Item[]) => Done | PromiseLike<Done>) | null,
    onFailed?: ((reason: unknown) => Failed | PromiseLike<Failed>) | null,
  ): Promise<Done | Failed> {
    return this.load(this.options).then(onDone, onFailed);
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Item> {
    const limit = Math.min(this.options.limit ?? LARGEST_PAGE, LARGEST_PAGE);
    let offset = this.options.offset ?? 0;
    for (;;) {
      const items = await this.load({ limit, offset });
      yield* items;
      if (items.length < limit) return;
      offset += items.length;
    }
  }
}
