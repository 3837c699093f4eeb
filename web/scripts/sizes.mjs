// Prints what a first visit downloads and holds it to the budget: the entry script and everything
// it imports statically, compressed with gzip. Exits with 1 when the budget is passed.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const budgetKilobytes = 190;
const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const page = await readFile(`${dist}index.html`, "utf-8");
const seen = new Map();

async function visit(path) {
  if (seen.has(path)) return;
  const source = await readFile(dist + path, "utf-8");
  seen.set(path, gzipSync(source, { level: 9 }).length);
  for (const match of source.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) {
    await visit(`assets/${match[1]}`);
  }
}

for (const match of page.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)) await visit(match[1]);
let total = 0;
for (const [path, size] of seen) {
  total += size;
  console.log(`${(size / 1024).toFixed(1).padStart(8)} KB gz  ${path}`);
}
const kilobytes = total / 1024;
console.log(`${kilobytes.toFixed(1).padStart(8)} KB gz  first paint (budget ${budgetKilobytes})`);
if (kilobytes > budgetKilobytes) process.exit(1);
