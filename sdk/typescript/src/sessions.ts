/** Whose credentials a request of the affiliate API carries: the app's key, a customer's session or a member's token. */

import { BillfoldError } from "./errors.js";
import { Surface } from "./surface.js";
import type { Transport } from "./transport.js";

export interface Credentials {
  apiKey?: string | undefined;
  sessionToken?: string | undefined;
  memberToken?: string | undefined;
}

export class Sessions {
  constructor(
    readonly transport: Transport,
    private readonly credentials: Credentials,
    private readonly appId: string,
  ) {}

  /** Requests of the app. */
  key(): Surface {
    const { apiKey } = this.credentials;
    if (apiKey === undefined) throw missing("UNAUTHORIZED", "This call needs the apiKey of the client.");
    // A key may be for every project of its team; the header says which one is meant.
    return this.with({ "x-api-key": apiKey, "x-app-id": this.appId });
  }
  /** Requests of a customer. A server has many at once, so a session is never remembered from one call for another. */
  session(options?: { sessionToken?: string }): Surface {
    const token = options?.sessionToken ?? this.credentials.sessionToken;
    if (!token) {
      throw missing("SESSION_INVALID", "This call needs a customer's session: give { sessionToken }, or use withSession(token).");
    }
    return this.with({ Authorization: `Bearer ${token}` });
  }
  /** Requests of a member. */
  member(): Surface {
    const { memberToken } = this.credentials;
    if (memberToken === undefined) {
      throw missing("UNAUTHORIZED", "This call needs the memberToken of the client: auth.login gives one.");
    }
    return this.with({ Authorization: `Bearer ${memberToken}` });
  }
  /** Requests of anybody. */
  nobody(): Surface {
    return this.with({});
  }

  private with(headers: Record<string, string>): Surface {
    return new Surface(this.transport, "", () => headers, false);
  }
}

function missing(code: string, message: string): BillfoldError {
  return new BillfoldError(message, { status: 0, code });
}
