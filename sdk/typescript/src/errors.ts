/** What a server answered that is not a success, or why there is no answer. All of them are `BillfoldError`. */

/** The body of a refusal: of the billing API (`error`), the affiliate API (`statusCode`, `message`, `code`) or the referral API. */
export interface ErrorBody {
  error?: string;
  message?: string | string[];
  code?: string;
  statusCode?: number;
  [field: string]: unknown;
}

export interface ErrorFacts {
  /** The HTTP status; 0 if there was no answer. */
  status: number;
  /** A stable code for programs, such as `TOKEN_EXPIRED`, `NOT_FOUND`, `NETWORK_ERROR` or `REDIRECTED`. */
  code: string;
  body?: ErrorBody | undefined;
  /** For how many seconds the server asks to wait, where it says so. */
  retryAfterSeconds?: number | undefined;
  cause?: unknown;
}

export class BillfoldError extends Error {
  override readonly name: string = "BillfoldError";
  readonly status: number;
  readonly code: string;
  readonly body: ErrorBody | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, facts: ErrorFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.status = facts.status;
    this.code = facts.code;
    this.body = facts.body;
    this.retryAfterSeconds = facts.retryAfterSeconds;
  }
}

/** 400, 413, 414, 415, 422: the request is not what it must be; the message says what to change. */
export class InvalidRequestError extends BillfoldError {
  override readonly name = "InvalidRequestError";
}
/** 401: the key, the session or the token is missing, wrong or expired. */
export class AuthenticationError extends BillfoldError {
  override readonly name = "AuthenticationError";
}
/** 402: the wallet does not hold enough; `body` has its balance. */
export class InsufficientCreditsError extends BillfoldError {
  override readonly name = "InsufficientCreditsError";
}
/** 403: the key lacks the scope, the member the role, or the feature is switched off. */
export class PermissionError extends BillfoldError {
  override readonly name = "PermissionError";
}
/** 404: it is not there, or belongs to another project. */
export class NotFoundError extends BillfoldError {
  override readonly name = "NotFoundError";
}
/** 409: it clashes with what is stored already. */
export class ConflictError extends BillfoldError {
  override readonly name = "ConflictError";
}
/** 429: too many requests; see `retryAfterSeconds`. */
export class RateLimitError extends BillfoldError {
  override readonly name = "RateLimitError";
}
/** 5xx: the server could not do it now. */
export class ServerError extends BillfoldError {
  override readonly name = "ServerError";
}
/** There was no answer: the network failed (`NETWORK_ERROR`), or time ran out (`TIMEOUT`). */
export class ConnectionError extends BillfoldError {
  override readonly name = "ConnectionError";
}
/** The body that came as a webhook is not signed with the endpoint's secret, or too old. */
export class WebhookVerificationError extends BillfoldError {
  override readonly name = "WebhookVerificationError";

  constructor(message: string) {
    super(message, { status: 0, code: "WEBHOOK_VERIFICATION_FAILED" });
  }
}

type ErrorClass = new (message: string, facts: ErrorFacts) => BillfoldError;

const CLASSES: Readonly<Record<number, ErrorClass>> = {
  401: AuthenticationError,
  402: InsufficientCreditsError,
  403: PermissionError,
  404: NotFoundError,
  409: ConflictError,
  429: RateLimitError,
};

const CODES: Readonly<Record<number, string>> = {
  400: "VALIDATION_ERROR",
  401: "UNAUTHORIZED",
  402: "INSUFFICIENT_CREDITS",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  409: "CONFLICT",
  413: "TOO_LARGE",
  429: "RATE_LIMITED",
};

/** Return the error of an answer, with the server's own words and, where it gives one, its own code. */
export function errorOf(status: number, body: ErrorBody | undefined, retryAfterSeconds: number | undefined): BillfoldError {
  // What stands in front of the server may answer too, with JSON of its own: only words are taken for words.
  const said: unknown = body?.message ?? body?.error;
  const words = Array.isArray(said) ? said.join("; ") : said;
  const message = typeof words === "string" ? words : `The server answered with status ${status}.`;
  const given: unknown = body?.code;
  const code = typeof given === "string" ? given : (CODES[status] ?? (status >= 500 ? "SERVER_ERROR" : "UNKNOWN_ERROR"));
  const Class = CLASSES[status] ?? (status >= 500 ? ServerError : InvalidRequestError);
  return new Class(message, { status, code, body, retryAfterSeconds });
}
