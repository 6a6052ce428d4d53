// Takes the table of steps on standard input, makes each call with the built TypeScript SDK, and tells on standard output
// which public methods the clients have and what went wrong.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { sdk, clients, steps, saved } = JSON.parse(readFileSync(0, "utf8"));
const { Billfold, UserReferrals, StackBE, BillfoldError, Listing } = await import(pathToFileURL(sdk).href);
const classes = { Billfold, UserReferrals, StackBE };
const made = {};
for (const [name, { kind, options }] of Object.entries(clients)) made[name] = new classes[kind](options);

const problems = [];
for (const step of steps) {
  const args = [...resolve(step.args ?? []), ...(step.options === undefined ? [] : [resolve(step.options)])];
  const where = `${step.client}.${step.call}`;
  try {
    const path = step.call.split(".");
    const method = path.pop();
    const owner = path.reduce((at, part) => at[part], made[step.client]);
    const answer = owner[method](...args);
    if (answer instanceof Listing) for await (const item of answer) void item;
    const value = await answer;
    if (step.fails !== undefined) problems.push(`${where} should have failed with ${step.fails}`);
    for (const [name, at] of Object.entries(step.save ?? {})) saved[name] = at.split(".").reduce((part, key) => part[key], value);
    if (value === undefined || Object.values(step.save ?? {}).some((at) => saved[at] === null)) problems.push(`${where} gave nothing`);
  } catch (error) {
    if (!(error instanceof BillfoldError) || error.status !== step.fails) {
      problems.push(`${where}: ${error.name} ${error.status} ${error.message}`);
    }
  }
}
console.log(JSON.stringify({ problems, methods: Object.fromEntries(Object.entries(made).map(([name, client]) => [name, methods(client)])) }));

function resolve(value) {
  if (typeof value === "string") return value.startsWith("$") ? (saved[value.slice(1)] ?? value) : value;
  if (Array.isArray(value)) return value.map(resolve);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolve(each)]));
}

function methods(client) {
  const found = [];
  const own = (object) =>
    Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(object)))
      .filter(([name, { value }]) => name !== "constructor" && !hidden.has(name) && typeof value === "function")
      .map(([name]) => name);
  // What TypeScript calls private is there at run time.
  const hidden = new Set(["change", "withSession"]);
  found.push(...own(client));
  for (const [name, resource] of Object.entries(client)) {
    if (resource === null || typeof resource !== "object" || ["Surface", "Object"].includes(resource.constructor.name)) continue;
    found.push(...own(resource).map((method) => `${name}.${method}`));
  }
  return found;
}
