/**
 * A small SaaS on Billfold in one file: sign-up with a friend's code, checkout, webhook, referral page, partner application.
 *
 * Start Billfold (`billfold demo` or `billfold serve`), then in this folder:
 *
 *     export BILLFOLD_URL=http://127.0.0.1:8000 BILLFOLD_TEAM=team_… BILLFOLD_PROJECT=proj_… BILLFOLD_API_KEY=bs_…
 *     npm start
 *
 * and open http://127.0.0.1:9000. Users live in memory: it is an example of the calls, not of how to keep users.
 */

import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Billfold, BillfoldError, StackBE, verifyWebhook, WebhookVerificationError } from "@billfold/sdk";

const baseUrl = process.env["BILLFOLD_URL"] ?? "http://127.0.0.1:8000";
const apiKey = setting("BILLFOLD_API_KEY");
const projectId = setting("BILLFOLD_PROJECT");
const port = Number(process.env["PORT"] ?? "9000");
const here = `http://127.0.0.1:${port}`;

const billfold = new Billfold({ baseUrl, apiKey, projectId, teamId: setting("BILLFOLD_TEAM") });
const partners = new StackBE({ baseUrl, apiKey, appId: projectId });

/** Somebody who signed up; `handled` are the events that were taken in already. */
interface User {
  customerId: string;
  email: string;
  isSubscribed: boolean;
  handled: Set<string>;
}

const sessions = new Map<string, User>();
const users = new Map<string, User>();
let priceId = "";
let webhookSecret = "";

/** Find the plan, or make it, and switch the referral program on; have Billfold tell us what happens. */
async function setUp(): Promise<void> {
  let plan: { id: string } | undefined;
  for await (const each of billfold.products.list()) if (each.name === "Notes Pro") plan = each;
  if (plan === undefined) {
    plan = await billfold.products.create({ name: "Notes Pro" });
    await billfold.prices.create(plan.id, { unitAmount: 2900, interval: "month" });
  }
  const [price] = await billfold.prices.list(plan.id);
  priceId = price?.id ?? "";
  await billfold.referrals.updateConfig({ enabled: true, referrerCreditAmount: 1000, refereeCreditAmount: 500, currency: "usd" });
  for (const old of await billfold.webhooks.list()) if (old.url === `${here}/webhook`) await billfold.webhooks.delete(old.id);
  const made = await billfold.webhooks.create({
    url: `${here}/webhook`,
    types: ["subscription.created", "subscription.canceled"],
  });
  webhookSecret = made.secret;
}

/** Show the form; a friend's code comes with the link and stays in a hidden field. */
function showSignUp(query: URLSearchParams): Answer {
  const code = escape(query.get("ref") ?? "");
  const greeting = code === "" ? "" : `<p>A friend sent you: both of you get a credit. Code ${code}.</p>`;
  return page(
    "Notes",
    `${greeting}<form method="post" action="/sign-up">
     <label>E-mail <input name="email" type="email" required></label>
     <input name="ref" type="hidden" value="${code}"><button>Sign up</button></form>
     <p><a href="/partners">Become a partner</a></p>`,
  );
}

/** Make the customer, and tell Billfold by whose code. A wrong code must not stop anybody from signing up. */
async function signUp(form: URLSearchParams): Promise<Answer> {
  const customer = await billfold.customers.create({ email: form.get("email") ?? "" });
  const code = form.get("ref");
  if (code) {
    try {
      await billfold.referrals.apply({ code, refereeCustomerId: customer.id });
    } catch (error) {
      if (!(error instanceof BillfoldError)) throw error;
      console.log(`The code ${code} was not applied: ${error.message}`);
    }
  }
  const user = { customerId: customer.id, email: customer.email, isSubscribed: false, handled: new Set<string>() };
  users.set(customer.id, user);
  const session = randomBytes(24).toString("base64url");
  sessions.set(session, user);
  return { ...to("/account"), cookie: `session=${session}; HttpOnly; SameSite=Lax; Path=/` };
}

/** Show the plan, the user's own link, and what it has earned. */
async function showAccount(user: User): Promise<Answer> {
  const { code } = await billfold.referrals.createCode(user.customerId);
  const { referrals } = await billfold.referrals.getCode(code);
  const friends = referrals.map((each) => {
    const credits = each.credits.map((credit) => `$${(credit.amount / 100).toFixed(2)} ${escape(credit.status)}`);
    return `<li>${escape(each.status)}: ${credits.join(", ")}</li>`;
  });
  const plan = user.isSubscribed
    ? `<p id="plan">You have Notes Pro.</p><form method="post" action="/manage"><button>Manage the plan</button></form>`
    : `<p id="plan">You are on the free plan.</p>
       <form method="post" action="/subscribe"><button>Subscribe for $29 a month</button></form>`;
  const link = `${here}/?ref=${code}`;
  return page(
    `Hello, ${escape(user.email)}`,
    `${plan}<h2>Bring a friend</h2><p>Your link: <a id="link" href="${link}">${link}</a></p>
     <ul id="friends">${friends.join("") || "<li>Nobody came with it yet.</li>"}</ul>`,
  );
}

/** Send the user to the checkout page. */
async function subscribe(user: User): Promise<Answer> {
  const back = `${here}/account`;
  const { url } = await billfold.checkout.create({ customerId: user.customerId, priceId, successUrl: back, cancelUrl: back });
  return to(url ?? back);
}

/** Send the user to the portal: invoices, card, cancellation. */
async function manage(user: User): Promise<Answer> {
  const { portalUrl } = await billfold.portal.create({ customerId: user.customerId, returnUrl: `${here}/account` });
  return to(portalUrl);
}

/** Take in what happened: signed, each event once, however often it is sent. */
async function takeWebhook(body: string, request: IncomingMessage): Promise<Answer> {
  const event = await verifyWebhook<{ customerId?: string; subscription?: { customerId: string } }>(body, request.headers, webhookSecret);
  const user = users.get(event.data.subscription?.customerId ?? event.data.customerId ?? "");
  if (user !== undefined && !user.handled.has(event.id)) {
    user.handled.add(event.id);
    user.isSubscribed = event.type === "subscription.created";
  }
  return { status: 204, body: "" };
}

/** Show the form by which people apply as partners. */
function showPartners(): Answer {
  return page(
    "Become a partner",
    `<form method="post" action="/partners"><label>Name <input name="name" required></label>
     <label>E-mail <input name="email" type="email" required></label>
     <label>Why? <input name="reason"></label><button>Apply</button></form>`,
  );
}

/** Hand an application to Billfold. */
async function applyAsPartner(form: URLSearchParams): Promise<Answer> {
  const [email, name, reason] = ["email", "name", "reason"].map((key) => form.get(key) ?? "");
  const made = await partners.affiliates.apply({ email: email ?? "", name: name ?? "", reason: reason ?? "" });
  return page("Your application", `<p id="status">${escape(made.message)}</p>`);
}

interface Answer {
  status: number;
  body: string;
  location?: string;
  cookie?: string;
}

async function answer(request: IncomingMessage): Promise<Answer> {
  const address = new URL(request.url ?? "/", here);
  const body = await bodyOf(request);
  const form = new URLSearchParams(body);
  const session = /(?:^|; )session=([^;]+)/.exec(request.headers.cookie ?? "")?.[1];
  const user = sessions.get(session ?? "");
  switch (`${request.method} ${address.pathname}`) {
    case "GET /":
      return showSignUp(address.searchParams);
    case "POST /sign-up":
      return signUp(form);
    case "GET /account":
      return user === undefined ? to("/") : showAccount(user);
    case "POST /subscribe":
      return user === undefined ? to("/") : subscribe(user);
    case "POST /manage":
      return user === undefined ? to("/") : manage(user);
    case "POST /webhook":
      return takeWebhook(body, request);
    case "GET /partners":
      return showPartners();
    case "POST /partners":
      return applyAsPartner(form);
    default:
      return page("Not found", "", 404);
  }
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let made: Answer;
  try {
    made = await answer(request);
  } catch (error) {
    if (error instanceof WebhookVerificationError) made = { status: 400, body: error.message };
    else if (error instanceof BillfoldError) made = page("That did not work", `<p>${escape(error.message)}</p>`, 400);
    else throw error;
  }
  response.writeHead(made.status, {
    "Content-Type": "text/html; charset=utf-8",
    ...(made.location === undefined ? {} : { Location: made.location }),
    ...(made.cookie === undefined ? {} : { "Set-Cookie": made.cookie }),
  });
  response.end(made.body);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

function page(title: string, body: string, status = 200): Answer {
  const head = '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">';
  const look = '<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">';
  const style = "<style>body{font:1rem/1.5 system-ui;max-width:38rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}</style>";
  return { status, body: `${head}${look}${style}<title>${title}</title><h1>${title}</h1>${body}</html>` };
}

function to(location: string): Answer {
  return { status: 303, body: "", location };
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`Set ${name}; billfold init and the console's page of keys show it.`);
  return value;
}

const server = createServer((request, response) => {
  respond(request, response).catch((error: unknown) => {
    console.error(error);
    response.writeHead(500).end();
  });
});
server.listen(port, "127.0.0.1", () => {
  setUp().then(
    () => console.log(`Notes runs at ${here}`),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
