// The two published samples of a TypeScript client as calls: the same names, arguments and fields, in their order. Only the
// package, and where the server is, are ours: BILLFOLD_URL says it. What is printed is compared by test_published_samples.py.
import { StackBE } from "@billfold/sdk";

const program = new StackBE({ apiKey: process.env.STACKBE_API_KEY!, appId: process.env.STACKBE_APP_ID! });

const applied = await program.affiliates.apply({
  email: "partner@example.com",
  name: "Jane Smith",
  company: "Acme Inc",
  website: "https://acme.com",
  reason: "I have a large audience in the SaaS space",
});
console.log("applied", applied.status);

for (const email of ["partner@example.com", "nobody@example.com", "rejected@example.com", "jane@example.com"]) {
  const standing = await program.affiliates.getApplicationStatus(email);
  if (!standing.applied) console.log(email, "may apply");
  else if (standing.status === "rejected") console.log(email, "rejected:", standing.rejectionReason);
  else if (standing.status === "pending" || standing.status === "approved") console.log(email, standing.status);
}

for (const customerId of [process.env.PARTNER_ID!, process.env.CUSTOMER_ID!]) {
  const partner = await program.affiliates.get(customerId);
  if (partner.enrolled && partner.status === "active") console.log(`${partner.code} earned $${partner.totalEarned}`);
  else console.log("enrolled", partner.enrolled);
}

// The partner's tools work with the session of the customer who is one.
const partner = program.withSession(process.env.SESSION_TOKEN!);
const dashboard = await partner.affiliates.getDashboard();
console.log(`earned $${dashboard.affiliate.totalEarned}, pending $${dashboard.affiliate.pendingBalance}`);
const { url } = await partner.affiliates.getPortalLink();
console.log("portal", (await fetch(url)).status);
await partner.affiliates.trackReferral("JANE20", "https://yoursite.com?ref=JANE20");
await partner.affiliates.registerDeal({ leadEmail: "prospect@company.com", leadName: "John Smith", notes: "Met at conference" });

// The other sample calls by path, through a function of the app's own.
async function project(path: string, init: RequestInit = {}) {
  const { BILLFOLD_URL, TEAM_ID, STACKBE_APP_ID, STACKBE_API_KEY } = process.env;
  const answer = await fetch(`${BILLFOLD_URL}/api/billstack/teams/${TEAM_ID}/projects/${STACKBE_APP_ID}${path}`, {
    ...init,
    headers: { Authorization: `Bearer ${STACKBE_API_KEY}`, "Content-Type": "application/json" },
  });
  return answer.json();
}

const { codes } = await project("/referrals/codes?limit=1");
const mine: string | undefined = codes[0]?.code;
console.log("code", mine?.length);
const cameWith = new URL(`https://myapp.com/signup?ref=${mine}`).searchParams.get("ref");
if (cameWith) {
  const { referral } = await project("/referrals/apply", {
    method: "POST",
    body: JSON.stringify({ code: cameWith, refereeCustomerId: process.env.CUSTOMER_ID }),
  });
  console.log("referral", referral.status);
}
