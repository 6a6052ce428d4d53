// The TypeScript SDK's own part: what it sends, when it sends again, and what it throws. Needs `npm run build`.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createRequire } from "node:module";
import test from "node:test";
import { Billfold, BillfoldError, ConflictError, ConnectionError, NotFoundError, ServerError, StackBE, verifyWebhook } from "../dist/esm/index.js";

const CUSTOMER = { id: "pc_1", email: "ann@example.com" };
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** Answers in turn what it was told to, and keeps the requests. */
function server(...answers) {
  const requests = [];
  const fetch = async (url, init) => {
    requests.push({ url, ...init });
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    if (answer === "never") {
      return new Promise((_, reject) => init.signal.addEventListener("abort", () => reject(new Error("aborted"))));
    }
    const [status, body, headers] = answer;
    return new Response(JSON.stringify(body), { status, headers: { "Retry-After": "0", ...headers } });
  };
  const client = (options = {}) =>
    new Billfold({ baseUrl: "https://billing.example.com/", teamId: "team_1", projectId: "proj_1", apiKey: "bs_key", fetch, ...options });
  return { requests, client };
}

test("a request carries the key and the body", async () => {
  const { requests, client } = server([201, { customer: CUSTOMER }]);
  assert.equal((await client().customers.create({ email: "ann@example.com" })).id, "pc_1");
  assert.equal(requests[0].url, "https://billing.example.com/api/billstack/teams/team_1/projects/proj_1/customers");
  assert.equal(requests[0].headers.Authorization, "Bearer bs_key");
  assert.deepEqual(JSON.parse(requests[0].body), { email: "ann@example.com" });
  assert.equal(requests[0].redirect, "manual");
});

test("an identifier stays one segment of the path, and one that would change it is refused", async () => {
  const { requests, client } = server([404, { error: "Customer not found" }]);
  await assert.rejects(client().customers.get("../products?x=1#y"), NotFoundError);
  assert.ok(requests[0].url.endsWith("/customers/..%2Fproducts%3Fx%3D1%23y"));
  assert.throws(() => client().customers.delete(""), /identifier/);
  assert.equal(requests.length, 1);
});

test("a GET is sent again after a 503, a 429 and a broken connection", async () => {
  for (const failure of [[503, {}], [429, {}], new TypeError("fetch failed")]) {
    const { requests, client } = server(failure, [200, { customer: CUSTOMER }]);
    assert.equal((await client().customers.get("pc_1")).id, "pc_1");
    assert.equal(requests.length, 2);
  }
});

test("a POST is sent again under the same key, and two POSTs have two keys", async () => {
  const { requests, client } = server(new TypeError("cut"), [500, {}], [201, { customer: CUSTOMER }], [201, { customer: CUSTOMER }]);
  await client().customers.create({ email: "a@example.com" });
  await client().customers.create({ email: "b@example.com" });
  const keys = requests.map((request) => request.headers["Idempotency-Key"]);
  assert.equal(new Set(keys.slice(0, 3)).size, 1);
  assert.notEqual(keys[0], keys[3]);
});

test("what changes something without a key is sent once", async () => {
  for (const change of [
    (each) => each.customers.update("pc_1", { name: "Ann" }),
    (each) => each.customers.delete("pc_1"),
    (each) => each.portal.create({ customerId: "pc_1" }),
    // The server remembers no key for these, so that of a caller makes them no safer.
    (each) => each.customers.update("pc_1", { name: "Ann" }, { idempotencyKey: "mine" }),
    (each) => each.portal.create({ customerId: "pc_1" }, { idempotencyKey: "mine" }),
    (each) => each.teams.create({ name: "Acme" }, { idempotencyKey: "mine" }),
  ]) {
    const { requests, client } = server([503, { error: "no" }]);
    await assert.rejects(change(client()), ServerError);
    assert.equal(requests.length, 1);
  }
});

test("time runs out, and a caller may stop waiting", async () => {
  const late = server("never").client({ maxRetries: 0 });
  await assert.rejects(late.customers.get("pc_1", { timeout: 5 }), (error) => error instanceof ConnectionError && error.code === "TIMEOUT");
  const stop = new AbortController();
  const { requests, client } = server("never");
  const waiting = client().customers.get("pc_1", { signal: stop.signal });
  stop.abort();
  await assert.rejects(waiting);
  assert.equal(requests.length, 1);
});

test("a fetch that hears no signal cannot make a caller wait", async () => {
  const deaf = { fetch: () => new Promise(() => undefined), maxRetries: 0 };
  await assert.rejects(server().client(deaf).customers.get("pc_1", { timeout: 5 }), { code: "TIMEOUT" });
  const stop = new AbortController();
  const waiting = server().client(deaf).customers.get("pc_1", { signal: stop.signal });
  stop.abort(new Error("enough"));
  await assert.rejects(waiting, { message: "enough" });
  const { requests, client } = server();
  await assert.rejects(client().customers.list({}, { signal: stop.signal }).then(() => undefined), { message: "enough" });
  assert.equal(requests.length, 0);
});

test("an abort ends the pause before the next try", async () => {
  const { requests, client } = server([503, {}, { "Retry-After": "7" }], [200, { customer: CUSTOMER }]);
  const stop = new AbortController();
  const waiting = client().customers.get("pc_1", { signal: stop.signal });
  setTimeout(() => stop.abort(new Error("enough")), 5);
  await assert.rejects(waiting, { message: "enough" });
  assert.equal(requests.length, 1);
});

test("who is told to stay away for long hears of it at once", async () => {
  const { requests, client } = server([429, { error: "slow" }, { "Retry-After": "60" }]);
  await assert.rejects(client().customers.get("pc_1"), { name: "RateLimitError", retryAfterSeconds: 60 });
  assert.equal(requests.length, 1);
});

test("a redirect is followed nowhere, and said to be one", async () => {
  const { requests, client } = server([308, {}, { Location: "https://elsewhere.example.com" }]);
  await assert.rejects(client().customers.get("pc_1"), { status: 308, code: "REDIRECTED" });
  assert.equal(requests.length, 1);
});

test("the token of a link is sent once, although it is a GET", async () => {
  const requests = [];
  const fetch = async (url) => (requests.push(url), new Response("{}", { status: 503 }));
  const app = new StackBE({ baseUrl: "https://billing.example.com", appId: "proj_1", fetch });
  await assert.rejects(app.auth.verifyLink("token"), ServerError);
  assert.equal(requests.length, 1);
});

test("the address may end in a slash and have a path of its own", async () => {
  for (const baseUrl of ["https://example.com/billing", "https://example.com/billing//"]) {
    const { requests, client } = server([200, { customers: [] }]);
    await client({ baseUrl }).customers.list();
    assert.equal(requests[0].url, "https://example.com/billing/api/billstack/teams/team_1/projects/proj_1/customers");
  }
});

test("an identifier that is missing is refused before anything is sent, also where nothing checks types", async () => {
  const { requests, client } = server();
  for (const missing of [undefined, null, "", ".", ".."]) await assert.rejects(client().customers.get(missing), TypeError);
  assert.equal(requests.length, 0);
});

test("what a proxy answers is an error of its status", async () => {
  const proxy = (text, type) => async () => new Response(text, { status: 502, headers: { "Content-Type": type } });
  for (const fetch of [proxy("<html>Bad Gateway</html>", "text/html"), proxy('{"code":1020,"message":{"a":1}}', "application/json"), proxy("", "")]) {
    await assert.rejects(server().client({ fetch, maxRetries: 0 }).customers.get("pc_1"), {
      name: "ServerError", code: "SERVER_ERROR", message: "The server answered with status 502.",
    });
  }
});

test("a refusal is an error of its class with the server's words", async () => {
  const { client } = server([409, { error: "It is taken." }], [400, { statusCode: 400, message: ["a", "b"], error: "Bad Request" }]);
  await assert.rejects(client().customers.create({ email: "a@example.com" }), (error) => {
    assert.ok(error instanceof ConflictError && error instanceof BillfoldError);
    assert.deepEqual([error.status, error.code, error.message], [409, "CONFLICT", "It is taken."]);
    return true;
  });
  await assert.rejects(client().customers.get("pc_1"), { message: "a; b", code: "VALIDATION_ERROR" });
});

test("a list is walked to its end, and awaited it is a page", async () => {
  const page = [{ id: "1" }, { id: "2" }];
  const { requests, client } = server([200, { customers: page }], [200, { customers: [] }], [200, { customers: page }]);
  const seen = [];
  for await (const customer of client().customers.list({ limit: 2 })) seen.push(customer.id);
  assert.deepEqual(seen, ["1", "2"]);
  assert.deepEqual(requests.map((request) => new URL(request.url).search), ["?limit=2&offset=0", "?limit=2&offset=2"]);
  assert.equal((await client().customers.list({ limit: 2 })).length, 2);
});

test("the feed is followed from cursor to cursor", async () => {
  const { requests, client } = server(
    [200, { events: [{ id: "evt_1" }, { id: "evt_2" }], cursor: "c2", hasMore: false }],
    [200, { events: [], cursor: "c2", hasMore: false }],
    [200, { events: [{ id: "evt_3" }], cursor: "c3", hasMore: false }],
  );
  const seen = [];
  for await (const { event, cursor } of client().events.follow({ after: "c0", types: ["customer.created", "reward.earned"] })) {
    seen.push([event.id, cursor]);
    if (seen.length === 3) break;
  }
  assert.deepEqual(seen, [["evt_1", "c0"], ["evt_2", "c2"], ["evt_3", "c3"]]);
  const asked = requests.map((request) => new URL(request.url).searchParams);
  assert.deepEqual(asked.map((each) => each.get("after")), ["c0", "c2", "c2"]);
  assert.equal(asked[0].get("types"), "customer.created,reward.earned");
});

test("the feed goes on after the server was away, and ends with a refusal", async () => {
  const page = (id, cursor) => [200, { events: [{ id }], cursor, hasMore: false }];
  const away = [[503, {}], [503, {}], [503, {}], new TypeError("refused")];
  const { requests, client } = server(page("evt_1", "c1"), ...away, page("evt_2", "c2"), [401, { error: "no" }]);
  const seen = [];
  const following = (async () => {
    for await (const { event } of client({ maxRetries: 0 }).events.follow({ after: "c0" })) seen.push(event.id);
  })();
  await assert.rejects(following, { status: 401 });
  assert.deepEqual(seen, ["evt_1", "evt_2"]);
  assert.deepEqual(requests.map((request) => new URL(request.url).searchParams.get("after")), ["c0", "c1", "c1", "c1", "c1", "c1", "c2"]);
  const never = server(new TypeError("refused")).client({ maxRetries: 0 });
  await assert.rejects(never.events.follow().next(), ConnectionError);
});

test("sessions that are asked for at once stay apart, and what one caller gives up is nobody else's", async () => {
  const asked = [];
  const fetch = async (url, init) => {
    asked.push(init.headers.Authorization);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
    return new Response(JSON.stringify({ customerId: init.headers.Authorization.slice("Bearer ".length) }));
  };
  const app = new StackBE({ baseUrl: "https://billing.example.com", appId: "proj_1", fetch, sessionCacheTTL: 60 });
  const stop = new AbortController();
  const given = app.auth.getSession("user-0", { signal: stop.signal });
  stop.abort(new Error("enough"));
  await assert.rejects(given, { message: "enough" });
  const users = Array.from({ length: 40 }, (_, number) => `user-${number % 8}`);
  const answers = await Promise.all(users.map((user) => app.auth.getSession(user)));
  assert.deepEqual(answers.map((answer) => answer.customerId), users);
  const before = asked.length;
  assert.equal((await app.auth.getSession("user-3")).customerId, "user-3");
  assert.equal(asked.length, before);
  await app.auth.endSession("user-3");
  await app.auth.getSession("user-3");
  assert.equal(asked.length, before + 2);
  await assert.rejects(async () => app.withSession("own").affiliates.get(undefined, { sessionToken: "" }), { code: "SESSION_INVALID" });
});

test("no user gets another's session", async () => {
  const answer = [200, { enrolled: false }];
  const { requests, client } = server(answer, answer, answer);
  client();
  const shared = new StackBE({ baseUrl: "https://billing.example.com", appId: "proj_1", apiKey: "bs_key", fetch: async (url, init) => {
    requests.push({ url, ...init });
    return new Response(JSON.stringify({ enrolled: false }));
  } });
  await assert.rejects(async () => shared.affiliates.getDashboard(), { code: "SESSION_INVALID" });
  await shared.affiliates.get(undefined, { sessionToken: "one" });
  await assert.rejects(async () => shared.affiliates.get(), { code: "SESSION_INVALID" });
  await shared.withSession("two").affiliates.get();
  await assert.rejects(async () => shared.affiliates.get(), { code: "SESSION_INVALID" });
  assert.deepEqual(requests.map((request) => request.headers.Authorization), ["Bearer one", "Bearer two"]);
});

test("a key and a session together are refused, and so is an address that is none", () => {
  const options = { teamId: "t", projectId: "p" };
  assert.throws(() => new Billfold({ ...options, baseUrl: "https://x.example.com", apiKey: "a", session: "b" }), TypeError);
  assert.throws(() => new Billfold({ ...options, baseUrl: "billing.example.com", apiKey: "a" }), TypeError);
});

test("a webhook with a good signature is believed, any other is not", async () => {
  const body = JSON.stringify({ id: "evt_1", type: "customer.created", data: {} });
  const moment = Math.floor(Date.now() / 1000);
  const key = Buffer.from(SECRET.slice("whsec_".length), "base64");
  const signature = `v1,${createHmac("sha256", key).update(`evt_1.${moment}.${body}`).digest("base64")}`;
  const headers = { "Webhook-Id": "evt_1", "webhook-timestamp": String(moment), "webhook-signature": `v1,AAAA ${signature}` };
  assert.equal((await verifyWebhook(body, headers, SECRET)).id, "evt_1");
  assert.equal((await verifyWebhook(new TextEncoder().encode(body), new Headers(headers), SECRET)).id, "evt_1");
  for (const changed of [{ "Webhook-Id": "evt_2" }, { "webhook-signature": "v1,AAAA" }, { "webhook-timestamp": "x" }, { "Webhook-Id": undefined }]) {
    await assert.rejects(verifyWebhook(body, { ...headers, ...changed }, SECRET), { code: "WEBHOOK_VERIFICATION_FAILED" });
  }
  await assert.rejects(verifyWebhook(body, headers, SECRET, { now: Date.now() + 301_000 }), /old/);
  await assert.rejects(verifyWebhook(`${body} `, headers, SECRET));
  assert.equal((await verifyWebhook(new TextEncoder().encode(body).buffer, headers, `${SECRET}\n`)).id, "evt_1");
  // What a parser made of a body, a secret that is none, and letters of no signature.
  await assert.rejects(verifyWebhook(JSON.parse(body), headers, SECRET), { code: "WEBHOOK_VERIFICATION_FAILED" });
  for (const secret of ["", "whsec_", "whsec_é"]) await assert.rejects(verifyWebhook(body, headers, secret), /secret/);
  await assert.rejects(verifyWebhook(body, { ...headers, "webhook-signature": "v1,é v1 ,, v2,AAAA" }, SECRET), /signature/);
});

test("require gives the same as import", () => {
  const required = createRequire(import.meta.url)("../dist/cjs/index.js");
  assert.equal(typeof required.Billfold, "function");
  assert.equal(typeof createRequire(import.meta.url)("../dist/cjs/browser.js").UserReferrals, "function");
});
