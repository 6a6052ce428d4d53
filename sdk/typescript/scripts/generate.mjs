// Writes src/generated/ from the three OpenAPI documents of the repository; with --check it writes nothing and fails if
// what is there differs.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const documents = join(root, "..", "..", "docs", "api");
const checking = process.argv.includes("--check");
let differs = false;

for (const surface of ["billing", "affiliate", "referral"]) {
  const document = JSON.parse(readFileSync(join(documents, `${surface}.openapi.json`), "utf8"));
  const tree = await openapiTS(document, { alphabetize: false, defaultNonNullable: false });
  const text = `// Generated from docs/api/${surface}.openapi.json by \`npm run generate\`; edits are lost.\n\n${astToString(tree)}`;
  const path = join(root, "src", "generated", `${surface}.ts`);
  if (!checking) {
    writeFileSync(path, text);
    continue;
  }
  let present = "";
  try {
    present = readFileSync(path, "utf8");
  } catch {
    // A file that is missing differs.
  }
  if (present !== text) {
    console.error(`src/generated/${surface}.ts is not what docs/api/${surface}.openapi.json gives: run npm run generate.`);
    differs = true;
  }
}
process.exit(differs ? 1 : 0);
