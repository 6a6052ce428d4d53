// Two builds of the same sources: ES modules and, for `require`, CommonJS. Each folder says which of the two it holds,
// because Node reads that from the nearest package.json.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const compiler = createRequire(import.meta.url).resolve("typescript/lib/tsc.js");

rmSync(join(root, "dist"), { recursive: true, force: true });
for (const [project, kind, folder] of [
  ["tsconfig.json", "module", "esm"],
  ["tsconfig.cjs.json", "commonjs", "cjs"],
]) {
  // Comments stay in the declarations, where editors show them, and not in what browsers load.
  for (const options of [["--declaration", "false", "--removeComments"], ["--emitDeclarationOnly"]]) {
    const run = spawnSync(process.execPath, [compiler, "--project", join(root, project), ...options], { stdio: "inherit" });
    if (run.status !== 0) process.exit(run.status ?? 1);
  }
  writeFileSync(join(root, "dist", folder, "package.json"), `${JSON.stringify({ type: kind })}\n`);
}
// The package carries the repository's licence.
const licence = join(root, "..", "..", "LICENSE");
if (existsSync(licence)) copyFileSync(licence, join(root, "LICENSE"));
